"""Properties of STAPLE, of agreement on answers, and of pairs of graders."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.domain.measure import Undefined
from engine.graders import kappa
from engine.graders.coefficients import fleiss_kappa, gwet_ac1, krippendorff_alpha
from engine.graders.hausdorff import border, hd95_matrix
from engine.graders.others import against_others
from engine.graders.staple import staple
from engine.regions.runs import runs_of_mask


def _counts(graders, most=1000):
    return arrays(np.int64, 2**graders, elements=st.integers(0, most)).filter(np.any)


COUNTS = st.integers(1, 5).flatmap(_counts)
TABLES = st.tuples(
    arrays(np.int64, (6, 4), elements=st.integers(0, 3)),
    arrays(np.int64, 6, elements=st.integers(1, 9)),
).map(lambda table: tuple(part[table[0].any(axis=1)] for part in table))
MASKS = arrays(np.bool_, (3, 7, 9))
NOMINAL = (fleiss_kappa, gwet_ac1, krippendorff_alpha)


def _ordinal(counts, images):
    return krippendorff_alpha(counts, images, is_ordinal=True)


def _is_same(one, other):
    return one == other if isinstance(one, Undefined) else one == pytest.approx(other, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.sampled_from(["background", "foreground"]))
def test_staple_gives_probabilities_and_rates_that_are_numbers_whatever_the_votes(counts, tie):
    solution = staple(counts, tie=tie)
    assert np.all((solution.probability >= 0) & (solution.probability <= 1))
    for rate in (*solution.sensitivities, *solution.specificities):
        assert isinstance(rate, Undefined) or 0 <= rate <= 1
    assert not solution.chosen[counts == 0].any()
    assert np.all(solution.probability[solution.chosen] >= 0.5 - 1e-8)


@settings(deadline=None)
@given(_counts(3), st.permutations(range(3)))
def test_the_order_of_graders_does_not_matter_to_staple(counts, order):
    patterns = np.arange(8)
    moved = sum((patterns >> old & 1) << new for new, old in enumerate(order))
    reordered = np.zeros_like(counts)
    reordered[moved] = counts
    one, other = (staple(c, tie="background", max_iterations=20) for c in (counts, reordered))
    assert other.probability[moved] == pytest.approx(one.probability, abs=1e-9)
    for rates in ("sensitivities", "specificities"):
        expected = [getattr(one, rates)[grader] for grader in order]
        assert all(map(_is_same, getattr(other, rates), expected))


@settings(deadline=None)
@given(_counts(3), st.integers(2, 1000))
def test_a_finer_image_of_the_same_regions_has_the_same_staple(counts, scale):
    one, other = (staple(c, tie="background", max_iterations=20) for c in (counts, counts * scale))
    assert other.probability == pytest.approx(one.probability, abs=1e-9)


@settings(deadline=None)
@given(_counts(3))
def test_staple_of_the_background_is_the_background_of_staple(counts):
    assume(counts[1:].any() and counts[:-1].any())
    one, other = (staple(c, tie="background", max_iterations=20) for c in (counts, counts[::-1]))
    is_there = counts > 0
    assert other.probability[::-1][is_there] == pytest.approx(
        1 - one.probability[is_there], abs=1e-9
    )
    assert other.sensitivities == pytest.approx(one.specificities, abs=1e-9)


@given(TABLES)
def test_coefficients_are_at_most_one_and_undefined_only_where_they_say(table):
    counts, images = table
    assume(len(images))
    has_pairs = bool((counts.sum(axis=1) > 1).any())
    assert isinstance(gwet_ac1(counts, images), Undefined) != has_pairs
    for coefficient in (*NOMINAL, _ordinal):
        value = coefficient(counts, images)
        assert isinstance(value, Undefined) or value <= 1 + 1e-12


@given(TABLES, st.permutations(range(4)))
def test_names_of_answers_do_not_matter_to_nominal_coefficients(table, order):
    counts, images = table
    assume(len(images))
    for coefficient in NOMINAL:
        assert _is_same(coefficient(counts, images), coefficient(counts[:, order], images))


@given(TABLES)
def test_the_ordinal_alpha_reads_both_ways(table):
    counts, images = table
    assume(len(images))
    assert _is_same(_ordinal(counts, images), _ordinal(counts[:, ::-1], images))


@given(TABLES)
def test_the_order_of_images_and_how_they_are_tabled_do_not_matter(table):
    counts, images = table
    assume(len(images))
    one_by_one = np.repeat(counts, images, axis=0)[::-1]
    for coefficient in (*NOMINAL, _ordinal):
        ones = np.ones(len(one_by_one), dtype=np.int64)
        assert _is_same(coefficient(counts, images), coefficient(one_by_one, ones))


@given(TABLES, st.integers(2, 50))
def test_a_study_repeated_has_the_same_kappa_and_ac1_and_nearly_the_same_alpha(table, times):
    counts, images = table
    assume(len(images))
    for coefficient in (fleiss_kappa, gwet_ac1):
        assert _is_same(coefficient(counts, images), coefficient(counts, images * times))
    one, many = (krippendorff_alpha(counts, w) for w in (images * 1000, images * 1000 * times))
    if not isinstance(one, Undefined):
        assert many == pytest.approx(one, abs=3e-3)


@given(TABLES)
def test_graders_who_agree_on_every_image_agree_perfectly(table):
    _, images = table
    assume(len(images) > 1)
    counts = 3 * np.eye(6, dtype=np.int64)[: len(images)]
    for coefficient in (*NOMINAL, _ordinal):
        assert coefficient(counts, images) == pytest.approx(1)


@settings(deadline=None)
@given(MASKS)
def test_distances_are_symmetric_and_bounded_and_nought_from_oneself(masks):
    matrix = hd95_matrix([runs_of_mask(mask) for mask in masks])
    for a, row in enumerate(matrix):
        for b, distance in enumerate(row):
            assert distance == matrix[b][a]
            is_drawn = masks[a].any() and masks[b].any()
            assert isinstance(distance, Undefined) != is_drawn
            if is_drawn:
                assert 0 <= distance <= np.hypot(6, 8)
                assert a != b or distance == 0


@settings(deadline=None)
@given(MASKS)
def test_the_border_is_of_the_region_and_encloses_it(masks):
    for mask in masks:
        edge = np.zeros_like(mask)
        edge[tuple(border(runs_of_mask(mask)).T)] = True
        inner = np.pad(mask, 1)
        inside = inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        assert np.array_equal(edge, mask & ~inside)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 4).flatmap(_counts), st.sampled_from(["majority", "staple"]))
def test_against_others_stay_in_their_range_and_average_to_the_ceiling(counts, rule):
    found = against_others(counts, tie="background", rule=rule)
    for grader in found:
        for measure in (grader.sensitivity, grader.specificity, grader.dice):
            assert isinstance(measure, Undefined) or 0 <= measure <= 1
    dice = [grader.dice for grader in found if not isinstance(grader.dice, Undefined)]
    ceiling = kappa.human_ceiling(counts, tie="background", rule=rule)
    assert isinstance(ceiling, Undefined) if not dice else ceiling == pytest.approx(np.mean(dice))


@settings(deadline=None, max_examples=150)
@given(
    st.tuples(st.integers(1, 24), st.integers(1, 24)).flatmap(
        lambda shape: arrays(np.bool_, (2, *shape))
    )
)
def test_the_percentile_of_distances_is_that_of_all_of_them(masks):
    """However few of the distances are looked for."""
    assume(masks[0].any() and masks[1].any())
    regions = [runs_of_mask(mask) for mask in masks]
    one, other = map(border, regions)
    squared = ((one[:, None] - other) ** 2).sum(axis=2)
    pooled = np.sqrt(np.concatenate((squared.min(axis=0), squared.min(axis=1))))
    found = hd95_matrix(regions)[0][1]
    assert found == pytest.approx(np.percentile(pooled, 95), rel=1e-12, abs=1e-12)
