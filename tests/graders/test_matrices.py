"""Pairs of graders on one image."""

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.graders.hausdorff import border
from engine.graders.matrices import overlap_matrices
from engine.regions.rasterise import rasterise
from engine.regions.runs import runs_of_mask

NOTHING = Undefined(Reason.NOTHING_DRAWN)


def _pixels(*polygons):
    return rasterise(polygons, width=20, height=10)


def test_pairs_are_compared_in_the_order_of_the_graders(desk):
    found = overlap_matrices(["A", "B", "C"], [_pixels(p) for p in (desk.box, desk.near, desk.far)])
    assert found.graders == ("A", "B", "C")
    assert found.dice[0] == (1, pytest.approx(30 / 36), 0)
    assert found.iou[0] == (1, pytest.approx(30 / 42), 0)
    assert found.hd95[0] == (0, 1, 10)
    assert found.hd95[1][2] == found.hd95[2][1] == 9


def test_the_farthest_twentieth_of_the_border_does_not_count(desk):
    # One pixel far away among the forty of two borders: the largest distance would be 10.
    speck = _pixels(desk.box, type(desk.box)(desk.box.exterior / 6 + [17, 4]))
    assert speck.area == 37
    assert overlap_matrices("AB", [_pixels(desk.box), speck]).hd95[0][1] == 0


def test_two_empty_regions_have_no_overlap_and_no_distance(desk):
    found = overlap_matrices("ABC", [_pixels(desk.box), _pixels(), _pixels()])
    assert found.dice == ((1, 0, 0), (0, NOTHING, NOTHING), (0, NOTHING, NOTHING))
    assert found.iou == found.dice
    assert found.hd95 == ((0, NOTHING, NOTHING), (NOTHING,) * 3, (NOTHING,) * 3)


def test_the_border_of_a_region_at_the_edge_of_the_image_runs_along_that_edge():
    everything = runs_of_mask(np.ones((10, 20)))
    found = border(everything).tolist()
    assert len(found) == 2 * 20 + 2 * 8
    assert [0, 0] in found
    assert [1, 1] not in found


def test_a_gigapixel_image_costs_only_the_border_of_its_regions(desk):
    regions = [
        rasterise((type(desk.box)(ring + 90_000),), width=100_000, height=100_000)
        for ring in (desk.box.exterior, desk.near.exterior)
    ]
    found = overlap_matrices("AB", regions)
    assert found.hd95[0][1] == 1
    assert len(border(regions[0])) == 20
