"""Any region survives being stored, to the last bit."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.domain.polygon import Polygon
from engine.study.region_codec import decode_region, encode_region

coordinates = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -0.0, 0.5, 1.0, 7.0])
)
rings = arrays(np.float64, st.tuples(st.integers(3, 8), st.just(2)), elements=coordinates)
polygons = st.builds(Polygon, rings, st.lists(rings, max_size=3).map(tuple))
regions = st.lists(polygons, max_size=4).map(tuple)


@given(regions)
def test_a_region_comes_back_equal_whatever_its_rings_look_like(region):
    assert decode_region(encode_region(region)) == region


@given(regions, regions)
def test_bytes_are_equal_exactly_where_regions_are(one, other):
    assert (encode_region(one) == encode_region(other)) == (one == other)


@given(regions)
def test_the_bytes_of_a_decoded_region_are_those_it_was_decoded_from(region):
    blob = encode_region(region)
    assert encode_region(decode_region(blob)) == blob


@given(st.lists(regions, max_size=4), st.data())
def test_regions_decoded_together_are_equal_and_share_what_they_have_in_common(given_, data):
    again = [tuple(data.draw(st.permutations(region))) for region in given_]
    known = {}
    decoded = [decode_region(encode_region(region), known) for region in (*given_, *again)]
    assert decoded == [*given_, *again]
    of_all = [polygon for region in decoded for polygon in region]
    assert len({id(polygon) for polygon in of_all}) == len(set(of_all))


@given(regions, st.data())
def test_bytes_that_were_changed_are_a_region_or_an_error_that_says_so(region, data):
    blob = bytearray(encode_region(region))
    for _ in range(data.draw(st.integers(1, 3))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    for changed in (blob, blob[:cut], blob + b"\0"):
        with suppress(ValueError):
            decode_region(bytes(changed))


@given(regions, st.binary(min_size=1, max_size=20))
def test_bytes_after_a_region_are_an_error(region, more):
    with pytest.raises(ValueError, match="no WKB MultiPolygon"):
        decode_region(encode_region(region) + more)
