"""A grader's packet merged: once, in order, over nothing, and only what the study asked for."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.grading import Grading, Revision, Role, Status
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.study.grading_rows import answer_values
from engine.study.packet_contents import ReturnedReading, record_key

SQUARE = (Polygon(ring([[0, 0], [4, 0], [4, 4], [0, 4]])),)
LARGER = (Polygon(ring([[0, 0], [8.5, 0], [8.5, 8], [0, 8]])),)
DRAWN = Grading("a.png", "ada", True, 1, SQUARE, Status.STARTED)
DONE = replace(DRAWN, status=Status.DONE)
NOT_VISIBLE = Grading("a.png", "ada", False)


@pytest.fixture
def study(study):
    """A study that asks ada for two images, and bo for one of them."""
    study.add_images([Image(f"{name}.png", 10, 10) for name in "abc"], author="lead")
    for image, grader in [("a.png", "ada"), ("b.png", "ada"), ("a.png", "bo")]:
        study.assign(image, grader, Role.ASSIGNED, author="lead")
    return study


@pytest.fixture
def reading(study):
    """Make a reading as it comes back: what it left with, and what was said of it since."""

    def make(*since, image="a.png", base=(), **changes):
        written = [
            Revision(replace(g, image="image-0001"), number, "ada", f"2026-05-0{number}", gesture)
            for number, (g, gesture) in enumerate(since, start=len(base) + 1)
        ]
        made = ReturnedReading(
            image="image-0001",
            grader="ada",
            role=Role.ASSIGNED,
            key=record_key(study.info().id, image, "ada", Role.ASSIGNED),
            base=tuple(answer_values(grading)["digest"] for grading in base),
            revisions=tuple(written),
            visits={},
        )
        return replace(made, **changes)

    return make


@pytest.fixture
def merge(study):
    """Merge readings of ada's packet."""

    def merge(*readings, **options):
        return study.merge_packet("ada", readings, author="lena", **options)

    return merge


def states(study, image="a.png"):
    return [
        (revision.grading, revision.author, revision.time, revision.gesture)
        for revision in study.revisions(image, "ada")
    ]


WORK = [(DRAWN, "draw region"), (DONE, "done")]
MERGED = [(DRAWN, "ada", "2026-05-01", "draw region"), (DONE, "ada", "2026-05-02", "done")]


# what is new


def test_new_revisions_keep_their_author_time_and_gesture_in_one_entry(study, reading, merge):
    before = study.info().revision
    merged = merge(reading(*WORK), reading((NOT_VISIBLE, "not visible"), image="b.png"))
    assert (merged.grader, merged.readings, merged.revisions, merged.unchanged) == ("ada", 2, 3, 0)
    assert merged.problems == ()
    assert states(study) == MERGED
    assert [r.number for r in study.revisions("a.png", "ada")] == [1, 2]
    assert states(study, "b.png")[0][0] == replace(NOT_VISIBLE, image="b.png")
    assert study.info().revision == before + 1
    entry = list(study.audit())[-1]
    assert (entry.action, entry.author, entry.detail["items"]) == ("merge_packet", "lena", 3)
    assert study.check() == []


def test_a_packet_merged_twice_changes_nothing_and_leaves_no_entry(study, reading, merge):
    merge(reading(*WORK))
    before = study.info()
    again = merge(reading(*WORK))
    assert (again.readings, again.revisions, again.unchanged) == (0, 0, 1)
    assert study.info() == before


def test_of_a_packet_graded_further_only_the_rest_is_appended(study, reading, merge):
    merge(reading(WORK[0]))
    assert merge(reading(*WORK)).revisions == 1
    assert states(study) == MERGED


def test_an_older_copy_of_a_packet_changes_nothing_after_a_newer_one(study, reading, merge):
    merge(reading(*WORK))
    assert merge(reading(WORK[0])).unchanged == 1
    assert states(study) == MERGED


def test_what_is_new_follows_what_the_reading_left_with(study, reading, merge):
    study.append(DRAWN, author="ada", parent=None, gesture="draw region")
    merged = merge(reading((DONE, "done"), base=[DRAWN]))
    assert merged.revisions == 1
    assert [state[0] for state in states(study)] == [DRAWN, DONE]
    assert study.sheet("a.png", "ada").history.undone().present.region == SQUARE


def test_a_merged_reading_counts_like_any_other(study, reading, merge):
    merge(reading(*WORK))
    ada, bo = study.readings_of("a.png")
    assert (ada.first, ada.latest, bo.latest) == (DONE, DONE, None)


def test_a_reading_that_goes_on_in_the_study_after_the_merge_is_left_in_peace(
    study, reading, merge
):
    merge(reading(*WORK))
    study.send_back("a.png", "ada", reason="look again", author="lena")
    before = study.info()
    merged = merge(reading(*WORK))
    assert (merged.unchanged, merged.problems) == (1, ())
    assert study.info() == before


# conflicts


def only_problem(merged):
    (problem,) = merged.problems
    return problem


def test_a_reading_that_went_on_in_both_is_a_conflict_and_nothing_is_overwritten(
    study, reading, merge
):
    study.append(NOT_VISIBLE, author="ada", parent=None, gesture="not visible")
    before = states(study)
    merged = merge(reading(*WORK), reading((DONE, "done"), image="b.png"))
    problem = only_problem(merged)
    assert (problem.code, problem.where) == ("merge_conflict", "a.png, ada")
    assert problem.message == (
        "The reading went on in the study after the packet was made; 2 states of it in the"
        " packet were left out"
    )
    assert "--take-packet" in problem.remedy
    assert states(study) == before
    assert merged.readings == 1
    assert len(states(study, "b.png")) == 1


@pytest.mark.parametrize("is_merged_before", [True, False])
def test_a_reading_that_was_sent_back_meanwhile_is_a_conflict_that_says_so(
    study, reading, merge, is_merged_before
):
    study.append(DONE, author="ada", parent=None)
    if is_merged_before:
        merge(reading((DRAWN, "redraw"), base=[DONE]))
    study.send_back("a.png", "ada", reason="look again", author="lena")
    before = states(study)
    merged = merge(reading((DRAWN, "redraw"), (NOT_VISIBLE, "not visible"), base=[DONE]))
    assert "sent this reading back" in only_problem(merged).message
    assert states(study) == before


def test_the_same_answer_given_in_both_at_other_times_is_a_conflict_too(study, reading, merge):
    study.append(DRAWN, author="ada", parent=None, gesture="draw region")
    assert only_problem(merge(reading(*WORK))).code == "merge_conflict"


@pytest.mark.parametrize("stored", [[], [NOT_VISIBLE], [NOT_VISIBLE, DONE]])
def test_a_study_that_does_not_hold_what_the_packet_began_with_is_told_so(
    study, reading, merge, stored
):
    for number, grading in enumerate(stored):
        study.append(grading, author="ada", parent=number or None)
    before = states(study)
    merged = merge(reading((DONE, "done"), base=[DRAWN]))
    assert "does not hold what the packet began with" in only_problem(merged).message
    assert states(study) == before


def test_a_reading_untouched_in_the_packet_is_no_conflict(study, reading, merge):
    study.append(DRAWN, author="ada", parent=None)
    study.append(DONE, author="ada", parent=1)
    merged = merge(reading(base=[DRAWN]), reading(image="b.png"))
    assert (merged.unchanged, merged.problems) == (2, ())


def test_the_packet_is_taken_after_the_study_and_both_are_kept(study, reading, merge):
    study.append(NOT_VISIBLE, author="ada", parent=None, gesture="not visible")
    merged = merge(reading(*WORK), takes_packet=True)
    assert (merged.readings, merged.revisions, merged.problems) == (1, 1, ())
    assert [state[0] for state in states(study)] == [NOT_VISIBLE, DONE]
    assert states(study)[-1][1:] == ("ada", "2026-05-02", "")
    assert study.check() == []


@pytest.mark.parametrize("takes_packet", [True, False])
def test_a_packet_that_was_taken_is_taken_once(study, reading, merge, takes_packet):
    study.append(NOT_VISIBLE, author="ada", parent=None)
    merge(reading(*WORK), takes_packet=True)
    before = study.info()
    merged = merge(reading(*WORK), takes_packet=takes_packet)
    assert (merged.unchanged, merged.problems) == (1, ())
    assert study.info() == before


def test_a_packet_taken_into_a_study_that_lost_its_beginning_is_taken_once(study, reading, merge):
    returned = reading((DONE, "done"), base=[DRAWN])
    merge(returned, takes_packet=True)
    assert merge(returned, takes_packet=True).unchanged == 1
    assert [state[0] for state in states(study)] == [DONE]


ANEW = replace(DRAWN, region=LARGER)


def test_a_reading_that_was_done_and_begun_anew_is_taken_as_done_and_once(study, reading, merge):
    study.append(DRAWN, author="ada", parent=None, gesture="draw region")
    work = [*WORK, (ANEW, "move vertex")]
    assert merge(reading(*work), takes_packet=True).revisions == 2
    assert [(s[0], s[3]) for s in states(study)[1:]] == [(DONE, ""), (ANEW, "")]
    ada = study.readings_of("a.png")[0]
    assert (ada.latest, ada.last) == (DONE, ANEW)
    assert study.sheet("a.png", "ada").history.undo_gesture is None
    for takes_packet in (True, False):
        assert merge(reading(*work), takes_packet=takes_packet).unchanged == 1
    work.append((replace(ANEW, note="hair"), "note"))
    assert merge(reading(*work), takes_packet=True).revisions == 1
    assert study.readings_of("a.png")[0].latest == DONE
    assert study.check() == []


def test_what_was_called_done_and_undone_in_the_packet_is_not_taken_as_done(study, reading, merge):
    study.append(NOT_VISIBLE, author="ada", parent=None, gesture="not visible")
    merge(reading(*WORK, (DRAWN, "undo")), takes_packet=True)
    assert [state[0] for state in states(study)] == [NOT_VISIBLE, DRAWN]


def test_a_taken_state_begins_a_new_history_also_where_it_came_by_an_undo(study, reading, merge):
    study.append(NOT_VISIBLE, author="ada", parent=None, gesture="not visible")
    work = [(DRAWN, "draw region"), (replace(DRAWN, region=LARGER), "move vertex"), (DRAWN, "undo")]
    merge(reading(*work), takes_packet=True)
    history = study.sheet("a.png", "ada").history
    assert (history.present, history.undo_gesture) == (DRAWN, None)


# what was never asked for


def test_readings_that_were_never_asked_for_are_refused_one_by_one(study, reading, merge):
    study.assign("c.png", "bo", Role.ASSIGNED, author="lead")
    before = {image: study.readings_of(f"{image}.png") for image in "abc"}
    never = reading(*WORK, image="c.png")
    added = reading(*WORK, key=None, image="x")
    merged = merge(never, added, reading(*WORK, image="b.png"))
    assert [problem.code for problem in merged.problems] == ["not_asked"] * 2
    assert merged.problems[0].where == "image-0001, ada"
    assert "merge again" in merged.problems[0].remedy
    assert "import it" in merged.problems[1].remedy
    assert merged.readings == 1
    assert all(study.readings_of(f"{image}.png") == before[image] for image in "ac")
    assert study.graders() == ["ada", "bo"]


def test_a_packet_never_writes_to_another_grader_s_reading(study, reading, merge):
    key = record_key(study.info().id, "a.png", "bo", Role.ASSIGNED)
    assert only_problem(merge(reading(*WORK, key=key))).code == "not_asked"
    repeat = record_key(study.info().id, "a.png", "ada", Role.REPEAT)
    assert only_problem(merge(reading(*WORK, key=repeat))).code == "not_asked"
    assert [reading.last for reading in study.readings_of("a.png")] == [None, None]


def test_a_reading_without_work_that_is_not_known_loses_nothing_and_is_not_told(reading, merge):
    assert merge(reading(image="c.png"), reading(key=None)).problems == ()


def test_a_reading_that_is_asked_for_later_is_merged_then(study, reading, merge):
    merge(reading(*WORK, image="c.png"))
    study.assign("c.png", "ada", Role.ASSIGNED, author="lead")
    assert merge(reading(*WORK, image="c.png")).revisions == 2


# what its grader cannot have written


def off(corner):
    return replace(DRAWN, region=(Polygon(ring([[0, 0], [4, 0], corner])),))


def by(author, reading):
    last = replace(reading.revisions[-1], author=author)
    return replace(reading, revisions=(*reading.revisions[:-1], last))


@pytest.mark.parametrize("takes_packet", [True, False])
@pytest.mark.parametrize(
    ("grading", "author", "told"),
    [
        (DONE, "bo", "A state of it was written by 'bo'"),
        (DONE, "lead", "A state of it was written by 'lead'"),
        (replace(DONE, status=Status.SENT_BACK), "ada", "A state of it is 'sent_back'"),
        (off([4, 10.5]), "ada", "outside the image"),
        (off([-0.25, 4]), "ada", "outside the image"),
        (off([np.nan, 4]), "ada", "outside the image"),
        (off([4, np.inf]), "ada", "outside the image"),
    ],
)
def test_a_reading_with_what_its_grader_cannot_have_written_is_left_out_whole(
    study, reading, merge, grading, author, told, takes_packet
):
    forged = by(author, reading(WORK[0], (grading, "done"), visits={"2026-05-01T09": 7.0}))
    merged = merge(forged, reading((NOT_VISIBLE, "done"), image="b.png"), takes_packet=takes_packet)
    problem = only_problem(merged)
    assert (problem.code, problem.where) == ("not_the_graders_work", "a.png, ada")
    assert told in problem.message
    assert states(study) == []
    assert study.activity() == {}
    assert len(states(study, "b.png")) == merged.readings == 1


def test_a_region_along_the_border_of_the_image_lies_in_it(study, reading, merge):
    whole = replace(DRAWN, region=(Polygon(ring([[0, 0], [10, 0], [10, 10], [0, 10]])),))
    assert merge(reading((whole, "draw region"))).problems == ()
    assert states(study)[0][0] == whole


# time at work


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf"), None, "long"])
def test_a_visit_that_is_no_duration_is_dropped_and_the_reading_merged(
    study, reading, merge, seconds
):
    visits = {"2026-05-01T08": seconds, "2026-05-01T09": 7.0}
    assert merge(reading(*WORK, visits=visits)).revisions == 2
    assert study.activity() == {("a.png", "ada", Role.ASSIGNED): 7.0}


def test_visits_are_merged_one_by_one_and_the_longer_account_counts(study, reading, merge):
    key = ("a.png", "ada", Role.ASSIGNED)
    study.add_activity(*key, began="2026-05-01T08", seconds=5.0)
    for _ in range(2):
        merge(reading(visits={"2026-05-01T08": 2.0, "2026-05-01T09": 7.0}))
        assert study.activity() == {key: 12.0}
    merge(reading(visits={"2026-05-01T09": 8.5}))
    assert study.activity() == {key: 13.5}


def test_time_at_work_is_kept_also_of_a_reading_in_conflict(study, reading, merge):
    study.append(NOT_VISIBLE, author="ada", parent=None)
    merge(reading(*WORK, visits={"2026-05-01T09": 7.0}))
    assert study.activity() == {("a.png", "ada", Role.ASSIGNED): 7.0}


# all or nothing


def test_an_error_in_the_middle_of_a_packet_leaves_the_study_as_it_was(study, reading):
    before = study.info()

    def broken():
        yield reading(*WORK, visits={"2026-05-01T09": 7.0})
        raise OSError("the stick was pulled out")

    with pytest.raises(OSError, match="pulled out"):
        study.merge_packet("ada", broken(), author="lena")
    assert study.info() == before
    assert study.revisions("a.png", "ada") == []
    assert study.activity() == {}


# what was withdrawn meanwhile


@pytest.fixture
def withdrawn(study):
    """The study, after it withdrew a reading of ada's packet."""
    (task,) = (task for task in study.tasks("ada") if task.image == "a.png")
    assert study.withdraw_tasks([task], author="lena").changed == 1
    return study


def test_work_on_a_withdrawn_reading_is_a_problem_and_is_left_out(withdrawn, reading, merge):
    before = withdrawn.info()
    visited = reading(*WORK, visits={"2026-05-01": 9.0})
    (problem,) = merge(visited).problems
    assert (problem.code, problem.where) == ("task_withdrawn", "a.png, ada")
    assert "2 states" in problem.message
    assert (withdrawn.info(), states(withdrawn), withdrawn.activity()) == (before, [], {})


def test_a_withdrawn_reading_that_nobody_began_is_no_problem(withdrawn, reading, merge):
    other = reading((NOT_VISIBLE, "not visible"), image="b.png")
    merged = merge(reading(visits={"2026-05-01": 9.0}), other)
    assert (merged.problems, merged.readings, merged.unchanged) == ((), 1, 1)
    assert [task.image for task in withdrawn.tasks("ada")] == ["b.png"]


def test_the_lead_may_let_work_on_a_withdrawn_reading_count(withdrawn, reading, merge):
    merge(reading(*WORK))
    merged = merge(reading(*WORK), takes_packet=True)
    assert (merged.readings, merged.revisions, merged.problems) == (1, 2, ())
    assert states(withdrawn) == MERGED
    assert [reading.grader for reading in withdrawn.readings_of("a.png")] == ["ada", "bo"]
    assert [task.image for task in withdrawn.tasks("ada")] == ["b.png", "a.png"]
    assert withdrawn.check() == []


def test_a_withdrawn_reading_asked_for_again_is_merged(withdrawn, reading, merge):
    withdrawn.assign("a.png", "ada", Role.ASSIGNED, author="lena")
    assert merge(reading(*WORK)).revisions == 2


def test_a_forged_state_of_a_withdrawn_reading_is_never_taken(withdrawn, reading, merge):
    outside = replace(DONE, region=(Polygon(ring([[0, 0], [99, 0], [9, 9]])),))
    (problem,) = merge(reading((outside, "x")), takes_packet=True).problems
    assert problem.code == "not_the_graders_work"


def test_a_reading_whose_send_back_was_withdrawn_is_a_conflict_where_it_went_on(
    study, reading, merge
):
    study.append(DONE, author="ada", parent=None, gesture="done")
    sent = study.send_back("a.png", "ada", reason="x", author="lena").grading
    study.withdraw_send_back("a.png", "ada", author="lena")
    redone = reading((NOT_VISIBLE, "not visible"), base=[DONE, sent])
    (problem,) = merge(redone).problems
    assert problem.code == "merge_conflict"
    assert merge(redone, takes_packet=True).revisions == 1
