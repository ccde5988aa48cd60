"""Studies that the window's first page makes and opens."""

import sqlite3
from contextlib import closing

import pytest
from PIL import Image as Picture

from desktop_app.main import sqlite_store
from desktop_app.studies import NewStudy, make_demo, make_study, merge, open_for_window
from engine.domain.grading import Role
from engine.domain.problem import Refusal
from engine.study.sqlite import open_study
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.executors import InlineExecutor
from engine.tasks.progress import silent
from tests import packet_studies

STORE = sqlite_store()


@pytest.fixture
def photographs(tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for number in range(4):
        Picture.new("RGB", (30, 20), (number, 0, 0)).save(folder / f"{number}.png")
    return folder


def make(file, photographs, **changes):
    wanted = NewStudy(file, (photographs,), "Mia", **changes)
    return make_study(STORE, wanted, InlineExecutor(), CancelToken(), silent)


def test_who_makes_a_study_from_a_folder_is_its_lead_and_grader_of_everything(
    tmp_path, photographs
):
    opened = make(tmp_path / "new.concord", photographs, instructions="Look well", masks_names=True)
    with closing(opened.study) as study:
        assert {item.image for item in study.queue("Mia")} == {
            f"photographs/{n}.png" for n in range(4)
        }
        assert opened.options.leads == ("Mia",)
        assert (opened.options.instructions, opened.options.masks_names) == ("Look well", True)
        assert opened.people == ("Mia",)
        assert study.check() == []


def test_a_damaged_photograph_is_told_and_the_others_are_brought_in(tmp_path, photographs):
    (photographs / "1.png").write_bytes(b"no picture")
    opened = make(tmp_path / "new.concord", photographs)
    with closing(opened.study) as study:
        assert len(study.queue("Mia")) == 3
    assert "1.png" in opened.problems[0].where


def test_a_study_that_exists_is_never_replaced(tmp_path, photographs):
    file = tmp_path / "new.concord"
    with closing(make(file, photographs).study) as study:
        study_id = study.info().id
    with pytest.raises(Refusal, match="exists"):
        make(file, photographs)
    with open_study(file) as study:
        assert study.info().id == study_id


def test_a_study_whose_making_is_stopped_lets_its_file_go(tmp_path, photographs):
    cancel = CancelToken()
    cancel.cancel()
    wanted = NewStudy(tmp_path / "new.concord", (photographs,), "Mia")
    with pytest.raises(Stopped):
        make_study(STORE, wanted, InlineExecutor(), cancel, silent)
    with closing(sqlite3.connect(wanted.file)) as free:
        free.execute("BEGIN EXCLUSIVE")


def test_the_demo_asks_its_visitor_for_a_dozen_images_as_an_extra_grader(tmp_path):
    opened = make_demo(STORE, tmp_path, "Mia", InlineExecutor(), CancelToken(), silent)
    with closing(opened.study) as study:
        queue = study.queue("Mia")
        assert [item.role for item in queue] == [Role.EXTRA] * 12
        assert all(item.digest for item in queue)
        assert opened.is_synthetic
        assert "synthetic" in opened.options.instructions
        revision = study.info().revision
    again = make_demo(STORE, tmp_path, "Mia", InlineExecutor(), CancelToken(), silent)
    with closing(again.study) as study:
        assert study.info().revision == revision


def test_a_file_that_is_no_study_is_refused(tmp_path):
    file = tmp_path / "text.concord"
    file.write_text("hello")
    with pytest.raises(Refusal, match="damaged"):
        open_for_window(STORE, file)


def test_opening_reads_who_may_be_a_grader(tmp_path, photographs):
    file = tmp_path / "new.concord"
    make(file, photographs).study.close()
    opened = open_for_window(STORE, file)
    opened.study.close()
    assert (opened.people, opened.packet, opened.is_synthetic) == (("Mia",), None, False)
    assert opened.options.leads == ("Mia",)


def test_packets_are_merged_by_the_window_and_what_is_left_out_is_told(tmp_path):
    file = packet_studies.make_study(tmp_path)
    packets = [packet_studies.pack(file, grader).file for grader in ("ada", "bo")]
    for packet in packets:
        packet_studies.grade(packet)
    letter = tmp_path / "letter.concord"
    letter.write_text("Dear Lena")
    with open_study(file) as study:
        files = [packets[0], letter, packets[1]]
        readings, problems = merge(
            STORE, study, files, "lena", False, InlineExecutor(), CancelToken(), silent
        )
        assert study.check() == []
    assert readings == 6
    assert [(p.code, p.where) for p in problems] == [("packet_damaged", str(letter))]
