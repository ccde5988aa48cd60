"""Draw and hole tool: a ring of clicks and freehand strokes, in any mixture, until it is closed."""

from dataclasses import dataclass, replace

from desktop_app.canvas.tools.intents import AddRegion, CutHole
from desktop_app.canvas.tools.pointer import CATCH, CLICK, Point, Pointer, Scene
from desktop_app.canvas.tools.state import NO_PREVIEW, NOWHERE, Hover, Part, Preview, Step
from desktop_app.canvas.tools.stroke import NO_STROKE, Stroke
from desktop_app.canvas.tools.tool import Tool
from engine.domain.polygon import ring
from engine.domain.queue import Draft

KINDS = {Tool.DRAW: "region", Tool.HOLE: "hole"}
TOO_FEW = "An outline needs at least three vertices."


@dataclass(frozen=True, slots=True)
class Drawing:
    """An outline of which `stroke` is drawn so far.

    Attributes
    ----------
    pressed
        Where the button went down, while it is down.
    is_freehand
        True once the pointer has strayed from there.
    tip
        Where the pointer is, on the image.
    may_close
        True where the press was on the first vertex, so that its release closes the ring.
    """

    tool: Tool
    stroke: Stroke = NO_STROKE
    pressed: Point | None = None
    is_freehand: bool = False
    tip: Point | None = None
    may_close: bool = False

    @property
    def is_drawing(self) -> bool:
        """True from the first vertex on."""
        return bool(self.stroke.points)

    @property
    def is_held(self) -> bool:
        """True between press and release."""
        return self.pressed is not None

    @property
    def draft(self) -> Draft | None:
        """The ring so far."""
        return Draft(KINDS[self.tool], ring(self.stroke.tidy)) if self.is_drawing else None

    @property
    def preview(self) -> Preview:
        """The ring so far and a rubber line to the pointer."""
        if not self.is_drawing:
            return NO_PREVIEW
        return Preview(self.stroke.shown, self.tip, self.may_close, is_ring=True)

    def hover(self, pointer: Pointer, scene: Scene) -> Hover:
        """Return the first vertex where a press would close the ring; else nothing is touched."""
        if scene.may_edit and self._is_on_first(pointer):
            return Hover(Part.CLOSING, at=self.stroke.points[0])
        return NOWHERE

    def press(self, pointer: Pointer, scene: Scene) -> Step:
        """Put a vertex where the pointer is, or get ready to close."""
        if not scene.may_edit:
            return Step(self, pans=True)
        at = scene.held(pointer.at)
        if self._is_on_first(pointer):
            return Step(replace(self, pressed=at, may_close=True, tip=at))
        state = replace(self, stroke=self.stroke.clicked(at), pressed=at, tip=at)
        return Step(state, is_draft_changed=True)

    def move(self, pointer: Pointer, scene: Scene) -> Step:
        """Lead the rubber line, or draw freehand while the button is down."""
        at = scene.held(pointer.at)
        state = replace(self, tip=at)
        if self.pressed is None:
            return Step(replace(state, may_close=self._is_on_first(pointer)))
        if not self.is_freehand and pointer.is_near(self.pressed, CLICK):
            return Step(state)
        stroke = self.stroke.trailed(at, pointer.scale)
        is_back = pointer.is_near(stroke.points[0], CATCH)
        may_close = is_back and stroke.has_left_start(pointer.scale)
        state = replace(state, stroke=stroke, is_freehand=True, may_close=may_close)
        return Step(state, is_draft_changed=stroke.points is not self.stroke.points)

    def release(self, pointer: Pointer, scene: Scene) -> Step:
        """End a click or a freehand stroke; on the first vertex the ring is closed."""
        if self.pressed is None:
            return Step(self)
        stroke = self.stroke.ended(pointer.scale)
        state = replace(self, stroke=stroke, pressed=None, is_freehand=False, may_close=False)
        if self.may_close and pointer.is_near(stroke.points[0], CATCH):
            return replace(state, stroke=stroke.brought_back(pointer.scale)).close(scene)
        return Step(state, is_draft_changed=self.is_freehand)

    def double_press(self, pointer: Pointer, scene: Scene) -> Step:
        """Close the ring; the first press of the double click has put its last vertex."""
        return self.close(scene) if self.is_drawing else self.press(pointer, scene)

    def close(self, scene: Scene) -> Step:
        """Ask for what the ring encloses."""
        state = replace(self, pressed=None, is_freehand=False, may_close=False)
        points = self.stroke.tidy
        if not points or not scene.may_edit:
            return Step(state)
        if len(points) < 3:
            return Step(state, message=TOO_FEW)
        intent = AddRegion(points) if self.tool is Tool.DRAW else CutHole(points)
        return Step(state, intent)

    def drop(self, scale: float) -> Step:
        """Take back the last vertex, or the end of a freehand stroke."""
        if not self.is_drawing:
            return Step(self)
        stroke = self.stroke.dropped(scale)
        state = replace(self, stroke=stroke, pressed=None, is_freehand=False, may_close=False)
        return Step(state, is_draft_changed=True)

    def idle(self) -> "Drawing":
        """Return the tool with no ring begun."""
        return Drawing(self.tool)

    def left(self) -> "Drawing":
        """Return the state without a rubber line."""
        return self if self.is_held else replace(self, tip=None, may_close=False)

    def _is_on_first(self, pointer: Pointer) -> bool:
        points = self.stroke.points
        return len(points) >= 3 and pointer.is_near(points[0], CATCH)


def resumed(draft: Draft) -> Drawing:
    """Return the tool that goes on with a half-drawn outline."""
    tool = next(tool for tool, kind in KINDS.items() if kind == draft.tool)
    points = tuple((x, y) for x, y in draft.points.tolist())
    return Drawing(tool, Stroke(points, (False,) * len(points)))
