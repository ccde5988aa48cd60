"""Figure 7: marks lie at the means, names stand beside them and never over each other."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection

from engine.figures.conditions import condition_scatter
from engine.figures.reference import ds_reference
from engine.figures.style import house_style
from tests.figures.made_up import CONDITIONS, UNDEFINED, point, points, result

REFERENCE = ds_reference([result()])


def marks(axes) -> list[list[list[float]]]:
    """Return the places of common marks and of diamonds."""
    kinds = [one for one in axes.collections if isinstance(one, PathCollection)]
    return [one.get_offsets().tolist() for one in kinds]


def names(axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in axes.texts if text.get_bbox_patch()]


def test_marks_lie_at_the_means_correct_above_and_incorrect_below() -> None:
    given = [
        point("Acne", 0.4, 0.3),
        point("Cyst", 0.2, -0.1, is_lowest=True),
        point("Acne", 0.3, 0.25, is_correct=False),
    ]
    correct, incorrect = condition_scatter(given, reference=REFERENCE).axes
    assert marks(correct) == [[[0.4, 0.3]], [[0.2, -0.1]]]
    assert marks(incorrect) == [[[0.3, 0.25]], []]
    assert names(correct) == ["Acne (20)", "Cyst (20)"]
    assert names(incorrect) == ["Acne (20)"]


def test_both_plots_have_the_same_scales_and_both_lines() -> None:
    correct, incorrect = condition_scatter(points(CONDITIONS), reference=REFERENCE).axes
    assert correct.get_xlim() == incorrect.get_xlim()
    assert correct.get_ylim() == incorrect.get_ylim()
    for axes in (correct, incorrect):
        levels = [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
        assert {0.85, 0.2} <= {round(float(level), 9) for level in levels}


def test_intervals_are_thin_lines_through_the_means() -> None:
    figure = condition_scatter([point("Acne", 0.4, 0.3)], reference=REFERENCE)
    bars = [one for one in figure.axes[0].collections if isinstance(one, LineCollection)]
    ends = [np.round(bar.get_segments()[0], 9).tolist() for bar in bars]
    assert ends == [[[0.37, 0.3], [0.43, 0.3]], [[0.4, 0.27], [0.4, 0.33]]]


def test_conditions_that_are_not_compared_are_counted_and_not_drawn() -> None:
    given = [
        point("Acne", 0.4, 0.3),
        point("Cyst", 0.2, 0.1, is_compared=False),
        point("Tinea", UNDEFINED, 0.1),
        point("Lentigo", 0.3, UNDEFINED),
    ]
    figure = condition_scatter(given, reference=REFERENCE)
    assert names(figure.axes[0]) == ["Acne (20)"]
    said = " ".join(text.get_text() for text in figure.texts)
    assert "3 of 4 not drawn: too few cases, or no mean." in said


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_six_names_are_all_shown_and_none_covers_another(seed: int) -> None:
    figure = condition_scatter(points(CONDITIONS, seed=seed), reference=REFERENCE)
    with house_style():
        figure.canvas.draw()
        for axes in figure.axes:
            assert len(names(axes)) == len(CONDITIONS)
            shown = [text for text in axes.texts if text.get_bbox_patch()]
            boxes = np.array([text.get_window_extent().extents for text in shown])
            low, high = boxes[:, None, :2], boxes[:, None, 2:]
            meet = ((low < boxes[:, 2:]) & (high > boxes[:, :2])).all(axis=-1)
            assert meet.sum() == len(boxes)


def test_names_without_room_are_counted() -> None:
    crowd = [point(f"A condition of many words, {n}", 0.3, 0.2) for n in range(150)]
    figure = condition_scatter(crowd, reference=REFERENCE)
    shown = names(figure.axes[0])
    said = figure.axes[0].texts[-1].get_text()
    assert said == f"no room for {150 - len(shown)} names"
