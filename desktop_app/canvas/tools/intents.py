"""What a finished gesture asks for, as plain values; the engine says what becomes of it."""

from dataclasses import dataclass

from desktop_app.canvas.tools.pointer import Point
from engine.domain.hit import EdgeHit


@dataclass(frozen=True, slots=True)
class AddRegion:
    """Outline one more region."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class CutHole:
    """Cut a hole into whatever lies there."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class MoveVertex:
    """Put a vertex elsewhere."""

    index: int
    ring: int
    vertex: int
    to: Point
    gesture: str = "move vertex"


@dataclass(frozen=True, slots=True)
class InsertVertex:
    """Put a new vertex into an edge."""

    index: int
    ring: int
    edge: int
    at: Point


@dataclass(frozen=True, slots=True)
class DeleteVertex:
    """Take a vertex out."""

    index: int
    ring: int
    vertex: int


@dataclass(frozen=True, slots=True)
class MoveRegion:
    """Move a polygon."""

    index: int
    by: Point
    gesture: str = "move region"


@dataclass(frozen=True, slots=True)
class Redraw:
    """Replace a stretch of a boundary."""

    index: int
    stroke: tuple[Point, ...]
    start: EdgeHit
    end: EdgeHit


@dataclass(frozen=True, slots=True)
class DeleteHole:
    """Fill a hole."""

    index: int
    hole: int


@dataclass(frozen=True, slots=True)
class DeleteRegion:
    """Take a polygon away."""

    index: int


Intent = (
    AddRegion
    | CutHole
    | MoveVertex
    | InsertVertex
    | DeleteVertex
    | MoveRegion
    | Redraw
    | DeleteHole
    | DeleteRegion
)
