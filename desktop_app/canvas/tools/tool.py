"""The tools there are."""

from enum import StrEnum


class Tool(StrEnum):
    """What the left button does."""

    DRAW = "draw"
    SELECT = "select"
    REDRAW = "redraw"
    HOLE = "hole"
