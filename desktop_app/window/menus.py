"""What stands in the menu bar, and in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

LINE = "-"
RECENT = "recent"
"""Where the studies of before go."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: ids of actions, lines, and menus inside it."""

    title: str
    entries: tuple["str | Menu", ...]


NUDGE = Menu(
    "Nudge",
    tuple(f"nudge_{side}{by}" for by in ("", "_10") for side in ("left", "right", "up", "down")),
)
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
    ),
    Menu(
        "&Draw",
        (
            "draw", "hole", "redraw", "select_tool", LINE, "close_outline", "cancel", LINE,
            "region_next", "region_previous", NUDGE, LINE, "delete", "delete_vertex",
        ),
    ),
    Menu(
        "&View",
        (
            "fit", "actual_size", "zoom_in", "zoom_out", LINE,
            "toggle_shapes", "toggle_queue", LINE,
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


def fill(bar: QMenuBar, actions: Mapping[str, QAction], recent: Callable[[QMenu], None]) -> None:
    """Put all menus into a menu bar; `recent` is given the menu of the studies of before."""
    for action_id, role in ROLES.items():
        actions[action_id].setMenuRole(role)
    for menu in MENUS:
        _fill(bar.addMenu(menu.title), menu, actions, recent)


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
