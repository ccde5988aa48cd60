import numpy as np
import pytest

from engine.domain.findings import Interval
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import case_table
from engine.findings.cues import find_cues
from tests.finding_rows import NONE, OneCase, numbers, rows_of

QUICK = FindingsSettings(permutations=1999, resamples=500)
CONDITIONS = ("acne", "eczema", "melanoma", "psoriasis")


def _study(seed, level=lambda _metadata, _condition: 0.85, *, cases=160, correct=0.9):
    rng = np.random.default_rng(seed)
    made = []
    for number in range(cases):
        condition = CONDITIONS[number % len(CONDITIONS)]
        metadata = {
            "sex": str(rng.choice(["f", "m"])),
            "skin_tone": str(rng.integers(1, 7)),
            "age": str(rng.integers(20, 80)),
        }
        images = [numbers(rng, level=level(metadata, condition)) for _ in range(rng.integers(1, 4))]
        is_correct = bool(rng.random() < correct)
        made.append(OneCase(f"c{number:04}", condition, is_correct, metadata, images))
    return made


def _found(cases, settings=QUICK, body_parts=None):
    images, results = rows_of(cases)
    return find_cues(case_table(images, results), images, body_parts or {}, settings)


def _first(search):
    cue = search.cues[0]
    return cue.kind, cue.column, cue.level


def test_a_planted_condition_is_named_first():
    search = _found(_study(1, lambda _, condition: 0.6 if condition == "melanoma" else 0.85))
    assert _first(search) == ("condition", "", "melanoma")
    assert not [cue for cue in search.cues if cue.kind != "condition"]


def test_a_planted_sex_is_named_first():
    search = _found(_study(2, lambda metadata, _: 0.6 if metadata["sex"] == "f" else 0.85))
    assert _first(search) == ("stratum", "sex", "f")


def test_a_cue_in_older_people_is_found_by_the_median_of_age():
    search = _found(_study(3, lambda metadata, _: 0.6 if int(metadata["age"]) >= 50 else 0.85))
    kind, column, level = _first(search)
    assert (kind, column) == ("stratum", "age")
    assert level.startswith(">= ")


def test_a_cue_in_a_further_column_is_found():
    cases = _study(4, lambda metadata, _: 0.6 if metadata["skin_tone"] in "135" else 0.85)
    odd = [
        OneCase(
            case.name, case.condition, case.is_correct,
            {"device": "old" if case.metadata["skin_tone"] in "135" else "new"}, case.images,
        )
        for case in cases
    ]  # fmt: skip
    settings = QUICK.model_copy(update={"strata": ("device",)})
    assert _first(_found(odd, settings)) == ("stratum", "device", "old")


def test_a_cue_in_a_body_part_is_found_among_labelled_images():
    rng = np.random.default_rng(5)
    cases, labels = [], {}
    for number in range(120):
        shows = bool(rng.random() < 0.4)
        images = [numbers(rng, level=0.6 if shows else 0.85)]
        cases.append(OneCase(f"c{number:03}", CONDITIONS[number % 4], images=images))
        if number % 3:
            labels[f"c{number:03}/0.png"] = frozenset({"lip"} if shows else ())
    search = _found(cases, body_parts=labels)
    assert _first(search) == ("body_part", "", "lip")
    assert search.cues[0].n + search.cues[0].rest <= len(labels)


def test_a_case_shows_what_any_of_its_labelled_images_shows():
    rng = np.random.default_rng(5)
    cases = [OneCase(f"c{n}", images=[numbers(rng), numbers(rng)]) for n in range(20)]
    labels = {f"c{n}/{n % 2}.png": frozenset({"lip"}) for n in range(6)}
    labels |= {f"c{n}/{(n + 1) % 2}.png": frozenset() for n in range(20)}
    search = _found(cases, QUICK.model_copy(update={"alpha": 0.9999}), labels)
    sizes = {(cue.n, cue.rest) for cue in search.cues if cue.kind == "body_part"}
    assert sizes <= {(6, 14)}
    assert "body part: lip, correct" not in dict(search.untested)


def test_sound_studies_are_rarely_accused():
    quick = QUICK.model_copy(update={"permutations": 999})
    accused = [seed for seed in range(20) if _found(_study(100 + seed, cases=80), quick).cues]
    assert len(accused) <= 3  # where 5 % are accused, more have a probability of 0.016


def test_lesions_of_another_size_are_no_cue():
    """Small lesions lower DS by themselves; the slopes within conditions know."""
    rng = np.random.default_rng(7)
    cases = []
    for number in range(240):
        condition = CONDITIONS[number % 4]
        area = float((0.03 if condition == "acne" else 0.1) * np.exp(rng.normal(scale=0.4)))
        one = numbers(rng, level=0.85 + 0.15 * np.log(area / 0.1)) | {"roi_area": area}
        cases.append(OneCase(f"c{number:03}", condition, images=[one]))
    assert not _found(cases).cues


def test_a_group_with_more_of_a_badly_found_condition_is_no_cue():
    rng = np.random.default_rng(8)
    cases = []
    for number in range(200):
        condition = CONDITIONS[number % 4]
        share = 0.9 if condition == "melanoma" else 0.3
        metadata = {"sex": "f" if rng.random() < share else "m"}
        images = [numbers(rng, level=0.6 if condition == "melanoma" else 0.85)]
        cases.append(OneCase(f"c{number:03}", condition, True, metadata, images))
    assert {cue.level for cue in _found(cases).cues} == {"melanoma"}


def test_a_condition_with_more_of_a_badly_found_sex_is_no_cue():
    rng = np.random.default_rng(14)
    cases = []
    for number in range(300):
        condition = CONDITIONS[number % 4]
        is_female = bool(rng.random() < (0.9 if condition == "melanoma" else 0.2))
        metadata = {"sex": "f" if is_female else "m"}
        images = [numbers(rng, level=0.58 if is_female else 0.85)]
        cases.append(OneCase(f"c{number:03}", condition, True, metadata, images))
    assert [cue.level for cue in _found(cases).cues] == ["f"]
    blind = QUICK.model_copy(update={"sex_column": "elsewhere"})
    assert [cue.level for cue in _found(cases, blind).cues] == ["melanoma"]


def test_a_condition_that_a_column_determines_is_still_compared():
    """Nothing can be compared within the levels then; which of the two it is, none can say."""
    cases = [
        OneCase(c.name, c.condition, True, {"sex": "fm"[c.condition == "melanoma"]}, c.images)
        for c in _study(1, lambda _, condition: 0.6 if condition == "melanoma" else 0.85)
    ]
    assert [cue.level for cue in _found(cases).cues] == ["melanoma"]


@pytest.mark.parametrize("planted", ["acne", "f"])
def test_groups_may_fall_short_by_the_margin(planted):
    """DS above chance 0.27 against 0.35: less than a quarter."""
    cases = _study(
        9,
        lambda metadata, condition: 0.77 if planted in (metadata["sex"], condition) else 0.85,
        cases=400,
    )
    assert not _found(cases).cues
    strict = _found(cases, QUICK.model_copy(update={"cue_margin": 0.0}))
    assert _first(strict)[2] == planted


@pytest.mark.parametrize("metric", ["auc", "ds_above_chance"])
def test_a_metric_that_is_not_lower_acquits(metric):
    cases = [
        OneCase(
            case.name, case.condition, case.is_correct, case.metadata,
            [image | {metric: 0.6 + 0.1 * (number % 3)} for image in case.images],
        )
        for number, case in enumerate(
            _study(1, lambda _, condition: 0.6 if condition == "melanoma" else 0.85)
        )
    ]  # fmt: skip
    assert not _found(cases).cues


def test_incorrect_cases_are_compared_with_incorrect_ones():
    cases = _study(10, correct=0.5, cases=240)
    low = [
        OneCase(
            case.name, case.condition, case.is_correct, case.metadata,
            [image | {"auc": image["auc"] - 0.3, "ds_above_chance": image["ds_above_chance"] - 0.3}
             for image in case.images],
        )
        if case.condition == "acne" and not case.is_correct else case
        for case in cases
    ]  # fmt: skip
    [cue] = _found(low).cues
    assert (cue.level, cue.is_correct) == ("acne", False)


def test_a_cue_has_its_numbers_its_images_and_a_sentence():
    cases = _study(1, lambda _, condition: 0.6 if condition == "melanoma" else 0.85)
    images, results = rows_of(cases)
    found = find_cues(case_table(images, results), images, {}, QUICK).cues
    [cue] = [cue for cue in found if cue.is_correct]
    value = {i.image.path: getattr(i.localisation, cue.metric) for i in images}
    own = [case for case in cases if case.condition == "melanoma" and case.is_correct]
    assert cue.n == len(own)
    assert cue.rest == sum(case.is_correct for case in cases) - len(own)
    assert set(cue.images) == {f"{c.name}/{n}.png" for c in own for n in range(len(c.images))}
    assert list(cue.images) == sorted(cue.images, key=lambda path: (value[path], path))
    assert isinstance(cue.interval, Interval)
    assert cue.interval.low < cue.effect < cue.interval.high
    assert cue.effect == pytest.approx(0.25, abs=0.05)
    assert cue.p < cue.p_corrected < 0.05
    for part in ("melanoma", f"{cue.effect:.2f}", "correctly", f"{cue.n} cases", "95% interval"):
        assert part in cue.sentence


@pytest.mark.parametrize(
    ("metric", "auc", "ds"), [("auc", 0.1, 0.3), ("ds_above_chance", 0.4, 0.3)]
)
def test_the_effect_is_the_smaller_of_the_two(metric, auc, ds):
    cases = [
        OneCase(
            case.name, case.condition, True, case.metadata,
            [image | {"auc": image["auc"] - auc, "ds_above_chance": image["ds_above_chance"] - ds}
             for image in case.images] if case.condition == "acne" else case.images,
        )
        for case in _study(15, lambda _metadata, _condition: 0.9)
    ]  # fmt: skip
    [cue] = _found(cases).cues
    assert cue.metric == metric
    assert cue.effect == pytest.approx(min(auc, ds), abs=0.04)


def test_candidates_that_are_too_small_are_named():
    cases = _study(11, correct=1.0, cases=120)
    cases += [OneCase("z", "vitiligo", True, {}, [numbers(np.random.default_rng(0))])]
    untested = dict(_found(cases).untested)
    assert untested["vitiligo, correct"].startswith("cases: 1, to compare with: 120")
    assert untested["sex: f, incorrect"].startswith("cases: 0, to compare with: 0")
    assert "acne, correct" not in untested


def test_a_body_part_and_a_condition_of_one_name_are_two_candidates():
    rng = np.random.default_rng(3)
    cases = [OneCase(f"c{n}", ["lip", "acne"][n % 2], images=[numbers(rng)]) for n in range(3)]
    names = dict(_found(cases, body_parts={"c0/0.png": frozenset({"lip"})}).untested)
    assert {"lip, correct", "body part: lip, correct"} <= set(names)


def test_a_level_that_fills_its_conditions_has_nothing_to_compare_with():
    cases = _study(12, correct=1.0)
    sorted_out = [
        OneCase(c.name, c.condition, True, {"sex": "f" if c.condition == "acne" else "m"}, c.images)
        for c in cases
    ]
    assert "sex: f, correct" in dict(_found(sorted_out).untested)


def test_equal_values_are_not_tested():
    same = {"auc": 0.7, "ds_above_chance": 0.2, "roi_area": 0.1}
    search = _found([OneCase(f"c{n}", CONDITIONS[n % 2], images=[same]) for n in range(40)])
    assert search.tested == 0
    assert dict(search.untested)["acne, correct"] == "all cases have the same value"


def test_cases_without_correctness_or_without_values_take_no_part():
    rng = np.random.default_rng(0)
    unknown = [OneCase(f"u{n}", "acne", NONE, images=[numbers(rng)]) for n in range(9)]
    unmapped = [OneCase(f"v{n}", "acne", True, images=[{"auc": 0.5}]) for n in range(9)]
    search = _found(unknown + unmapped)
    assert (search.cues, search.tested) == ((), 0)
    assert dict(search.untested)["acne, correct"].startswith("cases: 0")


def test_a_run_without_cases_has_no_candidates():
    search = _found([])
    assert (search.cues, search.tested, search.untested) == ((), 0, ())


def test_a_further_column_raises_the_bar_for_all():
    cases = _study(13, lambda metadata, _: 0.6 if metadata["sex"] == "f" else 0.85)
    more = [
        OneCase(c.name, c.condition, c.is_correct, {**c.metadata, "room": str(n % 9)}, c.images)
        for n, c in enumerate(cases)
    ]
    few, many = _found(more), _found(more, QUICK.model_copy(update={"strata": ("room",)}))
    assert many.tested > few.tested
    assert many.cues[0].p == few.cues[0].p
    assert many.cues[0].p_corrected > few.cues[0].p_corrected
