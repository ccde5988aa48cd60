"""What each action of the window does on the Explain page."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.window.actions import Handler

if TYPE_CHECKING:
    from desktop_app.explain.page import ExplainPage


def commands(page: "ExplainPage") -> Mapping[str, Handler]:
    """Return the handlers of the page, by action id."""
    session, panels = page.session, page.panels
    canvas = panels.canvas
    return {
        "run": page.run,
        "pause_run": page.pause,
        "cancel_run": session.running.cancel,
        "choose_model": page.dialogs.choose_card,
        "open_panels": page.show_panels,
        **{f"panel_{k}": partial(panels.show_alone, k - 1) for k in range(1, 5)},
        "panels_together": partial(panels.show_alone, -1),
        "flicker": panels.hold_flicker,
        "star": page.findings.star,
        "comment": page.findings.comment,
        "row_next": partial(page.step, 1),
        "row_previous": partial(page.step, -1),
        "label_parts": page.begin_labelling,
        "export": page.exporting.export,
        "report": page.exporting.report,
        "write_panels": page.exporting.panels,
        "sanity": page.dialogs.show_sanity,
        "copy_command": page.exporting.copy_command,
        "search": page.search,
        "clear_brush": partial(session.selection.brush, None),
        "fit": canvas.fit,
        "actual_size": canvas.actual_size,
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
    }


def labelling_commands(page: "ExplainPage") -> Mapping[str, Handler]:
    """Return the handlers while body parts are labelled: its letters mean parts alone."""
    canvas = page.labelling.canvas
    return {
        "undo": page.labelling.undo,
        "pause_run": page.pause,
        "cancel_run": page.session.running.cancel,
        "fit": canvas.fit,
        "actual_size": canvas.actual_size,
        "zoom_in": canvas.zoom_in,
        "zoom_out": canvas.zoom_out,
    }
