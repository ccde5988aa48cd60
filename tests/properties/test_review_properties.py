"""What holds for every image that a lead is shown."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.stages.reviewing import letters_of, review_image
from tests.review_desks import random_readings

IMAGES = st.builds(Image, st.text(min_size=1, max_size=8), st.integers(1, 40), st.integers(1, 30))
NAMES = st.lists(st.text(max_size=6), unique=True, max_size=40)
SETTINGS = st.builds(
    AgreementSettings,
    tie=st.sampled_from(["background", "foreground"]),
    consensus=st.sampled_from(["majority", "staple"]),
    reading=st.sampled_from(["first", "latest"]),
)
SEEDS = st.integers(0, 10**6)


@given(st.text(), NAMES, st.randoms())
def test_letters_are_one_for_each_grader_whatever_their_order(image, graders, random):
    letters = letters_of(image, graders)
    assert set(letters) == set(graders)
    assert len(set(letters.values())) == len(graders)
    shuffled = random.sample(graders, len(graders))
    assert letters_of(image, shuffled) == letters


@settings(deadline=None)
@given(IMAGES, SEEDS, st.integers(0, 7), SETTINGS)
def test_patterns_add_up_to_votes_and_only_voters_have_bits(image, seed, graders, chosen):
    reviewed = review_image(image, random_readings(seed, image, graders), chosen, None)
    votes = np.bitwise_count(reviewed.patterns).astype(int)
    voting = [bit for bit, voter in enumerate(reviewed.voters) if voter.votes]
    assert not (reviewed.patterns & ~np.uint16(sum(1 << bit for bit in voting))).any()
    if len(voting) > 1:
        is_tied = 2 * votes == len(voting)
        most = 2 * votes > len(voting)
        assert np.array_equal(
            reviewed.majority, most | is_tied if chosen.tie == "foreground" else most
        )


@settings(deadline=None)
@given(IMAGES, SEEDS, st.integers(0, 6), SETTINGS, st.randoms())
def test_the_order_of_readings_changes_nothing_that_is_shown(image, seed, graders, chosen, random):
    readings = random_readings(seed, image, graders)
    one = review_image(image, readings, chosen, None)
    other = review_image(image, random.sample(readings, len(readings)), chosen, None)
    assert [voter.grader for voter in one.voters] == [voter.grader for voter in other.voters]
    assert np.array_equal(one.patterns, other.patterns)
    assert np.array_equal(one.majority, other.majority)
    assert (one.row.state, one.row.done, one.row.visible_agreement) == (
        other.row.state, other.row.done, other.row.visible_agreement
    )  # fmt: skip


@settings(deadline=None)
@given(IMAGES, SEEDS, st.integers(0, 6), SETTINGS, st.integers(1, 60))
def test_a_row_does_not_depend_on_how_large_it_is_shown(image, seed, graders, chosen, side):
    readings = random_readings(seed, image, graders)
    reviewed = review_image(image, readings, chosen, None, max_side=side)
    assert reviewed.row == measure_agreement(image, readings, chosen)
    assert max(reviewed.patterns.shape) <= max(side, 1)
    area = reviewed.row.roi_area
    assert isinstance(area, Undefined) or 0 <= area <= 1
    if not isinstance(area, Undefined) and side >= max(image.size):
        assert reviewed.counted.sum() == round(area * image.width * image.height)


@given(SEEDS, st.integers(1, 6))
def test_an_image_is_in_one_state_and_redoing_what_was_sent_back_ends_that_state(seed, graders):
    image = Image("a.jpg", 12, 9)
    readings = random_readings(seed, image, graders)
    row = measure_agreement(image, readings, AgreementSettings())
    assert row.done + row.started + sum(r.is_sent_back for r in readings) <= len(readings)
    assert (row.state == "sent_back") == (row.sent_back > 0)
    redone = [replace(reading, is_sent_back=False) for reading in readings]
    assert measure_agreement(image, redone, AgreementSettings()).state != "sent_back"
