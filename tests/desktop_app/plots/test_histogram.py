"""The histogram holds the counts of the paper's figure and brushes what lies in a range."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop_app.plots.histogram import HistogramPlot
from engine.domain.measure import Undefined, value_of
from engine.figures.kappa_histogram import bin_edges, kappa_histogram
from tests.desktop_app.plots.hand import count_of
from tests.figures.made_up import study

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
VALUES = np.array([0.05, 0.15, 0.15, np.nan, 0.25, 0.35, 0.95, 1.0])
TENTHS = np.arange(11) / 10


@pytest.fixture
def plot(shown, selection):
    plot = shown(HistogramPlot)
    selection.restart(len(VALUES))
    names = [f"{n}.jpg" for n in range(len(VALUES))]
    plot.set_values(VALUES, bins=TENTHS, title="Kappa", x_title="kappa", names=names)
    return plot


def rows(selection):
    return None if selection.mask is None else np.flatnonzero(selection.mask).tolist()


def test_its_bars_are_those_of_figure_2(shown):
    results, _ = study(300)
    agreements = [result.agreement for result in results]
    kappas = [value_of(row.fleiss_kappa) for row in agreements]
    values = np.array([np.nan if kappa is None else kappa for kappa in kappas])
    plot = shown(HistogramPlot)
    plot.set_values(
        values,
        bins=bin_edges(values, 0.4),
        kinds=[0 if row.admitted else 1 for row in agreements],
        labels=("stay", "leave"),
        lines=[(0.4, "cut 0.4")],
    )
    axes = kappa_histogram(agreements, cut=0.4).axes[0]
    leave, stay = (container.patches for container in axes.containers)
    columns = plot.data()
    assert columns["from"] == pytest.approx([bar.get_x() for bar in stay])
    assert columns["stay"] == [bar.get_height() for bar in stay]
    assert columns["leave"] == [bar.get_height() for bar in leave]
    assert sum(columns["stay"]) + sum(columns["leave"]) == len(agreements)
    assert not any(isinstance(row.fleiss_kappa, Undefined) for row in agreements)


def test_undefined_values_are_left_out_and_counted(plot):
    assert sum(plot.data()["images"]) == 7
    assert plot.note == "1 undefined"


def test_values_beyond_the_axis_are_counted(plot):
    plot.set_values(np.array([0.5, 3.0]), bins=TENTHS)
    assert plot.note == "1 beyond the axis"


def test_without_edges_the_bars_go_from_the_lowest_to_the_highest_value(plot):
    plot.set_values(np.array([2.0, 3.0, 6.0]), bins=4)
    assert plot.data()["from"] == [2, 3, 4, 5]
    assert plot.data()["images"] == [1, 1, 0, 1]
    plot.set_values(np.array([2.0, 2.0]), bins=2)
    assert plot.data()["images"] == [0, 2]


def test_a_drag_brushes_the_values_between_its_ends(plot, hand, selection, brushes):
    mouse = hand(plot)
    ends = mouse.numbers(0.1, 2)[0], mouse.numbers(0.3, 2)[0]
    mouse.drag((0.1, 2), (0.2, 1.5), (0.3, 1))
    assert plot.range == pytest.approx(ends)
    assert rows(selection) == [1, 2, 4]
    assert plot.note == "1 undefined · 3 brushed"
    assert len(brushes) >= 1


def test_the_range_is_moved_by_its_inside_and_resized_by_its_edge(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.1, 2), (0.2, 2))
    mouse.drag((0.15, 2), (0.3, 2), (0.35, 2))
    assert plot.range == pytest.approx((0.3, 0.4), abs=0.01)
    assert rows(selection) == [5]
    mouse.drag((0.4, 2), (0.7, 2), (0.97, 2))
    assert plot.range == pytest.approx((0.3, 0.97), abs=0.01)
    assert rows(selection) == [5, 6]


def test_shift_adds_to_what_is_brushed(plot, hand, selection):
    mouse = hand(plot)
    mouse.drag((0.01, 2), (0.1, 2))
    mouse.drag((0.9, 2), (0.99, 2), keys=SHIFT)
    assert rows(selection) == [0, 6]


def test_a_click_on_a_bar_brushes_exactly_its_values(plot, hand, selection):
    plot.set_values(np.array([0.1, 0.2, 0.19, 1.0]), bins=TENTHS)
    selection.restart(4)
    mouse = hand(plot)
    mouse.click(0.15, 0.5)
    assert rows(selection) == [0, 2]
    mouse.click(0.95, 0.5)
    assert rows(selection) == [3]


def test_a_click_beside_the_bars_and_esc_clear_the_brush(plot, hand, selection, qtbot):
    mouse = hand(plot)
    mouse.click(0.15, 0.5)
    mouse.click(0.55, 0.5)
    assert selection.mask is None
    mouse.click(0.15, 0.5)
    mouse.key(Qt.Key.Key_Escape)
    assert selection.mask is None
    assert plot.range is None


def test_a_click_on_the_rug_takes_the_image_at_hand(plot, hand, selection):
    below = plot.view.frame.y[0] / 2
    hand(plot).click(0.25, below)
    assert selection.current == 4
    assert "At hand: 4.jpg, 0.25" in plot.accessibleDescription()
    hand(plot).move(0.35, below)
    assert plot.hint == "5.jpg\nkappa 0.350"


def test_a_double_click_on_the_rug_opens_the_image(plot, hand, qtbot):
    with qtbot.waitSignal(plot.activated) as opened:
        hand(plot).double_click(0.35, plot.view.frame.y[0] / 2)
    assert opened.args == [5]


def test_the_range_is_moved_and_resized_by_the_keyboard(plot, hand, selection):
    keys = hand(plot)
    keys.key(Qt.Key.Key_Right)
    assert plot.range == pytest.approx((0.0, 0.1))
    keys.key(Qt.Key.Key_Right)
    assert rows(selection) == [1, 2]
    keys.key(Qt.Key.Key_Right, SHIFT)
    assert rows(selection) == [1, 2, 4]
    keys.key(Qt.Key.Key_Right, CONTROL)
    assert rows(selection) == [4]
    keys.key(Qt.Key.Key_End)
    assert plot.range == pytest.approx((0.9, 1.0))
    assert rows(selection) == [6, 7]
    keys.key(Qt.Key.Key_Left, CONTROL)
    assert plot.range == pytest.approx((0.8, 1.0))
    keys.key(Qt.Key.Key_Home)
    assert plot.range == pytest.approx((0.0, 0.2))


def test_an_end_of_the_range_never_passes_the_other_by_keyboard(plot, hand):
    keys = hand(plot)
    keys.key(Qt.Key.Key_Right)
    for _ in range(3):
        keys.key(Qt.Key.Key_Left, SHIFT)
    assert plot.range == pytest.approx((0.0, 0.1))
    for _ in range(3):
        keys.key(Qt.Key.Key_Right, CONTROL)
    assert plot.range == pytest.approx((0.0, 0.1))


def test_left_begins_at_the_last_bar_with_an_image(plot, hand):
    hand(plot).key(Qt.Key.Key_Left)
    assert plot.range == pytest.approx((0.9, 1.0))


def test_what_another_plot_brushes_stands_out_and_the_own_range_goes(plot, hand, selection):
    picture = hand(plot)
    picture.drag((0.01, 2), (0.1, 2))
    picks = np.zeros(len(VALUES), dtype=bool)
    picks[[1, 6]] = True
    selection.brush(picks, object())
    assert plot.range is None
    pixels = picture.colours()
    neutral, dim = plot.look.palette.neutral[0], plot.look.palette.dim
    assert count_of(pixels, neutral) > 500
    assert count_of(pixels, dim) > 500
    selection.brush(None)
    assert count_of(picture.colours(), dim) == 0


def test_the_pointer_over_a_bar_says_how_many_images_of_which_kind(plot, hand):
    plot.set_values(
        np.array([0.05, 0.06, 0.07]), bins=TENTHS, kinds=[0, 1, 1], labels=("stay", "leave")
    )
    hand(plot).move(0.05, 1)
    assert plot.hint == "0.00 to 0.10: 3 images\n1 stay\n2 leave"
    hand(plot).move(0.55, 1)
    assert plot.hint == ""


def test_kinds_have_their_own_colours_and_a_hatch(plot, hand):
    plot.set_values(np.array([0.05, 0.95]), bins=TENTHS, kinds=[0, 1], labels=("stay", "leave"))
    pixels = hand(plot).colours()
    palette = plot.look.palette
    assert count_of(pixels, palette.correct[0]) > 500
    assert count_of(pixels, palette.incorrect[0]) > 500
    assert count_of(pixels, palette.incorrect[1]) > 50
    assert [key.text for key in plot.legend.keys] == ["stay (1)", "leave (1)"]


def test_it_says_its_numbers_in_words(plot):
    said = plot.accessibleDescription()
    assert said.startswith("Histogram of 7 images: kappa from 0.05 to 1.00, median 0.25")
    assert said.endswith("1 undefined")


def test_of_nothing_defined_it_says_so(plot):
    plot.set_values(np.array([np.nan]), empty="No outlined image has a defined kappa.")
    assert plot.empty == "No outlined image has a defined kappa."
    assert plot.accessibleDescription() == plot.empty
    plot.set_values(np.empty(0))
    assert plot.empty == HistogramPlot.EMPTY
