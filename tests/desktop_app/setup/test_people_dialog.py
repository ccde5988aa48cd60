"""People are shown with their part in the study, and nobody locks themselves out."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.setup.assign_dialog import AssignDialog
from desktop_app.setup.people import (
    Person,
    fault_of_name,
    fault_of_removal,
    leads_with,
    read_people,
)
from desktop_app.setup.people_dialog import PeopleDialog
from desktop_app.setup.people_model import ANALYST, CHECK, LEAD, PeopleModel
from engine.domain.options import StudyOptions
from engine.domain.problem import refuse
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor
from tests.desktop_app.accessible import controls, nameless
from tests.packet_studies import draw, region


@pytest.fixture
def laid_down(file):
    """A function that stores options in the closed study."""

    def laid_down(**options):
        with open_study(file) as study:
            study.set_options(StudyOptions(**options), author="lena")

    return laid_down


def options(dialog):
    return dialog.place.study.options()


def row_of(dialog, name):
    return [person.name for person in dialog.people].index(name)


def tick(dialog, name, role, state=Qt.CheckState.Checked):
    index = dialog.model.index(row_of(dialog, name), role)
    dialog.model.setData(index, state, Qt.ItemDataRole.CheckStateRole)


def is_ticked(dialog, name, role):
    return dialog.model.index(row_of(dialog, name), role).data(CHECK) == Qt.CheckState.Checked


def rest(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)


# Who there is


def test_everybody_with_a_part_is_listed_with_it(place):
    study = place.study
    study.set_options(StudyOptions(leads=("lena",), analysts=("max",)), author="lena")
    for task in study.tasks("bo")[:2]:
        draw(study, task.image, "bo", region(2, 3))
    sent = study.tasks("bo")[0].image
    study.send_back(sent, "bo", reason="again", author="lena")
    assert read_people(study) == (
        Person("ada", 6),
        Person("bo", 6, 1, 1),
        Person("cy", 6),
        Person("lena", is_lead=True),
        Person("max", is_analyst=True),
    )


def test_progress_is_said_in_words():
    assert Person("bo", 6, 2, 1).progress == "2 of 6, 1 sent back"
    assert Person("lena", is_lead=True).progress == ""


# Who may


def test_whoever_names_the_first_lead_stays_one():
    assert leads_with(StudyOptions(), "max", "lena") == ("lena", "max")
    assert leads_with(StudyOptions(leads=("lena",)), "max", "lena") == ("lena", "max")


def test_the_last_lead_cannot_be_removed_nor_anybody_themselves():
    one = StudyOptions(leads=("max",))
    two = StudyOptions(leads=("lena", "max"))
    assert "only lead" in fault_of_removal(one, "max", "lena")
    assert "lock yourself out" in fault_of_removal(two, "lena", "lena")
    assert fault_of_removal(two, "max", "lena") == ""


def test_a_name_that_is_there_cannot_be_added_again():
    people = (Person("Ada"),)
    assert fault_of_name(" ", people) == "Write the person’s name."
    assert fault_of_name("ada", people) == "Ada is in the study already."
    assert fault_of_name("Bo", people) == ""


# The dialog


def test_a_study_without_a_lead_says_that_everybody_leads(place, shown):
    dialog = shown(PeopleDialog(place))
    assert "everybody" in dialog.said.accessibleName()


def test_a_lead_is_made_by_a_tick_and_told(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    with qtbot.waitSignal(dialog.options_changed):
        tick(dialog, "ada", LEAD)
    rest(qtbot, dialog)
    assert options(dialog).leads == ("lena", "ada")
    assert is_ticked(dialog, "ada", LEAD)
    assert [entry.author for entry in place.study.audit()][-1] == "lena"


def test_a_role_is_ticked_by_key_and_by_mouse(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(row_of(dialog, "ada"), ANALYST))
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    rest(qtbot, dialog)
    box = dialog.table.visualRect(dialog.model.index(row_of(dialog, "bo"), ANALYST))
    at = box.center()
    for x in range(box.left() + 2, box.center().x(), 4):
        at.setX(x)
        if is_ticked(dialog, "bo", ANALYST):
            break
        qtbot.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        rest(qtbot, dialog)
    assert options(dialog).analysts == ("ada", "bo")


def test_an_analyst_is_made_and_unmade(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    with qtbot.waitSignal(dialog.options_changed):
        tick(dialog, "bo", ANALYST)
    rest(qtbot, dialog)
    assert options(dialog).analysts == ("bo",)
    with qtbot.waitSignal(dialog.options_changed):
        tick(dialog, "bo", ANALYST, Qt.CheckState.Unchecked)
    assert options(dialog).analysts == ()


def test_the_only_lead_stays_lead_and_is_told_why(qtbot, laid_down, place_of, file, shown):
    laid_down(leads=("lena",))
    dialog = shown(PeopleDialog(place_of(file)))
    with qtbot.assertNotEmitted(dialog.options_changed):
        tick(dialog, "lena", LEAD, Qt.CheckState.Unchecked)
        rest(qtbot, dialog)
    assert options(dialog).leads == ("lena",)
    assert is_ticked(dialog, "lena", LEAD)
    assert "only lead" in dialog.said.accessibleName()


def test_a_lead_removed_twice_over_by_another_page_leaves_one(laid_down, place_of, file, shown):
    laid_down(leads=("lena", "max"))
    dialog = shown(PeopleDialog(place_of(file)))
    dialog.place.study.set_options(StudyOptions(leads=("max",)), author="max")
    tick(dialog, "max", LEAD, Qt.CheckState.Unchecked)
    assert options(dialog).leads == ("max",)


def test_what_others_laid_down_meanwhile_is_kept(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    place.study.set_options(StudyOptions(instructions="New.", masks_names=True), author="max")
    with qtbot.waitSignal(dialog.options_changed):
        tick(dialog, "ada", ANALYST)
    assert options(dialog) == StudyOptions("New.", True, analysts=("ada",))


def test_somebody_new_is_added_by_keys(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    assert dialog.name.hasFocus()
    dialog.role.choose("analyst")
    qtbot.keyClicks(dialog.name, "max")
    with qtbot.waitSignal(dialog.options_changed):
        qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    rest(qtbot, dialog)
    assert is_ticked(dialog, "max", ANALYST)
    assert dialog.isVisible()


def test_a_known_name_is_refused_beside_the_field(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    dialog.name.setText("Ada")
    with qtbot.assertNotEmitted(dialog.options_changed):
        dialog.add.click()
    assert dialog.said.accessibleName() == "ada is in the study already."


def test_a_new_grader_is_taken_to_the_assignment(qtbot, place, shown):
    dialog = shown(PeopleDialog(place))
    dialog.name.setText("dana")
    dialog.add.click()
    asked = dialog.findChild(AssignDialog)
    rest(qtbot, dialog)
    assert asked.isVisible()
    assert asked.pool.chosen == ("ada", "bo", "cy", "dana")
    asked.per_image.setValue(4)
    rest(qtbot, dialog)
    with qtbot.waitSignal(dialog.tasks_changed):
        asked.write.click()
    rest(qtbot, dialog)
    assert Person("dana", 6) in dialog.people
    asked.close()


def test_the_table_is_one_that_qt_agrees_with(qtmodeltester, qtbot):
    model = PeopleModel()
    model.set_rows([Person("ada", 6, 2), Person("lena", is_lead=True)])
    qtmodeltester.check(model)


def test_a_role_is_spoken(place, shown, laid_down):
    dialog = shown(PeopleDialog(place))
    index = dialog.model.index(row_of(dialog, "ada"), LEAD)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Lead ada: no"


def test_every_control_has_a_name(place, shown):
    dialog = shown(PeopleDialog(place))
    assert nameless(dialog) == []
    assert len(controls(dialog)) >= 5


@pytest.fixture
def stepping(place_of, file, laid_down, qtbot):
    """A dialog whose lanes run step by step, its people read; and a function that runs them all."""
    laid_down(leads=("lena",))
    lanes = SteppingExecutor()

    def run():
        while lanes.step():
            QApplication.processEvents()
        QApplication.processEvents()

    dialog = PeopleDialog(place_of(file, executor=lanes))
    qtbot.addWidget(dialog)
    dialog.show()
    run()
    return dialog, run


def test_a_role_given_right_before_closing_is_stored_and_told(stepping):
    dialog, run = stepping
    told = []
    dialog.options_changed.connect(lambda: told.append(True))
    tick(dialog, "ada", LEAD)
    dialog.accept()
    run()
    assert not dialog.isVisible()
    assert told == [True]
    assert set(options(dialog).leads) == {"lena", "ada"}


def test_a_dialog_that_was_closed_stays_where_what_it_writes_is_refused(stepping, monkeypatch):
    dialog, run = stepping

    def refused(*_args, **_named):
        raise refuse("disk_full", "study", "There is no room left", "Make room")

    monkeypatch.setattr(dialog.place.study, "set_options", refused)
    tick(dialog, "ada", LEAD)
    dialog.accept()
    run()
    assert dialog.isVisible()
    assert dialog.banners.codes == ("disk_full",)
    dialog.accept()
    assert not dialog.isVisible()
