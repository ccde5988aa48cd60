"""The one table of actions: what a person can ask the window for, and by which keys."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Where an action stands on the shortcut sheet, by the title that is shown there."""

    GRADE = "Grade"
    DRAW = "Draw"
    EDIT = "Edit"
    VIEW = "View"
    FILE = "File"
    HELP = "Help"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing that a person can ask for.

    Attributes
    ----------
    text
        What it is called in menus and on the shortcut sheet; three dots where it asks back.
    keys
        Default keys in Qt's portable notation, the first one shown in menus.
    hint
        One more sentence for the status bar and the shortcut sheet, where the text is not enough.
    repeats
        Whether it goes on while its key is held down.
    is_held
        Whether it lasts as long as its key is down; its handler is told True, then False.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    group: Group
    hint: str = ""
    repeats: bool = False
    is_held: bool = False


def _grade() -> tuple[ActionSpec, ...]:
    group = Group.GRADE
    return (
        ActionSpec("next", "Next image", ("D", "PgDown"), group, repeats=True),
        ActionSpec("previous", "Previous image", ("A", "PgUp"), group, repeats=True),
        ActionSpec("next_unfinished", "Next unfinished image", ("Ctrl+Shift+D",), group),
        ActionSpec("previous_unfinished", "Previous unfinished image", ("Ctrl+Shift+A",), group),
        ActionSpec(
            "done",
            "Done and next",
            ("Ctrl+Return", "Ctrl+Enter"),
            group,
            "Finishes this image and opens the next unfinished one",
        ),
        ActionSpec("not_visible", "No condition is visible", ("Q",), group),
        ActionSpec("count_1", "1 region", ("1",), group, "Says visible too"),
        ActionSpec("count_2", "2 regions", ("2",), group, "Says visible too"),
        ActionSpec("count_3", "3 regions", ("3",), group, "Says visible too"),
        ActionSpec("count_4", "4 regions", ("4",), group, "Says visible too"),
        ActionSpec("too_many", "Too many regions", ("5",), group, "Says visible; none are drawn"),
        ActionSpec("note", "Note", ("T",), group, "A remark for the lead"),
        ActionSpec(
            "problem",
            "Report a problem",
            ("Shift+T",),
            group,
            "Blurred, wrong picture, identifying detail",
        ),
        ActionSpec("instructions", "Instructions", ("I",), group, "What the lead asks of graders"),
        ActionSpec("who", "Change grader…", (), group, "Grade under another name of this study"),
    )


def _draw() -> tuple[ActionSpec, ...]:
    group = Group.DRAW
    return (
        ActionSpec(
            "draw", "Draw region", ("P", "N"), group, "Click point by point, or press and drag"
        ),
        ActionSpec("hole", "Subtract hole", ("S",), group, "Draw what does not belong to a region"),
        ActionSpec(
            "redraw", "Redraw boundary", ("R",), group, "From one point of the boundary to another"
        ),
        ActionSpec("select_tool", "Select and edit", ("V",), group),
        ActionSpec("close_outline", "Close outline", ("Return", "Enter"), group),
        ActionSpec("cancel", "Cancel outline", ("Esc",), group, "Undo brings it back"),
        ActionSpec("delete", "Delete region", ("Delete",), group),
        ActionSpec(
            "delete_vertex",
            "Delete vertex",
            ("Backspace",),
            group,
            "The last one while drawing, else the one under the pointer",
            repeats=True,
        ),
        ActionSpec("region_next", "Next region", ("]",), group, repeats=True),
        ActionSpec("region_previous", "Previous region", ("[",), group, repeats=True),
        *(
            ActionSpec(
                f"nudge_{side}{suffix}",
                f"Nudge {side} {pixels}",
                (f"{modifier}{side.capitalize()}",),
                group,
                repeats=True,
            )
            for suffix, pixels, modifier in (("", "1 pixel", ""), ("_10", "10 pixels", "Shift+"))
            for side in ("left", "right", "up", "down")
        ),
    )


def _edit() -> tuple[ActionSpec, ...]:
    group = Group.EDIT
    return (
        ActionSpec("undo", "Undo", ("Ctrl+Z",), group, repeats=True),
        ActionSpec("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), group, repeats=True),
        ActionSpec("preferences", "Preferences…", ("Ctrl+,",), group),
    )


def _view() -> tuple[ActionSpec, ...]:
    group = Group.VIEW
    view_only = "Changes the view only, never the photograph"
    return (
        ActionSpec("fit", "Fit image", ("F",), group),
        ActionSpec("actual_size", "Actual size", ("Ctrl+0",), group),
        ActionSpec("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), group, repeats=True),
        ActionSpec("zoom_out", "Zoom out", ("Ctrl+-",), group, repeats=True),
        ActionSpec(
            "peek",
            "Peek without shapes",
            ("H",),
            group,
            "Hidden for as long as the key is held",
            is_held=True,
        ),
        ActionSpec("toggle_shapes", "Show or hide shapes", ("Ctrl+H",), group),
        ActionSpec(
            "toggle_queue", "Show or hide the queue", ("L",), group, "More room for the photograph"
        ),
        ActionSpec("brighter", "Brighter", ("B",), group, view_only, repeats=True),
        ActionSpec("darker", "Darker", ("Shift+B",), group, view_only, repeats=True),
        ActionSpec("more_contrast", "More contrast", ("C",), group, view_only, repeats=True),
        ActionSpec("less_contrast", "Less contrast", ("Shift+C",), group, view_only, repeats=True),
        ActionSpec("reset_adjustment", "Reset brightness and contrast", ("X",), group),
    )


def _file() -> tuple[ActionSpec, ...]:
    group = Group.FILE
    return (
        ActionSpec("new", "New study…", ("Ctrl+N",), group),
        ActionSpec("open", "Open study…", ("Ctrl+O",), group),
        ActionSpec("save_copy", "Save a copy…", ("Ctrl+Shift+S",), group),
        ActionSpec(
            "packet",
            "Make a grader’s packet…",
            (),
            group,
            "One file with one grader’s images, to be graded elsewhere",
        ),
        ActionSpec("merge", "Merge a packet…", (), group, "Take back what was graded elsewhere"),
        ActionSpec("close", "Close study", ("Ctrl+W",), group),
        ActionSpec("quit", "Quit", ("Ctrl+Q",), group),
    )


def _help() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("shortcuts", "Keyboard shortcuts", ("F1",), Group.HELP),
        ActionSpec("about", "About DermConcord", (), Group.HELP),
    )


ACTIONS: tuple[ActionSpec, ...] = (*_grade(), *_draw(), *_edit(), *_view(), *_file(), *_help())
"""Every action of the window, in the order of the shortcut sheet."""

BY_ID: dict[str, ActionSpec] = {spec.id: spec for spec in ACTIONS}
