"""One line for the bottom of the window: what can be done where the cursor is."""

from desktop_app.canvas.tools.pointer import Scene
from desktop_app.canvas.tools.state import Hover, Part, ToolState
from desktop_app.canvas.tools.tool import Tool

READ_ONLY = "Wheel zooms, Space-drag moves the picture."

IDLE = {
    Tool.DRAW: "Click from point to point, or press and drag, around the region.",
    Tool.HOLE: "Click from point to point, or press and drag, around what does not belong.",
    Tool.REDRAW: "Press on a boundary and draw to another place on it.",
    Tool.SELECT: "Click a region to select it. Drag beside it to move the picture.",
}
DRAWING = {
    Tool.DRAW: "Close: first point, double-click or Enter. Right-click takes a point back. "
    "Esc cancels.",
    Tool.HOLE: "Close: first point, double-click or Enter. Right-click takes a point back. "
    "Esc cancels.",
    Tool.REDRAW: "End on the same boundary. Right-click takes a point back. Esc cancels.",
    Tool.SELECT: "",
}
OVER = {
    Part.VERTEX: "Drag moves this vertex, arrows nudge it. Alt+click or Backspace deletes it.",
    Part.MIDDLE: "Drag to put a vertex into this edge.",
    Part.EDGE: "Alt+click puts a vertex here. Drag moves the region.",
    Part.DENSE: "Zoom in to take hold of single vertices. Drag moves the region.",
    Part.REGION: "Click selects this region, drag moves it. Delete takes it away.",
    Part.HOLE: "Alt+click fills this hole.",
    Part.CLOSING: "Click closes the outline.",
    Part.BOUNDARY: "Press here to begin the new stretch.",
}


def hint(state: ToolState, hover: Hover, *, may_edit: bool) -> str:
    """Return the hint for a tool's state and what is under the cursor."""
    if not may_edit:
        return READ_ONLY
    if state.is_drawing:
        if hover.part is Part.BOUNDARY:
            return "Click or release here to replace the stretch."
        return OVER[Part.CLOSING] if hover.part is Part.CLOSING else DRAWING[state.tool]
    return OVER.get(hover.part) or IDLE[state.tool]


def description(scene: Scene, state: ToolState) -> str:
    """Return what is on the canvas, for those who do not see it."""
    if scene.width == 0:
        return "No picture."
    count = len(scene.region)
    said = [
        f"Picture of {scene.width} by {scene.height} pixels, {count} region" + "s" * (count != 1)
    ]
    if scene.chosen is not None:
        vertices = sum(len(ring) for ring in scene.chosen.rings)
        said.append(f"region {scene.selected + 1} selected, with {vertices} vertices")
    if state.is_drawing:
        said.append(f"outline under way, {len(state.preview.line)} vertices")
    return ", ".join(said) + "."
