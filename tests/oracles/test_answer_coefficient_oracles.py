"""Agreement on answers against statsmodels, krippendorff and irrCAC, with answers missing."""

import warnings
from collections import Counter

import numpy as np
import pytest
from krippendorff import alpha
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from engine.graders.coefficients import fleiss_kappa, gwet_ac1, krippendorff_alpha

COUNTS = """
0 0 0 . .
1 1 . 1 .
2 . 2 3 .
. 5 5 5 4
1 2 1 . .
3 3 . . .
4 . . . .
. . 2 2 1
5 5 . . 5
. 1 . 1 1
"""
VISIBLE = """
1 1 1 .
1 . 1 1
1 1 . 0
. 1 1 1
0 0 0 .
1 1 1 .
. . 1 .
1 0 . .
"""
# Values of irrCAC 0.4.4 (raw.CAC, identity weights, all categories given), computed once: the
# package needs older libraries than this project and cannot be one of its dependencies.
IRRCAC = [
    (COUNTS, 6, 0.656298333047, 0.668665716842),
    (VISIBLE, 2, 0.326079326079, 0.631831255992),
]
CASES = [(graders, share, seed) for graders in (2, 3, 5) for share in (0, 0.4) for seed in range(3)]


def _ratings(text):
    lines = [line.split() for line in text.split("\n") if line]
    return np.array([[np.nan if cell == "." else float(cell) for cell in line] for line in lines])


def _random(graders, missing, seed, *, categories=6, images=40):
    random = np.random.default_rng([graders, seed])
    truth = random.integers(categories, size=(images, 1))
    noise = random.integers(categories, size=(images, graders))
    ratings = np.where(random.random(noise.shape) < 0.4, noise, truth).astype(float)
    ratings[random.random(noise.shape) < missing] = np.nan
    return ratings[~np.isnan(ratings).all(axis=1)]


def _table(ratings, categories):
    """Return the rows of counts that occur, and how often."""
    rows = Counter(tuple((row == k).sum() for k in range(categories)) for row in ratings)
    return np.array(list(rows)), np.array(list(rows.values()))


@pytest.mark.parametrize(("text", "categories", "kappa", "ac1"), IRRCAC)
def test_kappa_and_ac1_with_missing_answers_are_those_of_irrcac(text, categories, kappa, ac1):
    table = _table(_ratings(text), categories)
    assert fleiss_kappa(*table) == pytest.approx(kappa, abs=1e-11)
    assert gwet_ac1(*table) == pytest.approx(ac1, abs=1e-11)


@pytest.mark.parametrize(("graders", "missing", "seed"), CASES)
def test_kappa_and_ac1_are_those_of_irrcac_where_it_is_installed(graders, missing, seed):
    raw = pytest.importorskip("irrCAC.raw")
    import pandas as pd

    ratings = _random(graders, missing, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = raw.CAC(pd.DataFrame(ratings), categories=[float(k) for k in range(6)], digits=12)
        kappa, ac1 = (c()["est"]["coefficient_value"] for c in (theirs.fleiss, theirs.gwet))
    assert fleiss_kappa(*_table(ratings, 6)) == pytest.approx(kappa, abs=1e-11)
    assert gwet_ac1(*_table(ratings, 6)) == pytest.approx(ac1, abs=1e-11)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_with_as_many_graders_on_each_image_is_that_of_statsmodels(seed):
    ratings = _random(4, 0, seed)
    expected = statsmodels_kappa([[(row == k).sum() for k in range(6)] for row in ratings])
    assert fleiss_kappa(*_table(ratings, 6)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
@pytest.mark.parametrize(("graders", "missing", "seed"), CASES)
def test_alpha_is_that_of_krippendorff(graders, missing, seed, level):
    ratings = _random(graders, missing, seed)
    expected = alpha(ratings.T, value_domain=list(range(6)), level_of_measurement=level)
    found = krippendorff_alpha(*_table(ratings, 6), is_ordinal=level == "ordinal")
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("level", "text", "categories"), [("nominal", VISIBLE, 2), ("ordinal", COUNTS, 6)]
)
def test_alpha_of_few_answers_is_that_of_krippendorff(level, text, categories):
    ratings = _ratings(text)
    expected = alpha(ratings.T, value_domain=list(range(categories)), level_of_measurement=level)
    found = krippendorff_alpha(*_table(ratings, categories), is_ordinal=level == "ordinal")
    assert found == pytest.approx(expected, abs=1e-12)
