"""Every image at its DS and SRCC, by correctness, and counted in the histograms."""

import numpy as np

from engine.domain.measure import Reason, Undefined
from engine.figures.metric_scatter import metric_scatter
from engine.figures.reference import ds_reference
from tests.figures.made_up import UNDEFINED, localisation, result

IMAGES = [
    result("a", located=localisation(0.4, 0.3)),
    result("b", located=localisation(0.5, 0.1)),
    result("c", is_correct=False, located=localisation(0.2, -0.2)),
    result("d", is_correct=Undefined(Reason.NO_PREDICTION), located=localisation(0.1, 0.0)),
    result("e", located=localisation(UNDEFINED, 0.3)),
    result("f", located=localisation(0.3, UNDEFINED)),
]
FIGURE = metric_scatter(IMAGES, reference=ds_reference(IMAGES))


def test_points_of_each_correctness_lie_at_ds_and_srcc() -> None:
    places = [one.get_offsets().tolist() for one in FIGURE.axes[0].collections]
    assert places == [[[0.4, 0.3], [0.5, 0.1]], [[0.2, -0.2]], [[0.1, 0.0]]]


def test_the_legend_counts_each_kind() -> None:
    told = [text.get_text() for text in FIGURE.axes[0].get_legend().get_texts()]
    assert told == ["correct (2)", "incorrect (1)", "unknown (1)"]


def test_each_histogram_counts_every_point_once() -> None:
    _, above, beside = FIGURE.axes
    assert sum(patch.get_height() for patch in above.patches) == 4
    assert sum(patch.get_width() for patch in beside.patches) == 4


def test_images_without_either_metric_are_counted_in_words() -> None:
    assert any(text.get_text() == "2 images without DS or SRCC." for text in FIGURE.texts)


def test_ceiling_and_chance_are_drawn() -> None:
    levels = [line.get_xdata()[0] for line in FIGURE.axes[0].lines]
    assert np.allclose(levels, [0.85, 0.2])
