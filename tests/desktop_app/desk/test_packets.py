"""Packets exported and merged, and copies saved, through the menus."""

from contextlib import closing

import pytest

from desktop_app.desk.files import suggestion
from desktop_app.grade.who import WhoDialog
from desktop_app.studies import open_for_window
from desktop_app.window.problems import ProblemList
from desktop_app.window.progress import JobProgress
from engine.domain.grading import Status
from engine.domain.queue import QueueState
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study.packet_file import open_packet
from engine.study.sqlite import open_study
from engine.tasks.executors import Lane
from tests import packet_studies
from tests.desktop_app.desk.desks import (
    HeldLane,
    at_desk,
    hasty_store,
    is_free,
    readings,
    set_options,
)
from tests.desktop_app.squares import square


@pytest.fixture
def packet(file, folder):
    return packet_studies.pack(file, "bo", folder / "for bo.concord").file


def test_a_packet_opens_as_its_grader_who_is_not_asked_and_can_do_nothing_else(person, packet):
    person.open(packet)
    assert person.session.grader == "bo"
    assert not person.window.status.trust.isVisible()
    assert not person.can("packet")
    assert not person.can("merge")
    assert person.can("save_copy")
    person.do("who")
    person.rest()
    assert person.dialog(WhoDialog) is None
    assert person.session.grader == "bo"


def test_a_packet_asks_for_so_many_regions_as_its_study_lays_down(person, file, folder):
    few = RunSettings(agreement=AgreementSettings(max_outlined_regions=2, kappa_cut=0.6))
    set_options(file, settings=few)
    person.open(packet_studies.pack(file, "bo", folder / "for bo.concord").file)
    assert person.session.settings == AgreementSettings(max_outlined_regions=2)
    assert person.desk.page.side.answers.too_many == 3


def test_work_in_a_packet_goes_back_into_the_study_through_the_menu(person, file, folder):
    person.open(file, grader="ada")
    person.answers.grader = "bo"
    person.answers.new_file = folder / "bo's packet.concord"
    person.do("packet")
    person.wait(lambda: person.banners)
    assert person.banners == ("packet_made",)
    assert "bo's packet.concord" in person.words_of("packet_made")
    assert person.answers.asked == [
        ("grader", ("ada", "bo", "cy")),
        ("new_file", folder / "study-bo.concord"),
    ]
    packet_studies.grade(person.answers.new_file)
    person.answers.packets = [person.answers.new_file]
    session = person.session
    person.do("merge")
    person.wait(lambda: person.session not in {session, None})
    person.wait_for_page()
    assert person.banners == ("merged",)
    assert "3 readings merged" in person.words_of("merged")
    assert {g.status for g in readings(file, "bo").values()} == {Status.DONE}
    assert len(readings(file, "bo")) == 3


def test_the_window_shows_what_was_merged_and_lists_what_was_left_out(person, file, folder):
    packet = packet_studies.pack(file, "ada", folder / "p.concord").file
    packet_studies.grade(packet)
    letter = folder / "letter.concord"
    letter.write_text("Dear Lena")
    person.open(file, grader="ada")
    session = person.session
    person.answers.packets = [letter, packet]
    person.do("merge")
    person.wait(lambda: person.session not in {session, None})
    person.wait_for_page()
    assert [item.state for item in person.session.items] == [QueueState.DONE] * 3
    assert person.session.grading.region
    listed = person.wait_for_dialog(ProblemList)
    assert str(letter) in listed.text.toPlainText()
    listed.close()
    assert "3 readings merged" in person.words_of("merged")


def test_merging_the_same_packet_again_merges_nothing(person, file, folder):
    packet = packet_studies.pack(file, "bo", folder / "p.concord").file
    packet_studies.grade(packet)
    packet_studies.merge(file, packet)
    person.open(file, grader="ada")
    person.answers.packets = [packet]
    person.do("merge")
    person.wait(lambda: "merged" in person.banners)
    assert "0 readings merged" in person.words_of("merged")
    person.wait_for_page()


def test_a_reading_that_went_on_in_both_places_is_left_out_until_the_lead_takes_the_packet(
    person, file, folder
):
    packet = packet_studies.pack(file, "ada", folder / "p.concord").file
    packet_studies.grade(packet)
    person.open(file, grader="ada")
    here = person.session.item.image
    person.draw(square(3))
    person.wait_until_stored()
    person.answers.packets = [packet]
    person.do("merge")
    person.wait(lambda: "merge_left_out" in person.banners)
    person.wait_for_page()
    assert "1 reading was left out" in person.words_of("merge_left_out")
    assert readings(file)[here].region == (square(3),)
    session = person.session
    person.press("merge_left_out", "Take the packets’ state")
    person.wait(lambda: person.session not in {session, None})
    person.wait_for_page()
    assert "merge_left_out" not in person.banners
    assert readings(file)[here].status is Status.DONE


def test_what_is_drawn_while_packets_are_merged_is_stored(qtbot, tmp_path, file, folder):
    packet = packet_studies.pack(file, "bo", folder / "p.concord").file
    packet_studies.grade(packet)
    lanes = HeldLane(Lane.JOB)
    with at_desk(qtbot, tmp_path, lanes=lanes) as person:
        person.open_now(file, "ada")
        session = person.session
        person.answers.packets = [packet]
        person.do("merge")
        person.draw(square(3))
        lanes.waiting.step()
        person.wait(lambda: person.session not in {session, None})
        person.wait_for_page()
        assert "3 readings merged" in person.words_of("merged")
        assert person.session.grading.region == (square(3),)


def test_who_gives_up_in_a_file_dialog_has_nothing_done(person, file):
    person.open(file, grader="ada")
    for action in ("packet", "merge", "save_copy"):
        person.do(action)
    person.answers.grader = "bo"
    person.do("packet")
    person.rest()
    assert person.banners == ()
    assert list(file.parent.glob("*.concord")) == [file]


def test_a_packet_for_whom_nothing_is_asked_of_is_refused_and_said_so(person, file, folder):
    person.open(file, grader="ada")
    person.answers.grader, person.answers.new_file = "zoe", folder / "zoe.concord"
    person.do("packet")
    person.wait(lambda: person.banners)
    assert person.banners == ("no_tasks",)
    assert not person.answers.new_file.exists()


def test_images_that_a_packet_lacks_are_listed(person, file, folder):
    (folder / "p" / "01.png").unlink()
    person.open(file, grader="ada")
    person.answers.grader, person.answers.new_file = "bo", folder / "bo.concord"
    person.do("packet")
    listed = person.wait_for_dialog(ProblemList)
    assert "p/01.png" in listed.text.toPlainText()
    listed.close()
    with open_packet(person.answers.new_file) as packet:
        assert len(packet.tasks()) == 2


@pytest.mark.parametrize(
    ("grader", "name"),
    [
        ("Dr. A/B", "study-Dr. A_B.concord"),
        ("Dr. A\\B", "study-Dr. A_B.concord"),
        ("../../etc", "study-.._.._etc.concord"),
        ("C:", "study-C_.concord"),
        ("Ümit Ö.", "study-Ümit Ö.concord"),
        ("a?*|<b>", "study-a____b_.concord"),
    ],
)
def test_whatever_a_grader_is_called_the_packet_has_a_name_beside_the_study(file, grader, name):
    opened = open_for_window(hasty_store(), file)
    with closing(opened.study):
        assert suggestion(opened, grader) == file.parent / name


def test_a_very_long_name_still_names_a_file_that_can_be_made(file):
    opened = open_for_window(hasty_store(), file)
    with closing(opened.study):
        target = suggestion(opened, "Ö" * 300)
    target.touch()
    assert target.suffix == ".concord"


def test_only_leads_make_and_merge_packets_where_the_study_names_any(person, file):
    set_options(file, leads=("lena",))
    person.open(file, grader="ada")
    assert not person.can("packet")
    assert not person.can("merge")
    person.do("close")
    person.wait_for_first_page()
    person.open(file, grader="lena")
    assert person.can("packet")
    assert person.can("merge")


def test_a_copy_of_the_study_is_saved(person, file, folder):
    person.open(file, grader="ada")
    person.draw(square(3))
    person.answers.new_file = folder / "backup.concord"
    person.wait_until_stored()
    person.do("save_copy")
    person.wait(lambda: person.banners)
    assert person.banners == ("copy_saved",)
    assert person.answers.asked == [("new_file", folder / "study-copy.concord")]
    assert readings(person.answers.new_file)["p/00.png"].region == (square(3),)


def test_a_copy_never_replaces_a_file(person, file, other):
    before = other.read_bytes()
    person.open(file, grader="ada")
    person.answers.new_file = other
    person.do("save_copy")
    person.wait(lambda: person.banners)
    assert person.banners == ("file_exists",)
    assert other.read_bytes() == before


def test_a_packet_is_not_begun_while_another_job_is_at_the_study(person, file, folder, halt):
    from engine.stages import packing

    at_packing = halt("make_packet", packing)
    person.open(file, grader="ada")
    person.answers.grader, person.answers.new_file = "bo", folder / "bo.concord"
    person.do("packet")
    person.wait(at_packing.reached.is_set)
    person.window.action_set.by_id["merge"].trigger()
    assert [what for what, _ in person.answers.asked] == ["grader", "new_file"]
    at_packing.goes_on.set()
    person.wait(lambda: person.banners)
    assert person.banners == ("packet_made",)


@pytest.mark.parametrize("action", ["packet", "merge", "save_copy"])
def test_a_study_that_was_closed_behind_a_file_dialog_is_left_alone(person, file, folder, action):
    packet = packet_studies.pack(file, "bo", folder / "bo.concord").file

    def close():
        person.answers.meanwhile = lambda: None
        person.desk.put_away(person.window.show_first_run)
        person.wait(lambda: person.is_at_first_page)

    person.open(file, grader="ada")
    answers = person.answers
    answers.grader, answers.new_file, answers.packets = "bo", folder / "new.concord", [packet]
    answers.meanwhile = close
    person.do(action)
    person.rest()
    assert person.banners == ()
    assert person.bugs == []
    assert not answers.new_file.exists()
    assert is_free(file)


def test_a_window_closed_while_packets_are_merged_closes_and_the_study_is_whole(
    person, file, folder, halt
):
    from engine.stages import merging

    packet = packet_studies.pack(file, "bo", folder / "p.concord").file
    packet_studies.grade(packet)
    at_merging = halt("merge_packet", merging)
    person.open(file, grader="ada")
    person.answers.packets = [packet]
    person.do("merge")
    person.wait(at_merging.reached.is_set)
    person.draw(square(3))
    person.window.close()
    at_merging.goes_on.set()
    person.wait(lambda: not person.window.isVisible())
    assert is_free(file)
    assert readings(file)["p/00.png"].region == (square(3),)
    assert len(readings(file, "bo")) in {0, 3}
    with open_study(file) as study:
        assert study.check() == []


def test_packing_can_be_stopped_and_leaves_no_file(person, file, folder, halt):
    from engine.stages import packing

    at_packing = halt("make_packet", packing)
    person.open(file, grader="ada")
    session = person.session
    person.answers.grader, person.answers.new_file = "bo", folder / "bo.concord"
    person.do("packet")
    progress = person.wait_for_dialog(JobProgress)
    progress.stop.click()
    at_packing.goes_on.set()
    person.wait(lambda: person.dialog(JobProgress) is None)
    person.rest()
    assert person.session is session
    assert person.banners == ()
    assert list(folder.glob("*.concord")) == [file]


def test_a_bug_in_a_job_is_reported_and_the_window_does_not_wait_for_it(
    person, file, folder, monkeypatch
):
    from engine.stages import packing

    bug = ZeroDivisionError("a bug")

    def fail(*_args, **_kwargs):
        raise bug

    monkeypatch.setattr(packing, "make_packet", fail)
    person.open(file, grader="ada")
    person.answers.grader, person.answers.new_file = "bo", folder / "bo.concord"
    person.do("packet")
    person.wait(lambda: person.bugs)
    assert person.bugs == [bug]
    assert person.dialog(JobProgress) is None
    monkeypatch.undo()
    person.do("packet")
    person.wait(lambda: person.banners)
    assert person.banners == ("packet_made",)
