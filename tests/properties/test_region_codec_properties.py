"""Any region survives being stored, to the last bit."""

import numpy as np
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
