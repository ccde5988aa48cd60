"""The lead's commands: send-back, ask-extra, adjudicate, privacy-box and label."""

import json

import pytest

from engine.domain.grading import Adopted, Grading, Role, Status
from engine.domain.image import Image, PrivacyBox
from engine.domain.polygon import Polygon, ring
from engine.regions.rasterise import rasterise
from engine.study import sqlite_study
from engine.study.protocol import Conflict
from engine.study.sqlite import open_study


def square(left, top, size):
    right, bottom = left + size, top + size
    return (Polygon(ring([[left, top], [right, top], [right, bottom], [left, bottom]])),)


REGIONS = {"ada": square(0, 0, 4), "bo": square(2, 0, 4), "cy": square(2, 2, 4)}


@pytest.fixture
def study(study):
    """A study whose image ``d/a.png`` three graders outlined, one is asked for, one repeats."""
    with open_study(study) as opened:
        opened.add_images(
            [Image("d/a.png", 10, 8), Image("d/b.png", 10, 8), Image("e/b.png", 10, 8)],
            author="lead",
        )
        for grader, region in REGIONS.items():
            grading = Grading("d/a.png", grader, visible=True, roi_count=1, region=region)
            opened.append(grading, author=grader, parent=None)
        opened.append(
            Grading("d/a.png", "rae", visible=False, role=Role.REPEAT), author="rae", parent=None
        )
        opened.assign("d/b.png", "ada", Role.ASSIGNED, author="lead")
    return study


@pytest.fixture
def read(study):
    """Read something from the study, by a function of it."""

    def read(what):
        with open_study(study, read_only=True) as opened:
            return what(opened)

    return read


@pytest.fixture
def write_labelme(tmp_path):
    """Write a labelme file with these shapes of points; return its path."""

    def write(*shapes, width=10, kind="polygon"):
        document = {
            "version": "5.5.0",
            "imagePath": "a.png",
            "imageWidth": width,
            "imageHeight": 8,
            "shapes": [{"shape_type": kind, "points": points} for points in shapes],
        }
        file = tmp_path / "edited.json"
        file.write_text(json.dumps(document))
        return file

    return write


def adjudication(opened):
    return opened.adjudications().get("d/a.png")


def pixels(region):
    return rasterise(region, width=10, height=8).to_mask()


def problem_code(result):
    (problem,) = json.loads(result.stdout)["problems"]
    return problem["code"]


# names


def test_an_image_is_found_by_path_file_name_or_stem(run, study):
    for name in ("d/a.png", "a.png", "a"):
        document = run("privacy-box", study, name, 0, 0, 1, 1, "--json").stdout
        assert json.loads(document)["image"] == "d/a.png"


@pytest.mark.parametrize(("name", "code"), [("b.png", "image_ambiguous"), ("z", "image_unknown")])
def test_a_name_of_no_image_or_of_several_is_refused(run, study, name, code):
    assert problem_code(run("ask-extra", study, name, "dee", "--json", code=1)) == code


# send-back and ask-extra


def test_a_reading_is_sent_back_with_the_reason(run, study, read):
    said = run("send-back", study, "a", "ada", "--reason", "second patch?", "--author", "lena")
    assert said.stdout == "Sent d/a.png back to ada (revision 2)\n"
    last = read(lambda opened: opened.revisions("d/a.png", "ada"))[-1]
    assert (last.grading.status, last.grading.note) == (Status.SENT_BACK, "second patch?")
    assert (last.author, last.grading.region) == ("lena", REGIONS["ada"])


def test_what_is_not_done_is_not_sent_back(run, study):
    result = run("send-back", study, "d/b.png", "ada", "--reason", "x", "--json", code=1)
    assert problem_code(result) == "nothing_to_send_back"


def test_a_reason_must_be_given(run, study):
    assert "say why" in run("send-back", study, "a", "ada", "--reason", " ", code=2).stderr
    assert "say why" in run("adjudicate", study, "a", "--majority", "--reason", "", code=2).stderr
    run("adjudicate", study, "a", "--majority", code=2)


def test_a_grader_who_goes_on_meanwhile_is_told_of(run, study, monkeypatch):
    def conflict(*_, **__):
        raise Conflict("revision 2 is the latest")

    monkeypatch.setattr(sqlite_study, "append_revision", conflict)
    said = run("send-back", study, "a", "ada", "--reason", "x", code=1).stderr
    assert "The grader went on meanwhile (revision 2 is the latest)" in said


def test_an_extra_grader_is_asked_once(run, study, read):
    assert "Asked dee" in run("ask-extra", study, "a", "dee").stdout
    (task,) = read(lambda opened: opened.tasks("dee"))
    assert (task.image, task.role) == ("d/a.png", Role.EXTRA)
    for grader in ("dee", "ada"):
        result = run("ask-extra", study, "a", grader, "--json", code=1)
        assert problem_code(result) == "already_asked"


def test_blanks_around_an_extra_grader_s_name_make_nobody_else(run, study, read):
    assert problem_code(run("ask-extra", study, "a", " ada ", "--json", code=1)) == "already_asked"
    run("ask-extra", study, "a", " ", code=2)
    assert read(lambda opened: opened.graders()) == ["ada", "bo", "cy", "rae"]


# adjudicate


def test_a_grader_s_region_is_adopted(run, study, read):
    said = run("adjudicate", study, "a", "--grader", "bo", "--reason", "é", "--author", "lena")
    assert said.stdout == "Adopted bo's region for d/a.png (1 polygon)\n"
    found = read(adjudication)
    assert (found.adopted, found.grader, found.region) == (Adopted.GRADER, "bo", REGIONS["bo"])
    assert (found.author, found.reason) == ("lena", "é")
    assert found.time.endswith("+00:00")


@pytest.mark.parametrize("grader", ["nobody", "rae"])
def test_a_grader_without_a_reading_that_counts_cannot_be_adopted(run, study, read, grader):
    result = run("adjudicate", study, "a", "--grader", grader, "--reason", "x", "--json", code=1)
    assert problem_code(result) == "nothing_to_adopt"
    assert read(adjudication) is None


def test_the_majority_is_adopted_to_the_pixel_and_stays_when_graders_change_their_minds(
    run, study, read
):
    said = json.loads(run("adjudicate", study, "a", "--majority", "--reason", "x", "--json").stdout)
    assert (said["adopted"], said["grader"], said["problems"]) == ("majority", "", [])
    found = read(adjudication)
    votes = sum(pixels(region).astype(int) for region in REGIONS.values())
    assert (pixels(found.region) == (votes > 1)).all()
    with open_study(study) as opened:
        opened.append(Grading("d/a.png", "ada", visible=False), author="ada", parent=1)
    assert read(adjudication) == found


def test_there_is_no_majority_without_two_answers(run, study):
    result = run("adjudicate", study, "d/b.png", "--majority", "--reason", "x", code=1)
    assert "fewer than two answers" in result.stderr


def test_a_region_edited_in_labelme_is_taken_whole(run, study, read, write_labelme):
    file = write_labelme([[0, 0], [2, 0], [2, 2]], [[6, 6], [20, 6], [20, 20], [6, 20]])
    said = run("adjudicate", study, "a", "--region", file, "--reason", "x")
    assert "the edited region for d/a.png (2 polygons)" in said.stdout
    assert "was cut off" in said.stderr
    found = read(adjudication)
    assert (found.adopted, found.grader) == (Adopted.EDITED, "")
    expected = pixels((*(Polygon(ring([[0, 0], [2, 0], [2, 2]])),), *square(6, 6, 4)))
    assert (pixels(found.region) == expected).all()


@pytest.mark.parametrize(
    ("points", "options", "told"),
    [
        ([[5, 5], [6, 5], [6, 6]], {"width": 11}, "the image d/a.png has (10, 8)"),
        ([[0, 0], [2, 0]], {"kind": "line"}, "outlines no area"),
        ([[20, 0], [22, 0], [22, 2]], {}, "lies outside the image"),
    ],
)
def test_an_edited_region_that_does_not_fit_is_refused_as_a_whole(
    run, study, read, write_labelme, points, options, told
):
    file = write_labelme(points, **options)
    said = run("adjudicate", study, "a", "--region", file, "--reason", "x", code=1).stderr
    assert told in said
    assert read(adjudication) is None


def test_a_file_that_is_no_labelme_file_is_refused(run, study, tmp_path):
    file = tmp_path / "x.json"
    file.write_text("{}")
    result = run("adjudicate", study, "a", "--region", file, "--reason", "x", "--json", code=1)
    assert problem_code(result) == "not_labelme"


def test_an_adjudication_is_withdrawn(run, study, read):
    run("adjudicate", study, "a", "--grader", "bo", "--reason", "x")
    said = run("adjudicate", study, "a", "--withdraw", "--reason", "mistaken").stdout
    assert said == "Withdrew the adjudication of d/a.png\n"
    assert read(adjudication) is None
    result = run("adjudicate", study, "a", "--withdraw", "--reason", "x", "--json", code=1)
    assert problem_code(result) == "not_adjudicated"


@pytest.mark.parametrize(
    "options", [(), ("--majority", "--withdraw"), ("--grader", "bo", "--majority")]
)
def test_exactly_one_decision_must_be_given(run, study, options):
    said = run("adjudicate", study, "a", "--reason", "x", *options, code=2).stderr
    assert "give one of --grader, --majority, --region and --withdraw" in said


# privacy-box


def test_boxes_add_up_until_they_are_cleared(run, study, read):
    run("privacy-box", study, "a", 0.5, 1, 4, 5)
    said = run("privacy-box", study, "a", 6, 6, 60, 60).stdout
    assert said == "d/a.png has 2 privacy boxes\n"
    boxes = (PrivacyBox(0.5, 1, 4, 5), PrivacyBox(6, 6, 10, 8))
    assert read(lambda opened: opened.privacy_boxes()) == {"d/a.png": boxes}
    assert "has 0 privacy boxes" in run("privacy-box", study, "a", "--clear").stdout
    assert read(lambda opened: opened.privacy_boxes()) == {}


def test_a_box_may_begin_outside_the_image(run, study, read):
    run("privacy-box", study, "a", -5, -0.5, 4, 5)
    assert read(lambda opened: opened.privacy_boxes()) == {"d/a.png": (PrivacyBox(0, 0, 4, 5),)}


@pytest.mark.parametrize("corners", [(4, 1, 4, 5), (4, 5, 6, 1), (10, 0, 12, 8)])
def test_a_box_that_covers_nothing_is_refused(run, study, corners):
    result = run("privacy-box", study, "a", *corners, "--json", code=1)
    assert problem_code(result) == "empty_box"


@pytest.mark.parametrize(
    "given", [(), (1, 2, 3), (1, 2, 3, 4, 5), (1, 2, 3, 4, "--clear"), (0, 0, "nan", 4), ("x",) * 4]
)
def test_a_box_has_four_corners_in_numbers(run, study, given):
    run("privacy-box", study, "a", *given, code=2)


# label


def test_body_parts_are_labelled_from_a_file_and_what_cannot_be_used_is_listed(
    run, study, read, tmp_path
):
    file = tmp_path / "labels.csv"
    file.write_text("image,parts\nd/a.png,lips;hair\nd/b.png,none\nb.png,ear\nz.png,ear\n")
    result = run("label", study, file, "--author", "lena", code=1)
    assert result.stdout == "labels: 2 added, 0 changed, 0 unchanged\n"
    assert "row 4" in result.stderr
    assert "row 5" in result.stderr
    assert read(lambda opened: opened.body_parts()) == {
        "d/a.png": frozenset({"lips", "hair"}),
        "d/b.png": frozenset(),
    }
    file.write_text("image,lips,hair\nd/a.png,1,0\nd/b.png,0,0\n")
    document = json.loads(run("label", study, file, "--json").stdout)
    assert document == {"added": 0, "changed": 1, "unchanged": 1, "problems": []}
