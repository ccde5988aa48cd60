"""The scatter holds the points of the paper's figure, and brushes them by rectangle and lasso."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app.plots.reference import ds_lines
from desktop_app.plots.scatter import ScatterPlot
from engine.domain.measure import Undefined, value_of
from engine.figures.metric_scatter import metric_scatter
from engine.figures.reference import ds_reference
from tests.desktop_app.plots.hand import MIDDLE, count_of
from tests.figures.made_up import study

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
X = np.array([0.1, 0.3, 0.5, 0.7, np.nan, 0.9])
Y = np.array([0.1, 0.4, 0.2, 0.6, 0.5, np.nan])
MARKS = [0, 1, 2, 0, 1, 0]
RANGES = ((0.0, 1.0), (0.0, 1.0))


def fill(plot, x=X, y=Y, marks=MARKS, **more):
    names = [f"{n}.jpg" for n in range(len(x))]
    given = {"x_title": "DS", "y_title": "SRCC", "ranges": RANGES, "names": names} | more
    plot.set_points(x, y, marks=marks, **given)


@pytest.fixture
def plot(shown, selection):
    plot = shown(ScatterPlot)
    selection.restart(len(X))
    fill(plot)
    return plot


def rows(selection):
    return None if selection.mask is None else np.flatnonzero(selection.mask).tolist()


def test_its_points_are_those_of_the_papers_figure(shown):
    results, _ = study(200)
    reference = ds_reference(results)
    located = [result.localisation for result in results]
    ds = np.array([np.nan if one is None else value_of(one.ds) for one in located], dtype=float)
    srcc = np.array([np.nan if one is None else value_of(one.srcc) for one in located], dtype=float)
    marks = [2 if isinstance(r.is_correct, Undefined) else int(not r.is_correct) for r in results]
    plot = shown(ScatterPlot)
    plot.set_points(ds, srcc, marks=marks, x_title="ds", y_title="srcc", lines=ds_lines(reference))
    axes = metric_scatter(results, reference=reference).axes[0]
    columns = plot.data()
    for cloud, label in zip(axes.collections, ("correct", "incorrect", "unknown"), strict=True):
        ours = [
            (x, y)
            for x, y, mark in zip(columns["ds"], columns["srcc"], columns["mark"], strict=True)
            if mark == label
        ]
        assert sorted(ours) == sorted(map(tuple, cloud.get_offsets().tolist()))
        assert cloud.get_label() in [key.text for key in plot.legend.keys]
    assert plot.view.frame.x == pytest.approx(axes.get_xlim())
    assert plot.view.frame.y == pytest.approx(axes.get_ylim())
    assert {key.text for key in plot.legend.keys} >= {"human ceiling", "chance level"}


def test_a_drag_brushes_the_points_in_its_rectangle(plot, hand, selection):
    mouse = hand(plot)
    first, last = mouse.numbers(0.05, 0.05), mouse.numbers(0.55, 0.3)
    mouse.drag((0.05, 0.05), (0.3, 0.2), (0.55, 0.3))
    inside = (first[0] <= X) & (last[0] >= X) & (first[1] <= Y) & (last[1] >= Y)
    assert np.array_equal(selection.mask, inside)
    assert rows(selection) == [0, 2]


def test_the_rectangle_is_moved_and_resized_by_the_mouse(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.05, 0.05), (0.15, 0.2))
    mouse.drag((0.1, 0.13), (0.4, 0.3), (0.5, 0.23))
    assert rows(selection) == [2]
    mouse.drag((0.5, 0.3), (0.5, 0.5), (0.7, 0.95))
    assert rows(selection) == [2]
    mouse.drag((0.55, 0.5), (0.75, 0.5))
    assert rows(selection) == [2, 3]


def test_ctrl_and_drag_brushes_a_lasso(plot, hand, selection):
    around_two = [(0.05, 0.2), (0.1, 0.02), (0.2, 0.05), (0.35, 0.5), (0.25, 0.5), (0.1, 0.2)]
    hand(plot).drag(*around_two, keys=CONTROL)
    assert rows(selection) == [0, 1]


def test_the_lasso_can_be_chosen_once_for_all(plot, hand, selection):
    plot._lasso.click()
    hand(plot).drag((0.62, 0.7), (0.65, 0.5), (0.8, 0.55), (0.75, 0.7))
    assert rows(selection) == [3]


def test_shift_adds_to_what_is_brushed(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.05, 0.05), (0.15, 0.2))
    mouse.drag((0.6, 0.5), (0.8, 0.7), keys=SHIFT)
    assert rows(selection) == [0, 3]


def test_a_click_takes_a_point_at_hand_and_leaves_the_brush(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.05, 0.05), (0.15, 0.2))
    mouse.click(0.5, 0.2)
    assert selection.current == 2
    assert rows(selection) == [0]
    assert "At hand: 2.jpg, DS 0.500, SRCC 0.200." in plot.accessibleDescription()


def test_a_click_on_empty_ground_clears_the_brush(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.05, 0.05), (0.15, 0.2))
    mouse.click(0.9, 0.9)
    assert selection.mask is None


def test_esc_clears_the_brush_and_then_means_nothing_here(plot, hand, selection, qtbot):
    mouse = hand(plot)
    mouse.drag((0.05, 0.05), (0.15, 0.2))
    mouse.key(Qt.Key.Key_Escape)
    assert selection.mask is None


def test_esc_while_dragging_ends_the_drag(plot, hand, selection):
    mouse = hand(plot)
    mouse.press(0.05, 0.05)
    mouse.move(0.3, 0.5)
    mouse.key(Qt.Key.Key_Escape)
    mouse.move(0.9, 0.9)
    mouse.release(0.9, 0.9)
    assert selection.mask is None


def test_a_rectangle_around_nothing_brushes_nothing_and_says_so(plot, hand, selection):
    hand(plot).drag((0.85, 0.8), (0.95, 0.95))
    assert rows(selection) == []
    assert plot.note == "2 undefined · 0 brushed"


def test_a_double_click_and_enter_open_the_image(plot, hand, qtbot):
    with qtbot.waitSignal(plot.activated) as opened:
        hand(plot).double_click(0.7, 0.6)
    assert opened.args == [3]
    with qtbot.waitSignal(plot.activated) as opened:
        hand(plot).key(Qt.Key.Key_Return)
    assert opened.args == [3]


def test_the_pointer_over_a_point_says_its_name_and_numbers(plot, hand):
    mouse = hand(plot)
    mouse.move(0.3, 0.4)
    assert plot.hint == "1.jpg\nDS 0.300\nSRCC 0.400"
    mouse.move(0.9, 0.1)
    assert plot.hint == ""


def test_the_arrows_walk_from_point_to_point_by_x_and_by_y(plot, hand, selection):
    keys = hand(plot)
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        keys.key(key)
        walked.append(selection.current)
    assert walked == [0, 1, 3, 2]


def test_with_ctrl_the_arrows_walk_only_among_brushed_points(plot, hand, selection):
    selection.brush(np.array([True, False, False, True, False, False]))
    keys = hand(plot)
    for expected in (0, 3, 3):
        keys.key(Qt.Key.Key_Right, CONTROL)
        assert selection.current == expected


def test_space_brushes_the_point_at_hand_or_no_longer(plot, hand, selection):
    keys = hand(plot)
    keys.key(Qt.Key.Key_Space)
    assert selection.mask is None
    for _ in range(2):
        keys.key(Qt.Key.Key_Right)
        keys.key(Qt.Key.Key_Space)
    assert rows(selection) == [0, 1]
    keys.key(Qt.Key.Key_Space)
    assert rows(selection) == [0]
    keys.key(Qt.Key.Key_Left)
    keys.key(Qt.Key.Key_Space)
    assert selection.mask is None


def test_results_that_come_in_leave_the_zoom_as_it_is(plot, hand):
    mouse = hand(plot)
    mouse.wheel(0.3, 0.4, 3)
    zoomed = plot.view.frame.x
    fill(plot, np.append(X, 0.35), np.append(Y, 0.45), [*MARKS, 1])
    assert plot.view.frame.x == zoomed
    fill(plot, ranges=((0.0, 2.0), (0.0, 1.0)))
    assert plot.view.frame.x == (0.0, 2.0)


def test_the_wheel_zooms_at_the_pointer_and_fit_shows_everything(plot, hand):
    mouse = hand(plot)
    before = mouse.numbers(0.3, 0.4)
    pixel = mouse.pixel(0.3, 0.4)
    mouse.wheel(0.3, 0.4, 3)
    frame = plot.view.frame
    assert frame.x[1] - frame.x[0] < 0.7
    at = plot.view.box.mapFromScene(pixel)
    assert (frame.x_at(at.x()), frame.y_at(at.y())) == pytest.approx(before, abs=1e-6)
    mouse.key(Qt.Key.Key_0)
    assert plot.view.frame.x == (0, 1)


def test_the_middle_button_pans_and_brushes_nothing(plot, hand, selection):
    mouse = hand(plot)
    mouse.key(Qt.Key.Key_Plus)
    before = plot.view.frame.x[0]
    mouse.drag((0.5, 0.5), (0.45, 0.5), (0.42, 0.5), button=MIDDLE)
    assert plot.view.frame.x[0] > before
    assert selection.mask is None


def test_what_is_brushed_elsewhere_stands_out(plot, hand, selection):
    picture = hand(plot)
    palette = plot.look.palette
    assert count_of(picture.colours(), palette.incorrect[0]) > 20
    selection.brush(np.array([True, False, False, False, False, False]))
    pixels = picture.colours()
    assert count_of(pixels, palette.incorrect[0]) == 0
    assert count_of(pixels, palette.dim) > 40
    assert count_of(pixels, palette.correct[0]) > 20


def test_a_table_that_is_ahead_of_the_plot_can_brush_it(plot, hand, selection):
    selection.restart(8)
    selection.brush(np.array([True] + 6 * [False] + [True]))
    assert plot.picked.tolist() == [True, False, False, False, False, False]
    hand(plot).drag((0.6, 0.5), (0.8, 0.7))
    assert selection.mask.shape == (8,)
    assert rows(selection) == [3]


def test_a_plot_without_a_selection_has_its_own(shown, hand):
    plot = shown(ScatterPlot, None)
    fill(plot)
    hand(plot).drag((0.05, 0.05), (0.15, 0.2))
    assert rows(plot.selection) == [0]


def test_two_plots_of_one_selection_show_the_same_brush(plot, shown, hand, selection):
    other = shown(ScatterPlot)
    fill(other, x=Y, y=X)
    hand(plot).drag((0.05, 0.05), (0.55, 0.3))
    assert np.array_equal(other.picked, selection.mask)
    hand(other).drag((0.55, 0.6), (0.65, 0.8))
    assert plot.picked.tolist() == [False, False, False, True, False, False]


@pytest.fixture
def many(shown, selection):
    """A plot of so many points that they are painted as one picture."""
    rng = np.random.default_rng(5)
    count = 20_000
    selection.restart(count)
    x, y = rng.uniform(0.1, 0.9, count), rng.uniform(0.1, 0.9, count)
    plot = shown(ScatterPlot)
    fill(plot, x, y, rng.integers(0, 3, count))
    return plot


def test_many_points_are_brushed_as_few_ones_are(many, hand, selection):
    mouse = hand(many)
    mouse.settled()
    first, last = mouse.numbers(0.2, 0.2), mouse.numbers(0.5, 0.6)
    mouse.drag((0.2, 0.2), (0.3, 0.3), (0.5, 0.6))
    assert many._brush.box.x == pytest.approx((first[0], last[0]))
    assert many._brush.box.y == pytest.approx((first[1], last[1]))
    x, y = np.array(many.data()["DS"]), np.array(many.data()["SRCC"])
    inside = (x >= first[0]) & (x <= last[0]) & (y >= first[1]) & (y <= last[1])
    assert np.array_equal(selection.mask, inside)


def test_many_points_lie_where_few_ones_do(many, hand, selection):
    picture = hand(many)
    surface = many.look.surface
    selection.brush(np.zeros(20_000, dtype=bool))
    before = picture.colours().copy()
    picked = np.zeros(20_000, dtype=bool)
    row = 77
    picked[row] = True
    selection.brush(picked)
    changed = np.argwhere((picture.colours() != before).any(axis=2))
    data, frame = many.data(), many.view.frame
    at = frame.down(data["SRCC"][row]), frame.across(data["DS"][row])
    assert len(changed)
    assert np.abs(changed - at).max() < 6
    assert count_of(before, surface) < before.shape[0] * before.shape[1] / 2


def test_it_says_its_numbers_in_words(plot):
    assert plot.accessibleDescription().startswith(
        "Scatter of 4 images (correct (2), incorrect (1), unknown (1)): DS from 0.10 to 0.70,"
        " median 0.40, SRCC from 0.10 to 0.60, median 0.30."
    )


def test_without_a_point_it_says_why(plot):
    fill(plot, np.array([np.nan]), np.array([1.0]), [0])
    assert plot.empty == ScatterPlot.EMPTY
    assert plot.data()["DS"] == []
