"""What every tool state answers to, and what it answers with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from desktop_app.canvas.tools.intents import Intent
from desktop_app.canvas.tools.pointer import Point, Pointer, Scene
from desktop_app.canvas.tools.tool import Tool
from engine.domain.queue import Draft


class Part(StrEnum):
    """What the pointer is over."""

    NOTHING = ""
    REGION = "region"
    HOLE = "hole"
    EDGE = "edge"
    MIDDLE = "middle"
    VERTEX = "vertex"
    DENSE = "dense"
    CLOSING = "closing"
    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Hover:
    """What the pointer is over: what a press there would act on, shown beforehand.

    Attributes
    ----------
    index
        Of the polygon, -1 for none.
    ring, vertex
        Which ring of it, and which vertex; for an edge the one that it begins with.
    at
        Where the mark belongs: the vertex, the middle, the place on the boundary.
    """

    part: Part = Part.NOTHING
    index: int = -1
    ring: int = 0
    vertex: int = -1
    at: Point | None = None


NOWHERE = Hover()


@dataclass(frozen=True, slots=True)
class Preview:
    """What is painted while a gesture is under way.

    Attributes
    ----------
    line
        What has been drawn.
    tip
        Where the pointer is, the end of the rubber line; None while it is elsewhere.
    closes
        True where a press now would finish the gesture.
    shift
        Index of a polygon that is being moved, and by how much.
    is_ring
        True where the line is going to be a ring, so that its first vertex is marked.
    """

    line: tuple[Point, ...] = ()
    tip: Point | None = None
    closes: bool = False
    shift: tuple[int, Point] | None = None
    is_ring: bool = False


NO_PREVIEW = Preview()


class ToolState(Protocol):
    """One tool at one moment; it never changes, each event leads to another."""

    @property
    def tool(self) -> Tool:
        """Which tool it is."""
        ...

    @property
    def is_drawing(self) -> bool:
        """True while something half-drawn would be lost by leaving."""
        ...

    @property
    def is_held(self) -> bool:
        """True between press and release."""
        ...

    @property
    def draft(self) -> Draft | None:
        """The half-drawn outline, as it is kept in the study."""
        ...

    @property
    def preview(self) -> Preview:
        """What is painted of the gesture."""
        ...

    def hover(self, pointer: Pointer, scene: Scene) -> Hover:
        """Return what a press here would act on."""
        ...

    def press(self, pointer: Pointer, scene: Scene) -> "Step":
        """Answer to the left button going down."""
        ...

    def move(self, pointer: Pointer, scene: Scene) -> "Step":
        """Answer to the pointer moving, the button up or down."""
        ...

    def release(self, pointer: Pointer, scene: Scene) -> "Step":
        """Answer to the left button going up."""
        ...

    def double_press(self, pointer: Pointer, scene: Scene) -> "Step":
        """Answer to the second press of a double click, in place of `press`."""
        ...

    def close(self, scene: Scene) -> "Step":
        """Finish what is being drawn."""
        ...

    def drop(self, scale: float) -> "Step":
        """Take back the last vertex of what is being drawn."""
        ...

    def idle(self) -> "ToolState":
        """Return the tool with nothing begun: after a gesture, or when it is given up."""
        ...

    def left(self) -> "ToolState":
        """Return the state once the pointer is off the canvas."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one event.

    Attributes
    ----------
    state
        What the tool is now; after an intent that the engine refuses, it stays.
    intent
        What is asked for; at most one for each gesture, when it ends.
    is_draft_changed
        True where the half-drawn outline has more or fewer vertices.
    select
        Index of the polygon to select, -1 for none, or None for no change.
    message
        What the grader is told.
    pans
        True where the press was on nothing and the picture may be pushed instead.
    """

    state: ToolState
    intent: Intent | None = None
    is_draft_changed: bool = False
    select: int | None = None
    message: str = ""
    pans: bool = False
