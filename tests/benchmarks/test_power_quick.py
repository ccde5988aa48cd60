"""A planted wrong cue is found, a clean study is left alone, and the benchmark can tell which."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from benchmarks.power.__main__ import kinds_table, strengths_table
from benchmarks.power.run import (
    Outcome,
    first_named,
    key_of,
    outcomes_of,
    read_outcomes,
    run_study,
)
from benchmarks.power.studies import (
    KINDS,
    SEXES,
    Plan,
    outlined,
    plan_patients,
    plan_study,
    study_pictures,
    training_pictures,
)
from engine.domain.findings import Cue
from engine.domain.measure import Reason, Undefined

SEED = 1000
"""Not one of the seeds of the reported run."""


def _cue(plan: Plan, kind: str, level: str) -> Cue:
    return Cue(
        kind=kind,
        column="sex" if kind == "stratum" else "",
        level=level,
        is_correct=True,
        metric="auc",
        effect=0.2,
        interval=Undefined(Reason.TOO_FEW_CASES),
        p=0.001,
        p_corrected=0.01,
        n=20,
        rest=80,
        images=(),
        sentence=f"{plan.kind} {level}",
    )


def _outcome(plan: Plan, *cues: Cue) -> Outcome:
    return Outcome(
        *key_of(plan),
        planted=plan.planted,
        first=first_named(cues),
        sentences=tuple(cue.sentence for cue in cues),
        accuracy=0.8,
        seconds=5.0,
        processor_seconds=4.0,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_sentence_names_what_is_planted_and_a_clean_study_has_none(kind):
    found = run_study(plan_study(kind, SEED))
    assert found.accuracy > 0.5
    assert found.first == found.planted
    assert bool(found.sentences) == (kind != "none")


@pytest.mark.parametrize("kind", ["mark", "sex"])
def test_a_study_without_a_sentence_is_a_miss_where_something_is_planted(kind):
    assert not _outcome(plan_study(kind, SEED)).is_counted


def test_only_a_first_sentence_about_the_planted_condition_is_a_hit():
    plan = plan_study("mark", SEED)
    planted = plan.conditions[plan.planted_condition]
    other = next(name for name in plan.conditions if name != planted)
    right, wrong = _cue(plan, "condition", planted), _cue(plan, "condition", other)
    assert _outcome(plan, right, wrong).is_counted
    assert not _outcome(plan, wrong, right).is_counted


def test_only_a_first_sentence_about_the_planted_sex_is_a_hit():
    plan = plan_study("sex", SEED)
    hits = [_outcome(plan, _cue(plan, "stratum", sex)).is_counted for sex in SEXES]
    assert hits == [index == plan.planted_sex for index in range(2)]


def test_any_sentence_about_a_clean_study_is_an_accusation():
    plan = plan_study("none", SEED)
    assert _outcome(plan, _cue(plan, "stratum", "female")).is_counted
    assert not _outcome(plan).is_counted


def _planted_mark(plan):
    return "has_ruler" if plan.is_ruler else "has_pen"


def _shares(plan, mark):
    """Return how often a mark is shown in training pictures of the planted condition, and not."""
    scenes = training_pictures(plan, 600).scenes
    is_planted, is_shown = scenes.condition == plan.planted_condition, getattr(scenes, mark)
    return is_shown[is_planted].mean(), is_shown[~is_planted].mean()


def test_the_mark_is_tied_to_the_planted_condition():
    plan = plan_study("mark", SEED)
    inside, outside = _shares(plan, _planted_mark(plan))
    assert inside > 0.85
    assert outside < 0.1


@pytest.mark.parametrize("kind", ["sex", "none"])
@pytest.mark.parametrize("mark", ["has_pen", "has_ruler"])
def test_no_other_kind_of_study_ties_a_mark_to_a_condition(kind, mark):
    inside, outside = _shares(plan_study(kind, SEED), mark)
    assert abs(inside - outside) < 0.12


def _told(kind):
    """Return how often stickers tell the condition: of the planted sex, and of the other."""
    plan = plan_study(kind, SEED)
    patients = plan_patients(plan)
    scenes = study_pictures(plan, patients).scenes
    sex = np.repeat([p.sex for p in patients], [p.images for p in patients])
    tells, is_planted = scenes.sticker == scenes.condition, sex == plan.planted_sex
    return tells[is_planted].mean(), tells[~is_planted].mean()


def test_stickers_tell_the_condition_of_the_planted_sex_alone():
    inside, outside = _told("sex")
    assert inside > 0.85
    assert outside < 0.1


@pytest.mark.parametrize("kind", ["mark", "none"])
def test_in_no_other_kind_of_study_stickers_tell_the_condition(kind):
    assert max(_told(kind)) < 0.1


def test_a_weaker_cue_is_shown_in_fewer_of_the_planted_pictures():
    plan = plan_study("mark", SEED, strength=0.4)
    inside, _ = _shares(plan, _planted_mark(plan))
    assert 0.2 < inside < 0.6


def test_a_seed_gives_the_same_study_again_and_every_lesion_an_outline():
    plan = plan_study("none", SEED)
    first, second = (study_pictures(plan, plan_patients(plan)) for _ in range(2))
    regions = outlined(plan, first)
    assert np.array_equal(first.pixels, second.pixels)
    assert regions.any(axis=(1, 2)).all()
    assert 0.01 < regions.mean() < 0.3


def _runner(done: list[Plan]):
    @contextmanager
    def run(plans: Sequence[Plan]) -> Iterator[Iterator[Outcome]]:
        done.extend(plans)
        yield (_outcome(plan) for plan in plans)

    return run


def test_a_killed_run_goes_on_with_the_studies_that_the_file_lacks(tmp_path: Path):
    file = tmp_path / "power.jsonl"
    plans = [plan_study("none", seed) for seed in range(3)]
    stopped = outcomes_of(plans, file, run=_runner([]))
    first = [next(stopped), next(stopped)]
    stopped.close()
    with file.open("a") as stream:
        stream.write('\n{"kind": "no')  # killed while writing
    done: list[Plan] = []
    assert set(outcomes_of(plans, file, run=_runner(done))) == {*first, _outcome(plans[2])}
    assert done == plans[2:]
    assert len(list(read_outcomes(file))) == 3


def test_outcomes_of_another_version_are_done_anew(tmp_path: Path):
    file = tmp_path / "power.jsonl"
    file.write_text('{"version": 0, "kind": "none"}')
    assert list(read_outcomes(file)) == []


def test_another_strength_is_another_study(tmp_path: Path):
    file = tmp_path / "power.jsonl"
    plans = [plan_study("mark", 0, strength=strength) for strength in (0.9, 0.5)]
    list(outcomes_of(plans[:1], file, run=_runner([])))
    done: list[Plan] = []
    list(outcomes_of(plans, file, run=_runner(done)))
    assert done == plans[1:]


def _cells(table, column):
    return list(next(each for each in table.columns if each.header == column).cells)


def test_the_table_counts_hits_and_accusations_of_each_kind():
    plan, clean = plan_study("mark", SEED), plan_study("none", SEED)
    hit = _cue(plan, "condition", plan.conditions[plan.planted_condition])
    table = kinds_table([_outcome(plan, hit), _outcome(plan), _outcome(clean), _outcome(clean)])
    assert _cells(table, "kind") == ["mark", "none"]
    assert _cells(table, "counted") == ["1", "0"]
    assert _cells(table, "rate") == ["0.500", "0.000"]
    assert _cells(table, "95 % interval") == ["0.013 to 0.987", "0.000 to 0.842"]


def test_the_weakest_strength_is_the_lowest_that_is_found_often_enough():
    outcomes = []
    for strength, hits in ((0.9, 5), (0.5, 3), (0.7, 4)):
        plan = plan_study("mark", SEED, strength=strength)
        hit = _cue(plan, "condition", plan.conditions[plan.planted_condition])
        outcomes += [_outcome(plan, *[hit] * (number < hits)) for number in range(5)]
    assert _cells(strengths_table(outcomes), "strength") == ["0.50", "0.70", "0.90", "0.70"]
