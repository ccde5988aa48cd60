"""From what a gesture asks for to the region it leaves, by the engine's hand."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.canvas.tools.intents import (
    AddRegion,
    CutHole,
    DeleteHole,
    DeleteRegion,
    DeleteVertex,
    InsertVertex,
    Intent,
    MoveRegion,
    MoveVertex,
    Redraw,
)
from desktop_app.canvas.tools.pointer import Scene
from engine.domain.polygon import Region

if TYPE_CHECKING:
    from engine.regions.drawing import Outcome

NAMES: dict[type, str] = {
    AddRegion: "draw region",
    CutHole: "subtract hole",
    InsertVertex: "insert vertex",
    DeleteVertex: "delete vertex",
    Redraw: "redraw boundary",
    DeleteHole: "delete hole",
    DeleteRegion: "delete region",
}


def gesture_of(intent: Intent) -> str:
    """Return the name under which the study keeps a gesture."""
    if isinstance(intent, MoveVertex | MoveRegion):
        return intent.gesture
    return NAMES[type(intent)]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a gesture.

    Attributes
    ----------
    region
        None where the gesture is refused.
    message
        Why it is refused, or what the grader must know; may be empty.
    selected
        Index of the polygon that the gesture was about, -1 where it is gone.
    """

    region: Region | None
    message: str
    selected: int = -1


def carried_out(intent: Intent, scene: Scene) -> Result:
    """Return what a gesture makes of the region, or why it is refused."""
    outcome = _outcome(intent, scene)
    region = getattr(outcome, "region", None)
    selected = getattr(outcome, "selected", None)
    return Result(region, outcome.message, -1 if selected is None else selected)


def _outcome(intent: Intent, scene: Scene) -> "Outcome":
    from engine.regions import drawing  # noqa: PLC0415 - it loads shapely, which may come late

    region, frame = scene.region, drawing.Frame(scene.width, scene.height)
    outcome: Outcome
    match intent:
        case AddRegion(points):
            outcome = drawing.close_outline(region, points, frame)
        case CutHole(points):
            selected = scene.selected if scene.chosen else None
            outcome = drawing.subtract_hole(region, points, frame, selected=selected)
        case MoveVertex(index, number, vertex, to):
            outcome = drawing.move_vertex(
                region, index, ring_number=number, vertex=vertex, to=to, frame=frame
            )
        case InsertVertex(index, number, edge, at):
            outcome = drawing.insert_vertex(
                region, index, ring_number=number, edge=edge, at=at, frame=frame
            )
        case DeleteVertex(index, number, vertex):
            outcome = drawing.delete_vertex(
                region, index, ring_number=number, vertex=vertex, frame=frame
            )
        case MoveRegion(index, by):
            outcome = drawing.move_region(region, index, by=by, frame=frame)
        case Redraw(index, stroke, start, end):
            outcome = drawing.redraw_boundary(
                region, index, stroke, start=start, end=end, frame=frame
            )
        case DeleteHole(index, hole):
            outcome = drawing.delete_hole(region, index, hole)
        case DeleteRegion(index):
            outcome = drawing.delete_region(region, index)
    return outcome
