"""What stands in the menu bar, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop_app.window.action_table import ANYWHERE, EXPLAINING, GRADING, REVIEWING, Place

LINE = "-"
RECENT = "recent"
"""Where the studies of before go."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: ids of actions, lines, and menus inside it, and where it is of use."""

    title: str
    entries: tuple["str | Menu", ...]
    places: frozenset[Place] = ANYWHERE


NUDGE = Menu(
    "Nudge",
    tuple(f"nudge_{side}{by}" for by in ("", "_10") for side in ("left", "right", "up", "down")),
)
ADOPT = Menu("Adopt a grader’s region", tuple(f"adopt_{k}" for k in range(1, 10)))
MENUS = (
    Menu(
        "&File",
        ("new", "open", RECENT, LINE, "save_copy", "packet", "merge", LINE, "close", "quit"),
    ),
    Menu("&Edit", ("undo", "redo", LINE, "preferences")),
    Menu(
        "&Grade",
        (
            "next", "previous", "next_unfinished", "previous_unfinished", LINE,
            "not_visible", "count_1", "count_2", "count_3", "count_4", "too_many", LINE,
            "done", LINE, "note", "problem", LINE, "instructions", "who",
        ),
        GRADING,
    ),
    Menu(
        "&Draw",
        (
            "draw", "hole", "redraw", "select_tool", LINE, "close_outline", "cancel", LINE,
            "region_next", "region_previous", NUDGE, LINE, "delete", "delete_vertex",
        ),
        GRADING | REVIEWING,
    ),
    Menu(
        "&Study",
        (
            "import", LINE, "people", "assign", "write_instructions", "study_settings", LINE,
            "audit_log", "check_study", LINE, "export_regions",
        ),
        REVIEWING,
    ),
    Menu(
        "&Review",
        (
            "row_next", "row_previous", "search", "clear_brush", LINE,
            ADOPT, "adopt_majority", "edit_copy", "withdraw", LINE,
            "send_back", "ask_extra", LINE, "privacy_box", "clear_boxes", "reveal", LINE,
            "export",
        ),
        REVIEWING,
    ),
    Menu(
        "E&xplain",
        (
            "choose_model", "run", "pause_run", "cancel_run", LINE,
            "row_next", "row_previous", "search", "clear_brush", LINE,
            "open_panels", "panels_together", *(f"panel_{k}" for k in range(1, 5)), LINE,
            "star", "comment", "label_parts", LINE, "sanity", LINE,
            "export", "report", "write_panels", "copy_command",
        ),
        EXPLAINING,
    ),
    Menu(
        "&View",
        (
            "page_grade", "page_review", "page_explain", LINE,
            "fit", "actual_size", "zoom_in", "zoom_out", LINE,
            "toggle_shapes", "show_votes", "show_majority", "show_only", "toggle_queue", LINE,
            "brighter", "darker", "more_contrast", "less_contrast", "reset_adjustment",
        ),
    ),
    Menu("&Help", ("shortcuts", LINE, "about")),
)  # fmt: skip
ROLES = {
    "about": QAction.MenuRole.AboutRole,
    "preferences": QAction.MenuRole.PreferencesRole,
    "quit": QAction.MenuRole.QuitRole,
}
"""Actions that macOS moves to the menu of the program."""


def fill(
    bar: QMenuBar, actions: Mapping[str, QAction], recent: Callable[[QMenu], None]
) -> list[tuple[QMenu, frozenset[Place]]]:
    """Put all menus into a menu bar, and return each with where it is of use.

    `recent` is given the menu of the studies of before.
    """
    for action_id, role in ROLES.items():
        actions[action_id].setMenuRole(role)
    filled = []
    for menu in MENUS:
        shown = bar.addMenu(menu.title)
        _fill(shown, menu, actions, recent)
        filled.append((shown, menu.places))
    return filled


def _fill(
    shown: QMenu, menu: Menu, actions: Mapping[str, QAction], recent: Callable[[QMenu], None]
) -> None:
    shown.setToolTipsVisible(False)
    for entry in menu.entries:
        if isinstance(entry, Menu):
            _fill(shown.addMenu(entry.title), entry, actions, recent)
        elif entry == LINE:
            shown.addSeparator()
        elif entry == RECENT:
            recent(shown.addMenu("Open recent"))
        else:
            shown.addAction(actions[entry])
