"""Figure 2: each image is in the bar of its kappa, on its side of the cut."""

import numpy as np
import pytest

from engine.figures.kappa_histogram import BIN, bin_edges, kappa_histogram
from tests.figures.made_up import UNDEFINED, agreement


def bars(axes) -> dict[float, list[int]]:
    """Return counts by the left edge of the bin: of images that leave, and that stay."""
    leave, stay = (container.patches for container in axes.containers)
    pairs = zip(leave, stay, strict=True)
    return {
        round(a.get_x(), 6): [a.get_height(), b.get_height()]
        for a, b in pairs
        if a.get_height() or b.get_height()
    }


def rug(axes) -> list[float]:
    return sorted(segment[0][0] for segment in axes.collections[0].get_segments())


def drawn(*kappas, **options):
    rows = [agreement(kappa, path=f"{n}.jpg", ac1=0.9) for n, kappa in enumerate(kappas)]
    return kappa_histogram(rows, cut=0.4, **options)


def test_an_image_exactly_at_the_cut_stays() -> None:
    figure = drawn(0.39, 0.4, 0.41, 1.0)
    assert bars(figure.axes[0]) == {0.35: [1, 0], 0.4: [0, 2], 0.95: [0, 1]}


def test_the_rug_has_a_line_for_each_defined_kappa() -> None:
    figure = drawn(-0.2, 0.5, 0.5, 0.91, UNDEFINED)
    assert rug(figure.axes[1]) == [-0.2, 0.5, 0.5, 0.91]
    assert sum(sum(counts) for counts in bars(figure.axes[0]).values()) == 4


def test_the_cut_is_a_line_at_its_place() -> None:
    (line,) = drawn(0.5).axes[0].lines
    assert list(line.get_xdata()) == [0.4, 0.4]


def test_text_says_mean_spread_and_undefined_before_and_after() -> None:
    figure = drawn(0.2, 0.6, 0.8, UNDEFINED)
    said = " ".join(text.get_text() for text in figure.texts)
    assert "Before the cut: kappa 0.53 ± 0.31 (4 images of 4 cases, 1 undefined)." in said
    assert "After it: kappa 0.70 ± 0.14 (2 images of 2 cases)." in said


def test_ac1_stands_beside_with_the_sides_that_kappa_decided() -> None:
    figure = drawn(0.2, 0.6, with_ac1=True)
    assert bars(figure.axes[2]) == {0.9: [1, 1]}
    assert rug(figure.axes[3]) == [0.9, 0.9]


@pytest.mark.parametrize("cut", [0.4, 0.37, 0.0, -1.0, 1.0])
def test_one_edge_lies_exactly_at_the_cut(cut: float) -> None:
    edges = bin_edges(np.array([-0.73, 0.9]), cut)
    assert cut in edges
    assert edges[0] <= -0.73
    assert edges[-1] >= 1
    assert np.allclose(np.diff(edges)[:-1], BIN)
