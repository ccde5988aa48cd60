"""What each action of the window does on the Grade page."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.canvas.commands import (
    TOOL_ACTIONS,
    Handlers,
    adjusting,
    drawing,
    looking,
    undo_drawing,
)

if TYPE_CHECKING:
    from desktop_app.grade.page import GradePage

__all__ = ["TOOL_ACTIONS", "commands"]


def commands(page: "GradePage") -> Handlers:
    """Return the page's handlers by action id.

    Each first saves a note that is being written, so that going on never loses one.
    """
    handlers: Handlers = {
        **_going(page),
        **_answering(page),
        **drawing(page.canvas),
        **looking(page.canvas),
        "toggle_queue": page.toggle_queue,
        **_adjusting(page),
        "undo": partial(undo_drawing, page.canvas, page.session.undo),
        "redo": page.session.redo,
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


def _adjusting(page: "GradePage") -> Handlers:
    return {id: partial(_adjust, page, handler) for id, handler in adjusting(page.canvas).items()}


def _adjust(page: "GradePage", change: Callable[..., object]) -> None:
    """Change how the photograph looks, and say in the bar that it does not look as it is."""
    change()
    page.workbench.tools.show_adjusted(is_adjusted=not page.canvas.adjustment.is_neutral)


def _after_flush(page: "GradePage", handler: Callable[..., object]) -> Callable[..., object]:
    def handle(*arguments: object) -> object:
        page.flush()
        page.session.touch()
        return handler(*arguments)

    return handle
