"""Synthetic photographs: reproducible, with true outlines, with and without the pen mark."""

import dataclasses

import numpy as np
import pytest

from resources.demo.photographs import CONDITIONS, PLANTED, Scene, photograph, random_scene
from resources.demo.skin import TONES


def shown(scene: Scene, *, seed: int = 4, width: int = 160, height: int = 128):
    return photograph(np.random.default_rng(seed), scene, width=width, height=height)


def inside(picture) -> np.ndarray:
    height, width = picture.pixels.shape[:2]
    y, x = np.mgrid[:height, :width] + 0.5
    mask = np.zeros((height, width), bool)
    for ring in picture.outlines:
        odd = np.zeros_like(mask)
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if y0 != y1:
                odd ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
        mask |= odd
    return mask


def violet(pixels: np.ndarray) -> np.ndarray:
    red, green, blue = pixels.astype(float).transpose(2, 0, 1)
    return (blue > red * 1.1) & (red > green * 1.1)


def test_the_same_generator_paints_the_same_picture_and_another_seed_another() -> None:
    scene = Scene("psoriasis", tone=2)
    assert np.array_equal(shown(scene).pixels, shown(scene).pixels)
    assert not np.array_equal(shown(scene).pixels, shown(scene, seed=5).pixels)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize(("width", "height"), [(160, 128), (96, 200)])
def test_every_condition_has_outlines_on_the_picture(condition, width, height) -> None:
    for seed in range(6):
        picture = shown(Scene(condition, tone=seed), seed=seed, width=width, height=height)
        assert picture.pixels.shape == (height, width, 3)
        assert picture.pixels.dtype == np.uint8
        assert 1 <= len(picture.outlines) <= 4
        assert 0.005 < inside(picture).mean() < 0.6


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("tone", range(len(TONES)))
def test_lesions_differ_in_colour_from_the_skin_around_them(condition, tone) -> None:
    picture = shown(Scene(condition, tone=tone))
    lesion = inside(picture)
    near = ~lesion & inside(dataclasses.replace(picture, outlines=widened(picture.outlines)))
    difference = picture.pixels[lesion].mean(axis=0) - picture.pixels[near].mean(axis=0)
    assert np.abs(difference).max() > 8


def widened(outlines) -> tuple:
    return tuple(ring.mean(axis=0) + 1.6 * (ring - ring.mean(axis=0)) for ring in outlines)


def test_darker_types_give_darker_pictures() -> None:
    light = [shown(Scene("nevus", tone=tone)).pixels.mean() for tone in range(len(TONES))]
    assert light == sorted(light, reverse=True)


def test_the_pen_mark_changes_nothing_but_itself_and_lies_off_the_lesion() -> None:
    for seed in range(8):
        scene = Scene(PLANTED, tone=seed % 6, has_ink=True)
        marked = shown(scene, seed=seed)
        plain = shown(dataclasses.replace(scene, has_ink=False), seed=seed)
        changed = (marked.pixels != plain.pixels).any(axis=2)
        assert 0.003 < changed.mean() < 0.06
        assert (changed & inside(marked)).sum() <= 0.05 * changed.sum()
        assert violet(marked.pixels)[changed].mean() > 0.5
        assert not violet(plain.pixels)[changed].any()


def test_ruler_and_hairs_are_put_on_the_picture() -> None:
    plain = shown(Scene("nevus", tone=3)).pixels.astype(int)
    ruled = shown(Scene("nevus", tone=3, has_ruler=True)).pixels.astype(int)
    hairy = shown(Scene("nevus", tone=3, has_hairs=True)).pixels.astype(int)
    white = (ruled > 200).all(axis=2)
    edges = [white[:8], white[-8:], white[:, :8], white[:, -8:]]
    assert max(edge.mean() for edge in edges) > 0.6
    assert (hairy - plain).min() < -40


def test_pen_marks_follow_the_planted_condition_and_rulers_do_not() -> None:
    rng = np.random.default_rng(9)
    scenes = {c: [random_scene(rng, condition=c) for _ in range(300)] for c in CONDITIONS}
    ink = {c: np.mean([scene.has_ink for scene in drawn]) for c, drawn in scenes.items()}
    ruler = [np.mean([scene.has_ruler for scene in drawn]) for drawn in scenes.values()]
    assert ink.pop(PLANTED) > 0.9
    assert max(ink.values()) < 0.06
    assert max(ruler) - min(ruler) < 0.12
