"""Synthetic photographs: reproducible, with true outlines, with and without the pen mark."""

import dataclasses

import numpy as np
import pytest

from engine.formats.body_parts import read_vocabulary
from resources.demo.distractors import draw_finger
from resources.demo.lesions import WIDESPREAD
from resources.demo.patients import random_patient, random_scene
from resources.demo.photographs import CONDITIONS, PLANTED, Scene, photograph
from resources.demo.shapes import clearance
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


def test_a_finger_comes_in_from_an_edge_and_keeps_off_the_lesion() -> None:
    wall = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 128.0], [0.0, 128.0]])
    for seed in range(12):
        plain = np.full((128, 160, 3), 0.5, np.float32)
        drawn, ring = draw_finger(np.random.default_rng(seed), plain, tone=3, avoided=[wall])
        changed = np.abs(drawn - plain).max(axis=2) > 0.2
        edges = [changed[0], changed[-1], changed[:, 0], changed[:, -1]]
        assert max(edge.sum() for edge in edges) >= 9
        assert 0.01 < changed.mean() < 0.05
        assert not changed[:, :95].any()
        y, x = np.nonzero(changed)
        assert (clearance(np.column_stack([x, y]) + 0.5, [ring]) == -1).mean() > 0.85


def test_clear_skin_has_no_outline_and_widespread_lesions_are_more_than_anyone_outlines() -> None:
    assert shown(Scene("eczema", tone=1, spread="none")).outlines == ()
    for condition in WIDESPREAD:
        assert len(shown(Scene(condition, tone=1, spread="many")).outlines) > 4


def test_it_knows_what_it_shows_in_the_words_of_the_vocabulary() -> None:
    everything = dict.fromkeys(("has_ink", "has_ruler", "has_hairs", "has_finger"), True)
    pictures = [shown(Scene("acne", tone=2, **everything), seed=seed) for seed in range(20)]
    always = {"marking", "scale_reference", "body_hair", "hand", "fingernails"}
    assert {*pictures[0].shows} - {"clothing"} == always
    assert {*read_vocabulary()} >= frozenset.union(*(picture.shows for picture in pictures))
    with_cloth = {"clothing" in picture.shows for picture in pictures}
    assert with_cloth == {True, False}
    bare = [shown(Scene("acne", tone=2), seed=seed).shows for seed in range(20)]
    assert frozenset.union(*bare) == {"clothing"}


def test_a_point_s_clearance_is_to_the_nearest_corner_and_negative_inside() -> None:
    square = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
    points = np.array([[5.0, 5.0], [13.0, 14.0], [-2.0, 0.0]])
    assert clearance(points, [square]).tolist() == [-1, 5, 2]
    assert clearance(points, [square, square + 20]).tolist() == [-1, 5, 2]
    assert np.isinf(clearance(points, [])).all()


def test_of_all_that_a_patient_has_only_the_pen_mark_follows_the_planted_condition() -> None:
    rng = np.random.default_rng(9)
    patients = [random_patient(rng, number=number) for number in range(1500)]
    scenes = [random_scene(rng, patient) for patient in patients]
    of = {c: [k for k, p in enumerate(patients) if p.condition == c] for c in CONDITIONS}
    ink = {c: np.mean([scenes[k].has_ink for k in chosen]) for c, chosen in of.items()}
    assert ink.pop(PLANTED) > 0.9
    assert max(ink.values()) < 0.06
    for shares in (
        [np.mean([scenes[k].has_ruler for k in chosen]) for chosen in of.values()],
        [np.mean([scenes[k].has_finger for k in chosen]) for chosen in of.values()],
        [np.mean([patients[k].sex == "female" for k in chosen]) for chosen in of.values()],
        [np.mean([patients[k].age < 46 for k in chosen]) for chosen in of.values()],
        [np.mean([patients[k].tone < 3 for k in chosen]) for chosen in of.values()],
    ):
        assert max(shares) - min(shares) < 0.14
