"""The shape of the cursor: what a press would do."""

from PySide6.QtCore import Qt

from desktop_app.canvas.tools.state import Hover, Part, ToolState
from desktop_app.canvas.tools.tool import Tool

Shape = Qt.CursorShape

OVER = {
    Part.VERTEX: Shape.SizeAllCursor,
    Part.MIDDLE: Shape.SizeAllCursor,
    Part.EDGE: Shape.PointingHandCursor,
    Part.DENSE: Shape.PointingHandCursor,
    Part.REGION: Shape.PointingHandCursor,
    Part.CLOSING: Shape.PointingHandCursor,
}


def cursor_for(state: ToolState, hover: Hover) -> Qt.CursorShape:
    """Return the cursor for a tool and what is under it."""
    idle = Shape.ArrowCursor if state.tool is Tool.SELECT else Shape.CrossCursor
    return OVER.get(hover.part, idle)
