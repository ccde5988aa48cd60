"""A packet graded elsewhere and merged back: the study then holds exactly what was drawn there."""

import shutil
from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Role, Status
from engine.domain.options import StudyOptions
from engine.domain.problem import Refusal
from engine.stages.merging import merge_packet, merge_packets
from engine.study.packet_file import open_packet
from engine.study.sqlite import open_study
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor, LocalLanes
from tests.packet_studies import INLINE, draw, grade, make_study, merge, pack, region, ticking


@pytest.fixture(params=[False, True], ids=["names shown", "names masked"])
def file(request, tmp_path):
    """A study of three photographs, read by three graders."""
    file = make_study(tmp_path)
    with open_study(file) as study:
        study.set_options(StudyOptions(masks_names=request.param), author="lena")
    return file


@pytest.fixture
def packet(file):
    """An ungraded packet of ada's."""
    return pack(file, "ada").file


def work(file, grader="ada"):
    """All that is told of a grader's readings, by the digest of the image and the role."""
    with open_study(file, read_only=True) as opened:
        assert opened.check() == []
        return {
            (item.digest, item.role): [
                (replace(r.grading, image=""), r.author, r.time, r.gesture)
                for r in opened.revisions(item.image, grader, item.role)
            ]
            for item in opened.queue(grader)
        }


def refused(file, packet, code):
    before = file.read_bytes()
    with pytest.raises(Refusal) as caught:
        merge(file, packet)
    assert (caught.value.problem.code, caught.value.problem.where) == (code, str(packet))
    assert file.read_bytes() == before


def test_the_study_holds_exactly_what_was_drawn_in_the_packet(file, packet):
    grade(packet)
    merged = merge(file, packet)
    assert (merged.readings, merged.revisions, merged.problems) == (3, 9, ())
    assert work(file) == work(packet)
    assert all(len(states) == 3 for states in work(file).values())
    assert not any(work(file, "bo").values())


def test_a_packet_can_be_graded_merged_and_graded_further(file, packet):
    for turn, start in enumerate(["2026-02-01", "2026-02-02", "2026-02-03"], start=1):
        grade(packet, start=start, size=3.0 + turn)
        assert merge(file, packet).revisions == 9
        assert merge(file, packet).unchanged == 3
        assert work(file) == work(packet)
        assert all(len(states) == 3 * turn for states in work(file).values())


def test_a_second_packet_goes_on_from_the_first(file, packet, tmp_path):
    grade(packet)
    merge(file, packet)
    with open_study(file) as study:
        study.send_back("p/00.png", "ada", reason="the edge?", author="lena")
    again = pack(file, "ada", tmp_path / "again.concord").file
    grade(again, start="2026-02-05", size=7.0)
    assert merge(file, again).problems == ()
    last = [states[-1][0].status for states in work(file).values()]
    assert last == [Status.DONE] * 3
    assert merge(file, packet).unchanged == 3  # the first one, once more


def test_undo_in_the_study_goes_back_over_what_was_drawn_in_the_packet(file, packet):
    grade(packet)
    with open_study(packet) as opened:
        item = opened.queue("ada")[0]
        drawn = opened.sheet(item.image, "ada").history
    merge(file, packet)
    with open_study(file) as study:
        merged = study.sheet("p/00.png", "ada").history
        assert merged.gestures == drawn.gestures
        assert [s.region for s in merged.states] == [s.region for s in drawn.states]


def test_time_at_work_comes_along(file, packet):
    with open_study(packet) as opened:
        image = opened.queue("ada")[0].image
        opened.add_activity(image, "ada", Role.ASSIGNED, began="2026-02-01T08:00", seconds=42.5)
    merge(file, packet)
    merge(file, packet)
    with open_study(file) as study:
        assert study.activity() == {("p/00.png", "ada", Role.ASSIGNED): 42.5}


def test_packets_of_several_graders_are_merged_one_after_another(file):
    packets = {grader: pack(file, grader).file for grader in ("ada", "bo", "cy")}
    for size, packet in enumerate(packets.values(), start=3):
        grade(packet, size=size)
    for packet in packets.values():
        assert merge(file, packet).readings == 3
    for grader, packet in packets.items():
        assert work(file, grader) == work(packet, grader)


def test_a_conflict_is_told_by_the_study_s_name_and_the_rest_is_merged(file, packet):
    grade(packet)
    with open_study(file, clock=ticking()) as study:
        draw(study, "p/01.png", "ada", region(9, 9))
        before = study.revisions("p/01.png", "ada")
    merged = merge(file, packet)
    (problem,) = merged.problems
    assert (problem.code, problem.where) == ("merge_conflict", "p/01.png, ada")
    assert merged.readings == 2
    with open_study(file) as study:
        assert study.revisions("p/01.png", "ada") == before
    taken = merge(file, packet, takes_packet=True)
    assert (taken.readings, taken.revisions, taken.problems) == (1, 1, ())
    with open_study(file) as study:
        *kept, last = study.revisions("p/01.png", "ada")
        assert kept == before
        assert last.grading.region == region(2.5, 3)


def test_work_of_another_grader_in_a_packet_is_refused_and_the_grader_s_is_merged(file, packet):
    grade(packet)
    with open_study(packet) as opened:
        image = opened.images()[0].path
        opened.append(Grading(image, "bo", False), author="bo", parent=None)
        opened.append(Grading(image, "ada", False, role=Role.REPEAT), author="ada", parent=None)
    merged = merge(file, packet)
    assert [problem.code for problem in merged.problems] == ["not_asked"] * 2
    assert merged.problems[0].where == f"{image}, bo"
    assert merged.revisions == 9
    with open_study(file) as study:
        assert not any(study.revisions(i.path, "bo") for i in study.images())


def test_work_that_another_hand_did_in_a_packet_is_refused_and_the_rest_is_merged(file, packet):
    grade(packet)
    with open_study(packet) as opened:
        task = opened.tasks()[0]
        parent = opened.revisions(task.image, "ada")[-1].number
        sent_back = Grading(task.image, "ada", status=Status.SENT_BACK)
        opened.append(sent_back, author="somebody", parent=parent)
    merged = merge(file, packet)
    assert [problem.code for problem in merged.problems] == ["not_the_graders_work"]
    assert merged.readings == 2


def test_packets_are_merged_one_by_one_and_one_that_is_refused_stops_none(file, tmp_path):
    packets = [pack(file, grader).file for grader in ("ada", "bo")]
    for packet in packets:
        grade(packet)
    letter = tmp_path / "letter.concord"
    letter.write_text("Dear Lena")
    with open_study(file) as study:
        found = merge_packets(
            study,
            [packets[0], letter, packets[1]],
            INLINE,
            open_packet=open_packet,
            author="lena",
        )
    assert [path for path, _ in found] == [packets[0], letter, packets[1]]
    ada, refused, bo = (one for _, one in found)
    assert (ada.grader, ada.readings, bo.grader, bo.readings) == ("ada", 3, "bo", 3)
    assert (refused.code, refused.where) == ("packet_damaged", str(letter))


def test_a_study_given_in_place_of_a_packet_is_refused(file, tmp_path):
    shutil.copy(file, tmp_path / "copy.concord")
    refused(file, tmp_path / "copy.concord", "not_a_packet")


def test_a_packet_of_another_study_is_refused(file, tmp_path):
    (tmp_path / "other").mkdir()
    other = pack(make_study(tmp_path / "other"), "ada").file
    grade(other)
    refused(file, other, "packet_of_another_study")


def test_a_packet_takes_no_packet(file, packet):
    refused(packet, pack(file, "bo").file, "merge_into_packet")


def test_a_packet_of_a_copy_of_the_study_is_merged_as_far_as_was_asked_for(file, tmp_path):
    """A saved copy is the same study; what was only assigned in the copy is unknown here."""
    copy = tmp_path / "copy.concord"
    shutil.copy(file, copy)
    with open_study(copy) as study:
        study.assign("p/00.png", "dee", Role.ASSIGNED, author="lena")
    packet = pack(copy, "dee").file
    grade(packet)
    (problem,) = merge(file, packet).problems
    assert problem.code == "not_asked"
    with open_study(file) as study:
        assert "dee" not in study.graders()


def test_a_stopped_merge_leaves_the_study_as_it_was(file, packet):
    grade(packet)
    before = work(file)
    cancel = CancelToken()
    job = JobContext(InlineExecutor(), cancel, lambda step: cancel.cancel())
    with open_study(file) as study, open_packet(packet) as returned, pytest.raises(Stopped):
        merge_packet(study, returned, "x", job, author="lena")
    assert work(file) == before


def test_a_merge_on_the_study_s_own_thread_gives_the_same(file, packet):
    grade(packet)
    with open_study(file) as study, open_packet(packet) as returned, LocalLanes() as lanes:
        merged = merge_packet(study, returned, "x", JobContext(lanes), author="lena")
    assert merged.revisions == 9
    assert work(file) == work(packet)
