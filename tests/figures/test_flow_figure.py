"""Figure 3: the pictures of one image and its numbers."""

import numpy as np
import pytest

from engine.domain.rows import ImageResult
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.figures.flow import image_flow, thresholded
from engine.regions.runs import runs_of_mask
from tests.figures.made_up import UNDEFINED, agreement, localisation, result


def saliency(values, geometry=None) -> SaliencyMap:
    stored = np.rint(np.asarray(values) * SCALE).astype(np.int16)
    height, width = stored.shape
    given = geometry or Geometry(width, height, width, height, 1, 1)
    return SaliencyMap(stored, given, MapFacts("x"))


def flow(row, *, graders=3, saliency_map=None):
    mask = np.zeros((40, 50), bool)
    mask[10:20, 20:30] = True
    return image_flow(
        row,
        pixels=np.full((40, 50, 3), 90, np.uint8),
        regions=[runs_of_mask(mask)] * graders,
        consensus=runs_of_mask(mask),
        saliency_map=saliency_map,
    )


def said(figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_there_is_a_picture_for_each_step_and_each_grader() -> None:
    figure = flow(result(), graders=3, saliency_map=saliency(np.eye(40)))
    pictures = [axes for axes in figure.axes if axes.images]
    assert len(pictures) == 1 + 3 + 1 + 1 + 1
    names = ["photograph", "outlines of 3 graders", "consensus", "saliency map", "map ≥ 0.12"]
    assert [text for text in said(figure) if text in names] == names


def test_numbers_are_those_of_the_image_with_ceiling_and_chance_beside_ds() -> None:
    figure = flow(result(located=localisation(0.43, 0.31, chance=0.22)), graders=1)
    assert {"DS 0.43", "SRCC 0.31", "chance 0.22", "human ceiling 0.85"} <= set(said(figure))
    (bar,) = [patch for axes in figure.axes for patch in axes.patches]
    assert bar.get_width() == 0.43
    levels = [line.get_xdata()[0] for axes in figure.axes[-1:] for line in axes.lines]
    assert levels == [0.85, 0.22]


def test_an_undefined_number_says_why() -> None:
    row = result(located=localisation(UNDEFINED, UNDEFINED, ds_threshold=UNDEFINED))
    assert {"DS roi full", "SRCC roi full"} <= set(said(flow(row)))
    assert {"DS no map", "SRCC no map"} <= set(said(flow(ImageResult(agreement()))))


@pytest.mark.parametrize("hundredths", [0, 7, 12, 58, 100])
def test_a_pixel_at_the_threshold_reaches_it(hundredths: int) -> None:
    values = np.array([[327 * hundredths - 1, 327 * hundredths, 327 * hundredths + 1]]) / SCALE
    reached = thresholded(saliency(values), hundredths / 100, width=3, height=1)
    assert reached.tolist() == [[False, True, True]]


def test_what_the_model_never_saw_reaches_no_threshold() -> None:
    geometry = Geometry(image_width=6, image_height=1, model_width=2, model_height=1,
                        scale_x=1, scale_y=1, offset_x=-2)  # fmt: skip
    reached = thresholded(saliency([[1, 1]], geometry), 0.0, width=6, height=1)
    assert reached.tolist() == [[False, False, True, True, False, False]]
