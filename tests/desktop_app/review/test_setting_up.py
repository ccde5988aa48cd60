"""The study is set up from here; what a dialog changed is measured, and told to the other pages."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QDialog

from engine.domain.settings import AgreementSettings, RunSettings
from tests.desktop_app.review.hands import press, settle
from tests.desktop_app.reviewed import APART, LEAD, NEAR, actions

DIALOGS = {
    "import": "ImportDialog",
    "people": "PeopleDialog",
    "assign": "AssignDialog",
    "write_instructions": "InstructionsDialog",
    "study_settings": "SettingsDialog",
    "audit_log": "AuditDialog",
    "check_study": "CheckDialog",
    "export_regions": "ExportRegionsDialog",
}


@pytest.fixture
def opened(page, qtbot):
    """A function that asks for an action and returns the dialog it opens."""
    dialogs = []

    def ask(action_id):
        page.handlers[action_id]()
        settle(page)
        dialog = next(d for d in page.findChildren(QDialog) if d.isVisible())
        dialogs.append(dialog)
        return dialog

    yield ask
    for dialog in dialogs:
        dialog.close()


@pytest.mark.parametrize("action_id", DIALOGS)
def test_each_part_of_the_set_up_opens_its_dialog(opened, action_id):
    assert type(opened(action_id)).__name__ == DIALOGS[action_id]


def test_the_menu_of_the_study_lists_every_part_with_its_key(page):
    menu = page.top.study.menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert len(texts) == len(DIALOGS)
    assert any("Ctrl+I" in text for text in texts)


def test_settings_that_were_agreed_to_are_the_studys_and_are_measured(page, opened, file, qtbot):
    dialog = opened("study_settings")
    strict = RunSettings(agreement=AgreementSettings(kappa_cut=0.9))
    with qtbot.waitSignal(page.options_changed):
        dialog.accepted.emit(strict)
        settle(page)
    settle(page)
    assert page.session.study.options().settings == strict
    assert page.session.study.options().leads == (LEAD,)
    assert page.top.summary.text().startswith("1 of 5 images admitted")
    assert actions(file)[-1] == "set_options"


def test_an_import_is_measured_and_told(page, opened, qtbot):
    dialog = opened("import")
    with qtbot.waitSignals([page.gradings_changed, page.session.measures.loaded]):
        dialog.imported.emit(None)
    settle(page)
    assert page.session.at_hand.path == APART


def test_options_changed_on_another_page_are_measured_with(page):
    study = page.session.study
    strict = RunSettings(agreement=AgreementSettings(kappa_cut=0.9))
    page.session.store_settings(strict)
    settle(page)
    study.set_options(study.options().__class__(leads=(LEAD,)), author=LEAD)
    page.note_options()
    settle(page)
    assert page.session.settings.agreement.kappa_cut == 0.4


def test_the_image_at_hand_stays_when_the_study_is_measured_again(page):
    press(page, "J")
    page.session.load()
    settle(page)
    assert page.session.at_hand.path == NEAR
    assert page.tables.images.current == page.session.measures.numbers[NEAR]
    assert page.session.selection.current == page.session.measures.numbers[NEAR]


def test_the_page_is_imported_without_heavy_libraries():
    heavy = ("torch", "captum", "scipy", "pandas", "sqlalchemy", "matplotlib", "shapely")
    code = f"import sys, desktop_app.review.page; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"
