"""Every test and interval of the findings against scipy and statsmodels."""

import warnings

import numpy as np
import pytest
from scipy import stats

from engine.domain.findings import Extremes
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import FindingsSettings
from engine.findings.body_parts import body_part_shares
from engine.findings.bootstrap import interval_of_mean
from engine.findings.case_table import case_table
from engine.findings.corrections import benjamini_hochberg, holm
from engine.findings.group_tests import compare_groups, correlate
from engine.findings.groups import compare_columns
from engine.findings.linear_model import indicators, partial_f
from engine.findings.permutation import lowness
from tests.finding_rows import OneCase, numbers, rows_of

SEEDS = range(6)


def _groups(seed, count):
    rng = np.random.default_rng(seed)
    return [rng.normal(0.1 * k, 1 + 0.3 * k, rng.integers(3, 40)) for k in range(count)]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_groups_are_compared_as_by_scipy_and_statsmodels(seed):
    from statsmodels.stats.weightstats import ttest_ind

    first, second = _groups(seed, 2)
    t, welch, ranks = compare_groups([first, second], two=True)
    pooled = stats.ttest_ind(first, second)
    assert (t.statistic, t.p, *t.degrees) == pytest.approx((*pooled, pooled.df))
    assert (t.statistic, t.p, *t.degrees) == pytest.approx(ttest_ind(first, second))
    unequal = stats.ttest_ind(first, second, equal_var=False)
    assert (welch.statistic, welch.p, *welch.degrees) == pytest.approx((*unequal, unequal.df))
    assert (ranks.statistic, ranks.p) == pytest.approx(stats.kruskal(first, second))
    sizes = 1 / len(first) + 1 / len(second)
    assert t.effect == pytest.approx(pooled.statistic * np.sqrt(sizes))
    assert welch.effect == pytest.approx(t.effect * (1 - 3 / (4 * pooled.df - 1)))


@pytest.mark.parametrize("seed", SEEDS)
def test_more_groups_are_compared_as_by_scipy_and_statsmodels(seed):
    import pandas as pd
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    groups = _groups(seed, 2 + seed)
    anova, ranks = compare_groups(groups, two=False)
    assert (anova.statistic, anova.p) == pytest.approx(stats.f_oneway(*groups))
    assert (ranks.statistic, ranks.p) == pytest.approx(stats.kruskal(*groups))
    frame = pd.DataFrame(
        {"y": np.concatenate(groups), "g": np.repeat(range(len(groups)), [len(g) for g in groups])}
    )
    table = anova_lm(ols("y ~ C(g)", frame).fit())
    assert anova.degrees == tuple(table["df"])
    assert anova.effect == pytest.approx(table["sum_sq"].iloc[0] / table["sum_sq"].sum())
    n = len(frame)
    assert ranks.effect == pytest.approx(ranks.statistic * (n + 1) / (n**2 - 1))


def test_the_analysis_of_variance_of_two_groups_is_the_square_of_t():
    groups = _groups(1, 2)
    anova, t = compare_groups(groups, two=False)[0], compare_groups(groups, two=True)[0]
    assert anova.statistic == pytest.approx(t.statistic**2)
    assert anova.p == pytest.approx(t.p)


@pytest.mark.parametrize("seed", SEEDS)
def test_correlation_agrees_with_scipy(seed):
    rng = np.random.default_rng(seed)
    values, ages = rng.normal(size=(2, rng.integers(3, 50)))
    found = correlate(values, ages)
    r = stats.pearsonr(values, ages)
    assert (found.statistic, found.p) == pytest.approx((r.statistic, r.pvalue))
    assert found.degrees == (len(values) - 2,)


@pytest.mark.parametrize("offset", [0.0, 1.0, 1e6])
def test_what_scipy_warns_of_or_cannot_compute_is_undefined(offset):
    """Where a group is constant scipy warns; where all are, it returns NaN or infinity."""
    constant, varied = np.full(5, offset), offset + np.arange(5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not np.isfinite(stats.f_oneway(constant, constant + 1).statistic)
        assert np.isnan(stats.pearsonr(constant, varied).statistic)
        expected = stats.ttest_ind(constant, varied)
    for two in (True, False):
        none = compare_groups([constant, constant + 1], two=two)
        assert {test.p for test in none} == {Undefined(Reason.NO_VARIATION)}
    assert correlate(constant, varied).p == Undefined(Reason.NO_VARIATION)
    one_varies = compare_groups([constant, varied], two=True)[0]
    assert (one_varies.statistic, one_varies.p) == pytest.approx(expected)


def test_groups_of_equal_means_have_a_p_of_one():
    """Rounding makes scipy's F negative, and its p NaN."""
    groups = [np.array([0, 0, 0, 0, 0.001]), np.array([0, 0, -0.001, 0, 0.002])]
    assert np.isnan(stats.f_oneway(*groups).pvalue)
    assert compare_groups(groups, two=False)[0].p == pytest.approx(1)


def test_fewer_than_three_pairs_are_not_correlated():
    """scipy returns p = 1 for two pairs, whatever they are."""
    assert stats.pearsonr([1, 2], [3, 4]).pvalue == 1
    assert correlate(np.arange(2.0), np.arange(2.0)).p == Undefined(Reason.TOO_FEW_CASES)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("method", ["holm", "fdr_bh"])
def test_corrections_agree_with_statsmodels(seed, method):
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(seed)
    p = np.round(rng.random(1 + 5 * seed) ** 3, 2)  # with ties
    ours = {"holm": holm, "fdr_bh": benjamini_hochberg}[method](p)
    np.testing.assert_allclose(ours, multipletests(p, method=method)[1])


def test_nothing_is_corrected_to_nothing():
    assert len(holm(np.array([]))) == len(benjamini_hochberg(np.array([]))) == 0


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_agrees_with_scipys_percentile_bootstrap(confidence):
    values = np.random.default_rng(3).gamma(1.5, size=80)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=40_000, confidence_level=confidence,
        method="percentile", rng=np.random.default_rng(1), batch=2000,
    ).confidence_interval  # fmt: skip
    ours = interval_of_mean(values, resamples=40_000, confidence=confidence)
    width = theirs.high - theirs.low
    assert ours.low == pytest.approx(theirs.low, abs=0.02 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.02 * width)


def test_the_interval_over_cases_agrees_with_resampling_whole_cases():
    rng = np.random.default_rng(4)
    case = np.repeat(np.arange(50), rng.integers(1, 5, 50))
    values = rng.normal(size=50)[case] + 0.3 * rng.normal(size=len(case))

    def mean_of(drawn):
        return np.concatenate([values[case == one] for one in drawn.astype(int)]).mean()

    theirs = stats.bootstrap(
        (np.arange(50),), mean_of, n_resamples=3000, method="percentile",
        vectorized=False, rng=np.random.default_rng(1),
    ).confidence_interval  # fmt: skip
    ours = interval_of_mean(values, clusters=case)
    width = theirs.high - theirs.low
    assert ours.low == pytest.approx(theirs.low, abs=0.06 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.06 * width)


@pytest.mark.parametrize("seed", SEEDS)
def test_enrichment_agrees_with_scipys_fisher_test(seed):
    rng = np.random.default_rng(seed)
    lowest, control = ([f"{group}{n}" for n in range(25)] for group in "lc")
    labels = {
        path: frozenset(p for p in ("chin", "knee", "lip") if rng.random() < 0.4)
        for path in (*lowest, *control)
    }
    extremes = Extremes(0.1, 250, (), (), tuple(lowest), (), tuple(control))
    shares = [s for s in body_part_shares(extremes, labels) if s.group == "ds"]
    for share in shares:
        table = [
            [share.shown, share.labelled - share.shown],
            [share.control_shown, share.control_labelled - share.control_shown],
        ]
        expected = stats.fisher_exact(table)
        assert (share.odds_ratio, share.p) == pytest.approx(tuple(expected))
    np.testing.assert_allclose(
        [share.p_holm for share in shares], holm(np.array([share.p for share in shares]))
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("is_number", [True, False])
def test_the_linear_model_agrees_with_type_two_of_statsmodels(seed, is_number):
    import pandas as pd
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    rng = np.random.default_rng(seed)
    n = 60
    frame = pd.DataFrame({
        "y": 50 + rng.normal(size=n),
        "area": 1e-3 * rng.random(n),
        "images": rng.integers(1, 7, n).astype(float),
        "condition": rng.choice(list("abcd"), n),
        "group": rng.random(n) * 80 if is_number else rng.choice(list("xyz"), n),
    })  # fmt: skip
    term = "group" if is_number else "C(group)"
    table = anova_lm(ols(f"y ~ {term} + area + images + C(condition)", frame).fit(), typ=2)
    group = frame["group"].to_numpy()
    found = partial_f(
        frame["y"].to_numpy(),
        group[:, None] if is_number else indicators(group.astype(str)),
        {
            "ROI area": frame[["area"]].to_numpy(),
            "number of images": frame[["images"]].to_numpy(),
            "condition": indicators(frame["condition"].to_numpy().astype(str)),
        },
    )
    row = table.loc[term]
    assert (found.statistic, found.p) == pytest.approx((row["F"], row["PR(>F)"]), rel=1e-6)
    assert found.degrees == (row["df"], table.loc["Residual", "df"])
    explained, left = row["sum_sq"], table.loc["Residual", "sum_sq"]
    assert found.effect == pytest.approx(explained / (explained + left), rel=1e-6)
    assert found.note == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_collinear_columns_change_no_fit(seed):
    """What statsmodels fits without the redundant columns is fitted with them too."""
    import statsmodels.api as sm

    rng = np.random.default_rng(seed)
    n = 40
    group, area = rng.normal(size=n), rng.normal(size=n)
    values = rng.normal(size=n)
    beside = {"ROI area": area[:, None], "twice": np.column_stack([2 * area + 3, np.full(n, 7.0)])}
    found = partial_f(values, group[:, None], beside)
    fit = sm.OLS(values, sm.add_constant(np.column_stack([area, group]))).fit()
    assert found.statistic == pytest.approx(fit.tvalues[2] ** 2)
    assert found.p == pytest.approx(fit.pvalues[2])
    assert found.note == "dropped as collinear: twice (columns: 2)"


@pytest.mark.parametrize("strata", [1, 3])
def test_a_candidates_statistic_is_that_of_a_robust_regression(strata):
    """White's standard error (HC0) of the group in value ~ group + stratum."""
    import statsmodels.api as sm

    rng = np.random.default_rng(strata)
    n = 60
    stratum, members = rng.integers(0, strata, n), rng.integers(0, 2, n).astype(float)
    values = rng.normal(size=n) * (1 + members)
    design = np.column_stack([members, stratum[:, None] == np.arange(strata)]).astype(float)
    fit = sm.OLS(values, design).fit(cov_type="HC0")
    found = lowness(
        values[None], members[None], stratum, margins=np.zeros((1, 1)), permutations=99, rng=rng
    )
    assert found.difference[0, 0] == pytest.approx(-fit.params[0])
    assert found.statistic[0, 0] == pytest.approx(-fit.params[0] / fit.bse[0])


@pytest.mark.parametrize("seed", range(3))
def test_a_candidates_p_agrees_with_scipys_permutation_test(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0.0, 1, 12), rng.normal(0.5, 1, 20)

    def welch(low, high):
        return stats.ttest_ind(high, low, equal_var=False).statistic

    theirs = stats.permutation_test(
        (first, second), welch, n_resamples=2000, alternative="greater", rng=rng, vectorized=False
    )
    ours = lowness(
        np.concatenate([first, second])[None], np.repeat([1.0, 0.0], [12, 20])[None],
        np.zeros(32, dtype=np.intp), margins=np.zeros((1, 1)), permutations=20_000, rng=rng,
    )  # fmt: skip
    assert ours.p[0, 0] == pytest.approx(theirs.pvalue, abs=0.035)


def test_verdicts_of_a_study_agree_with_statsmodels():
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(0)
    cases = [
        OneCase(
            f"c{n}",
            metadata={"sex": "fm"[n % 2], "skin_tone": f"{n % 6}", "age": f"{20 + n}"},
            images=[numbers(rng, level=0.7 + 0.03 * (n % 2) + 0.0004 * n)],
        )
        for n in range(120)
    ]
    images, results = rows_of(cases)
    settings = FindingsSettings(resamples=100)
    compared = compare_columns(case_table(images, results), settings)
    for family in ("paper", "companion"):
        ours = [c for c in compared if c.family == family]
        p = [c.test.p for c in ours]
        rejected, _, _, alpha = multipletests(p, alpha=0.05, method="bonferroni")
        assert [c.is_significant for c in ours] == list(rejected)
        assert {c.alpha for c in ours} == {alpha}
        assert [c.p_holm for c in ours] == pytest.approx(multipletests(p, method="holm")[1])
        rates = multipletests(p, method="fdr_bh")[1]
        assert [c.p_benjamini_hochberg for c in ours] == pytest.approx(rates)
