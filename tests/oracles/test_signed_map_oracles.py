"""The signed-map display against the same rules written out pixel by pixel."""

import numpy as np
import pytest
from skimage import measure, morphology

from engine.figures.signed_map import Display, strengths


def threshold(values: list[float], percent: float) -> float:
    if percent == 100:
        return min(values)
    total, running = sum(values), 0.0
    for value in sorted(values, reverse=True):
        running += value
        if running >= percent / 100 * total:
            return value
    raise AssertionError


def naive_strengths(attributions: np.ndarray, display: Display) -> np.ndarray:
    shown = []
    for sign in (1, -1):
        height, width, channels = attributions.shape
        part = np.zeros((height, width))
        for row in range(height):
            for column in range(width):
                kept = [max(0.0, sign * a) for a in attributions[row, column]]
                part[row, column] = sum(kept) / channels
        high = threshold(part.ravel().tolist(), 100 - display.clip_above)
        low = threshold(part.ravel().tolist(), 100 - display.clip_below)
        shown.append(np.clip((part - low) / (high - low), 0, 1))
    return np.stack(shown)


@pytest.mark.parametrize("clips", [(99.9, 0), (99, 70), (95, 30), (100, 0)])
@pytest.mark.parametrize("shape", [(9, 14, 1), (12, 7, 3)])
def test_clipping_by_mass_against_a_running_sum(clips, shape) -> None:
    attributions = np.random.default_rng(5).standard_t(3, size=shape)
    display = Display(clip_above=clips[0], clip_below=clips[1])
    assert np.allclose(
        strengths(attributions, display=display), naive_strengths(attributions, display), atol=1e-6
    )


def test_cleaning_up_against_skimage() -> None:
    attributions = np.random.default_rng(6).normal(size=(40, 50))
    plain = strengths(attributions)
    block = np.ones((3, 3))
    expected = [morphology.opening(morphology.closing(one, block), block) for one in plain]
    assert np.allclose(strengths(attributions, display=Display(clean_up=True)), expected)


def segmentation_without_holes(part: np.ndarray) -> np.ndarray:
    outside = measure.label(np.pad(~part, 1, constant_values=True), connectivity=1) == 1
    return ~outside[1:-1, 1:-1]


def test_outlines_against_skimage_components() -> None:
    noise = np.random.default_rng(8).normal(size=(60, 70))
    smooth = sum(np.roll(noise, (i, j), (0, 1)) for i in range(-4, 5) for j in range(-4, 5))
    smooth[np.abs(smooth) < 8] = 0
    shown = strengths(smooth, display=Display(outlines=True))
    for one, part in zip(shown, (smooth > 0, smooth < 0), strict=True):
        filled = segmentation_without_holes(part)
        components = sorted(measure.regionprops(measure.label(filled)), key=lambda c: -c.area)
        kept, area = np.zeros(part.shape, bool), 0
        for component in components[:3]:
            kept[tuple(component.coords.T)] = True
            area += component.area
            if area >= 0.9 * filled.sum():
                break
        inside = morphology.erosion(np.pad(kept, 1), morphology.disk(1))[1:-1, 1:-1]
        assert np.array_equal(one.astype(bool), kept & ~inside)
