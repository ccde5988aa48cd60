"""Studies made in the window, the demo study among them; stopped half-way too."""

import pytest

from desktop_app import studies
from desktop_app.grade.instructions import InstructionsDialog
from desktop_app.studies import NewStudy
from desktop_app.window.problems import ProblemList
from desktop_app.window.progress import JobProgress
from engine.domain.grading import Role
from engine.domain.queue import QueueState
from engine.study.sqlite import open_study
from tests.desktop_app.desk.desks import is_free, photographs


def test_a_new_study_opens_as_its_maker_and_is_remembered(person, tmp_path):
    source = photographs(tmp_path / "photos")
    wanted = NewStudy(tmp_path / "new.concord", (source,), "Mia")
    person.window.new_wanted.emit(wanted)
    person.wait_for_page()
    assert person.session.grader == "Mia"
    assert len(person.session.items) == 4
    assert person.can("packet")
    assert person.settings.recent == (wanted.file,)
    assert person.dialog(ProblemList) is None


def test_photographs_that_are_damaged_are_listed_after_a_study_was_made(person, tmp_path):
    source = photographs(tmp_path / "photos")
    for name in ("1.png", "3.png"):
        (source / name).write_bytes(b"no picture")
    person.desk.make(NewStudy(tmp_path / "new.concord", (source,), "Mia"))
    listed = person.wait_for_dialog(ProblemList)
    text = listed.text.toPlainText()
    assert "1.png" in text
    assert "3.png" in text
    listed.close()
    person.wait_for_page()
    assert len(person.session.items) == 2


def test_a_new_study_never_replaces_one(person, file, tmp_path):
    before = file.read_bytes()
    person.desk.make(NewStudy(file, (photographs(tmp_path / "photos"),), "Mia"))
    person.wait(lambda: person.banners)
    assert person.banners == ("file_exists",)
    assert person.is_at_first_page
    assert file.read_bytes() == before


def test_making_a_study_can_be_stopped_and_lets_the_file_go(person, tmp_path, halt):
    at_import = halt("begin_alone")
    wanted = NewStudy(tmp_path / "new.concord", (photographs(tmp_path / "photos"),), "Mia")
    person.desk.make(wanted)
    progress = person.wait_for_dialog(JobProgress)
    person.wait(at_import.reached.is_set)
    progress.stop.click()
    assert progress.isVisible()
    at_import.goes_on.set()
    person.wait(lambda: person.dialog(JobProgress) is None)
    person.wait_for_first_page()
    assert person.banners == ()
    assert person.bugs == []
    assert is_free(wanted.file)


def test_a_study_opened_while_another_is_made_stops_the_making(person, tmp_path, file, halt):
    at_import = halt("begin_alone")
    wanted = NewStudy(tmp_path / "new.concord", (photographs(tmp_path / "photos"),), "Mia")
    person.desk.make(wanted)
    person.wait(at_import.reached.is_set)
    with open_study(file) as study:
        person.settings.remember_grader(study.info().id, "ada")
    person.desk.open(file)
    at_import.goes_on.set()
    person.wait_for_page()
    assert person.desk.opened.file == file
    assert is_free(wanted.file)


def test_a_study_made_too_late_to_be_stopped_is_let_go(person, tmp_path, file, halt):
    at_end = halt("_opened", studies)
    wanted = NewStudy(tmp_path / "new.concord", (photographs(tmp_path / "photos"),), "Mia")
    person.desk.make(wanted)
    person.wait(at_end.reached.is_set)
    with open_study(file) as study:
        person.settings.remember_grader(study.info().id, "ada")
    person.desk.open(file)
    at_end.goes_on.set()
    person.wait_for_page()
    person.rest()
    assert person.desk.opened.file == file
    assert person.session.grader == "ada"
    assert is_free(wanted.file)


def test_a_window_closed_while_a_study_is_made_waits_for_the_stop(person, tmp_path, halt):
    at_import = halt("begin_alone")
    wanted = NewStudy(tmp_path / "new.concord", (photographs(tmp_path / "photos"),), "Mia")
    person.desk.make(wanted)
    person.wait(at_import.reached.is_set)
    person.window.close()
    assert person.window.isVisible()
    at_import.goes_on.set()
    person.wait(lambda: not person.window.isVisible())
    assert is_free(wanted.file)


# The demo


def test_the_demo_opens_whole_and_goes_on_where_it_was_left(person, tmp_path):
    person.window.demo_wanted.emit()
    person.wait_for_page()
    assert len(person.session.items) == 12
    assert "[SYNTHETIC]" in person.window.windowTitle()
    assert person.desk.opened.file == tmp_path / "demo" / "demo.concord"
    grader = person.session.grader
    person.dialog(InstructionsDialog).close()
    person.session.answer_not_visible()
    person.session.done()
    person.wait(lambda: person.session.sheet is not None)
    first = person.session
    person.desk.open_demo()
    person.wait(lambda: person.session not in {first, None})
    person.wait_for_page()
    assert person.session.grader == grader
    states = [item.state for item in person.session.items]
    assert states.count(QueueState.DONE) == 1
    assert person.session.at == 1
    assert person.dialog(InstructionsDialog) is None  # they were shown once


@pytest.mark.parametrize("where", ["import_files", "_ask_visitor"])
def test_a_demo_that_was_stopped_half_way_is_whole_when_it_is_opened_again(
    person, tmp_path, halt, where
):
    half = halt(where) if where == "import_files" else halt(where, studies)
    person.desk.open_demo()
    progress = person.wait_for_dialog(JobProgress)
    person.wait(half.reached.is_set)
    progress.stop.click()
    person.desk.put_away(person.window.show_first_run)
    half.goes_on.set()
    person.wait(lambda: person.dialog(JobProgress) is None)
    person.wait_for_first_page()
    file = tmp_path / "demo" / "demo.concord"
    assert is_free(file)
    person.desk.open_demo()
    person.wait_for_page()
    person.dialog(InstructionsDialog).close()
    assert len(person.session.items) == 12
    with open_study(file, read_only=True) as study:
        assert study.check() == []
        images = study.images()
        assert all(image.digest for image in images)
        assert len(images) == len(list((tmp_path / "demo" / "images").iterdir()))
        assert {task.role for task in study.tasks(person.session.grader)} == {Role.EXTRA}
        assert len(study.graders()) > 3


def test_a_demo_that_cannot_be_written_is_told(person, tmp_path):
    (tmp_path / "demo").write_text("in the way")
    person.desk.open_demo()
    person.wait(lambda: person.banners)
    assert person.banners == ("demo_not_written",)
    assert person.is_at_first_page
