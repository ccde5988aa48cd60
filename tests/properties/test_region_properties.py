"""What holds for all masks and rings."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.domain.polygon import Polygon, ring
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from engine.regions.repair import clip, even_odd, repair_ring, unite
from engine.regions.runs import runs_of_mask, sample, united
from engine.regions.votes import select, vote_patterns

SIDE = 12
MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=9))
COORDINATES = st.floats(-6, 18) | st.integers(-12, 36).map(lambda n: n / 2)
RINGS = st.lists(st.tuples(COORDINATES, COORDINATES), max_size=9)


def _mask(*rings):
    region = tuple(Polygon(ring(points)) for points in rings)
    return rasterise(region, width=SIDE, height=SIDE).to_mask()


def _is_valid(region):
    return all(shapely.Polygon(p.exterior, p.holes).is_valid for p in region)


@given(MASKS)
def test_a_mask_comes_back_from_its_runs(mask):
    runs = runs_of_mask(mask)
    assert np.array_equal(runs.to_mask(), mask)
    assert runs.area == mask.sum()
    assert (runs.starts < runs.ends).all()
    assert (runs.ends[:-1] < runs.starts[1:]).all()


@given(MASKS)
def test_a_mask_comes_back_from_its_valid_outline(mask):
    region = region_of_mask(mask)
    assert _is_valid(region)
    assert rasterise(region, width=mask.shape[1], height=mask.shape[0]) == runs_of_mask(mask)


@given(MASKS)
def test_an_outline_turns_at_each_vertex(mask):
    for polygon in region_of_mask(mask):
        for outline in polygon.rings:
            sides = np.diff(outline, axis=0, append=outline[:1])
            is_level = sides[:, 1] == 0
            assert (is_level != np.roll(is_level, 1)).all()


@given(MASKS, st.data())
def test_a_sample_reads_what_the_mask_holds(mask, data):
    height, width = mask.shape
    rows = sorted(data.draw(st.lists(st.integers(0, height - 1), max_size=12)))
    columns = sorted(data.draw(st.lists(st.integers(0, width - 1), max_size=12)))
    read = sample(runs_of_mask(mask), rows=rows, columns=columns)
    assert np.array_equal(read, mask[np.ix_(rows, columns)])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted), max_size=12))
def test_a_union_of_runs_is_the_union_of_their_pixels(pairs):
    expected = np.zeros((1, 40), dtype=bool)
    for start, end in pairs:
        expected[0, start:end] = True
    starts, ends = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    assert united(starts, ends, width=40, height=1) == runs_of_mask(expected)


@given(st.integers(1, 5), st.data())
def test_vote_patterns_count_every_pixel_once_and_choose_it_once(graders, data):
    masks = data.draw(arrays(bool, (graders, 5, 7)))
    regions = [runs_of_mask(mask) for mask in masks]
    patterns = np.tensordot(1 << np.arange(graders), masks, axes=1)
    assert np.array_equal(
        vote_patterns(regions), np.bincount(patterns.ravel(), minlength=2**graders)
    )
    chosen = data.draw(arrays(bool, 2**graders))
    assert select(regions, chosen) == runs_of_mask(chosen[patterns])


@given(RINGS)
def test_neither_direction_nor_first_vertex_of_a_ring_matters(points):
    mask = _mask(points)
    assert np.array_equal(_mask(points[::-1]), mask)
    assert np.array_equal(_mask(points[1:] + points[:1]), mask)


@given(RINGS, RINGS)
def test_a_region_is_the_union_of_its_polygons(one, other):
    assert np.array_equal(_mask(one, other), _mask(one) | _mask(other))


@given(RINGS)
def test_moving_a_ring_by_whole_pixels_moves_its_pixels(points):
    lattice = [(round(4 * x) / 4, round(4 * y) / 4) for x, y in points]
    moved = [(x + 2, y + 1) for x, y in lattice]
    assert np.array_equal(_mask(moved)[1:, 2:], _mask(lattice)[:-1, :-2])


@given(RINGS)
def test_repaired_and_clipped_rings_are_valid_and_inside(points):
    region, is_repaired = repair_ring(points)
    inside, is_clipped = clip(region, width=SIDE, height=SIDE)
    assert _is_valid(region)
    assert _is_valid(inside)
    assert is_repaired or region == (Polygon(ring(points)),)
    assert is_clipped or inside == region
    for polygon in inside:
        for outline in polygon.rings:
            assert ((outline >= 0) & (outline <= SIDE)).all()


@given(st.lists(RINGS, max_size=4))
def test_areas_of_a_union_and_of_even_odd_paths_are_bounded_by_their_parts(rings):
    parts = [polygon for points in rings for polygon in repair_ring(points)[0]]
    united_area, odd_area = _area(unite(parts)), _area(even_odd(rings))
    assert _is_valid(unite(parts))
    assert odd_area <= united_area + 1e-6
    assert united_area <= sum(_area((part,)) for part in parts) + 1e-6


def _area(region):
    return sum(shapely.Polygon(p.exterior, p.holes).area for p in region)
