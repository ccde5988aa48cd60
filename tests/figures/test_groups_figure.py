"""Figure 8: bars, intervals and points are the numbers given; the verdict is in words."""

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.figures.groups import group_comparisons
from engine.figures.reference import ds_reference
from tests.figures.made_up import UNDEFINED, case, comparison, comparisons, result

REFERENCE = ds_reference([result()])
SEXES = (("female", 0.35, 580), ("male", 0.31, 491))


def drawn(*given, cases=()):
    return group_comparisons(given, [], cases, reference=REFERENCE)


def words(figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


def test_bars_and_intervals_are_the_means_of_the_groups() -> None:
    axes = drawn(comparison(levels=SEXES)).axes[0]
    assert [patch.get_width() for patch in axes.patches] == [0.35, 0.31]
    ends = [segment[:, 0].tolist() for bar in axes.collections for segment in bar.get_segments()]
    assert np.allclose(ends, [[0.32, 0.38], [0.28, 0.34]])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["female", "male"]
    numbers = [text.get_text() for text in axes.texts if "(" in text.get_text()]
    assert numbers == ["0.35 (580)", "0.31 (491)"]


def test_a_group_without_a_mean_has_no_bar_and_says_so() -> None:
    axes = drawn(comparison(levels=[("a", UNDEFINED, 0), ("b", 0.3, 9)])).axes[0]
    assert [patch.get_width() for patch in axes.patches] == [0.3]
    assert "undefined (0)" in [text.get_text() for text in axes.texts]


def test_the_verdict_gives_statistic_p_alpha_effect_n_and_missing() -> None:
    said = words(drawn(comparison(levels=SEXES, p=0.000256, left_out=(("unknown", 1),))))
    assert "Significant Two-sample t-test: t(1069) = −3.67, p = 0.000256, alpha 0.00833" in said
    assert "Cohen's d 0.22" in said
    assert "1,071 cases, 12 without a value; too small to compare: unknown (1)" in said


@pytest.mark.parametrize(
    ("verdict", "head"),
    [
        (True, "Significant"),
        (False, "Not significant"),
        (Undefined(Reason.ONE_GROUP), "No verdict: one group"),
    ],
)
def test_the_verdict_is_the_one_given(verdict, head) -> None:
    figure = drawn(comparison(levels=SEXES, is_significant=verdict))
    assert head in [text.get_text() for text in figure.texts]


def test_a_number_is_a_scatter_of_cases_with_its_regression_line() -> None:
    cases = [case(f"c{age}", ds=0.1 + age / 200, age=str(age)) for age in (20, 40, 60)]
    cases += [case("none", ds=0.5), case("word", ds=0.5, age="old"), case("inf", age="inf")]
    cases.append(case("undefined", ds=UNDEFINED, age="30"))
    axes = drawn(comparison("age"), cases=cases).axes[0]
    offsets = axes.collections[0].get_offsets().tolist()
    assert np.allclose(sorted(offsets), [[20, 0.2], [40, 0.3], [60, 0.4]])
    line = axes.lines[0]
    assert np.allclose(line.get_xdata(), [20, 60])
    assert np.allclose(line.get_ydata(), [0.2, 0.4])


def test_no_line_is_drawn_through_cases_of_one_age() -> None:
    axes = drawn(comparison("age", "srcc"), cases=[case("a", age="30"), case("b", age="30")]).axes
    assert len(axes[0].collections[0].get_offsets()) == 2
    assert len(axes[0].lines) == 0


def test_ceiling_and_chance_lie_on_every_panel_of_ds_and_on_no_other() -> None:
    figure = drawn(*comparisons(), cases=[case("a", age="30"), case("b", age="40")])
    has_lines = ["ceiling" in " ".join(t.get_text() for t in axes.texts) for axes in figure.axes]
    assert has_lines == [True, False] * 3


def test_ceiling_and_chance_are_explained_where_a_panel_shows_them_alone() -> None:
    shows_ds, shows_none = (drawn(comparison("sex", of, levels=SEXES)) for of in ("ds", "auc"))
    assert "Human ceiling" in words(shows_ds)
    assert "Human ceiling" not in words(shows_none)


def test_comparisons_of_one_column_stand_together_two_in_a_row() -> None:
    three = [comparison("site", metric, levels=SEXES) for metric in ("ds", "srcc", "auc")]
    figure = drawn(three[0], comparison("sex", levels=SEXES), *three[1:])
    tops = [round(axes.get_position().y1, 6) for axes in figure.axes]
    assert tops[0] == tops[1] > tops[2] > tops[3]
