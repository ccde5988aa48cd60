"""Whatever a hand does, regions stay sound and nothing old is left on the screen."""

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop_app.canvas.tools import Tool
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from tests.desktop_app.canvas.conftest import HEIGHT, WIDTH, Heard
from tests.desktop_app.canvas.mouse import ALT, NO_KEY, RIGHT
from tests.desktop_app.canvas.pointing import square

POINTS = st.tuples(st.integers(-4, 62), st.integers(-4, 42)).map(lambda at: (5 * at[0], 5 * at[1]))
KEYS = st.sampled_from([NO_KEY, NO_KEY, ALT])
DEEDS = st.one_of(
    st.tuples(st.just("click"), POINTS, KEYS),
    st.tuples(st.just("drag"), st.lists(POINTS, min_size=2, max_size=5), KEYS),
    st.tuples(st.just("move"), POINTS),
    st.tuples(st.just("double_click"), POINTS),
    st.tuples(st.just("right_click"), POINTS),
    st.tuples(st.just("set_tool"), st.sampled_from(list(Tool))),
    st.tuples(st.just("select"), st.integers(-1, 3)),
    st.tuples(st.just("nudge"), st.integers(-9, 9), st.integers(-9, 9)),
    st.tuples(st.just("zoom_to"), st.sampled_from([0.5, 1.3, 2.0, 5.0])),
    st.tuples(st.just("pan"), st.integers(-60, 60), st.integers(-60, 60)),
    st.sampled_from(
        [
            (name,)
            for name in (
                "close_outline",
                "drop_vertex",
                "cancel",
                "delete_region",
                "delete_hole",
                "toggle_shapes",
                "fit",
            )
        ]
    ),
)
REGION = (square(40, 40, 60, (55, 55, 20)), square(150, 60, 70), square(80, 80, 90))
relaxed = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _do(canvas, mouse, deed):
    name, *arguments = deed
    if name == "drag":
        mouse.drag(*arguments[0], keys=arguments[1])
    elif name == "click":
        mouse.click(*arguments[0], keys=arguments[1])
    elif name == "right_click":
        mouse.click(*arguments[0], button=RIGHT)
    elif name in ("move", "double_click"):
        getattr(mouse, name)(*arguments[0])
    else:
        getattr(canvas, name)(*arguments)


def _begin(canvas):
    """Start each example alike; the canvas is made once for all of them."""
    canvas.cancel()
    canvas.show_region(REGION)
    canvas.set_tool(Tool.SELECT)
    canvas.select(0)
    canvas.zoom_to(2.0)
    canvas.fit()


def _is_sound(region):
    shapes = [shapely.Polygon(p.exterior, p.holes) for p in region]
    rings = [r for polygon in region for r in polygon.rings]
    is_inside = all((r >= 0).all() and (r <= (WIDTH, HEIGHT)).all() for r in rings)
    return is_inside and all(shape.is_valid and shape.area > 0 for shape in shapes)


@relaxed
@given(st.lists(DEEDS, max_size=25))
def test_each_gesture_changes_a_region_once_at_most_and_leaves_it_sound(canvas, mouse, deeds):
    _begin(canvas)
    heard = Heard(canvas)
    for deed in deeds:
        heard.clear()
        _do(canvas, mouse, deed)
        changes = heard.of("region_changed")
        assert len(changes) <= 1
        if changes:
            assert changes[0][0] == canvas.region
        assert _is_sound(canvas.region)
        assert -1 <= canvas.selected < len(canvas.region)
        drafts = heard.of("draft_changed")
        assert all(draft is None or isinstance(draft, Draft) for draft in drafts)
        if drafts and drafts[-1] is not None and not heard.of("draft_cancelled"):
            assert canvas.is_drawing
            assert np.array_equal(drafts[-1].points, ring(drafts[-1].points))


@relaxed
@given(st.lists(DEEDS, max_size=12))
def test_what_is_painted_in_parts_is_what_is_painted_at_once(canvas, mouse, deeds):
    _begin(canvas)
    for deed in deeds:
        _do(canvas, mouse, deed)
        QApplication.processEvents()
    QApplication.processEvents()
    in_parts = _pixels(canvas.screen().grabWindow(canvas.winId()))
    at_once = _pixels(canvas.grab())
    away = np.abs(in_parts.astype(int) - at_once).max(axis=2)
    assert (away > 24).mean() < 2e-5


def _pixels(shot):
    image = shot.toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8)
    return pixels.reshape(image.height(), image.width(), 4)[..., :3].copy()
