"""The one table of actions: what a person can ask the window for, and by which keys."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Group(StrEnum):
    """Where an action stands on the shortcut sheet, by the title that is shown there."""

    GRADE = "Grade"
    DRAW = "Draw"
    REVIEW = "Review"
    EXPLAIN = "Explain"
    ROWS = "Review and Explain"
    EDIT = "Edit"
    VIEW = "View"
    FILE = "File"
    HELP = "Help"


class Place(StrEnum):
    """What a person is at, which decides what a key means."""

    GRADE = "grade"
    """Grading, or drawing a region elsewhere."""
    REVIEW = "review"
    EXPLAIN = "explain"


ANYWHERE = frozenset(Place)
GRADING = frozenset({Place.GRADE})
REVIEWING = frozenset({Place.REVIEW})
EXPLAINING = frozenset({Place.EXPLAIN})


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
    places
        Where it can be asked for. Actions without a place in common may share a key.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    group: Group
    hint: str = ""
    repeats: bool = False
    is_held: bool = False
    places: frozenset[Place] = ANYWHERE

    def meets(self, other: "ActionSpec") -> bool:
        """Tell whether both can be asked for in one place, so that they need keys of their own."""
        return not self.places.isdisjoint(other.places)


def _at(places: frozenset[Place], *specs: ActionSpec) -> tuple[ActionSpec, ...]:
    """Return actions that can be asked for in these places only."""
    return tuple(replace(spec, places=places) for spec in specs)


def _grade() -> tuple[ActionSpec, ...]:
    group = Group.GRADE
    return _at(
        GRADING,
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
    return _at(
        GRADING,
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
        *_at(
            GRADING,
            ActionSpec(
                "toggle_queue",
                "Show or hide the queue",
                ("L",),
                group,
                "More room for the photograph",
            ),
            ActionSpec("brighter", "Brighter", ("B",), group, view_only, repeats=True),
            ActionSpec("darker", "Darker", ("Shift+B",), group, view_only, repeats=True),
            ActionSpec("more_contrast", "More contrast", ("C",), group, view_only, repeats=True),
            ActionSpec(
                "less_contrast", "Less contrast", ("Shift+C",), group, view_only, repeats=True
            ),
            ActionSpec("reset_adjustment", "Reset brightness and contrast", ("X",), group),
        ),
        ActionSpec("page_grade", "Grade page", ("Ctrl+1",), group, "Outline what is to be seen"),
        ActionSpec("page_review", "Review page", ("Ctrl+2",), group, "How far graders agree"),
        ActionSpec("page_explain", "Explain page", ("Ctrl+3",), group, "Where a classifier looks"),
    )


def _review() -> tuple[ActionSpec, ...]:
    group = Group.REVIEW
    return _at(
        REVIEWING,
        *(
            ActionSpec(f"adopt_{k}", f"Adopt grader {letter}", (str(k),), group)
            for k, letter in enumerate("ABCDEFGHI", 1)
        ),
        ActionSpec(
            "adopt_majority", "Adopt the majority", ("M",), group, "What most graders marked"
        ),
        ActionSpec(
            "edit_copy",
            "Edit a copy",
            ("E",),
            group,
            "Draw the region that counts; Ctrl+Enter keeps it, Esc gives it up",
        ),
        ActionSpec(
            "withdraw",
            "Withdraw the decision",
            ("W",),
            group,
            "The graders’ consensus counts again",
        ),
        ActionSpec(
            "send_back",
            "Send back to a grader…",
            ("X",),
            group,
            "With the reason that they will read",
        ),
        ActionSpec("ask_extra", "Ask an extra grader…", ("Shift+X",), group),
        ActionSpec(
            "privacy_box",
            "Draw a privacy box",
            ("P",),
            group,
            "Covered in every picture that leaves the study",
        ),
        ActionSpec(
            "clear_boxes",
            "Remove the privacy boxes",
            (),
            group,
            "All those of the image at hand; undo brings them back",
        ),
        ActionSpec(
            "reveal", "Reveal the graders’ names", ("O",), group, "The audit log says who did so"
        ),
        ActionSpec(
            "show_votes", "Show or hide the votes", ("V",), group, "How many marked a place"
        ),
        ActionSpec("show_majority", "Show or hide the region that counts", ("C",), group),
        ActionSpec("show_only", "Show or hide what only one marked", ("Y",), group),
    )


def _set_up() -> tuple[ActionSpec, ...]:
    group = Group.REVIEW
    return _at(
        REVIEWING,
        ActionSpec("import", "Import…", ("Ctrl+I",), group, "Photographs, tables, regions"),
        ActionSpec("people", "People…", (), group, "Graders, leads and analysts of the study"),
        ActionSpec("assign", "Assign images…", (), group, "Who grades what, evenly and by lot"),
        ActionSpec("write_instructions", "Instructions for graders…", (), group),
        ActionSpec("study_settings", "Settings of the study…", (), group),
        ActionSpec("audit_log", "Audit log…", (), group, "Who did what, and when"),
        ActionSpec(
            "check_study",
            "Check the study…",
            (),
            group,
            "Its file, missing or changed photographs, stale maps",
        ),
        ActionSpec(
            "export_regions",
            "Export regions…",
            (),
            group,
            "Graders’ outlines or the consensus, for labelme, COCO and others",
        ),
    )


def _explain() -> tuple[ActionSpec, ...]:
    group = Group.EXPLAIN
    return _at(
        EXPLAINING,
        ActionSpec("run", "Run", ("F5",), group, "Explains the classifier on the admitted images"),
        ActionSpec("pause_run", "Pause or go on", ("F6",), group),
        ActionSpec("cancel_run", "Cancel the run", ("Shift+F5",), group, "What is done stays done"),
        ActionSpec("choose_model", "Choose a model card…", ("Ctrl+M",), group),
        ActionSpec("open_panels", "Show the four panels", ("Return", "Enter"), group),
        *(ActionSpec(f"panel_{k}", f"Show panel {k} alone", (str(k),), group) for k in range(1, 5)),
        ActionSpec("panels_together", "Show the panels side by side", ("0",), group),
        ActionSpec(
            "flicker",
            "Flicker between image and map",
            (".",),
            group,
            "Shows the other one for as long as the key is held",
            is_held=True,
        ),
        ActionSpec("star", "Star a finding", ("S",), group),
        ActionSpec("comment", "Comment on a finding", ("T",), group),
        ActionSpec(
            "label_parts",
            "Label body parts",
            ("B",),
            group,
            "The lowest tenth and a control sample",
        ),
        ActionSpec("report", "Write the report…", ("Ctrl+Shift+E",), group),
        ActionSpec("write_panels", "Write the panels…", (), group, "Four panels of each image"),
        ActionSpec(
            "sanity",
            "Check that maps depend on the model…",
            (),
            group,
            "Maps of a model that forgets layer by layer",
        ),
        ActionSpec("copy_command", "Copy as a command", (), group, "The same run, for a terminal"),
    )


def _rows() -> tuple[ActionSpec, ...]:
    group = Group.ROWS
    return _at(
        REVIEWING | EXPLAINING,
        ActionSpec("row_next", "Next row", ("J",), group, repeats=True),
        ActionSpec("row_previous", "Previous row", ("K",), group, repeats=True),
        ActionSpec("search", "Search the table", ("Ctrl+F",), group),
        ActionSpec("export", "Export…", ("Ctrl+E",), group, "The table or figure as a file"),
        ActionSpec("clear_brush", "Let go of what is picked out", ("Ctrl+D",), group),
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


ACTIONS: tuple[ActionSpec, ...] = (
    *_grade(), *_draw(), *_review(),
    *_set_up(), *_explain(), *_rows(), *_edit(), *_view(), *_file(), *_help()
)  # fmt: skip
"""Every action of the window, in the order of the shortcut sheet."""

BY_ID: dict[str, ActionSpec] = {spec.id: spec for spec in ACTIONS}
