"""Redraw tool: a stroke from one place on a boundary to another replaces the stretch between."""

from dataclasses import dataclass, replace

from desktop_app.canvas.tools.intents import Redraw
from desktop_app.canvas.tools.pointer import CATCH, CLICK, Point, Pointer, Scene
from desktop_app.canvas.tools.state import NO_PREVIEW, NOWHERE, Hover, Part, Preview, Step
from desktop_app.canvas.tools.stroke import NO_STROKE, Stroke
from desktop_app.canvas.tools.tool import Tool
from engine.domain.hit import EdgeHit, nearest_edge
from engine.domain.polygon import Polygon
from engine.domain.queue import Draft

BEGIN = "Begin on the boundary of a region."
END = "End on the boundary where you began."


@dataclass(frozen=True, slots=True)
class Redrawing:
    """A stroke from `start`, a place on the boundary of polygon `index`.

    Attributes
    ----------
    stroke
        Its first vertex is the place where it starts.
    end
        The place on the same ring where the stroke would end now.
    """

    index: int = -1
    start: EdgeHit | None = None
    stroke: Stroke = NO_STROKE
    pressed: Point | None = None
    is_freehand: bool = False
    tip: Point | None = None
    end: EdgeHit | None = None

    @property
    def tool(self) -> Tool:
        """The redraw tool."""
        return Tool.REDRAW

    @property
    def is_drawing(self) -> bool:
        """True from the start on."""
        return self.start is not None

    @property
    def is_held(self) -> bool:
        """True between press and release."""
        return self.pressed is not None

    @property
    def draft(self) -> Draft | None:
        """None: a stroke is too short a thing to keep."""
        return None

    @property
    def preview(self) -> Preview:
        """The stroke so far and a rubber line to the pointer, or to where it would end."""
        if not self.is_drawing:
            return NO_PREVIEW
        tip = self.end.foot if self.end else self.tip
        return Preview(self.stroke.shown, tip, self.end is not None)

    def hover(self, pointer: Pointer, scene: Scene) -> Hover:
        """Return the place on a boundary where a press would begin, or end, the stroke."""
        if not scene.may_edit:
            return NOWHERE
        if self.is_drawing:
            end = self._end_at(pointer, scene, self.stroke)
            return _on_boundary(self.index, end) if end else NOWHERE
        order = sorted(range(len(scene.region)), key=lambda index: index != scene.selected)
        for index in order:
            hit = nearest_edge(scene.region[index], pointer.at, radius=pointer.reach(CATCH))
            if hit:
                return _on_boundary(index, hit)
        return NOWHERE

    def press(self, pointer: Pointer, scene: Scene) -> Step:
        """Begin on the boundary, go on with a vertex, or get ready to end."""
        if not scene.may_edit:
            return Step(self, pans=True)
        at = scene.held(pointer.at)
        if not self.is_drawing:
            return self._begun(pointer, scene)
        end = self._end_at(pointer, scene, self.stroke)
        stroke = self.stroke if end else self.stroke.clicked(at)
        return Step(replace(self, stroke=stroke, pressed=at, tip=at, end=end))

    def move(self, pointer: Pointer, scene: Scene) -> Step:
        """Lead the rubber line, or draw freehand while the button is down."""
        at = scene.held(pointer.at)
        if not self.is_drawing:
            return Step(self)
        if self.pressed is None:
            return Step(replace(self, tip=at, end=self._end_at(pointer, scene, self.stroke)))
        if not self.is_freehand and pointer.is_near(self.pressed, CLICK):
            return Step(replace(self, tip=at))
        stroke = self.stroke.trailed(at, pointer.scale)
        end = self._end_at(pointer, scene, stroke)
        return Step(replace(self, stroke=stroke, is_freehand=True, tip=at, end=end))

    def release(self, pointer: Pointer, scene: Scene) -> Step:
        """End a click or a freehand stretch; on the boundary the stroke is done."""
        if self.pressed is None:
            return Step(self)
        stroke = self.stroke.ended(pointer.scale)
        state = replace(self, stroke=stroke, pressed=None, is_freehand=False)
        return state._finished(self.end) if self.end else Step(state)

    def double_press(self, pointer: Pointer, scene: Scene) -> Step:
        """As a press: the boundary ends the stroke, not a double click."""
        return self.press(pointer, scene)

    def close(self, scene: Scene) -> Step:
        """End the stroke where the boundary is nearest to its last vertex."""
        state = replace(self, pressed=None, is_freehand=False, end=None)
        if self.start is None or len(self.stroke.points) < 2:
            return Step(state)
        ring_number = self.start.ring
        vertices = scene.region[self.index].rings[ring_number]
        end = nearest_edge(Polygon(vertices), self.stroke.points[-1], radius=float("inf"))
        return state._finished(replace(end, ring=ring_number)) if end else Step(state)

    def drop(self, scale: float) -> Step:
        """Take back the last vertex; with the first the stroke is gone."""
        stroke = self.stroke.dropped(scale)
        if not stroke.points:
            return Step(self.idle())
        state = replace(self, stroke=stroke, pressed=None, is_freehand=False, end=None)
        return Step(state)

    def idle(self) -> "Redrawing":
        """Return the tool with no stroke begun."""
        return Redrawing()

    def left(self) -> "Redrawing":
        """Return the state without a rubber line."""
        return self if self.is_held else replace(self, tip=None, end=None)

    def _begun(self, pointer: Pointer, scene: Scene) -> Step:
        place = self.hover(pointer, scene)
        if place.index < 0:
            return Step(self, message=BEGIN if scene.region else "There is no region to redraw.")
        start = nearest_edge(scene.region[place.index], pointer.at, radius=pointer.reach(CATCH))
        assert start is not None
        stroke = Stroke().clicked(start.foot)
        state = Redrawing(place.index, start, stroke, scene.held(pointer.at), tip=start.foot)
        return Step(state, select=place.index)

    def _end_at(self, pointer: Pointer, scene: Scene, stroke: Stroke) -> EdgeHit | None:
        """Return where the stroke would end: on its own ring, once it has left its start."""
        if self.start is None:
            return None
        polygon = scene.region[self.index]
        hit = nearest_edge(polygon, pointer.at, radius=pointer.reach(CATCH))
        if hit is None or hit.ring != self.start.ring:
            return None
        is_away = not pointer.is_near(self.start.foot, CATCH)
        return hit if is_away or stroke.has_left_start(pointer.scale) else None

    def _finished(self, end: EdgeHit) -> Step:
        assert self.start is not None
        return Step(self, Redraw(self.index, self.stroke.tidy[1:], self.start, end))


def _on_boundary(index: int, hit: EdgeHit) -> Hover:
    return Hover(Part.BOUNDARY, index, hit.ring, hit.edge, hit.foot)
