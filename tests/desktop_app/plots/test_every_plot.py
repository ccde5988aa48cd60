"""What holds for each plot: it starts empty with a sentence, has names, follows theme and scale."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.plots.body_parts import BodyPartPlot
from desktop_app.plots.conditions import ConditionPlot
from desktop_app.plots.groups import GroupPlot
from desktop_app.plots.histogram import HistogramPlot
from desktop_app.plots.look import DARK, LIGHT
from desktop_app.plots.matrix import MatrixPlot
from desktop_app.plots.plot import as_text
from desktop_app.plots.ranks import RankPlot
from desktop_app.plots.reference import Line
from desktop_app.plots.scatter import ScatterPlot
from desktop_app.window.settings import ThemeChoice
from desktop_app.window.tokens import contrast, load_colours
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.plots.hand import count_of
from tests.figures.made_up import comparison, point

KINDS = (
    BodyPartPlot, ConditionPlot, GroupPlot, HistogramPlot, MatrixPlot, RankPlot, ScatterPlot,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_before_anything_is_known_it_says_what_is_missing_and_shows_no_button(shown, kind):
    plot = shown(kind)
    assert plot.empty.endswith(".")
    assert plot.accessibleDescription() == plot.empty
    assert not [tool for tool in plot._tools if tool.isVisible()]
    assert set(map(len, plot.data().values())) <= {0}


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_has_a_name(shown, kind):
    plot = shown(kind)
    assert controls(plot)
    assert nameless(plot) == []


@pytest.fixture
def plot(shown):
    plot = shown(ScatterPlot)
    plot.set_points(
        np.array([0.2, 0.8]), np.array([0.2, 0.8]), marks=[0, 1], x_title="DS", y_title="SRCC",
        lines=[(0.5, "chance 0.50")], title="Points",
    )  # fmt: skip
    return plot


def test_light_and_dark_switch_while_the_plot_is_open(plot, hand, theme):
    for choice, palette in ((ThemeChoice.DARK, DARK), (ThemeChoice.LIGHT, LIGHT)):
        theme.choose(choice)
        pixels = hand(plot).colours()
        assert count_of(pixels, load_colours(choice.value).surface) > 10_000
        assert count_of(pixels, palette.correct[0]) > 20


def test_marks_and_letters_grow_with_the_scale(plot, hand, theme):
    small = count_of(hand(plot).colours(), LIGHT.correct[0])
    letters = plot.view.getAxis("bottom").style["tickFont"].pointSizeF()
    theme.set_scale(200)
    large = count_of(hand(plot).colours(), LIGHT.correct[0])
    assert 3 * small < large < 5 * small
    assert plot.view.getAxis("bottom").style["tickFont"].pointSizeF() == pytest.approx(2 * letters)


@pytest.mark.parametrize(("palette", "name"), [(LIGHT, "light"), (DARK, "dark")])
def test_correct_and_incorrect_differ_in_lightness_and_stand_out_from_the_ground(palette, name):
    ground = load_colours(name).surface
    assert contrast(palette.correct[0], palette.incorrect[0]) > 1.4
    for fill, edge in (palette.correct, palette.incorrect, palette.unknown, palette.neutral):
        assert max(contrast(fill, ground), contrast(edge, ground)) >= 3


def test_kinds_of_point_differ_in_shape_too(plot):
    assert len({mark.shape for mark in plot.look.marks}) == 3


def test_values_can_be_copied_for_a_spreadsheet(plot, hand):
    hand(plot).key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == (
        "row\tDS\tSRCC\tmark\n0\t0.2\t0.2\tcorrect\n1\t0.8\t0.8\tincorrect\n"
    )
    assert as_text({"a": [None, 1]}) == "a\n\n1\n"


def test_lines_are_drawn_named_and_told(plot):
    assert plot._lines == (Line(0.5, "chance 0.50", "chance 0.50"),)
    assert [key.text for key in plot.legend.keys][-1] == "chance 0.50"
    assert "Lines: chance 0.50." in plot.accessibleDescription()


def test_names_of_close_lines_do_not_lie_upon_one_another(plot):
    from PySide6.QtGui import QFontMetricsF

    from desktop_app.plots.reference import _lefts

    lines = tuple(
        Line(value, name, f"{name} {value}")
        for value, name in ((0.97, "ceiling"), (0.96, "chance"))
    )
    metrics = QFontMetricsF(plot.look.small)
    frame = plot.view.frame
    ceiling, chance = _lefts(frame, lines, metrics)
    assert chance + metrics.horizontalAdvance(lines[1].text) < ceiling
    assert ceiling + metrics.horizontalAdvance(lines[0].text) <= frame.width


def test_a_narrow_plot_breaks_its_key_into_rows(plot, qtbot):
    one_row = plot.legend.height()
    plot.resize(220, 480)
    qtbot.waitUntil(lambda: plot.legend.height() > one_row)
    assert plot.legend._places(plot.legend.width())[-1].right() <= plot.legend.width()


def test_a_key_that_means_nothing_here_goes_to_the_page(plot, qtbot):
    heard = []
    plot.keyPressEvent = lambda event: heard.append(event.key())
    qtbot.keyClick(plot.view, Qt.Key.Key_J)
    qtbot.keyClick(plot.view, Qt.Key.Key_Escape)
    assert heard == [Qt.Key.Key_J, Qt.Key.Key_Escape]


def test_a_plot_shows_what_was_brushed_before_it_had_its_rows(shown, selection):
    selection.restart(3)
    selection.brush(np.array([True, False, True]))
    plot = shown(HistogramPlot)
    plot.set_values(np.array([0.1, 0.2, 0.3]))
    assert plot.note == "2 brushed"


def test_groups_and_conditions_say_the_row_at_hand_is_theirs(shown, hand, selection):
    selection.restart(2)
    conditions, groups = shown(ConditionPlot), shown(GroupPlot)
    of_both = [np.array([0]), np.array([1])]
    conditions.set_points(
        [point("Acne", 0.2, 0.1), point("Cyst", 0.6, 0.3)], images=of_both, count=2
    )
    groups.set_comparison(
        comparison(levels=(("a", 0.3, 9), ("b", 0.4, 9))), images=of_both, count=2
    )
    before = hand(conditions).colours().copy()
    selection.set_current(1)
    changed = np.argwhere((hand(conditions).colours() != before).any(axis=2))
    frame = conditions.view.frame
    assert np.abs(changed - (frame.down(0.3), frame.across(0.6))).max() < 20


def test_the_plots_load_neither_scipy_nor_matplotlib_nor_pandas():
    code = (
        "import sys; from desktop_app.plots import body_parts, conditions, groups, histogram,"
        " matrix, ranks, scatter; heavy = {'scipy', 'matplotlib', 'pandas', 'torch', 'shapely',"
        " 'sqlalchemy'}; sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
