"""What a lead is shown of one image: letters, votes, the region that counts, their decision."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.grading import Adjudication, Adopted, Grading, Origin, Role, Status
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.domain.settings import AgreementSettings
from engine.pipeline import measure_graders, measure_study
from engine.stages.reviewing import letters_of, review_image, review_one
from engine.study.sqlite import create_study
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes
from tests.packet_studies import INLINE
from tests.review_desks import once, outlined, random_readings

SETTINGS = AgreementSettings()
OTHER = AgreementSettings(consensus="staple", tie="foreground", reading="latest")
IMAGE = Image("a.jpg", 40, 20)


def box(left, top, right, bottom):
    return Polygon(ring([(left, top), (right, top), (right, bottom), (left, bottom)]))


LEFT, RIGHT, MIDDLE = box(0, 0, 20, 20), box(20, 0, 40, 20), box(10, 0, 30, 20)
DECISION = Adjudication("a.jpg", Adopted.EDITED, (RIGHT,), "lena", "2026-01-01", "clearer")


def readings_of(*regions, **given):
    return [
        once(outlined(IMAGE, grader, region, **given))
        for grader, region in zip("abcdefg", regions, strict=False)
    ]


def review(readings, settings=SETTINGS, adjudication=None, **given):
    return review_image(IMAGE, readings, settings, adjudication, **given)


def by_name(reviewed):
    return {voter.grader: voter for voter in reviewed.voters}


# letters


def test_letters_depend_on_the_image_and_not_on_the_order_of_graders():
    graders = ["ada", "bo", "cy", "dee", "eve"]
    letters = letters_of("a.jpg", graders)
    assert letters_of("a.jpg", graders[::-1]) == letters
    assert sorted(letters.values()) == list("ABCDE")
    others = [letters_of(f"{number}.jpg", graders)["ada"] for number in range(200)]
    # Each letter is as likely as the others: 40 of 200, far from none and from all.
    assert all(20 < others.count(letter) < 60 for letter in "ABCDE")


def test_after_z_come_letters_of_two():
    letters = letters_of("a.jpg", [f"grader {number}" for number in range(28)])
    assert {"A", "Z", "AA", "AB"} <= set(letters.values())
    assert len(set(letters.values())) == 28


def test_the_same_letters_are_given_on_every_machine():
    assert letters_of("a.jpg", ["ada", "bo", "cy"]) == {"bo": "B", "cy": "A", "ada": "C"}


# voters and votes


def test_voters_are_the_assigned_and_extra_graders_in_the_order_of_their_letters():
    readings = readings_of(LEFT, RIGHT, MIDDLE)
    extra = once(outlined(IMAGE, "x", LEFT, role=Role.EXTRA))
    repeat = once(outlined(IMAGE, "a", RIGHT, role=Role.REPEAT))
    reviewed = review([*readings, extra, repeat])
    assert [voter.letter for voter in reviewed.voters] == ["A", "B", "C", "D"]
    assert {voter.grader for voter in reviewed.voters} == {"a", "b", "c", "x"}
    assert by_name(reviewed)["x"].dice_with_others is None
    assert by_name(reviewed)["a"].dice_with_others.sensitivity == 0
    assert reviewed.readings == (*readings, extra, repeat)


def test_bits_tell_which_voter_marked_a_pixel():
    reviewed = review(readings_of(LEFT, MIDDLE, RIGHT))
    marked = {
        voter.grader: reviewed.patterns >> bit & 1 for bit, voter in enumerate(reviewed.voters)
    }
    assert reviewed.patterns.shape == (20, 40)
    assert reviewed.patterns.dtype == np.uint16
    assert marked["a"][:, :20].all()
    assert not marked["a"][:, 20:].any()
    assert marked["b"][:, 10:30].all()
    assert marked["b"].sum() == 400
    assert np.array_equal(reviewed.majority, sum(marked.values()) >= 2)
    assert np.array_equal(reviewed.counted, reviewed.majority)
    assert reviewed.row.roi_area == 0.5


def test_a_reading_that_was_sent_back_is_shown_and_has_no_vote():
    one, two, three = readings_of(LEFT, LEFT, RIGHT)
    reviewed = review([one, replace(two, is_sent_back=True), three])
    shown = by_name(reviewed)["b"]
    assert (shown.answer, shown.status, shown.votes) == ("outlined", Status.SENT_BACK, False)
    assert shown.region == (LEFT,)
    assert not reviewed.majority.any()
    assert reviewed.row.state == "sent_back"


def test_a_redone_reading_shows_what_was_redone_and_says_so():
    one, two, three = readings_of(LEFT, LEFT, LEFT)
    redone = replace(two, latest=outlined(IMAGE, "b", RIGHT))
    voters = by_name(review([one, redone, three]))
    assert (voters["b"].region, voters["b"].is_first) == ((RIGHT,), False)
    assert voters["a"].is_first
    # Agreement goes on counting the first reading.
    assert voters["b"].dice_with_others.dice == 1


@pytest.mark.parametrize(
    ("grading", "answer", "votes"),
    [
        (Grading("a.jpg", "c", visible=False), "not_visible", True),
        (Grading("a.jpg", "c", origin=Origin.IMPORTED), "nothing_drawn", True),
        (Grading("a.jpg", "c", visible=True, roi_count=5), "too_many", False),
        (Grading("a.jpg", "c", visible=True, roi_count=2, region=(LEFT,)), "incomplete", False),
    ],
)
def test_every_answer_is_told_and_only_those_that_say_where_vote(grading, answer, votes):
    reviewed = review([*readings_of(LEFT, LEFT), once(grading)])
    voter = by_name(reviewed)["c"]
    assert (voter.answer, voter.votes) == (answer, votes)
    assert reviewed.majority[:, :20].all()


def test_nobody_asked_and_nothing_begun_are_empty_pictures_with_a_reason():
    for readings in ([], [replace(readings_of(LEFT)[0], first=None, latest=None, last=None)]):
        reviewed = review(readings)
        assert not reviewed.patterns.any()
        assert not reviewed.counted.any()
        assert reviewed.overlaps is None
        assert reviewed.staple == Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
        assert reviewed.row.roi_area == Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
        assert reviewed.row.state == "to_do"


def test_more_voters_than_can_be_counted_are_listed_without_a_consensus():
    readings = [once(outlined(IMAGE, f"g{n:02}", LEFT)) for n in range(17)]
    reviewed = review(readings)
    assert len(reviewed.voters) == 17
    assert reviewed.row.roi_area == Undefined(Reason.TOO_MANY_GRADERS)
    assert not reviewed.counted.any()
    assert (reviewed.patterns[:, :20] == 2**16 - 1).all()


# the region that counts


def test_an_adjudicated_region_counts_and_the_majority_stays_beside_it():
    reviewed = review(readings_of(LEFT, LEFT, LEFT), adjudication=DECISION)
    assert reviewed.counted[:, 20:].all()
    assert not reviewed.counted[:, :20].any()
    assert reviewed.majority[:, :20].all()
    assert reviewed.adjudication == DECISION
    assert (reviewed.row.adjudicated, reviewed.row.state) == ("edited", "adjudicated")


def test_an_adjudication_left_aside_is_told_and_does_not_count():
    ignoring = AgreementSettings(adjudication="ignored")
    reviewed = review(readings_of(LEFT, LEFT, LEFT), ignoring, DECISION)
    assert np.array_equal(reviewed.counted, reviewed.majority)
    assert reviewed.row.adjudicated == "edited"


def test_staple_counts_where_it_is_the_consensus_and_the_majority_stays_beside_it():
    speck, staple = box(0, 0, 1, 1), AgreementSettings(consensus="staple")
    readings = readings_of(LEFT, speck, speck)
    reviewed = review(readings, staple)
    assert reviewed.majority.sum() == 1
    assert reviewed.staple.graders == ("a", "b", "c")
    assert reviewed.row.roi_area == reviewed.counted.mean()
    assert review(readings).staple == reviewed.staple


@pytest.mark.parametrize(("side", "shape"), [(10, (5, 10)), (1, (1, 1)), (40, (20, 40)),
                                             (99, (20, 40))])  # fmt: skip
def test_pictures_are_as_large_as_asked_for_and_never_enlarged(side, shape):
    reviewed = review(readings_of(LEFT, LEFT), max_side=side)
    for picture in (reviewed.patterns, reviewed.counted, reviewed.majority):
        assert picture.shape == shape


# a study


@pytest.fixture
def study(tmp_path):
    with create_study(tmp_path / "s.concord", author="lena") as study:
        for number in range(12):
            image = Image(f"{number:02}.jpg", 37, 26)
            study.add_images([image], author="lena")
            for reading in random_readings(number, image):
                for grading in dict.fromkeys((reading.first, reading.latest)):
                    if grading:
                        study.record_gradings(
                            [replace(grading, origin=Origin.IMPORTED)], author="lena"
                        )
        region = (box(1, 1, 9, 9),)
        study.adjudicate(replace(DECISION, image="03.jpg", region=region), author="lena")
        study.send_back("05.jpg", study.readings_of("05.jpg")[0].grader, reason="?", author="l")
        yield study


@pytest.mark.parametrize("settings", [SETTINGS, OTHER])
def test_the_row_of_a_review_is_the_row_of_the_study(study, settings):
    rows = measure_study(study, settings, INLINE)
    assert len(rows) == 12
    for row in rows:
        assert review_one(study, row.image.path, settings, INLINE).row == row
    assert {"adjudicated", "sent_back", "done"} <= {row.state for row in rows}


def test_a_review_on_lanes_of_threads_is_the_same(study):
    with LocalLanes() as lanes:
        reviewed = review_one(study, "03.jpg", SETTINGS, JobContext(lanes))
    assert reviewed.adjudication.image == "03.jpg"
    assert reviewed.row == review_one(study, "03.jpg", SETTINGS, INLINE).row


def test_an_image_that_the_study_does_not_have_is_refused(study):
    with pytest.raises(Refusal) as caught:
        review_one(study, "none.jpg", SETTINGS, INLINE)
    assert caught.value.problem.code == "unknown_image"


def test_a_changed_consensus_method_needs_no_reading_anew(study):
    """All that depends on the settings is computed from the readings that a review holds."""
    staple = AgreementSettings(consensus="staple")
    held = review_one(study, "03.jpg", SETTINGS, INLINE)
    again = review_image(held.row.image, held.readings, staple, held.adjudication)
    fresh = review_one(study, "03.jpg", staple, INLINE)
    assert again.row == fresh.row
    assert np.array_equal(again.counted, fresh.counted)


def test_a_grader_is_compared_in_the_review_as_in_the_table_of_graders(study):
    graders, _ = measure_graders(study, SETTINGS, INLINE)
    paths = [image.path for image in study.images()]
    for grader in graders.graders:
        dice = [
            voter.dice_with_others.dice
            for path in paths
            for voter in review_one(study, path, SETTINGS, INLINE).voters
            if voter.grader == grader.grader and voter.dice_with_others
        ]
        defined = [value for value in dice if not isinstance(value, Undefined)]
        assert len(defined) == grader.dice.n
        if defined:
            assert sum(defined) / len(defined) == pytest.approx(grader.dice.value, rel=1e-12)
