"""Zoom, pan and fit as arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.canvas.camera import (
    IN_SIGHT,
    LARGEST_ZOOM,
    MARGIN,
    SMALLEST_ZOOM,
    Camera,
    centred,
    fitted,
)

ZOOMS = st.floats(SMALLEST_ZOOM, LARGEST_ZOOM)
PLACES = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))
RATIOS = st.sampled_from([1.0, 1.25, 1.5, 2.0])
CAMERAS = st.builds(lambda zoom, at, ratio: Camera(zoom, *at, ratio), ZOOMS, PLACES, RATIOS)


@given(CAMERAS, PLACES)
def test_there_and_back_is_the_same_point(camera, at):
    there = camera.to_image(camera.to_screen(at))
    assert there == pytest.approx(at, abs=1e-6)


@given(CAMERAS, ZOOMS, PLACES)
def test_the_point_zoomed_about_stays_within_half_a_device_pixel(camera, zoom, about):
    held = camera.to_image(about)
    moved = camera.zoomed(zoom, about).to_screen(held)
    drift = 1 / camera.ratio + abs(zoom / camera.zoom) / camera.ratio
    assert moved == pytest.approx(about, abs=drift)


@given(CAMERAS, PLACES)
def test_zooming_there_and_back_drifts_nowhere(camera, about):
    back = camera
    for _ in range(20):
        back = back.zoomed(min(camera.zoom * 1.5, LARGEST_ZOOM), about).zoomed(camera.zoom, about)
    assert (back.x, back.y) == pytest.approx((camera.x, camera.y), abs=1e-6)


@given(CAMERAS)
def test_the_corner_is_painted_on_a_whole_device_pixel(camera):
    for painted, wished in zip(camera.corner, (camera.x, camera.y), strict=True):
        assert painted * camera.ratio == pytest.approx(round(painted * camera.ratio), abs=1e-6)
        assert abs(painted - wished) <= 0.5 / camera.ratio + 1e-9


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("image", [(6000, 4000), (400, 4000), (60, 40)])
def test_a_fitted_image_is_as_large_as_the_margin_allows_and_in_the_middle(image, ratio):
    camera = fitted(image, (1600, 1000), ratio)
    left, top = camera.to_screen((0, 0))
    right, bottom = camera.to_screen(image)
    assert min(left, top) == pytest.approx(MARGIN, abs=1)
    assert (left + right, top + bottom) == pytest.approx((1600, 1000), abs=2)


def test_zoom_has_limits():
    assert Camera().zoomed(1e9, (0, 0)).zoom == LARGEST_ZOOM
    assert Camera().zoomed(0, (0, 0)).zoom == SMALLEST_ZOOM
    assert fitted((1, 1), (9000, 9000), 1.0).zoom == LARGEST_ZOOM


@given(CAMERAS, PLACES)
def test_however_far_it_is_pushed_some_of_the_image_stays_in_the_window(camera, by):
    image, window = (600.0, 400.0), (800.0, 500.0)
    camera = camera.panned(by).kept_in_sight(image, window)
    for place, size, free in ((camera.x, image[0], window[0]), (camera.y, image[1], window[1])):
        seen = min(place + size * camera.scale, free) - max(place, 0)
        assert seen >= min(IN_SIGHT, size * camera.scale) - 1e-6


def test_what_is_in_sight_is_not_moved():
    camera = centred(Camera(0.5), (600, 400), (800, 500))
    assert camera.kept_in_sight((600, 400), (800, 500)) == camera
