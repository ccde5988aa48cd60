"""What each action of the window does on the Grade page."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.tools import Tool
from desktop_app.session.grading import GradingSession

if TYPE_CHECKING:
    from desktop_app.grade.page import GradePage

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


def commands(page: "GradePage") -> Handlers:
    """Return the page's handlers by action id.

    Each first saves a note that is being written, so that going on never loses one.
    """
    handlers = {
        **_going(page),
        **_answering(page),
        **_drawing(page),
        **_nudging(page.canvas),
        **_looking(page),
        **_adjusting(page),
        **_undoing(page.session, page.canvas),
    }
    return {id: _after_flush(page, handler) for id, handler in handlers.items()}


def _going(page: "GradePage") -> Handlers:
    return {
        "next": page.go_next,
        "previous": page.go_previous,
        "next_unfinished": page.go_next_unfinished,
        "previous_unfinished": page.go_previous_unfinished,
        "done": page.done,
        "instructions": page.toggle_instructions,
        "who": page.who_asked.emit,
        "note": page.side.remarks.write_note,
        "problem": page.side.remarks.choose_problem,
    }


def _answering(page: "GradePage") -> Handlers:
    most = page.session.settings.max_outlined_regions
    return {
        "not_visible": page.answer_not_visible,
        "too_many": partial(page.answer_count, most + 1),
        **{f"count_{k}": partial(page.answer_count, k) for k in range(1, min(most, 4) + 1)},
    }


def _drawing(page: "GradePage") -> Handlers:
    canvas = page.canvas
    return {
        "close_outline": canvas.close_outline,
        "cancel": canvas.cancel,
        "delete": canvas.delete_region,
        "delete_vertex": partial(_drop_or_delete_vertex, canvas),
        "region_next": partial(_select_next, page, 1),
        "region_previous": partial(_select_next, page, -1),
        **{id: partial(canvas.set_tool, tool) for id, tool in TOOL_ACTIONS.items()},
    }


def _nudging(canvas: Canvas) -> Handlers:
    return {
        f"nudge_{side}{suffix}": partial(canvas.nudge, x * pixels, y * pixels)
        for side, (x, y) in SIDES.items()
        for suffix, pixels in (("", 1), ("_10", 10))
    }


def _looking(page: "GradePage") -> Handlers:
    canvas = page.canvas
    return {
        "fit": canvas.fit,
        "actual_size": canvas.actual_size,
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
        "peek": canvas.set_peek,
        "toggle_shapes": canvas.toggle_shapes,
        "toggle_queue": page.toggle_queue,
    }


def _adjusting(page: "GradePage") -> Handlers:
    canvas = page.canvas
    handlers: Handlers = {
        "brighter": partial(canvas.set_brightness, BRIGHTER),
        "darker": partial(canvas.set_brightness, -BRIGHTER),
        "more_contrast": partial(canvas.set_contrast, BRIGHTER),
        "less_contrast": partial(canvas.set_contrast, -BRIGHTER),
        "reset_adjustment": canvas.reset_view_adjustment,
    }
    return {id: partial(_adjust, page, handler) for id, handler in handlers.items()}


def _adjust(page: "GradePage", change: Callable[..., object]) -> None:
    """Change how the photograph looks, and say in the bar that it does not look as it is."""
    change()
    page.workbench.tools.show_adjusted(is_adjusted=not page.canvas.adjustment.is_neutral)


def _undoing(session: GradingSession, canvas: Canvas) -> Handlers:
    return {"undo": partial(_undo, session, canvas), "redo": session.redo}


def _undo(session: GradingSession, canvas: Canvas) -> None:
    """Drop the last vertex of an outline that is being drawn, else take back a gesture."""
    if canvas.is_drawing:
        canvas.drop_vertex()
    else:
        session.undo()


def _select_next(page: "GradePage", step: int) -> None:
    """Select the next region, from the last to the first."""
    grading = page.session.grading
    count = len(grading.region) if grading else 0
    if count:
        at = page.canvas.selected
        page.canvas.select((at + step) % count if at >= 0 else (0 if step > 0 else count - 1))


def _drop_or_delete_vertex(canvas: Canvas) -> None:
    if canvas.is_drawing:
        canvas.drop_vertex()
    else:
        canvas.delete_vertex()


def _after_flush(page: "GradePage", handler: Callable[..., object]) -> Callable[..., object]:
    def handle(*arguments: object) -> object:
        page.flush()
        page.session.touch()
        return handler(*arguments)

    return handle
