"""``dermconcord packet`` and ``dermconcord merge`` as a lead runs them."""

import json

import pytest

from engine.domain.grading import Grading
from engine.study.sqlite import open_study
from tests.packet_studies import draw, grade, make_study, region


@pytest.fixture
def study(tmp_path):
    """A study of three photographs, read by three graders."""
    return make_study(tmp_path)


def entries(study):
    with open_study(study, read_only=True) as opened:
        assert opened.check() == []
        return [(entry.action, entry.author) for entry in opened.audit()]


def test_a_packet_goes_out_is_graded_and_comes_back(run, study):
    said = run("packet", study, "ada", "--out", study.with_name("ada"))
    packet = study.with_name("ada.concord")
    assert said.stdout.startswith(f"Made {packet} for ada: 3 images, 3 readings, ")
    grade(packet)
    said = run("merge", study, packet, "--author", "lena").stdout
    assert said == f"{packet}: ada, readings: 3 merged (9 states), 0 unchanged, 0 left out\n"
    assert entries(study)[-1] == ("merge_packet", "lena")
    said = run("merge", study, packet).stdout
    assert said == f"{packet}: ada, readings: 0 merged (0 states), 3 unchanged, 0 left out\n"
    assert entries(study)[-1] == ("merge_packet", "lena")


def test_what_a_packet_holds_is_told_to_machines(run, study):
    (study.parent / "p/01.png").unlink()
    out = study.with_name("ada.concord")
    document = json.loads(run("packet", study, "ada", "--out", out, "--json", code=1).stdout)
    assert document.pop("bytes") == out.stat().st_size
    (problem,) = document.pop("problems")
    assert (problem["code"], problem["where"]) == ("pixels_missing", "p/01.png")
    assert document == {"packet": str(out), "grader": "ada", "images": 2, "readings": 2}


def test_images_that_are_left_out_are_listed_with_status_1(run, study):
    (study.parent / "p/01.png").unlink()
    said = run("packet", study, "ada", "--out", study.with_name("ada"), code=1)
    assert "2 images, 2 readings" in said.stdout
    assert "p/01.png: It is not in the packet" in said.stderr
    assert "then make the packet again" in said.stderr


def test_a_packet_never_replaces_a_file(run, study):
    out = study.with_name("ada.concord")
    out.write_text("somebody's")
    assert "is not overwritten" in run("packet", study, "ada", "--out", out, code=1).stderr
    assert out.read_text() == "somebody's"


def test_a_packet_for_nobody_is_refused(run, study):
    said = run("packet", study, "zoe", "--out", study.with_name("zoe"), code=1).stderr
    assert "The study asks this grader for nothing" in said


def test_a_packet_needs_a_name(run, study):
    run("packet", study, "ada", code=2)
    run("packet", study, code=2)
    run("merge", study, code=2)


def test_several_packets_are_merged_and_a_bad_one_stops_none(run, study):
    packets = []
    for size, grader in enumerate(("ada", "bo"), start=3):
        run("packet", study, grader, "--out", study.with_name(grader))
        packets.append(study.with_name(f"{grader}.concord"))
        grade(packets[-1], size=size)
    letter = study.with_name("letter.concord")
    letter.write_text("Dear Lena, attached is my work")
    said = run("merge", study, packets[0], letter, study, packets[1], code=1)
    assert said.stdout.splitlines() == [
        f"{packets[0]}: ada, readings: 3 merged (9 states), 0 unchanged, 0 left out",
        f"{letter}: refused",
        f"{study}: refused",
        f"{packets[1]}: bo, readings: 3 merged (9 states), 0 unchanged, 0 left out",
    ]
    assert "The file is no packet or is damaged. Nothing of it was merged" in said.stderr
    assert "The file is a study, not a packet" in said.stderr
    assert [action for action, _ in entries(study)[-2:]] == ["merge_packet"] * 2


def test_conflicts_are_listed_and_the_packet_is_taken_on_request(run, study):
    packet = study.with_name("ada.concord")
    run("packet", study, "ada", "--out", packet)
    grade(packet)
    with open_study(study) as opened:
        draw(opened, "p/01.png", "ada", region(9, 9))
    said = run("merge", study, packet, code=1)
    assert "ada, readings: 2 merged (6 states), 0 unchanged, 1 left out" in said.stdout
    assert "p/01.png, ada: The reading went on in the study" in said.stderr
    document = json.loads(run("merge", study, packet, "--json", code=1).stdout)
    (merged,) = document["packets"]
    assert merged == {
        "packet": str(packet),
        "refused": None,
        "grader": "ada",
        "readings": 0,
        "revisions": 0,
        "unchanged": 2,
        "left_out": 1,
    }
    assert [problem["code"] for problem in document["problems"]] == ["merge_conflict"]
    said = run("merge", study, packet, "--take-packet").stdout
    assert "readings: 1 merged (1 states), 2 unchanged, 0 left out" in said
    with open_study(study) as opened:
        assert opened.readings_of("p/01.png")[0].latest.region == region(2.5, 3)


def test_a_packet_that_is_not_there_is_told_to_machines(run, study):
    missing = study.with_name("ada.concord")
    document = json.loads(run("merge", study, missing, "--json", code=1).stdout)
    assert document["packets"] == [{"packet": str(missing), "refused": "study_missing"}]
    assert document["problems"][0]["where"] == str(missing)


def test_doctor_finds_a_packet_whole(run, study):
    packet = study.with_name("ada.concord")
    run("packet", study, "ada", "--out", packet)
    with open_study(packet) as opened:
        opened.append(Grading("p/00.png", "ada", False), author="ada", parent=None)
    assert "No problems found" in run("doctor", packet).stdout
