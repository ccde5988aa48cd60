"""Who am I: picked from the study's graders, remembered, fixed by a packet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

from desktop_app.grade.who import WhoDialog, known_grader
from engine.study.protocol import PacketInfo
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.grade.hands import words

NAMES = ["Ada", "Adam", "Bo", "Lead"]
ID = "0123"


@pytest.fixture
def ask(qtbot):
    def ask(**options):
        dialog = WhoDialog(NAMES, **options)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    return ask


def listed(dialog):
    model = dialog.names.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def ok(dialog):
    return next(b for b in dialog.findChildren(QPushButton) if "Grade" in b.text())


def test_nobody_is_chosen_until_a_name_is(ask):
    dialog = ask()
    assert dialog.chosen == ""
    assert not ok(dialog).isEnabled()


def test_writing_part_of_a_name_narrows_the_list(ask, qtbot):
    dialog = ask()
    qtbot.keyClicks(dialog.entry, "ad")
    assert listed(dialog) == ["Ada", "Adam", "Lead"]
    assert dialog.chosen == ""


def test_a_name_written_out_is_chosen_although_others_begin_with_it(ask, qtbot):
    dialog = ask()
    qtbot.keyClicks(dialog.entry, "ada")
    assert dialog.chosen == "Ada"


def test_the_only_name_left_is_chosen_and_enter_takes_it(ask, qtbot):
    dialog = ask()
    qtbot.keyClicks(dialog.entry, "bo")
    qtbot.keyClick(dialog.entry, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.chosen == "Bo"


def test_a_name_is_picked_from_the_list_by_key(ask, qtbot):
    dialog = ask()
    dialog.names.setFocus()
    qtbot.keyClick(dialog.names, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.names, Qt.Key.Key_Down)
    assert dialog.chosen == listed(dialog)[dialog.names.currentIndex().row()]
    assert ok(dialog).isEnabled()


def test_the_lead_can_be_a_grader_too(ask, qtbot):
    dialog = ask(present="Ada")
    qtbot.keyClicks(dialog.entry, "lead")
    assert dialog.chosen == "Lead"


def test_who_graded_before_is_chosen_already(ask):
    assert ask(present="Bo").chosen == "Bo"


def test_a_name_the_study_does_not_know_is_taken_only_where_it_may_be(ask, qtbot):
    closed, open_ = ask(), ask(may_type=True)
    for dialog in (closed, open_):
        qtbot.keyClicks(dialog.entry, "Newcomer")
    assert (closed.chosen, ok(closed).isEnabled()) == ("", False)
    assert (open_.chosen, ok(open_).isEnabled()) == ("Newcomer", True)


def test_it_says_what_trust_mode_is(ask):
    said = words(ask())
    assert "trust mode" in said
    assert "packet" in said


def test_every_control_has_a_name(ask):
    dialog = ask()
    assert controls(dialog)
    assert nameless(dialog) == []


def test_a_packet_says_who_grades_it(settings):
    settings.remember_grader(ID, "Bo")
    packet = PacketInfo("4567", "Ada", "2026-01-01T00:00:00Z")
    assert known_grader([], packet=packet, study_id=ID, settings=settings) == "Ada"


def test_a_person_is_remembered_for_each_study(settings):
    settings.remember_grader(ID, "Bo")
    assert known_grader(NAMES, packet=None, study_id=ID, settings=settings) == "Bo"
    assert known_grader(NAMES, packet=None, study_id="4567", settings=settings) == ""


def test_a_name_that_the_study_no_longer_knows_is_asked_for_again(settings):
    settings.remember_grader(ID, "Bo")
    assert known_grader(["Ada"], packet=None, study_id=ID, settings=settings) == ""
    assert known_grader([], packet=None, study_id=ID, settings=settings) == "Bo"
