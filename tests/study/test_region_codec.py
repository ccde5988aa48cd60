"""What a stored region looks like to others, and what is no region."""

import pytest
import shapely

from engine.domain.polygon import Polygon, ring
from engine.study.region_codec import decode_region, encode_region

HOLED = Polygon(
    ring([[0, 0], [9, 0], [9, 9], [0, 9]]),
    (ring([[1, 1], [2, 1], [2, 2]]), ring([[5, 5], [6, 5], [6, 6]])),
)
BOW_TIE = Polygon(ring([[0, 0], [4, 4], [4, 0], [0, 4]]))


def test_a_stored_region_is_a_multipolygon_that_other_software_reads():
    stored = shapely.from_wkb(encode_region((HOLED,)))
    assert stored.geom_type == "MultiPolygon"
    assert stored.area == 81 - 0.5 - 0.5


def test_overlapping_and_crossing_polygons_are_kept_as_they_are_in_their_order():
    region = (HOLED, BOW_TIE, HOLED)
    assert decode_region(encode_region(region)) == region


def test_nothing_drawn_is_an_empty_region():
    assert decode_region(encode_region(())) == ()


def test_a_ring_that_visits_its_first_vertex_again_keeps_it():
    loop = Polygon(ring([[0, 0], [1, 0], [1, 1], [0, 0], [2, 2], [0, 0], [0, 0]]))
    assert len(loop.exterior) == 6
    assert decode_region(encode_region((loop,))) == (loop,)


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"nonsense",
        encode_region((HOLED,))[:-9],
        shapely.to_wkb(shapely.Point(1, 2)),
        shapely.to_wkb(shapely.box(0, 0, 1, 1)),
    ],
    ids=["empty", "nonsense", "cut off", "a point", "a single polygon"],
)
def test_bytes_that_are_no_multipolygon_are_an_error(blob):
    with pytest.raises(ValueError, match="no WKB"):
        decode_region(blob)
