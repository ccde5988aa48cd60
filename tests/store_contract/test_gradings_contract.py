"""Gradings: append-only revisions of one record for each image, grader and role."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.study.protocol import Conflict

SQUARE = (Polygon(ring([[0, 0], [4, 0], [4, 4], [0, 4]])),)
RICH = Grading(
    "a.png",
    "ada",
    visible=True,
    roi_count=2,
    region=(
        Polygon(ring([[0.1, 1 / 3], [9, 0], [9, 9]]), (ring([[5, 2], [6, 2], [6, 3]]),)),
        Polygon(ring([[0, 0], [4, 4], [4, 0], [0, 4]])),
    ),
    status=Status.STARTED,
    origin=Origin.IMPORTED,
    note="hair; «é»\n2nd line",
    problem="blurred",
)


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    return study


def test_a_grading_comes_back_with_every_answer_and_vertex(study):
    study.record_gradings([RICH], author="importer")
    (revision,) = study.revisions("a.png", "ada")
    assert revision.grading == RICH
    assert (revision.number, revision.author) == (1, "importer")
    assert not revision.grading.region[0].exterior.flags.writeable


def test_unanswered_questions_stay_unanswered(study):
    study.record_gradings([Grading("a.png", "ada")], author="importer")
    grading = study.revisions("a.png", "ada")[0].grading
    assert (grading.visible, grading.roi_count, grading.region) == (None, None, ())


def test_the_same_import_twice_changes_nothing_and_leaves_no_entry(study):
    gradings = [RICH, Grading("b.png", "ada", region=SQUARE), Grading("b.png", "bo")]
    assert study.record_gradings(gradings, author="importer").added == 3
    before = study.info()
    again = study.record_gradings(iter(gradings), author="importer")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert study.info() == before


@pytest.mark.parametrize(
    "change",
    [
        {"visible": False},
        {"visible": None},
        {"roi_count": 3},
        {"region": RICH.region[:1]},
        {"region": RICH.region[::-1]},
        {"status": Status.DONE},
        {"origin": Origin.DRAWN},
        {"note": ""},
        {"problem": ""},
    ],
    ids=str,
)
def test_any_other_answer_is_a_new_revision(study, change):
    study.record_gradings([RICH], author="importer")
    changes = study.record_gradings([replace(RICH, **change)], author="importer")
    assert (changes.added, changes.changed) == (0, 1)
    assert [r.grading for r in study.revisions("a.png", "ada")] == [
        RICH,
        replace(RICH, **change),
    ]


def test_what_was_imported_and_drawn_over_in_one_go_is_not_imported_again(study):
    drawn = replace(RICH, origin=Origin.DRAWN, note="")
    changes = study.record_gradings([RICH, drawn, RICH], author="importer")
    assert (changes.added, changes.changed, changes.unchanged) == (1, 1, 1)
    assert [r.grading for r in study.revisions("a.png", "ada")] == [RICH, drawn]


def test_zero_and_minus_zero_are_the_same_coordinate(study):
    minus = (Polygon(np.array([[-0.0, 0.0], [4, 0], [4, 4]])),)
    plus = (Polygon(np.array([[0.0, -0.0], [4, 0], [4, 4]])),)
    study.record_gradings([Grading("a.png", "ada", region=minus)], author="importer")
    again = study.record_gradings([Grading("a.png", "ada", region=plus)], author="importer")
    assert again.unchanged == 1


def test_each_role_of_a_grader_is_a_record_of_its_own(study):
    for role in Role:
        study.record_gradings([Grading("a.png", "ada", role=role)], author="importer")
    assert [len(study.revisions("a.png", "ada", role)) for role in Role] == [1, 1, 1]
    assert study.graders() == ["ada"]


def test_a_grading_of_an_unknown_image_is_left_out_and_reported(study):
    changes = study.record_gradings(
        [Grading("nowhere.png", "zoe"), Grading("a.png", "ada")], author="importer"
    )
    (problem,) = changes.problems
    assert changes.added == 1
    assert (problem.code, problem.where) == ("unknown_image", "nowhere.png, zoe")
    assert study.graders() == ["ada"]


def test_several_gradings_of_one_record_in_one_call_are_numbered_in_their_order(study):
    gradings = [Grading("a.png", "ada", roi_count=number) for number in range(250)]
    study.record_gradings(gradings, author="importer")
    revisions = study.revisions("a.png", "ada")
    assert [r.number for r in revisions] == list(range(1, 251))
    assert [r.grading.roi_count for r in revisions] == list(range(250))


def test_an_error_in_the_middle_of_an_import_leaves_the_study_as_it_was(study):
    def gradings():
        for number in range(250):
            yield Grading("a.png", f"grader {number}")
        raise RuntimeError("the importer broke")

    before = study.info()
    with pytest.raises(RuntimeError, match="the importer broke"):
        study.record_gradings(gradings(), author="importer")
    assert study.info() == before
    assert study.graders() == []
    assert study.record_gradings([Grading("a.png", "ada")], author="importer").added == 1


def test_a_revision_is_appended_after_its_parent(study):
    first = study.append(Grading("a.png", "ada"), author="ada", parent=None)
    second = study.append(Grading("a.png", "ada", note="x"), author="ada", parent=first.number)
    assert study.revisions("a.png", "ada") == [first, second]
    assert [first.number, second.number] == [1, 2]
    assert first.time < second.time


@pytest.mark.parametrize("parent", [None, 1, 3])
def test_a_stale_writer_gets_a_conflict_and_overwrites_nothing(study, parent):
    for number in (None, 1):
        study.append(Grading("a.png", "ada", note=str(number)), author="ada", parent=number)
    before = study.revisions("a.png", "ada")
    info = study.info()
    with pytest.raises(Conflict, match=r"a\.png, ada: revision 2 is the latest"):
        study.append(Grading("a.png", "ada"), author="bo", parent=parent)
    assert study.revisions("a.png", "ada") == before
    assert study.info() == info


def test_a_parent_that_never_was_is_a_conflict_and_makes_no_grader(study):
    with pytest.raises(Conflict):
        study.append(Grading("a.png", "ada"), author="ada", parent=1)
    assert study.graders() == []


def test_appending_to_an_unknown_image_is_refused(study):
    with pytest.raises(Refusal, match=r"no image nowhere\.png"):
        study.append(Grading("nowhere.png", "ada"), author="ada", parent=None)


def test_an_assignment_makes_a_record_without_revisions_once(study):
    study.assign("a.png", "ada", Role.ASSIGNED, author="lead")
    before = study.info()
    study.assign("a.png", "ada", Role.ASSIGNED, author="lead")
    assert study.info() == before
    assert study.graders() == ["ada"]
    assert study.revisions("a.png", "ada") == []


def test_assigning_an_unknown_image_is_refused(study):
    with pytest.raises(Refusal, match=r"no image nowhere\.png"):
        study.assign("nowhere.png", "ada", Role.ASSIGNED, author="lead")


def test_a_record_that_never_was_has_no_revisions(study):
    assert study.revisions("nowhere.png", "nobody") == []


def test_graders_are_ordered_by_name(study):
    study.record_gradings([Grading("a.png", name) for name in ("cy", "ada", "bo")], author="i")
    assert study.graders() == ["ada", "bo", "cy"]
