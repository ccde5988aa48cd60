"""What the window's actions do to a canvas, by action id: for every page that has one."""

from collections.abc import Callable
from functools import partial

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.tools import Tool

Handlers = dict[str, Callable[..., object]]

TOOL_ACTIONS = {
    "draw": Tool.DRAW,
    "select_tool": Tool.SELECT,
    "redraw": Tool.REDRAW,
    "hole": Tool.HOLE,
}
SIDES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
BRIGHTER = 0.1
"""What one press of a key changes brightness or contrast by."""


def drawing(canvas: Canvas) -> Handlers:
    """Return what draws and changes regions."""
    return {
        "close_outline": canvas.close_outline,
        "cancel": canvas.cancel,
        "delete": canvas.delete_region,
        "delete_vertex": partial(_drop_or_delete_vertex, canvas),
        "region_next": partial(_select_next, canvas, 1),
        "region_previous": partial(_select_next, canvas, -1),
        **{id: partial(canvas.set_tool, tool) for id, tool in TOOL_ACTIONS.items()},
        **_nudging(canvas),
    }


def looking(canvas: Canvas) -> Handlers:
    """Return what changes how much is seen."""
    return {
        "fit": canvas.fit,
        "actual_size": canvas.actual_size,
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
        "peek": canvas.set_peek,
        "toggle_shapes": canvas.toggle_shapes,
    }


def adjusting(canvas: Canvas) -> Handlers:
    """Return what changes how bright the photograph looks."""
    return {
        "brighter": partial(canvas.set_brightness, BRIGHTER),
        "darker": partial(canvas.set_brightness, -BRIGHTER),
        "more_contrast": partial(canvas.set_contrast, BRIGHTER),
        "less_contrast": partial(canvas.set_contrast, -BRIGHTER),
        "reset_adjustment": canvas.reset_view_adjustment,
    }


def undo_drawing(canvas: Canvas, undo: Callable[[], object]) -> None:
    """Drop the last vertex of an outline that is being drawn, else take back a gesture."""
    if canvas.is_drawing:
        canvas.drop_vertex()
    else:
        undo()


def _nudging(canvas: Canvas) -> Handlers:
    return {
        f"nudge_{side}{suffix}": partial(canvas.nudge, x * pixels, y * pixels)
        for side, (x, y) in SIDES.items()
        for suffix, pixels in (("", 1), ("_10", 10))
    }


def _select_next(canvas: Canvas, step: int) -> None:
    """Select the next region, from the last to the first."""
    count, at = len(canvas.region), canvas.selected
    if count:
        canvas.select((at + step) % count if at >= 0 else (0 if step > 0 else count - 1))


def _drop_or_delete_vertex(canvas: Canvas) -> None:
    if canvas.is_drawing:
        canvas.drop_vertex()
    else:
        canvas.delete_vertex()
