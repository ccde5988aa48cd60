"""Regions as text against shapely's own writer and reader."""

import numpy as np
import pytest
import shapely

from engine.domain.polygon import Polygon, ring
from engine.formats.wkt import wkt_area, wkt_of
from engine.regions.outline import region_of_mask


def regions() -> list[tuple]:
    random = np.random.default_rng(4)
    mask = region_of_mask(random.random((30, 40)) < 0.7)
    turn = np.sort(random.random(9)) * 2 * np.pi
    star = np.column_stack((np.cos(turn), np.sin(turn))) / 3
    return [mask, (Polygon(ring(star + 1e6)), Polygon(ring(star / 7)), Polygon(ring(star - 2)))]


def as_shape(region: tuple) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.Polygon(p.exterior, p.holes) for p in region])


@pytest.mark.parametrize("region", regions(), ids=["painted", "drawn"])
def test_shapely_reads_every_number_as_it_was(region: tuple) -> None:
    read = shapely.from_wkt(wkt_of(region))
    assert shapely.equals_exact(read, as_shape(region), 0)


@pytest.mark.parametrize("region", regions(), ids=["painted", "drawn"])
def test_what_shapely_writes_is_read_as_the_same_polygons(region: tuple) -> None:
    back, notes = wkt_area(shapely.to_wkt(as_shape(region), rounding_precision=15))
    assert shapely.equals_exact(as_shape(back), as_shape(region), 1e-14)
    assert notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 6 1, 6 3, 1 3, 1 1)))",
        "POLYGON Z ((0 0 5, 4 0 5, 4 4 5, 0 0 5))",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 6 1, 6 2, 1 2, 1 1), (3 3, 5 3, 5 5, 3 3))",
        "MULTIPOLYGON (((0 0, 1 1, 0 0)), ((2 2, 4 2, 4 4, 2 2)))",
    ],
)
def test_text_that_is_not_valid_covers_what_shapely_makes_of_it(text: str) -> None:
    region, _ = wkt_area(text)
    parts = shapely.get_parts(shapely.force_2d(shapely.from_wkt(text)))
    meant = shapely.union_all(shapely.make_valid(parts))
    assert shapely.area(shapely.symmetric_difference(as_shape(region), meant)) < 1e-12
