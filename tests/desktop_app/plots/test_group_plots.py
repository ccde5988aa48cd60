"""Bars of groups and body parts, conditions, pairs and ranks hold the numbers of the figures."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app.plots.body_parts import BodyPartPlot
from desktop_app.plots.conditions import ConditionPlot
from desktop_app.plots.groups import GroupPlot
from desktop_app.plots.matrix import MatrixPlot
from desktop_app.plots.ranks import RankPlot
from engine.domain.findings import BodyPartShare
from engine.figures.conditions import condition_scatter
from engine.figures.groups import group_comparisons
from engine.figures.persistence import persistence_lines, ranks_of
from engine.figures.reference import ds_reference
from engine.findings.case_table import case_table
from engine.findings.columns import numbers_of
from engine.findings.persistence import rank_persistence
from tests.desktop_app.plots.hand import count_of
from tests.figures.made_up import UNDEFINED, comparison, point, result, study
from tests.figures.test_conditions_figure import marks

REFERENCE = ds_reference([result()])
LEVELS = (("female", 0.31, 40), ("male", 0.25, 60))
SHIFT = Qt.KeyboardModifier.ShiftModifier


def rows(selection):
    return None if selection.mask is None else np.flatnonzero(selection.mask).tolist()


def groups_of(*lists):
    return [np.array(some, dtype=np.intp) for some in lists]


# Conditions


@pytest.fixture
def conditions(shown, selection):
    given = [
        point("Acne", 0.4, 0.3),
        point("Cyst", 0.2, -0.1, is_lowest=True),
        point("Acne", 0.3, 0.25, is_correct=False),
        point("Tinea", UNDEFINED, 0.1),
    ]
    plot = shown(ConditionPlot)
    selection.restart(8)
    plot.set_points(given, REFERENCE, images=groups_of([0, 1], [2, 3], [4], [5]), count=8)
    return plot, given


def test_conditions_lie_where_those_of_figure_7_do(conditions):
    plot, given = conditions
    correct, incorrect = condition_scatter(given, reference=REFERENCE).axes
    data = plot.data()
    ours = list(zip(data["ds"], data["srcc"], data["correct"], data["lowest"], strict=True))
    for axes, is_correct in ((correct, True), (incorrect, False)):
        for places, is_lowest in zip(marks(axes), (False, True), strict=True):
            kept = [[x, y] for x, y, right, low in ours if (right, low) == (is_correct, is_lowest)]
            assert kept == places
    assert plot.view.home.x == pytest.approx(correct.get_xlim())
    assert plot.view.home.y == pytest.approx(correct.get_ylim())
    assert plot.note == "1 of 4 not drawn: too few cases, or no mean"
    assert (data["ds_low"][0], data["ds_high"][0]) == pytest.approx((0.37, 0.43))


def test_a_click_on_a_condition_brushes_its_images(conditions, hand, selection, qtbot):
    plot, given = conditions
    with qtbot.waitSignal(plot.chosen) as chosen:
        hand(plot).click(0.2, -0.1)
    assert chosen.args == [given[1]]
    assert rows(selection) == [2, 3]
    hand(plot).click(0.3, 0.25, keys=SHIFT)
    assert rows(selection) == [2, 3, 4]
    hand(plot).click(0.6, 0.0)
    assert selection.mask is None


def test_a_rectangle_brushes_the_images_of_all_conditions_in_it(conditions, hand, selection):
    hand(conditions[0]).drag((0.25, 0.2), (0.3, 0.3), (0.45, 0.34))
    assert rows(selection) == [0, 1, 4]


def test_conditions_without_a_brushed_image_are_pale(conditions, hand, selection):
    plot, _ = conditions
    picks = np.zeros(8, dtype=bool)
    picks[4] = True
    selection.brush(picks)
    pixels, palette = hand(plot).colours(), plot.look.palette
    assert count_of(pixels, palette.incorrect[0]) > 20
    assert count_of(pixels, palette.correct[0]) == 0
    assert count_of(pixels, palette.dim) > 40


def test_the_arrows_go_from_condition_to_condition_by_ds(conditions, hand, selection):
    keys = hand(conditions[0])
    keys.key(Qt.Key.Key_Right)
    assert rows(selection) == [2, 3]
    keys.key(Qt.Key.Key_Right)
    assert rows(selection) == [4]


def test_every_condition_is_named_where_there_is_room(conditions, hand):
    plot, _ = conditions
    hand(plot).colours()
    placed = [box for box, _ in plot._names]
    assert len(placed) == 3
    assert not any(a.intersects(b) for a in placed for b in placed if a is not b)


def test_conditions_are_told_in_words_the_lowest_first(conditions):
    said = conditions[0].accessibleDescription()
    assert said.index("Cyst, correct, DS 0.20") < said.index("Acne, incorrect, DS 0.30")
    assert "human ceiling 0.85" in said
    assert "chance level 0.20" in said


def test_without_a_condition_it_says_why(shown):
    plot = shown(ConditionPlot)
    plot.set_points([point("Acne", 0.4, 0.3, is_compared=False)])
    assert plot.empty == ConditionPlot.EMPTY


# Groups


def test_bars_of_groups_are_those_of_figure_8(shown, selection):
    given = comparison(levels=LEVELS)
    plot = shown(GroupPlot)
    plot.set_comparison(given, reference=REFERENCE, images=groups_of([0, 1], [2]), count=3)
    axes = group_comparisons([given], [], [], reference=REFERENCE).axes[0]
    data = plot.data()
    assert data["level"] == [label.get_text() for label in axes.get_yticklabels()]
    assert data["mean"] == [bar.get_width() for bar in axes.patches]
    assert data["cases"] == [40, 60]
    assert plot.view.home.x == pytest.approx(axes.get_xlim())
    assert "Significant" in plot.note
    assert "p = 0.0002" in plot.note
    assert [key.text for key in plot.legend.keys] == ["human ceiling", "chance level"]


def test_a_metric_other_than_ds_has_no_lines(shown):
    plot = shown(GroupPlot)
    plot.set_comparison(comparison(metric="srcc", levels=LEVELS), reference=REFERENCE)
    assert plot.legend.keys == ()


def test_a_click_on_a_bar_brushes_the_images_of_its_group(shown, hand, selection):
    plot = shown(GroupPlot)
    selection.restart(5)
    plot.set_comparison(comparison(levels=LEVELS), images=groups_of([0, 1, 2], [3, 4]), count=5)
    hand(plot).click(0.1, 1)
    assert rows(selection) == [3, 4]
    assert count_of(hand(plot).colours(), plot.look.palette.dim) > 500
    hand(plot).key(Qt.Key.Key_Down)
    assert rows(selection) == [0, 1, 2]
    hand(plot).move(0.1, 0)
    assert plot.hint.startswith("female\nmean 0.310\ninterval 0.28 to 0.34\n40 cases")


def test_cases_against_a_number_are_those_of_figure_8(shown, hand, selection):
    images, cases = study(60)
    given = comparison(column="age")
    table = case_table(images, cases)
    ages, values = numbers_of(table.column("age")), table.values["ds"]
    plot = shown(GroupPlot)
    count = len(ages)
    selection.restart(count)
    plot.set_comparison(
        given, reference=REFERENCE, numbers=ages, values=values,
        images=groups_of(*([n] for n in range(count))), count=count,
        case_names=[f"case {n}" for n in range(count)],
    )  # fmt: skip
    axes = group_comparisons([given], images, cases, reference=REFERENCE).axes[0]
    data = plot.data()
    points = list(map(list, zip(data["age"], data["ds"], strict=True)))
    assert points == axes.collections[0].get_offsets().tolist()
    hand(plot).click(data["age"][7], data["ds"][7])
    assert selection.current == 7
    low, high = 30, 50
    hand(plot).drag((low, 0.02), (40, 0.5), (high, 0.98))
    inside = [n for n in range(count) if low < ages[n] < high]
    assert set(inside) <= set(rows(selection))
    assert all(low - 1 < ages[n] < high + 1 for n in rows(selection))


def test_without_a_column_it_says_so(shown):
    plot = shown(GroupPlot)
    plot.set_comparison(None)
    assert plot.empty == GroupPlot.EMPTY
    plot.set_comparison(comparison(column="age"))
    assert plot.empty == "No case has both numbers."


# Body parts


def share(part, group, shown, *, p=0.5):
    return BodyPartShare(part, group, shown, 10, 2, 10, 2.0, p, p)


def test_body_parts_are_in_the_order_of_figure_6_with_both_bars(shown, hand, selection):
    given = [share("foot", "ds", 3), share("hand", "ds", 8, p=0.01), share("hand", "both", 9)]
    plot = shown(BodyPartPlot)
    selection.restart(9)
    plot.set_shares(given, images={("ds", "hand"): np.array([1, 5])}, count=9)
    data = plot.data()
    assert data["part"] == ["hand", "foot"]
    assert data["shown"] == [8, 3]
    assert data["control_labelled"] == [10, 10]
    assert plot.note == "* p below 0.05 after Holm's correction (Fisher)"
    hand(plot).click(0.3, -0.15)
    assert rows(selection) == [1, 5]
    plot.groups.setCurrentIndex(1)
    assert plot.group == "both"
    assert plot.data()["part"] == ["hand"]


def test_without_labels_it_says_so(shown):
    plot = shown(BodyPartPlot)
    plot.set_shares([BodyPartShare("hand", "ds", 0, 0, 0, 0, UNDEFINED, UNDEFINED, UNDEFINED)])
    assert plot.empty == BodyPartPlot.EMPTY
    assert not plot.groups.isVisible()


# Pairs


NAMES = ["A", "B", "C"]
DICE = np.array([[np.nan, 0.9, 0.4], [0.9, np.nan, np.nan], [0.4, np.nan, np.nan]])


def test_pairs_hold_their_numbers_and_undefined_ones_are_counted(shown):
    plot = shown(MatrixPlot)
    plot.set_matrix(NAMES, DICE, title="Dice")
    data = plot.data()
    pairs = dict(zip(zip(data["first"], data["second"], strict=True), data["Dice"], strict=True))
    assert pairs["A", "B"] == 0.9
    assert pairs["B", "C"] is None
    assert plot.note == "1 pair undefined"
    assert "lowest first: A and C 0.40; A and B 0.90." in plot.accessibleDescription()


def test_the_higher_a_number_the_stronger_its_colour(shown, hand):
    plot = shown(MatrixPlot)
    plot.set_matrix(NAMES, DICE, low=0.4, high=0.9)
    pixels = hand(plot).colours()
    assert count_of(pixels, plot.look.palette.low) > 1000
    assert count_of(pixels, plot.look.palette.high) > 1000


def test_a_pair_is_chosen_by_a_click_and_by_the_arrows(shown, hand, qtbot):
    plot = shown(MatrixPlot)
    plot.set_matrix(NAMES, DICE)
    with qtbot.waitSignal(plot.chosen) as chosen:
        hand(plot).click(2, 0)
    assert chosen.args == [0, 2]
    with qtbot.waitSignal(plot.chosen) as chosen:
        hand(plot).key(Qt.Key.Key_Down)
    assert chosen.args == [1, 2]
    hand(plot).move(1, 0)
    assert plot.hint == "A and B\nDice 0.900"


def test_without_a_pair_it_says_so(shown):
    plot = shown(MatrixPlot)
    plot.set_matrix(NAMES, np.full((3, 3), np.nan))
    assert plot.empty == MatrixPlot.EMPTY


# Ranks


def by_method(count=40):
    rng = np.random.default_rng(2)
    paths = [f"{n:02}.jpg" for n in range(count)]
    return {
        name: dict(zip(paths, rng.normal(size=count).tolist(), strict=True))
        for name in ("IG", "GC")
    }


@pytest.fixture
def ranks(shown, selection):
    values = by_method()
    persistence = rank_persistence(values, fraction=0.1)
    plot = shown(RankPlot)
    selection.restart(40)
    plot.set_ranks(
        persistence.methods, ranks_of(values, persistence.methods), persistence.lowest,
        names=sorted(values["IG"]),
    )  # fmt: skip
    return plot, values, persistence


def test_lines_are_those_of_the_papers_ranks(ranks):
    plot, values, persistence = ranks
    axes = persistence_lines(values, persistence).axes[0]
    theirs = sorted(tuple(map(int, line.get_ydata())) for line in axes.lines)
    data = plot.data()
    assert sorted(zip(data["IG"], data["GC"], strict=True)) == theirs
    assert plot.view.home.y == pytest.approx(axes.get_ylim())
    stay = len(persistence.stay_lowest)
    assert f"{stay} are lowest under every method" in plot.accessibleDescription()


def test_a_drag_along_a_methods_axis_brushes_a_range_of_its_ranks(ranks, hand, selection):
    plot, _, _ = ranks
    hand(plot).drag((1.0, 0.5), (1.0, 5), (1.0, 10.4))
    inside = np.flatnonzero(np.array(plot.data()["GC"]) <= 10)
    assert rows(selection) == inside.tolist()


def test_a_click_takes_the_image_of_a_line_at_hand(ranks, hand, selection):
    plot, _, _ = ranks
    row = plot.data()["IG"].index(7)
    hand(plot).click(0, 7)
    assert selection.current == row
    hand(plot).key(Qt.Key.Key_Up)
    assert plot.data()["IG"][selection.current] == 8


def test_of_very_many_lines_some_are_drawn_and_the_note_says_so(ranks, hand):
    plot, _, _ = ranks
    count = 12_000
    order = np.arange(1, count + 1)
    plot.set_ranks(["a", "b"], np.array([order, order[::-1]]), 1_000)
    assert plot.note == "one line in 1 of the lowest, and in 3 of the others, drawn"
    assert len(plot.data()["a"]) == count


def test_without_an_image_it_says_so(shown):
    plot = shown(RankPlot)
    plot.set_ranks(["a", "b"], np.empty((2, 0)), 0)
    assert plot.empty == RankPlot.EMPTY
