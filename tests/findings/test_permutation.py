from itertools import combinations

import numpy as np
import pytest

from engine.findings import permutation
from engine.findings.permutation import lowness, within

ONE = np.zeros(1)


def _test(values, members, strata=None, *, margin=0.0, permutations=999, seed=0):
    values, members = np.atleast_2d(values).astype(float), np.atleast_2d(members).astype(float)
    strata = np.zeros(values.shape[1], dtype=np.intp) if strata is None else np.array(strata)
    return lowness(
        values, members, strata, margins=np.full((len(values), len(members)), margin),
        permutations=permutations, rng=np.random.default_rng(seed),
    )  # fmt: skip


def test_the_difference_is_that_of_the_others_minus_the_members():
    found = _test([0.1, 0.3, 0.8, 0.9, 1.0], [1, 1, 0, 0, 0])
    assert found.difference[0, 0] == pytest.approx(0.7)


def test_p_is_the_share_of_permutations_as_extreme():
    """All 20 ways to choose three of six are equally likely: only one is lower."""
    found = _test([0.1, 0.25, 0.3, 0.7, 0.9, 1.0], [1, 1, 1, 0, 0, 0], permutations=20_000)
    assert found.p[0, 0] == pytest.approx(1 / 20, abs=0.006)


def test_p_agrees_with_all_arrangements_of_a_small_group():
    values = np.array([0.3, 0.1, 0.5, 0.45, 0.9, 0.2, 0.7])
    found = _test(values, [1, 1, 0, 1, 0, 0, 0], permutations=40_000)

    def t(chosen):
        inside = values[list(chosen)]
        outside = np.delete(values, chosen)
        error = np.sqrt(inside.var() / len(inside) + outside.var() / len(outside))
        return (outside.mean() - inside.mean()) / error

    every = [t(chosen) for chosen in combinations(range(7), 3)]
    assert found.statistic[0, 0] == pytest.approx(t((0, 1, 3)))
    assert found.p[0, 0] == pytest.approx(np.mean(np.array(every) >= t((0, 1, 3)) - 1e-9), abs=0.01)


def test_p_is_never_zero():
    assert _test(np.arange(40), [1] * 20 + [0] * 20, permutations=99).p[0, 0] == 0.01


def test_a_higher_group_is_not_a_finding():
    assert _test([0.9, 0.8, 1.0, 0.1, 0.2, 0.3], [1, 1, 1, 0, 0, 0]).p[0, 0] > 0.9


def test_cases_are_compared_within_their_stratum():
    """The group is lower over all, since it has more of the low stratum, and higher in each."""
    low, high = [0.1, 0.12, 0.14, 0.2], [0.8, 0.82, 0.9, 0.95]
    members = [0, 1, 1, 1, 0, 0, 0, 1]
    strata = [0] * 4 + [1] * 4
    found = _test(low + high, members, strata)
    assert found.difference[0, 0] < 0
    assert _test(low + high, members).difference[0, 0] > 0


def test_a_stratum_of_members_alone_says_nothing():
    values, members, strata = [0.1, 0.3, 0.8, 0.9], [1, 1, 0, 0], [0] * 4
    alone = _test([*values, 0.0, 0.5], [*members, 1, 1], [*strata, 1, 1])
    found = _test(values, members, strata)
    assert alone.difference == pytest.approx(found.difference)
    assert alone.statistic == pytest.approx(found.statistic)


def test_strata_need_not_be_in_order():
    values = np.random.default_rng(3).random(30)
    members = np.arange(30) % 2
    strata = np.arange(30) % 3
    order = np.random.default_rng(4).permutation(30)
    one = _test(values, members, strata)
    other = _test(values[order], members[order], strata[order])
    assert other.statistic == pytest.approx(one.statistic)


def test_a_margin_is_taken_off_the_difference():
    rng = np.random.default_rng(8)
    values = np.concatenate([rng.normal(0.7, 0.05, 60), rng.normal(0.8, 0.05, 60)])
    members = [1] * 60 + [0] * 60
    assert _test(values, members).p[0, 0] < 0.01
    assert _test(values, members, margin=0.1).p[0, 0] > 0.05
    assert _test(values, members, margin=0.2).p[0, 0] > 0.99


def test_the_same_permutations_serve_all_groups_and_values(monkeypatch):
    rng = np.random.default_rng(6)
    values, members = rng.random((2, 40)), rng.integers(0, 2, (3, 40)).astype(float)
    whole = _test(values, members, permutations=103)
    assert _test(values[1], members[2], permutations=103).p[0, 0] == whole.p[1, 2]
    monkeypatch.setattr(permutation, "CHUNK", 40 * 10)
    assert _test(values, members, permutations=103).p == pytest.approx(whole.p, abs=0.2)


def test_groups_of_equal_values_have_a_finite_statistic():
    found = _test([0.2, 0.2, 0.2, 0.8, 0.8, 0.8], [1, 1, 1, 0, 0, 0])
    assert np.isfinite(found.statistic).all()
    assert found.p[0, 0] < 0.1


def test_another_spread_is_not_taken_for_another_mean():
    """A small group of wide spread: without its own standard error far too many are called low."""
    rng = np.random.default_rng(11)
    members = np.arange(100) < 10
    ps = [
        _test(np.where(members, 5, 1) * rng.normal(size=100), members, permutations=199).p[0, 0]
        for _ in range(300)
    ]
    assert np.mean(np.array(ps) <= 0.05) < 0.1


def test_columns_are_centred_in_each_stratum():
    found = within(np.array([[1.0, 3.0, 10.0]]), np.array([0, 0, 1]))
    np.testing.assert_array_equal(found, [[-1, 1, 0]])
