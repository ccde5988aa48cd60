"""Painted pixels are read as they were painted, whatever their runs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.formats.brush import painted
from engine.formats.pixels import region_of_runs
from engine.regions.outline import region_of_mask
from engine.regions.runs import runs_of_mask
from tests.brush_bytes import encoded_brush


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 300)), fill=st.just(0)))
@settings(max_examples=60, deadline=None)
def test_a_brush_comes_back_as_it_was_painted(values: np.ndarray) -> None:
    mask = values > 128
    bounds = np.flatnonzero(np.diff(mask.ravel(), prepend=False))
    lengths = np.diff(bounds, prepend=0, append=mask.size).tolist()
    height, width = mask.shape
    alpha = np.repeat(*painted(encoded_brush(lengths), width=width, height=height))
    alpha = alpha.reshape(height, width)
    assert np.array_equal(alpha == 255, mask)
    assert set(np.unique(alpha)) <= {0, 255}


@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_runs_become_the_region_of_their_mask(mask: np.ndarray) -> None:
    assert region_of_runs(runs_of_mask(mask)) == region_of_mask(mask)
