"""Select tool: vertices and regions are chosen, dragged, put in and taken out."""

from dataclasses import dataclass, replace

from desktop_app.canvas.tools.intents import (
    DeleteHole,
    DeleteVertex,
    InsertVertex,
    Intent,
    MoveRegion,
    MoveVertex,
)
from desktop_app.canvas.tools.pointer import (
    CATCH,
    CLICK,
    LONG_EDGE,
    Point,
    Pointer,
    Scene,
    are_vertices_apart,
)
from desktop_app.canvas.tools.state import NO_PREVIEW, NOWHERE, Hover, Part, Preview, Step
from desktop_app.canvas.tools.tool import Tool
from engine.domain.hit import (
    hole_at,
    nearest_edge,
    nearest_midpoint,
    nearest_vertex,
    regions_at,
)
from engine.domain.polygon import Polygon
from engine.domain.queue import Draft

STEADY = 2.0
"""Screen pixels that a vertex must be dragged before it moves."""

EDGE_CATCH = 6.0
"""Screen pixels within which an edge is caught."""

MOVES_VERTEX = (Part.VERTEX, Part.MIDDLE)
MOVES_REGION = (Part.REGION, Part.EDGE, Part.DENSE)


@dataclass(frozen=True, slots=True)
class Selecting:
    """What is held, if anything, and how far it has been dragged.

    Attributes
    ----------
    grip
        What was under the pointer when the button went down.
    pressed
        That event.
    by
        How far it has been dragged, in image pixels; None until the hand has clearly moved.
    was_selected
        True where the polygon was selected before the press.
    line
        The vertex that is dragged, between its neighbours.
    """

    grip: Hover = NOWHERE
    pressed: Pointer | None = None
    by: Point | None = None
    was_selected: bool = False
    line: tuple[Point, ...] = ()

    @property
    def tool(self) -> Tool:
        """The select tool."""
        return Tool.SELECT

    @property
    def is_drawing(self) -> bool:
        """False: a drag that is given up loses nothing."""
        return False

    @property
    def is_held(self) -> bool:
        """True between press and release."""
        return self.pressed is not None

    @property
    def draft(self) -> Draft | None:
        """None: nothing is half-drawn."""
        return None

    @property
    def preview(self) -> Preview:
        """The dragged vertex between its neighbours, or the shifted region."""
        if self.by is None:
            return NO_PREVIEW
        if self.grip.part in MOVES_REGION:
            return Preview(shift=(self.grip.index, self.by))
        return Preview(self.line)

    def hover(self, pointer: Pointer, scene: Scene) -> Hover:
        """Return the part of the selected region under the pointer, else the region on top."""
        if self.pressed is not None:
            return replace(self.grip, at=None) if self.by else self.grip
        chosen = scene.chosen
        part = _part_of(chosen, pointer, scene) if chosen and scene.may_edit else NOWHERE
        if part is not NOWHERE:
            return part
        under = regions_at(scene.region, pointer.at)
        if scene.selected in under:
            return Hover(Part.REGION, scene.selected)
        if under:
            return Hover(Part.REGION, under[0])
        hole = hole_at(chosen, pointer.at) if chosen and scene.may_edit else None
        if hole is not None:
            return Hover(Part.HOLE, scene.selected, hole + 1)
        reach = pointer.reach(EDGE_CATCH)
        near = (i for i, p in enumerate(scene.region) if nearest_edge(p, pointer.at, radius=reach))
        index = next(near, None)
        return NOWHERE if index is None else Hover(Part.REGION, index)

    def press(self, pointer: Pointer, scene: Scene) -> Step:
        """Take hold of what is under the pointer, and select its region."""
        grip = self.hover(pointer, scene)
        if grip.part is Part.HOLE and not pointer.is_alt:
            grip = NOWHERE
        was_selected = grip.index == scene.selected
        state = Selecting(grip, pointer, was_selected=was_selected)
        if grip.part is Part.NOTHING:
            return Step(state, pans=True)
        return Step(state, select=grip.index)

    def move(self, pointer: Pointer, scene: Scene) -> Step:
        """Drag what is held, once the hand has clearly moved."""
        if self.pressed is None or not scene.may_edit:
            return Step(self)
        threshold = STEADY if self.grip.part in MOVES_VERTEX else CLICK
        if self.by is None and pointer.is_near(self.pressed.at, threshold):
            return Step(self)
        by = pointer.at[0] - self.pressed.at[0], pointer.at[1] - self.pressed.at[1]
        polygon = scene.region[self.grip.index] if self.grip.index >= 0 else None
        if polygon is None or self.grip.part is Part.HOLE:
            return Step(self)
        if self._drags_vertex:
            return Step(replace(self, by=by, line=self._led(polygon, by, scene)))
        return Step(replace(self, by=_limited(polygon, by, scene)))

    def release(self, pointer: Pointer, scene: Scene) -> Step:
        """End the drag, or the click."""
        if self.pressed is None:
            return Step(self)
        state = replace(self, pressed=None)
        if self.by is not None:
            return Step(state, self._dragged())
        if self.pressed.is_alt and scene.may_edit:
            return Step(state, self._alt_clicked())
        return Step(state, select=self._clicked(scene))

    def double_press(self, pointer: Pointer, scene: Scene) -> Step:
        """As a press."""
        return self.press(pointer, scene)

    def close(self, _scene: Scene) -> Step:
        """Nothing is being drawn."""
        return Step(self)

    def drop(self, _scale: float) -> Step:
        """Nothing is being drawn."""
        return Step(self)

    def idle(self) -> "Selecting":
        """Return the tool with nothing held."""
        return Selecting()

    def left(self) -> "Selecting":
        """Return the state as it is: what is held stays held beyond the border."""
        return self

    @property
    def _drags_vertex(self) -> bool:
        """True where a vertex is dragged, one that is there or one that is put in."""
        is_alt = self.pressed is not None and self.pressed.is_alt
        return self.grip.part in MOVES_VERTEX or (self.grip.part is Part.EDGE and is_alt)

    def _led(self, polygon: Polygon, by: Point, scene: Scene) -> tuple[Point, ...]:
        """Return where the dragged vertex is now, between its neighbours."""
        grip = self.grip
        assert grip.at is not None
        vertices = polygon.rings[grip.ring]
        before = grip.vertex - 1 if grip.part is Part.VERTEX else grip.vertex
        (x0, y0), (x1, y1) = vertices[[before, (grip.vertex + 1) % len(vertices)]].tolist()
        to = scene.held((grip.at[0] + by[0], grip.at[1] + by[1]))
        return (x0, y0), to, (x1, y1)

    def _dragged(self) -> Intent | None:
        grip = self.grip
        assert self.by is not None
        if not self.line:
            return MoveRegion(grip.index, self.by)
        if grip.part is Part.VERTEX:
            return MoveVertex(grip.index, grip.ring, grip.vertex, self.line[1])
        return InsertVertex(grip.index, grip.ring, grip.vertex, self.line[1])

    def _alt_clicked(self) -> Intent | None:
        grip = self.grip
        if grip.part is Part.VERTEX:
            return DeleteVertex(grip.index, grip.ring, grip.vertex)
        if grip.part in (Part.EDGE, Part.MIDDLE) and grip.at is not None:
            return InsertVertex(grip.index, grip.ring, grip.vertex, grip.at)
        if grip.part is Part.HOLE:
            return DeleteHole(grip.index, grip.ring - 1)
        return None

    def _clicked(self, scene: Scene) -> int | None:
        """Return what a click selects: another click on overlapping regions takes the next."""
        assert self.pressed is not None
        if self.grip.part is Part.NOTHING:
            return -1
        if self.grip.part is not Part.REGION or not self.was_selected:
            return None
        under = regions_at(scene.region, self.pressed.at)
        if self.grip.index not in under:
            return None
        return under[(under.index(self.grip.index) + 1) % len(under)]


def _part_of(chosen: Polygon, pointer: Pointer, scene: Scene) -> Hover:
    """Return which part of the selected polygon is under the pointer, but for its inside."""
    index = scene.selected
    is_apart = are_vertices_apart(chosen, pointer.scale)
    vertex = nearest_vertex(chosen, pointer.at, radius=pointer.reach(CATCH)) if is_apart else None
    if vertex:
        x, y = chosen.rings[vertex.ring][vertex.vertex].tolist()
        return Hover(Part.VERTEX, index, vertex.ring, vertex.vertex, (x, y))
    middle = nearest_midpoint(
        chosen, pointer.at, radius=pointer.reach(CATCH), shortest=pointer.reach(LONG_EDGE)
    )
    if middle and not pointer.is_alt:
        return Hover(Part.MIDDLE, index, middle.ring, middle.edge, middle.foot)
    edge = nearest_edge(chosen, pointer.at, radius=pointer.reach(EDGE_CATCH))
    if edge:
        part = Part.EDGE if is_apart or pointer.is_alt else Part.DENSE
        return Hover(part, index, edge.ring, edge.edge, edge.foot if pointer.is_alt else None)
    return NOWHERE


def _limited(polygon: Polygon, by: Point, scene: Scene) -> Point:
    """Return how far a polygon can be moved on the image."""
    low, high = polygon.exterior.min(axis=0), polygon.exterior.max(axis=0)
    x = min(max(by[0], -low[0]), scene.width - high[0])
    y = min(max(by[1], -low[1]), scene.height - high[1])
    return float(x), float(y)
