"""What the lead writes for graders is seen as graders see it, and stored on demand alone."""

import pytest

from desktop_app.setup.instructions_dialog import InstructionsDialog
from engine.domain.options import StudyOptions
from tests.desktop_app.accessible import nameless


@pytest.fixture
def dialog(place, shown):
    place.study.set_options(StudyOptions("# Look\n\n- closely", leads=("lena",)), author="lena")
    return shown(InstructionsDialog(place))


def test_what_holds_is_shown_as_graders_see_it(dialog):
    assert dialog.text.toPlainText() == "# Look\n\n- closely"
    assert dialog.look.toPlainText() == "Look\nclosely"
    assert not dialog.keep.isEnabled()


def test_what_is_written_is_looked_at_at_once_and_stored_on_demand(qtbot, dialog):
    dialog.text.setPlainText("**All** of it.")
    assert dialog.look.toPlainText() == "All of it."
    dialog.masks_names.setChecked(True)
    study = dialog.place.study
    assert study.options().instructions == "# Look\n\n- closely"
    with qtbot.waitSignal(dialog.options_changed):
        dialog.keep.click()
    assert study.options() == StudyOptions("**All** of it.", True, ("lena",))
    assert not dialog.isVisible()


def test_what_was_written_is_not_lost_without_asking(dialog):
    dialog.text.setPlainText("New.")
    dialog.reject()
    assert dialog.isVisible()
    dialog.question.no.click()
    assert dialog.text.toPlainText() == "New."
    dialog.reject()
    dialog.question.yes.click()
    assert not dialog.isVisible()


def test_closing_unchanged_asks_nothing(dialog):
    dialog.text.setPlainText("New.")
    dialog.text.setPlainText("# Look\n\n- closely")
    dialog.reject()
    assert not dialog.isVisible()


def test_pictures_of_the_text_are_not_loaded(dialog):
    dialog.text.setPlainText("![x](file:///etc/hostname)")
    assert dialog.look.loadResource(2, "file:///etc/hostname") is None


def test_every_control_has_a_name(dialog):
    assert nameless(dialog) == []
