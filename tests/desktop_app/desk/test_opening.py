"""Studies opened, taken in place of each other and put away again."""

from dataclasses import replace

from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.grade.who import WhoDialog
from desktop_app.window.status import SAVED
from engine.domain.grading import Status
from engine.domain.queue import QueueState
from engine.study.sqlite import open_study
from engine.tasks.executors import Lane
from tests import packet_studies
from tests.desktop_app.desk.desks import (
    HeldLane,
    answering,
    at_desk,
    choose,
    hasty_store,
    is_free,
    readings,
)
from tests.desktop_app.squares import square


def test_a_study_opens_at_the_first_image_that_is_not_done(person, file):
    person.open(file, grader="ada")
    assert person.window.page is person.desk.page
    assert person.session.grader == "ada"
    assert person.session.item.image == "p/00.png"
    assert person.window.windowTitle().startswith("study — ")
    assert person.window.status.grader.text() == "ada"
    assert person.window.status.trust.isVisible()
    assert person.bugs == []


def test_a_study_named_at_the_start_is_opened(person, file):
    with open_study(file) as study:
        person.settings.remember_grader(study.info().id, "bo")
    person.desk.start(file)
    assert "Opening study" in person.window.page.text()
    person.wait_for_page()
    assert person.session.grader == "bo"


def test_without_a_study_the_first_page_is_shown(person):
    person.desk.start(None)
    person.rest()
    assert person.is_at_first_page


def test_what_was_done_is_there_when_the_study_is_opened_again(person, file):
    person.open(file, grader="ada")
    person.draw(square(3))
    person.session.answer_count(1)
    person.session.done()
    person.wait(lambda: person.session.sheet is not None)
    person.do("close")
    person.wait_for_first_page()
    assert is_free(file)
    assert readings(file)["p/00.png"].status is Status.DONE
    person.open(file)
    assert [item.state for item in person.session.items] == [
        QueueState.DONE,
        QueueState.TO_DO,
        QueueState.TO_DO,
    ]
    assert person.session.item.image == "p/01.png"


def test_a_note_that_is_still_being_written_is_stored_when_the_study_is_closed(person, file):
    person.open(file, grader="ada")
    person.desk.page.side.remarks.note.setPlainText("a tattoo")
    person.do("close")
    person.wait_for_first_page()
    assert readings(file)["p/00.png"].note == "a tattoo"


def test_another_study_takes_the_place_of_the_one_that_is_open(person, file, other):
    person.open(file, grader="ada")
    first = person.session
    person.draw(square(3))
    with open_study(other) as study:
        person.settings.remember_grader(study.info().id, "bo")
    person.desk.open(other)
    person.wait(lambda: person.session not in {first, None})
    person.wait_for_page()
    assert (person.desk.opened.file, person.session.grader) == (other, "bo")
    assert is_free(file)
    assert readings(file)["p/00.png"].region == (square(3),)


def test_the_same_study_again_changes_nothing(person, file):
    person.open(file, grader="ada")
    session, page = person.session, person.desk.page
    person.desk.open(file.parent / "second" / ".." / file.name)
    person.rest()
    assert (person.session, person.desk.page, person.window.page) == (session, page, page)


def test_the_study_that_is_being_closed_can_be_opened_again(person, file):
    person.open(file, grader="ada")
    first = person.session
    person.draw(square(3))
    person.do("close")
    person.desk.open(file)
    person.wait(lambda: person.session not in {first, None})
    person.wait_for_page()
    assert person.session.grading.region == (square(3),)


def test_of_several_wishes_while_one_is_put_away_the_last_is_granted(person, file, other, folder):
    third = packet_studies.pack(file, "cy", folder / "third.concord").file
    person.open(file, grader="ada")
    first = person.session
    person.draw(square(3))
    for wanted in (other, third):
        person.desk.open(wanted)
    person.wait(lambda: person.session not in {first, None})
    person.wait_for_page()
    assert person.desk.opened.file == third
    person.rest()
    assert person.desk.opened.file == third
    assert is_free(other)


def test_a_wish_that_comes_while_a_session_closes_its_file_waits_for_it(qtbot, tmp_path, file):
    lanes = HeldLane(Lane.STUDY)
    with at_desk(qtbot, tmp_path, lanes=lanes) as person:
        with open_study(file) as study:
            person.settings.remember_grader(study.info().id, "ada")

        def run():
            while lanes.waiting.step():
                QApplication.processEvents()
            QApplication.processEvents()

        person.desk.open(file)
        run()
        session = person.wait_for_session()
        assert session.sheet is not None
        person.do("close")
        person.window.close()  # the file is not closed yet
        assert person.window.isVisible()
        run()
        assert not person.window.isVisible()
        assert is_free(file)


def test_two_studies_wished_for_one_after_the_other_open_as_one(person, file, other):
    for study_file in (file, other):
        with open_study(study_file) as study:
            person.settings.remember_grader(study.info().id, "ada")
    person.desk.open(file)
    person.desk.open(other)
    person.wait_for_page()
    assert person.desk.opened.file == other
    assert is_free(file)


def test_closing_while_a_study_is_being_read_leaves_it_alone(person, file):
    person.desk.open(file)
    person.do("close")
    person.wait_for_first_page()
    assert person.session is None
    assert is_free(file)


def test_a_file_that_is_no_study_is_told_above_the_first_page(person, folder):
    letter = folder / "letter.concord"
    letter.write_text("Dear Lena")
    person.desk.open(letter)
    person.wait(lambda: person.banners)
    assert person.banners == ("study_damaged",)
    assert str(letter) in person.words_of("study_damaged")
    assert person.is_at_first_page
    assert letter.read_text() == "Dear Lena"


def test_a_study_that_is_not_there_is_told_and_the_next_one_opens_without_the_banner(
    person, file, folder
):
    person.desk.open(folder / "gone.concord")
    person.wait(lambda: person.banners)
    assert person.is_at_first_page
    person.open(file, grader="ada")
    assert person.banners == ()


def test_a_wrong_file_opened_over_a_study_puts_the_study_away_in_order(person, file, folder):
    letter = folder / "letter.concord"
    letter.write_text("Dear Lena")
    person.open(file, grader="ada")
    person.draw(square(3))
    person.desk.open(letter)
    person.wait(lambda: person.banners)
    assert person.is_at_first_page
    assert readings(file)["p/00.png"].region == (square(3),)


def test_a_bug_in_a_lane_reaches_who_reports_bugs_and_the_first_page_is_there(
    qtbot, tmp_path, file
):
    bug = ZeroDivisionError("a bug")

    def fail(_file):
        raise bug

    with at_desk(qtbot, tmp_path, store=replace(hasty_store(), open=fail)) as person:
        person.desk.open(file)
        person.wait(lambda: person.bugs)
        assert person.bugs == [bug]
        assert person.is_at_first_page
        assert person.banners == ()


def test_a_bug_that_nobody_waits_for_reaches_who_reports_bugs(person):
    bug = ZeroDivisionError("a bug")

    def fail():
        raise bug

    person.bridge.run(Lane.CPU, fail)
    person.wait(lambda: person.bugs)
    assert person.bugs == [bug]


def test_a_label_says_which_study_is_being_opened(person, file):
    person.desk.open(file)
    assert isinstance(person.window.page, QLabel)
    assert person.window.page.text() == "Opening study…"
    with answering(WhoDialog, choose("ada")):
        person.wait_for_page()
    assert person.window.status.saving.text.text() == SAVED


# Recent studies


def test_what_was_opened_last_is_first_among_the_recent_studies(person, file, other):
    for opened in (file, other, file):
        first = person.session
        with open_study(opened) as study:
            person.settings.remember_grader(study.info().id, "ada")
        person.desk.open(opened)
        person.wait(lambda before=first: person.session not in {before, None})
        person.wait_for_page()
    assert person.settings.recent == (file, other)
    assert recent(person) == [(file, False), (other, False)]


def test_a_recent_study_that_is_gone_is_marked_at_the_start(person, file, other):
    for each in (file, other):
        person.settings.remember_recent(each)
    file.unlink()
    person.desk.start(None)
    person.rest()
    assert recent(person) == [(other, False), (file, True)]


def recent(person):
    """Return the recent studies of the menu as paths, and whether each is missing."""
    from desktop_app.window.recent import STUDY, RecentModel

    model = person.window.first_run.findChild(RecentModel)
    rows = [model.index(row, 0).data(STUDY) for row in range(model.rowCount())]
    return [(row.path, row.is_missing) for row in rows]
