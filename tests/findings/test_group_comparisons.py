import numpy as np
import pytest

from engine.domain.findings import Family, Scale
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import case_table
from engine.findings.groups import compare_columns
from tests.finding_rows import OneCase, numbers, rows_of

QUICK = FindingsSettings(resamples=200)


def _compared(cases, settings=QUICK):
    images, results = rows_of(cases)
    return {(c.column, c.metric): c for c in compare_columns(case_table(images, results), settings)}


def _case(number, ds, **metadata):
    one = {"ds": ds, "srcc": 0.1 * ds, "auc": 0.5 + ds / 3, "roi_area": 0.1 + ds / 9}
    return OneCase(f"{number:03}", metadata=metadata, images=[one])


def _study(count, rng, **columns):
    return [
        _case(number, rng.random(), **{name: make(number) for name, make in columns.items()})
        for number in range(count)
    ]


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def test_the_six_of_the_paper_share_one_twentieth(rng):
    found = _compared(_study(12, rng, sex=lambda n: "fm"[n % 2]))
    paper = [c for c in found.values() if c.family is Family.PAPER]
    assert {(c.column, c.metric) for c in paper} == {
        (column, metric) for column in ("sex", "skin_tone", "age") for metric in ("ds", "srcc")
    }
    assert {c.alpha for c in paper} == {0.05 / 6}
    companions = {key for key, c in found.items() if c.family is Family.COMPANION}
    assert companions == {(c, m) for c in ("sex", "skin_tone", "age") for m in ("auc", "roi_area")}


def test_a_column_that_no_case_has_is_listed_as_undefined(rng):
    found = _compared(_study(12, rng))
    for column, scale, name in (
        ("sex", Scale.TWO_GROUPS, "t"),
        ("skin_tone", Scale.GROUPS, "anova"),
        ("age", Scale.NUMBER, "pearson"),
    ):
        comparison = found[column, "ds"]
        assert (comparison.scale, comparison.test.name) == (scale, name)
        assert (comparison.n, comparison.missing, comparison.levels) == (0, 12, ())
        few = Undefined(Reason.TOO_FEW_CASES)
        assert comparison.test.p == comparison.p_holm == comparison.is_significant == few
        assert all(test.p == few for test in comparison.beside)


def test_a_run_without_cases_has_comparisons_without_numbers():
    assert all(c.n == 0 for c in _compared([]).values())


def test_missing_values_of_column_and_metric_are_counted(rng):
    cases = _study(10, rng, sex=lambda n: "fm"[n % 2])
    cases += [_case(20, 0.5), _case(21, 0.5, sex=" ")]
    cases += [OneCase("22", metadata={"sex": "f"}, images=[{"srcc": 0.4, "roi_area": 0.1}])]
    found = _compared(cases)
    assert (found["sex", "ds"].n, found["sex", "ds"].missing) == (10, 3)
    assert (found["sex", "srcc"].n, found["sex", "srcc"].missing) == (11, 2)


def test_a_level_of_one_case_is_left_out_and_named(rng):
    cases = _study(10, rng, sex=lambda n: "fm"[n % 2] if n else "unknown")
    found = _compared(cases)["sex", "ds"]
    assert found.left_out == (("unknown", 1),)
    assert [level.name for level in found.levels] == ["f", "m"]
    assert (found.n, found.missing, found.test.name) == (9, 0, "t")


def test_one_level_alone_is_no_comparison(rng):
    found = _compared(_study(6, rng, sex=lambda _: "f"))["sex", "ds"]
    assert found.test.p == Undefined(Reason.ONE_GROUP)
    assert found.test.name == "t"
    assert [level.name for level in found.levels] == ["f"]


def test_a_third_sex_makes_it_an_analysis_of_variance(rng):
    found = _compared(_study(12, rng, sex=lambda n: "fmx"[n % 3]))["sex", "ds"]
    assert (found.scale, found.test.name) == (Scale.GROUPS, "anova")
    assert [test.name for test in found.beside] == ["kruskal_wallis", "linear_model"]


def test_two_skin_tones_are_compared_by_t(rng):
    found = _compared(_study(12, rng, skin_tone=lambda n: str(1 + n % 2)))["skin_tone", "ds"]
    assert (found.scale, found.test.name) == (Scale.TWO_GROUPS, "t")


def test_levels_come_in_natural_order(rng):
    found = _compared(_study(12, rng, skin_tone=lambda n: ["10", "9", "2a"][n % 3]))
    assert [level.name for level in found["skin_tone", "ds"].levels] == ["2a", "9", "10"]


def test_the_difference_is_the_first_level_minus_the_second():
    cases = [_case(n, 0.2 + 0.01 * n, sex="female") for n in range(5)]
    cases += [_case(10 + n, 0.6 + 0.01 * n, sex="male") for n in range(5)]
    found = _compared(cases)["sex", "ds"]
    assert found.test.statistic == pytest.approx(-40)
    assert found.test.effect == pytest.approx(-0.4 / 0.00025**0.5)
    assert found.is_significant is True


def test_groups_that_do_not_vary_are_not_tested():
    cases = [_case(n, 0.3, sex="fm"[n % 2], age=str(n)) for n in range(8)]
    found = _compared(cases)
    for column in ("sex", "age"):
        assert found[column, "ds"].test.p == Undefined(Reason.NO_VARIATION)
        assert found[column, "ds"].is_significant == Undefined(Reason.NO_VARIATION)


def test_a_constant_group_beside_one_that_varies_is_tested():
    cases = [_case(n, 1.0, sex="f") for n in range(4)]
    cases += [_case(9 + n, 0.2 + n / 10, sex="m") for n in range(4)]
    assert isinstance(_compared(cases)["sex", "ds"].test.p, float)


def test_one_age_for_all_is_not_correlated(rng):
    found = _compared(_study(8, rng, age=lambda _: "44"))["age", "ds"]
    assert found.test.p == Undefined(Reason.NO_VARIATION)


def test_an_age_that_is_no_number_is_missing(rng):
    found = _compared(_study(8, rng, age=lambda n: "unknown" if n == 3 else f"{20 + n}"))
    assert (found["age", "ds"].n, found["age", "ds"].missing) == (7, 1)
    assert found["age", "ds"].scale is Scale.NUMBER


def test_infinite_and_undefined_ages_are_missing(rng):
    found = _compared(_study(8, rng, age=lambda n: ["inf", "nan", "31", "62"][n % 4]))
    assert found["age", "ds"].n == 4


def test_age_groups_are_levels(rng):
    found = _compared(_study(8, rng, age=lambda n: ["40-60", "60+"][n % 2]))["age", "ds"]
    assert (found.scale, found.family) == (Scale.TWO_GROUPS, Family.PAPER)


def test_a_further_column_has_a_family_of_its_own(rng):
    settings = QUICK.model_copy(update={"strata": ("device", "weight", "sex")})
    cases = _study(
        12, rng, device=lambda n: "abc"[n % 3], weight=lambda n: f"{60 + n}", sex=lambda _: ""
    )
    found = _compared(cases, settings)
    assert found["device", "ds"].test.name == "anova"
    assert found["weight", "auc"].test.name == "pearson"
    strata = [c for c in found.values() if c.family is Family.STRATUM]
    assert {c.column for c in strata} == {"device", "weight"}
    assert {c.alpha for c in strata} == {0.05 / 8}


def test_a_further_column_with_one_word_is_compared_by_levels(rng):
    settings = QUICK.model_copy(update={"strata": ("device",)})
    found = _compared(_study(9, rng, device=lambda n: ["1", "2", "x"][n % 3]), settings)
    assert found["device", "ds"].scale is Scale.GROUPS


def test_the_verdict_is_mechanical(rng):
    cases = _study(200, rng, age=lambda n: f"{n}")
    tilted = [
        OneCase(
            case.name,
            metadata=case.metadata,
            images=[case.images[0] | {"ds": case.images[0]["ds"] + 0.002 * n}],
        )
        for n, case in enumerate(cases)
    ]
    found = _compared(tilted)["age", "ds"]
    assert found.test.p < 0.001
    assert abs(found.test.effect) < 0.5
    assert found.is_significant is True
    strict = QUICK.model_copy(update={"alpha": 1e-12})
    assert _compared(tilted, strict)["age", "ds"].is_significant is False


def test_a_case_has_the_area_of_the_image_its_metric_was_taken_from(rng):
    images = [
        {"ds": 0.9, "srcc": 0.1, "auc": 0.5, "roi_area": 0.25},
        {"ds": 0.1, "srcc": 0.9, "auc": 0.7, "roi_area": 0.5},
    ]
    rows = rows_of([OneCase("a", images=images)])
    table = case_table(*rows)
    assert table.areas["ds"] == table.values["roi_area"] == [0.25]
    assert table.areas["srcc"] == table.areas["auc"] == [0.5]


def test_under_a_mean_a_case_has_the_mean_area_of_its_images(rng):
    images = [{"ds": 0.9, "roi_area": 0.25}, {"ds": 0.1, "roi_area": 0.5}, {"roi_area": 0.9}]
    rows, [case] = rows_of([OneCase("a", images=images)])
    for metric in case.metrics.values():
        object.__setattr__(metric, "image", "")
    assert case_table(rows, [case]).areas["ds"] == pytest.approx([0.375])


def test_the_linear_model_removes_what_area_explains(rng):
    """A sex with larger regions scores higher by them alone."""
    cases = []
    for n in range(80):
        area = rng.uniform(0.1, 0.2) + 0.1 * (n % 2)
        one = {"ds": 3 * area + 0.01 * rng.normal(), "srcc": 0.1, "roi_area": area}
        cases.append(OneCase(f"{n:03}", metadata={"sex": "fm"[n % 2]}, images=[one]))
    found = _compared(cases)["sex", "ds"]
    model = found.beside[-1]
    assert found.test.p < 1e-6
    assert model.p > 0.01
    assert model.note == "dropped as collinear: number of images (columns: 1)"


def test_the_linear_model_of_roi_area_does_not_explain_it_by_itself(rng):
    found = _compared(_study(30, rng, sex=lambda n: "fm"[n % 2]))["sex", "roi_area"]
    assert isinstance(found.beside[-1].p, float)
    assert "ROI area" not in found.beside[-1].note


def test_a_group_that_the_condition_determines_has_no_linear_model(rng):
    cases = [
        OneCase(
            f"{n:03}", ["acne", "eczema"][n % 2], metadata={"sex": "fm"[n % 2]},
            images=[numbers(rng)],
        )
        for n in range(20)
    ]  # fmt: skip
    assert _compared(cases)["sex", "ds"].beside[-1].p == Undefined(Reason.NO_VARIATION)


def test_too_few_cases_for_all_terms_have_no_linear_model(rng):
    cases = [
        OneCase(f"{n}", f"{n % 3}", metadata={"sex": "ffmm"[n]}, images=[numbers(rng)])
        for n in range(4)
    ]
    found = _compared(cases)["sex", "ds"]
    assert isinstance(found.test.p, float)
    assert found.beside[-1].p == Undefined(Reason.TOO_FEW_CASES)
