"""The rasteriser against shapely's point-in-polygon, and against a naive version in fractions."""

from fractions import Fraction

import numpy as np
import pytest
import shapely

from engine.domain.polygon import Polygon, ring
from engine.regions.rasterise import rasterise
from engine.regions.repair import repair_ring

WIDTH, HEIGHT = 37, 29


def _uniform(random, vertices):
    return random.uniform((-8, -8), (WIDTH + 8, HEIGHT + 8), (vertices, 2))


def _with_spikes(random, vertices):
    corners = _uniform(random, vertices)
    there_and_back = np.repeat(corners, 3, axis=0)
    there_and_back[1::3] += random.normal(scale=9, size=(vertices, 2))
    return there_and_back


def _sliver(random, vertices):
    start, direction = random.uniform(0, HEIGHT, 2), random.normal(size=2)
    along = np.sort(random.uniform(-20, 20, vertices))[:, None]
    side = start + along * direction + random.uniform(0, 0.3, (vertices, 2))
    return np.concatenate((side, side[::-1] + 0.2))


def _off_the_image(random, vertices):
    centre = random.choice([-60.0, 15.0, 90.0], size=2)
    return centre + random.normal(scale=25, size=(vertices, 2))


def _within_one_pixel(random, vertices):
    return random.integers(0, HEIGHT, 2) + random.uniform(0.3, 0.7, (vertices, 2))


def _on_a_lattice(random, vertices):
    return random.integers(-8, 2 * WIDTH, (vertices, 2)) / 2


def _through_centres(random, vertices):
    """Vertices on lines through pixel centres, as near as float64 comes."""
    centres = random.integers(0, HEIGHT, (vertices, 2)) + 0.5
    along, angle = random.uniform(1, 30, (vertices, 1)), random.uniform(0, 7, vertices)
    step = along * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    return np.stack((centres - step, centres + step), axis=1).reshape(-1, 2)


SHAPES = [_uniform, _with_spikes, _sliver, _off_the_image, _within_one_pixel]
TIES = [_on_a_lattice, _through_centres]


def _disagreements(region, shape, *, width=WIDTH, height=HEIGHT):
    """Count the centres on which shapely disagrees, those within its rounding of a side apart."""
    mask = rasterise(region, width=width, height=height).to_mask()
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    shapely.prepare(shape)
    wrong = mask != shapely.contains_xy(shape, x, y)
    beside = shapely.distance(shape.boundary, shapely.points(x[wrong], y[wrong]))
    return int((beside > 1e-9).sum())


@pytest.mark.parametrize("draw", SHAPES + TIES)
@pytest.mark.parametrize("vertices", [3, 4, 5, 9, 40])
def test_pixels_are_those_whose_centre_shapely_finds_inside(draw, vertices):
    for seed in range(20):
        points = draw(np.random.default_rng([vertices, seed]), vertices)
        drawn = (Polygon(ring(points)),)
        assert _disagreements(drawn, shapely.Polygon(points)) == 0, seed


@pytest.mark.parametrize("draw", SHAPES + TIES)
@pytest.mark.parametrize("vertices", [3, 4, 5, 9, 40])
def test_a_repaired_ring_covers_what_the_drawn_ring_covers(draw, vertices):
    for seed in range(20):
        points = draw(np.random.default_rng([vertices, seed]), vertices)
        region, _ = repair_ring(points)
        assert _disagreements(region, shapely.Polygon(points)) == 0, seed


@pytest.mark.parametrize("draw", [_uniform, _sliver, _off_the_image, _within_one_pixel])
@pytest.mark.parametrize("vertices", [4, 9, 40])
def test_repair_is_that_of_make_valid_where_no_sides_lie_on_one_another(draw, vertices):
    for seed in range(20):
        points = draw(np.random.default_rng([vertices, seed]), vertices)
        region, _ = repair_ring(points)
        expected = shapely.make_valid(shapely.Polygon(points))
        parts = [shapely.Polygon(p.exterior, p.holes) for p in region]
        assert shapely.MultiPolygon(parts).symmetric_difference(expected).area < 1e-9, seed


@pytest.mark.parametrize("vertices", [1_000, 10_000])
def test_rings_of_many_vertices_agree_with_shapely(vertices):
    random = np.random.default_rng(vertices)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radius = 180 * (1 + 0.1 * np.sin(5 * angle)) + random.normal(scale=0.5, size=vertices)
    points = 200 + radius[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    drawn = (Polygon(ring(points)),)
    assert _disagreements(drawn, shapely.Polygon(points), width=400, height=420) == 0


def test_a_bow_tie_of_many_crossings_agrees_with_shapely():
    points = _uniform(np.random.default_rng(1), 300)
    assert _disagreements((Polygon(ring(points)),), shapely.Polygon(points)) == 0


@pytest.mark.parametrize("draw", TIES + SHAPES)
def test_ties_are_decided_as_in_exact_arithmetic(draw):
    for seed in range(8):
        points = draw(np.random.default_rng(seed), 7)
        mask = rasterise((Polygon(ring(points)),), width=WIDTH, height=HEIGHT).to_mask()
        assert np.array_equal(mask, _naive(points)), (draw.__name__, seed)


def test_neighbours_in_a_tiling_own_every_centre_once():
    # A fan of triangles around a centre, whose sides pass through many other centres.
    rim = [(0, 0), (8, 0), (16, 0), (16, 5), (16, 16), (7, 16), (0, 16), (0, 9)]
    total = np.zeros((16, 16), dtype=int)
    for here, there in zip(rim, [*rim[1:], rim[0]], strict=True):
        triangle = Polygon(ring([here, there, (8.5, 8.5)]))
        total += rasterise((triangle,), width=16, height=16).to_mask()
    assert (total == 1).all()


def _naive(points):
    """Ask each centre of each pixel, in fractions."""
    corners = [(Fraction(x), Fraction(y)) for x, y in points.tolist()]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for row in range(HEIGHT):
        y = row + Fraction(1, 2)
        crossings = [
            x0 + (y - y0) * (x1 - x0) / (y1 - y0)
            for (x0, y0), (x1, y1) in edges
            if (y0 <= y) != (y1 <= y)
        ]
        for column in range(WIDTH):
            x = column + Fraction(1, 2)
            mask[row, column] = sum(crossing <= x for crossing in crossings) % 2
    return mask
