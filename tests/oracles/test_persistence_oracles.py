"""Kendall's W against its relation to Friedman's test and against its definition, taken slowly."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import friedmanchisquare, spearmanr

from engine.findings.persistence import kendall_w, rank_persistence

SEEDS = range(12)


def rankings(seed, *, ties):
    random = np.random.default_rng(seed)
    m, n = random.integers(3, 7), random.integers(4, 30)
    common = random.normal(size=n)
    values = common * random.uniform(0, 2) + random.normal(size=(m, n))
    return np.round(values) if ties else values


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_w_is_friedmans_chi_square_over_its_largest_value(seed, ties):
    values = rankings(seed, ties=ties)
    m, n = values.shape
    chi_square = friedmanchisquare(*values.T).statistic
    assert kendall_w(values) == pytest.approx(chi_square / (m * (n - 1)), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_w_without_ties_is_the_mean_spearman_of_all_pairs_rescaled(seed):
    values = rankings(seed, ties=False)
    m = len(values)
    mean = np.mean([spearmanr(a, b).statistic for a, b in combinations(values, 2)])
    assert kendall_w(values) == pytest.approx((mean * (m - 1) + 1) / m, rel=1e-12)


def naive_w(values):
    """Return W by counting, for every object, those below it and half of those level with it."""
    m, n = len(values), len(values[0])
    ranks = [
        [1 + sum(o < x for o in row) + (sum(o == x for o in row) - 1) / 2 for x in row]
        for row in values
    ]
    sums = [sum(row[i] for row in ranks) for i in range(n)]
    s = sum((r - sum(sums) / n) ** 2 for r in sums)
    ties = sum(row.count(x) ** 3 - row.count(x) for row in values for x in set(row))
    return 12 * s / (m**2 * (n**3 - n) - m * ties)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_w_and_the_pairs_are_those_of_the_naive_versions(seed, ties):
    values = rankings(seed, ties=ties)
    by_method = {
        f"method {j}": {f"{i:02}.png": float(x) for i, x in enumerate(row)}
        for j, row in enumerate(values)
    }
    found = rank_persistence(by_method, fraction=0.3)
    assert found.kendall_w == pytest.approx(naive_w(values.tolist()), rel=1e-12)
    lowest = {
        name: set(sorted(of, key=lambda path: (of[path], path))[: found.lowest])
        for name, of in by_method.items()
    }
    for pair in found.pairs:
        one, other = by_method[pair.one], by_method[pair.other]
        expected = spearmanr([*one.values()], [*other.values()]).statistic
        assert pair.spearman == pytest.approx(expected, rel=1e-12)
        assert pair.shared_lowest == len(lowest[pair.one] & lowest[pair.other])
    assert set(found.stay_lowest) == set.intersection(*lowest.values())
