"""Who grades in a window, and what they are told first."""

import pytest

from desktop_app.grade.instructions import InstructionsDialog
from desktop_app.grade.who import WhoDialog
from engine.study.sqlite import open_study
from tests.desktop_app.desk.desks import answering, choose, is_free, readings, set_options
from tests.desktop_app.squares import square


def test_who_one_is_is_asked_once_and_remembered(person, file):
    with answering(WhoDialog, choose("cy")) as asked:
        person.desk.open(file)
        person.wait_for_page()
    assert len(asked) == 1
    assert person.session.grader == "cy"
    person.do("close")
    person.wait_for_first_page()
    person.open(file)
    assert person.session.grader == "cy"


def test_who_does_not_say_who_they_are_is_back_at_the_first_page_and_the_file_let_go(person, file):
    with answering(WhoDialog, lambda dialog: dialog.reject()) as asked:
        person.desk.open(file)
        person.wait(lambda: asked)
        person.wait_for_first_page()
    assert person.session is None
    assert is_free(file)
    with open_study(file) as study:
        assert person.settings.grader_in(study.info().id) == ""


def test_a_lead_who_is_asked_for_nothing_can_be_chosen(person, file):
    set_options(file, leads=("lena",))
    with answering(WhoDialog, choose("lena")):
        person.desk.open(file)
        person.wait_for_session()
        person.rest()
    assert person.session.grader == "lena"
    assert person.session.items == []
    assert person.can("packet")


def test_the_grader_can_be_changed_and_what_was_done_is_stored_first(person, file):
    person.open(file, grader="ada")
    first = person.session
    person.draw(square(3))
    with answering(WhoDialog, choose("bo")):
        person.do("who")
    person.wait(lambda: person.session not in {first, None})
    person.wait_for_page()
    assert person.session.grader == "bo"
    assert person.session.grading.region == ()
    assert person.window.status.grader.text() == "bo"
    assert readings(file)["p/00.png"].region == (square(3),)
    assert person.settings.grader_in(person.desk.opened.id) == "bo"


@pytest.mark.parametrize("answer", [choose("ada"), lambda dialog: dialog.reject()])
def test_the_same_grader_or_none_changes_nothing(person, file, answer):
    person.open(file, grader="ada")
    session = person.session
    with answering(WhoDialog, answer) as asked:
        person.do("who")
    assert len(asked) == 1
    person.rest()
    assert person.session is session


def test_instructions_are_shown_once_to_each_grader(person, file):
    set_options(file, instructions="# Look well")
    person.open(file, grader="ada")
    shown = person.wait_for_dialog(InstructionsDialog)
    assert "Look well" in shown.pages.toPlainText()
    shown.close()
    for grader, is_shown in [("ada", False), ("bo", True), ("bo", False)]:
        person.do("close")
        person.wait_for_first_page()
        person.open(file, grader=grader)
        dialog = person.dialog(InstructionsDialog)
        assert (dialog is not None) == is_shown
        if dialog:
            dialog.close()
