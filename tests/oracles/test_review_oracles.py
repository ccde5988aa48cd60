"""A lead's pictures and areas against votes counted pixel by pixel, and against shapely."""

from itertools import combinations

import numpy as np
import pytest
import shapely

from engine.domain.grading import Adjudication, Adopted, Role, Status
from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.polygon import Polygon, ring
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.graders.answers import given_answers
from engine.stages.reviewing import review_image
from tests.review_desks import mask_of, random_readings, star

SETTINGS = AgreementSettings()
IMAGE = Image("a.jpg", 37, 26)


def voting_masks(reviewed, image):
    """Return the mask of each voter, None for one who does not vote."""
    return [mask_of(voter.region, image) if voter.votes else None for voter in reviewed.voters]


def naive_votes(readings):
    """Return who enters the consensus: done, not sent back, no repeat, and says where."""
    voters = set()
    for reading in readings:
        done = reading.latest
        if done and not reading.is_sent_back and reading.role is not Role.REPEAT:
            too_many = done.roi_count is not None and done.roi_count > 4
            if done.status is Status.DONE and not too_many:
                voters.add(reading.grader)
    return voters


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("tie", ["background", "foreground"])
def test_patterns_and_majority_are_those_of_votes_pixel_by_pixel(seed, tie):
    settings = AgreementSettings(tie=tie)
    readings = random_readings(seed, IMAGE, graders=5)
    reviewed = review_image(IMAGE, readings, settings, None)
    assert {voter.grader for voter in reviewed.voters if voter.votes} == naive_votes(readings)
    patterns = np.zeros((IMAGE.height, IMAGE.width), dtype=np.uint16)
    votes, voters = np.zeros((2, IMAGE.height, IMAGE.width), dtype=int)
    for bit, mask in enumerate(voting_masks(reviewed, IMAGE)):
        if mask is not None:
            patterns += mask.astype(np.uint16) << bit
            votes += mask
            voters += 1
    assert np.array_equal(reviewed.patterns, patterns)
    most = 2 * votes >= voters if tie == "foreground" else 2 * votes > voters
    if voters.max() < 2:
        assert isinstance(reviewed.row.roi_area, Undefined)
        assert not reviewed.majority.any()
    else:
        assert np.array_equal(reviewed.majority, most)
        assert np.array_equal(reviewed.counted, most)
        assert reviewed.row.roi_area == pytest.approx(most.mean(), rel=1e-14, abs=0)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("side", [1, 5, 19, 36])
def test_a_smaller_picture_tells_of_the_pixel_below_each_centre(seed, side):
    readings = random_readings(seed, IMAGE)
    whole = review_image(IMAGE, readings, SETTINGS, None)
    small = review_image(IMAGE, readings, SETTINGS, None, max_side=side)
    height, width = small.patterns.shape
    rows = [int((row + 0.5) * IMAGE.height / height) for row in range(height)]
    columns = [int((column + 0.5) * IMAGE.width / width) for column in range(width)]
    for name in ("patterns", "majority", "counted"):
        assert np.array_equal(getattr(small, name), getattr(whole, name)[np.ix_(rows, columns)])
    assert small.row == whole.row


@pytest.mark.parametrize("seed", range(12))
def test_an_adjudicated_area_of_whole_pixels_is_that_of_shapely(seed):
    random = np.random.default_rng(seed)
    corners = random.integers((0, 0, 1, 1), (30, 20, 12, 9), (4, 4))
    shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in corners.tolist()]
    region = tuple(Polygon(ring(shapely.get_coordinates(shape))) for shape in shapes)
    decision = Adjudication("a.jpg", Adopted.EDITED, region, "lena", "2026-01-01", "because")
    row = measure_agreement(IMAGE, random_readings(seed, IMAGE), SETTINGS, decision)
    frame = shapely.box(0, 0, *IMAGE.size)
    exact = shapely.intersection(shapely.union_all(shapes), frame).area / frame.area
    assert row.roi_area == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("seed", range(6))
def test_a_large_adjudicated_area_is_near_that_of_shapely(seed):
    image = Image("a.jpg", 3000, 2000)
    polygon = star(np.random.default_rng(seed), *image.size, corners=40)
    decision = Adjudication("a.jpg", Adopted.EDITED, (polygon,), "lena", "2026", "because")
    row = measure_agreement(image, (), SETTINGS, decision)
    shape = shapely.make_valid(shapely.Polygon(polygon.exterior))
    inside = shapely.intersection(shape, shapely.box(0, 0, *image.size))
    assert row.roi_area == pytest.approx(inside.area / (3000 * 2000), rel=1e-3)


@pytest.mark.parametrize("seed", range(25))
def test_agreement_on_answers_is_the_share_of_pairs_that_are_equal(seed):
    readings = random_readings(seed, IMAGE, graders=6)
    row = measure_agreement(IMAGE, readings, SETTINGS)
    given = [given_answers(r, SETTINGS) for r in readings if r.role is Role.ASSIGNED]
    for question, found in enumerate((row.visible_agreement, row.count_agreement)):
        answers = [answer[question] for answer in given if answer[question] is not None]
        pairs = [one == other for one, other in combinations(answers, 2)]
        if not pairs:
            assert isinstance(found, Undefined)
        else:
            assert found == pytest.approx(sum(pairs) / len(pairs), rel=1e-14, abs=0)
