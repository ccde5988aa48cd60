"""The name by which a candidate wrong cue is found again in another run."""

from dataclasses import replace

import pytest

from engine.domain.findings import Cue, Interval

CUE = Cue(
    kind="condition",
    column="",
    level="melanoma",
    is_correct=True,
    metric="auc",
    effect=0.2,
    interval=Interval(0.1, 0.3, 0.95),
    p=0.01,
    p_corrected=0.02,
    n=9,
    rest=90,
    images=("a.png",),
    sentence="Among correct cases ...",
)


def test_a_cue_is_named_by_what_it_is_about():
    assert CUE.key == "condition||melanoma|correct"


def test_the_numbers_of_a_run_do_not_change_its_name():
    other = replace(CUE, metric="ds_above_chance", effect=0.4, p=0.5, n=3, images=(), sentence="")
    assert other.key == CUE.key


@pytest.mark.parametrize(
    "change",
    [{"kind": "stratum"}, {"column": "sex"}, {"level": "naevus"}, {"is_correct": False}],
    ids=str,
)
def test_another_candidate_has_another_name(change):
    assert replace(CUE, **change).key != CUE.key


def test_names_with_bars_in_them_stay_apart():
    names = [("a|b", "c"), ("a", "b|c"), ("a\\", "b|c"), ("a\\|b", "c"), ("a", "\\|b|c")]
    keys = {replace(CUE, column=column, level=level).key for column, level in names}
    assert len(keys) == len(names)
