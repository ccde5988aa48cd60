"""What holds for the agreement of all graders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.measure import Reason, Undefined
from engine.graders import kappa

PIXELS = st.integers(0, 5) | st.integers(0, 10**12)
COUNTS = (
    st.integers(2, 5)
    .flatmap(lambda graders: st.lists(PIXELS, min_size=2**graders, max_size=2**graders))
    .filter(any)
    .map(lambda counts: np.array(counts, dtype=np.int64))
)


def _for_graders(graders):
    return st.lists(PIXELS, min_size=2**graders, max_size=2**graders).filter(any).map(np.array)


@given(COUNTS)
def test_kappa_is_the_chance_corrected_pooled_dice(counts):
    value = kappa.fleiss_kappa(counts)
    if isinstance(value, Undefined):
        return
    dice, share = kappa.pooled_dice(counts), kappa.foreground(counts)
    assert value * (1 - share) == pytest.approx(dice - share, abs=1e-9)


@given(COUNTS)
def test_kappa_is_undefined_only_where_nothing_or_everything_is_drawn_by_all(counts):
    value = kappa.fleiss_kappa(counts)
    is_uniform = not counts[1:].any() or not counts[:-1].any()
    assert isinstance(value, Undefined) == is_uniform


@given(COUNTS)
def test_measures_stay_in_their_ranges(counts):
    for measure in (kappa.pooled_dice, kappa.mean_pairwise_dice, kappa.foreground):
        value = measure(counts)
        assert isinstance(value, Undefined) or 0 <= value <= 1
    for value in (kappa.fleiss_kappa(counts), kappa.gwet_ac1(counts)):
        assert isinstance(value, Undefined) or value <= 1


@given(COUNTS)
def test_graders_who_agree_on_every_pixel_agree_perfectly(counts):
    unanimous = np.zeros_like(counts)
    unanimous[0], unanimous[-1] = counts[0] + 1, counts[-1] + 1
    assert kappa.fleiss_kappa(unanimous) == 1
    assert kappa.gwet_ac1(unanimous) == 1
    assert kappa.pooled_dice(unanimous) == 1
    assert kappa.human_ceiling(unanimous, tie="background") == 1


@given(_for_graders(3), st.permutations(range(3)))
def test_the_order_of_graders_does_not_matter(counts, order):
    patterns = np.arange(8)
    moved = sum((patterns >> old & 1) << new for new, old in enumerate(order))
    reordered = np.zeros_like(counts)
    reordered[moved] = counts
    for measure in (kappa.fleiss_kappa, kappa.gwet_ac1, kappa.pooled_dice, kappa.foreground):
        assert measure(reordered) == measure(counts)
    both = [kappa.human_ceiling(c, tie="background") for c in (counts, reordered)]
    assert both[0] == both[1] or both[0] == pytest.approx(both[1], rel=1e-12)


@given(_for_graders(3))
def test_kappa_and_ac1_do_not_change_when_pathology_and_background_swap(counts):
    swapped = counts[::-1]
    assert kappa.gwet_ac1(swapped) == kappa.gwet_ac1(counts)
    value, other = kappa.fleiss_kappa(counts), kappa.fleiss_kappa(swapped)
    if isinstance(value, Undefined):
        assert {value.reason, other.reason} == {
            Reason.NOTHING_DRAWN,
            Reason.EVERYTHING_IS_PATHOLOGY,
        }
    else:
        assert value == other


@given(_for_graders(2), st.integers(2, 1000))
def test_a_finer_image_of_the_same_regions_has_the_same_agreement(counts, scale):
    for measure in (kappa.fleiss_kappa, kappa.gwet_ac1, kappa.mean_pairwise_dice):
        assert measure(counts * scale) == measure(counts)
