"""What each action of the window does on the Review page: while looking, and while editing."""

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.canvas.commands import Handlers, adjusting, drawing, looking, undo_drawing

if TYPE_CHECKING:
    from desktop_app.review.page import ReviewPage

LETTERS = 9
"""Graders who can be adopted by a key of their own."""


def viewing(page: "ReviewPage") -> Handlers:
    """Return the handlers while no copy is edited."""
    return {
        **_walking(page),
        **_deciding(page),
        **_setting_up(page),
        **looking(page.canvas),
        **{id: partial(page.overlays.toggle, id) for id in page.overlays.rasters},
        "undo": page.session.undo,
        "redo": page.session.redo,
    }


def editing(page: "ReviewPage") -> Handlers:
    """Return the handlers while a copy is edited: the keys of drawing, and two to end it."""
    return {
        **drawing(page.canvas),
        **looking(page.canvas),
        **adjusting(page.canvas),
        "done": page.deeds.keep_copy,
        "cancel": page.deeds.cancel,
        "undo": partial(undo_drawing, page.canvas, page.session.undo),
        "redo": page.session.redo,
    }


def boxing(page: "ReviewPage") -> Handlers:
    """Return the handlers while a privacy box is drawn."""
    return {**looking(page.canvas), "cancel": page.box_hand.end}


def _walking(page: "ReviewPage") -> Handlers:
    return {
        "row_next": partial(page.step, 1),
        "row_previous": partial(page.step, -1),
        "search": page.search,
        "clear_brush": page.clear_brush,
        "export": page.export,
    }


def _deciding(page: "ReviewPage") -> Handlers:
    deeds = page.deeds
    return {
        **{f"adopt_{k + 1}": partial(deeds.adopt, k) for k in range(LETTERS)},
        "adopt_majority": deeds.adopt_majority,
        "edit_copy": deeds.edit_copy,
        "withdraw": deeds.withdraw,
        "send_back": deeds.send_back,
        "ask_extra": deeds.ask_extra,
        "privacy_box": deeds.draw_box,
        "clear_boxes": deeds.clear_boxes,
        "reveal": deeds.reveal,
    }


def _setting_up(page: "ReviewPage") -> Handlers:
    setup = page.setup
    return {
        "import": setup.open_import,
        "people": setup.open_people,
        "assign": setup.open_assignment,
        "write_instructions": setup.open_instructions,
        "study_settings": setup.open_settings,
        "audit_log": setup.open_audit,
        "check_study": setup.open_check,
        "export_regions": page.export_regions,
    }
