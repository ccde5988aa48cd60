"""The signed-map display stage by stage: each picture is what the stage before becomes."""

import numpy as np
import pytest

from engine.figures.map_stages import map_stages
from engine.figures.signed_map import (
    PAPER,
    Display,
    Scale,
    signed_map_colours,
    signed_map_stages,
)

CANCELLING = np.array([[[2.0, -2.0], [0.0, 0.0], [1.0, 1.0]]])
ALL = Display(clean_up=True, outlines=True)


@pytest.mark.parametrize("display", [Display(), Display(clip_below=60), ALL])
@pytest.mark.parametrize("scale", [None, Scale(0.1, 0.9)])
@pytest.mark.parametrize("shape", [(9, 12), (9, 12, 3)])
def test_the_last_stage_is_the_picture_itself(display, scale, shape) -> None:
    values = np.random.default_rng(2).normal(size=shape)
    stages = signed_map_stages(values, display=display, scale=scale)
    colours = signed_map_colours(values, display=display, scale=scale)
    assert np.array_equal(stages[-1].picture, np.rint(colours))


def test_stages_that_are_off_are_not_shown() -> None:
    steps = ["Split by sign", "Mean over channels", "Clip", "Ramp"]
    assert [stage.name for stage in signed_map_stages(CANCELLING)] == steps
    with_all = [stage.name for stage in signed_map_stages(CANCELLING, display=ALL)]
    assert with_all == [*steps, "Clean up", "Outlines"]


def test_channels_lie_side_by_side_before_they_are_averaged() -> None:
    split, mean, *_ = signed_map_stages(CANCELLING, palette=PAPER)
    green, red, dark_green = (0, 255, 0), (255, 0, 0), (0, 128, 0)
    black = (0, 0, 0)
    assert split.picture[0].tolist() == [
        list(one) for one in (green, black, dark_green, red, black, dark_green)
    ]
    assert mean.picture[0].tolist() == [[255, 255, 0], [0, 0, 0], [0, 255, 0]]


def test_clipping_flattens_what_is_above_and_the_ramp_spreads_what_is_left() -> None:
    values = np.array([[50.0, 30, 10, 5, 5, 0]])
    display = Display(clip_above=49, clip_below=5)
    _, _, clip, ramp = signed_map_stages(values, display=display, palette=PAPER)
    assert clip.picture[0, :, 1].tolist() == [255, 255, 85, 42, 42, 42]
    assert ramp.picture[0, :, 1].tolist() == [255, 255, 51, 0, 0, 0]


def test_a_zero_map_is_black_at_every_stage() -> None:
    for stage in signed_map_stages(np.zeros((4, 5)), display=ALL):
        assert not stage.picture.any()


def test_the_figure_shows_every_stage_with_its_number_name_and_caption() -> None:
    stages = signed_map_stages(CANCELLING, display=ALL)
    figure = map_stages(stages)
    pictures = [axes.images[0].get_array() for axes in figure.axes]
    assert all(np.array_equal(p, s.picture) for p, s in zip(pictures, stages, strict=True))
    said = " ".join(text.get_text() for text in figure.texts)
    for number, stage in enumerate(stages, start=1):
        assert f"{number}  {stage.name}" in said
        assert stage.caption in said
