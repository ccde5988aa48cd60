"""What holds for the findings of every run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.measure import Undefined
from engine.domain.settings import FindingsSettings
from engine.findings.bootstrap import interval_of_mean
from engine.findings.corrections import benjamini_hochberg, holm
from engine.findings.findings import find
from engine.findings.group_tests import compare_groups, correlate
from engine.findings.permutation import lowness
from tests.finding_rows import NONE, OneCase, numbers, rows_of

QUICK = FindingsSettings(resamples=100, permutations=99, strata=("device",), cue_margin=0.0)
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)
NUMBERS = st.integers(-1000, 1000).map(lambda n: n / 1000)
GROUPS = st.lists(st.lists(NUMBERS, min_size=2, max_size=8).map(np.array), min_size=2, max_size=5)


@st.composite
def studies(draw):
    """Runs with whatever is missing missing."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    cases = []
    for number in range(draw(st.integers(0, 40))):
        metadata = {
            "sex": str(rng.choice(["f", "m", ""])),
            "skin_tone": str(rng.integers(1, 4)),
            "age": str(rng.choice(["", "unknown", "30", "40.5", "71"])),
            "device": str(rng.choice(["a", "b", "c"])),
        }
        kept = {name: value for name, value in metadata.items() if rng.random() < 0.9}
        images = [
            {n: (NONE if rng.random() < 0.05 else v) for n, v in numbers(rng).items()}
            if rng.random() < 0.9 else {}
            for _ in range(rng.integers(1, 4))
        ]  # fmt: skip
        condition = rng.choice(["acne", "eczema", "lentigo", ""]) or None
        correct = [True, False, NONE][rng.choice(3, p=[0.6, 0.3, 0.1])]
        cases.append(OneCase(f"c{number:03}", condition, correct, kept, images))
    return rows_of(cases)


def _labels(images):
    return {
        image.image.path: frozenset(["lip", "chin", "ear"][: number % 4])
        for number, image in enumerate(images)
        if number % 3
    }


@settings(max_examples=25, deadline=None)
@given(rows=studies(), seed=st.integers(0, 100))
def test_the_order_of_rows_changes_nothing(rows, seed):
    images, cases = rows
    rng = np.random.default_rng(seed)
    labels = _labels(images)
    mixed_images = [images[n] for n in rng.permutation(len(images))]
    mixed_cases = [cases[n] for n in rng.permutation(len(cases))]
    assert find(mixed_images, mixed_cases, labels, QUICK) == find(images, cases, labels, QUICK)


@settings(max_examples=25, deadline=None)
@given(rows=studies())
def test_no_number_is_infinite_or_not_a_number(rows):
    images, cases = rows
    found = find(images, cases, _labels(images), QUICK)
    for comparison in found.comparisons:
        assert comparison.n + comparison.missing + sum(n for _, n in comparison.left_out) == len(
            cases
        )
        for test in (comparison.test, *comparison.beside):
            for number in (test.statistic, test.p, test.effect, *test.degrees):
                assert isinstance(number, Undefined) or np.isfinite(number)
    for point in found.conditions:
        for mean in point.means.values():
            assert mean.n + mean.missing == point.cases
            assert isinstance(mean.value, Undefined) or np.isfinite(mean.value)
    for cue in found.cues:
        assert np.isfinite([cue.effect, cue.p, cue.p_corrected]).all()
        assert cue.effect > 0


@given(P_VALUES)
def test_corrected_p_values_keep_their_order(p):
    for correct in (holm, benjamini_hochberg):
        corrected = correct(p)
        assert (corrected >= p).all()
        assert (corrected <= 1).all()
        order = np.argsort(p)
        assert (np.diff(corrected[order]) >= 0).all()


@given(P_VALUES)
def test_holm_lies_between_benjamini_hochberg_and_bonferroni(p):
    assert (holm(p) <= np.minimum(len(p) * p, 1) + 1e-12).all()
    assert (benjamini_hochberg(p) <= holm(p) + 1e-12).all()


@given(GROUPS, st.integers(-5, 5))
def test_adding_a_constant_to_a_metric_leaves_its_tests(groups, constant):
    shifted = [group + constant for group in groups]
    for two in {len(groups) == 2, False}:
        for one, other in zip(
            compare_groups(groups, two=two), compare_groups(shifted, two=two), strict=True
        ):
            if isinstance(one.p, Undefined):
                assert other.p == one.p
            else:
                assert other.p == pytest.approx(one.p, rel=1e-6, abs=1e-9)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20), st.integers(-5, 5))
def test_a_correlation_knows_no_constant_and_no_side(pairs, constant):
    x, y = np.array(pairs).T
    one, other = correlate(x, y), correlate(y, x + constant)
    if isinstance(one.p, Undefined):
        assert other.p == one.p
    else:
        assert other.statistic == pytest.approx(one.statistic, abs=1e-6)


@given(st.lists(NUMBERS, min_size=2, max_size=30).map(np.array), st.integers(0, 50))
def test_an_interval_lies_within_the_values_and_moves_with_them(values, seed):
    interval = interval_of_mean(values, resamples=100, seed=seed)
    assert values.min() - 1e-12 <= interval.low <= interval.high <= values.max() + 1e-12
    moved = interval_of_mean(values + 3, resamples=100, seed=seed)
    assert moved == replace(
        moved,
        low=pytest.approx(interval.low + 3),
        high=pytest.approx(interval.high + 3),
    )


def test_p_of_a_permutation_test_is_uniform_where_nothing_differs():
    rng = np.random.default_rng(20)
    members = (np.arange(40)[None] % 3 == 0).astype(float)
    strata = np.arange(40) % 2
    p = np.array([
        lowness(
            rng.exponential(size=(1, 40)), members, strata,
            margins=np.zeros((1, 1)), permutations=199, rng=rng,
        ).p[0, 0]
        for _ in range(400)
    ])  # fmt: skip
    shares = np.histogram(p, bins=5, range=(0, 1))[0] / len(p)
    assert shares == pytest.approx(np.full(5, 0.2), abs=0.075)
    assert 0.02 <= np.mean(p <= 0.05) <= 0.085
