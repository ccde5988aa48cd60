"""The canvas: one picture, the regions on it, and the gesture that is under way."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.canvas.adjustment import Adjustment
from desktop_app.canvas.cursors import cursor_for
from desktop_app.canvas.gestures import carried_out, gesture_of
from desktop_app.canvas.hints import description, hint
from desktop_app.canvas.layers import Layers
from desktop_app.canvas.message import Message
from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.style import LIGHT, CanvasStyle
from desktop_app.canvas.tools.drawing import Drawing, resumed
from desktop_app.canvas.tools.intents import (
    DeleteHole,
    DeleteRegion,
    DeleteVertex,
    Intent,
    MoveRegion,
    MoveVertex,
)
from desktop_app.canvas.tools.pointer import CLICK, Pointer, Scene
from desktop_app.canvas.tools.redrawing import Redrawing
from desktop_app.canvas.tools.selecting import Selecting
from desktop_app.canvas.tools.state import NOWHERE, Hover, Part, Step, ToolState
from desktop_app.canvas.tools.tool import Tool
from desktop_app.canvas.view import ZoomView
from engine.domain.polygon import Region
from engine.domain.queue import Draft
from engine.images.pyramid import Pyramid

__all__ = ["Canvas", "Tool"]

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
POINT_AT_VERTEX = "Point at a vertex of the selected region."
SELECT_FIRST = "Select a region first."


class Canvas(ZoomView):
    """Shows what it is given and says what the hand has done; it keeps and stores nothing.

    Whoever opens another image calls `show_message` or `show_picture(None)` and `show_region`
    first; the regions and the picture may then come in any order.
    """

    region_changed = Signal(object, str)
    """The region after a finished gesture, and the gesture's name."""

    draft_changed = Signal(object)
    """The half-drawn outline after each vertex; None once it is closed or has no vertex left."""

    draft_cancelled = Signal()
    """The half-drawn outline was put away; it may be opened again."""

    hint_changed = Signal(str)
    """What can be done where the cursor is."""

    told = Signal(str)
    """What the grader must know: something was repaired, cut off or refused."""

    selection_changed = Signal(int)
    """Index of the selected polygon, -1 for none."""

    tool_changed = Signal(object)
    """The tool in hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointer_at: QPointF | None = None
        self._is_alt = False
        self._state: ToolState = Drawing(Tool.DRAW)
        self._region: Region = ()
        self._selected = -1
        self._hover = NOWHERE
        self._nudged: Hover | None = None
        self._hint = ""
        self._pyramid: Pyramid | None = None
        self._may_edit = True
        self._is_peeking = self._is_hidden = False
        self._panned = 0.0
        self._adjustment = Adjustment()
        self._layers = Layers(self.world)
        self._message = Message(self.viewport())
        self.setAccessibleName("Canvas")
        self.set_style(LIGHT)

    # What is shown

    @property
    def is_drawing(self) -> bool:
        """True while an outline or a stroke is half-drawn."""
        return self._state.is_drawing

    @property
    def selected(self) -> int:
        """Index of the selected polygon, -1 for none."""
        return self._selected

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._state.tool

    @property
    def region(self) -> Region:
        """The regions as they are shown."""
        return self._region

    @property
    def adjustment(self) -> Adjustment:
        """Brightness and contrast of the view."""
        return self._adjustment

    def show_picture(self, pyramid: Pyramid | None) -> None:
        """Show a picture, fitted; None forgets picture, regions and what is half-drawn."""
        self._message.say("")
        self._take(pyramid)
        if pyramid is None:
            self.show_region(())

    def show_message(self, text: str) -> None:
        """Say something in place of a picture: that it is loading, or why it is not there."""
        self._take(None)
        self._message.say(text)

    def show_region(self, region: Region, draft: Draft | None = None) -> None:
        """Show regions and a half-drawn outline, and say nothing of it.

        A drawing under way goes on where the draft is just that; any other gesture is given up. A
        draft that is open is gone on with, by its tool.
        """
        chosen, count = self._scene().chosen, len(self._region)
        is_open = draft is not None and draft.is_open
        if region != self._region:
            self._state = self._state if self._state.draft else self._state.idle()
            self._show(region)
        if draft is None or not is_open:
            self._state = self._state.idle() if self._state.draft else self._state
        elif draft != self._state.draft:
            self._take_up(resumed(draft))
        if chosen is not None and chosen in region:
            self._choose(region.index(chosen))
        elif len(region) != count:
            self._choose(-1)
        self._refresh()

    def show_other(self, region: Region | None) -> None:
        """Show beside them, dashed, the regions as another window has them; None for none."""
        self._layers.other.set_region(region or ())

    def add_overlay(self, overlay: Overlay) -> None:
        """Put an overlay of a page over the picture, beneath the regions."""
        self._layers.add(self.world, overlay)

    def set_style(self, style: CanvasStyle) -> None:
        """Paint in other colours."""
        self.setBackgroundBrush(QColor(style.background))
        self._layers.set_style(style)
        self._message.set_style(style)

    def set_peek(self, is_peeking: bool) -> None:
        """Hide the shapes for as long as a key is held."""
        self._is_peeking = is_peeking
        self._layers.show_shapes(are_shown=not (self._is_peeking or self._is_hidden))

    def toggle_shapes(self) -> None:
        """Hide the shapes, or show them again; the next press on the picture does so too."""
        self._is_hidden = not self._is_hidden
        self.set_peek(self._is_peeking)

    def set_brightness(self, by: float) -> None:
        """Show the picture brighter by a share of the full range, -1 to 1."""
        self._adjust(self._adjustment.brighter(by))

    def set_contrast(self, by: float) -> None:
        """Show the picture with more contrast, by a share of the full range, -1 to 1."""
        self._adjust(self._adjustment.with_more_contrast(by))

    def reset_view_adjustment(self) -> None:
        """Show the picture as it is."""
        self._adjust(Adjustment())

    # What can be done

    def set_enabled_for_edit(self, may_edit: bool) -> None:
        """Allow gestures, or looking and selecting only."""
        self._may_edit = may_edit
        self._refresh()

    def set_tool(self, tool: Tool) -> None:
        """Take another tool in hand; what is half-drawn is put away."""
        if tool is self.tool:
            return
        if self._state.is_drawing or self._state.is_held:
            self.cancel()
        states: dict[Tool, ToolState] = {Tool.SELECT: Selecting(), Tool.REDRAW: Redrawing()}
        self._take_up(states.get(tool) or Drawing(tool))
        self._refresh()

    def select(self, index: int) -> None:
        """Select a polygon, -1 for none."""
        self._choose(index if 0 <= index < len(self._region) else -1)
        self._refresh()

    def close_outline(self) -> None:
        """Finish what is being drawn."""
        if self.is_drawing:
            self._apply(self._state.close(self._scene()))

    def drop_vertex(self) -> None:
        """Take back the last vertex of what is being drawn."""
        if self.is_drawing:
            self._apply(self._state.drop(self.scale_on_screen))

    def cancel(self) -> None:
        """Put away what is being drawn, let go of what is dragged, or select nothing."""
        if self._state.is_drawing or self._state.is_held:
            has_draft = self._state.draft is not None
            self._state = self._state.idle()
            if has_draft:
                self.draft_cancelled.emit()
        else:
            self._choose(-1)
        self._refresh()

    def delete_vertex(self) -> None:
        """Delete the vertex under the cursor."""
        hover = self._hover
        if hover.part is not Part.VERTEX:
            self.told.emit(POINT_AT_VERTEX)
            return
        self._carry_out(DeleteVertex(hover.index, hover.ring, hover.vertex))

    def delete_region(self) -> None:
        """Delete the selected region."""
        if self._selected < 0:
            self.told.emit(SELECT_FIRST)
            return
        self._carry_out(DeleteRegion(self._selected))

    def delete_hole(self) -> None:
        """Fill the hole under the cursor, or else the last hole of the selected region."""
        chosen = self._scene().chosen
        if chosen is None or not chosen.holes:
            self.told.emit("Select a region with a hole first.")
            return
        is_over = self._hover.part is Part.HOLE
        hole = self._hover.ring - 1 if is_over else len(chosen.holes) - 1
        self._carry_out(DeleteHole(self._selected, hole))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the vertex under the cursor, or else the selected region, by image pixels."""
        hover = self._hover
        if self.is_drawing:
            return
        if hover.part is Part.VERTEX and hover.at is not None:
            to = self._scene().held((hover.at[0] + dx, hover.at[1] + dy))
            self._nudged = replace(hover, at=to)
            self._carry_out(MoveVertex(hover.index, hover.ring, hover.vertex, to, "nudge vertex"))
        elif self._selected >= 0:
            self._carry_out(MoveRegion(self._selected, (dx, dy), "nudge region"))
        else:
            self.told.emit(SELECT_FIRST)

    # Qt's events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, take back a vertex, or begin what the tool does."""
        super().mousePressEvent(event)
        self._pressed(event, is_double=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close what is being drawn."""
        super().mousePressEvent(event)
        self._pressed(event, is_double=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or lead on what the tool does."""
        if self.is_panning and self._pointer_at is not None:
            self._panned += (event.position() - self._pointer_at).manhattanLength()
        super().mouseMoveEvent(event)
        pointer = self._pointed(event)
        if not self.is_panning and self._pyramid is not None:
            self._apply(self._state.move(pointer, self._scene()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the pan or the gesture."""
        pointer = self._pointed(event)
        if event.button() == LEFT and self._state.is_held:
            if self.is_panning and self._panned > CLICK:
                self._state = self._state.idle()
            else:
                self._apply(self._state.release(pointer, self._scene()))
        super().mouseReleaseEvent(event)
        self._refresh()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the pointer was."""
        self._pointer_at = None
        self._state = self._state.left()
        self._refresh()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the message in the middle."""
        super().resizeEvent(event)
        self._message.centre_in(event.size().width(), event.size().height())

    def camera_moved(self) -> None:
        """Look again what is under the cursor."""
        if self._pointer_at is not None and not self.is_panning:
            self._refresh()

    def update_cursor(self) -> None:
        """Show by the cursor what a press would do."""
        super().update_cursor()
        if not self.is_panning and not self.is_ready_to_pan and self._pyramid is not None:
            self.viewport().setCursor(cursor_for(self._state, self._hover))

    # Inside

    def _scene(self) -> Scene:
        pyramid = self._pyramid
        width, height = (pyramid.width, pyramid.height) if pyramid else (0, 0)
        may_edit = self._may_edit and pyramid is not None
        return Scene(self._region, self._selected, width, height, may_edit)

    def _pointed(self, event: QMouseEvent) -> Pointer:
        """Remember where the pointer is, and return it as the tools see it."""
        self._nudged = None
        self._pointer_at = QPointF(event.position())
        self._is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        return self._pointer(self._pointer_at)

    def _pointer(self, at: QPointF) -> Pointer:
        return Pointer(self.to_image(at), self.scale_on_screen, self._is_alt)

    def _pressed(self, event: QMouseEvent, *, is_double: bool) -> None:
        pointer = self._pointed(event)
        if self.is_panning or self._pyramid is None:
            self._panned = 0.0
        elif event.button() == RIGHT:
            self.drop_vertex()
        elif event.button() == LEFT:
            if self._is_hidden:
                self.toggle_shapes()
            answer = self._state.double_press if is_double else self._state.press
            step = answer(pointer, self._scene())
            self._apply(step)
            if step.pans:
                self._panned = 0.0
                self.begin_pan(event.position())

    def _apply(self, step: Step) -> None:
        self._state = step.state
        if step.select is not None:
            self._choose(step.select)
        if step.message:
            self.told.emit(step.message)
        if step.intent is not None:
            self._carry_out(step.intent, ends_gesture=True)
        elif step.is_draft_changed:
            self.draft_changed.emit(self._state.draft)
        self._refresh()

    def _carry_out(self, intent: Intent, *, ends_gesture: bool = False) -> None:
        """Have the engine do what a gesture asks for, show it, and say so."""
        if not self._scene().may_edit:
            return
        result = carried_out(intent, self._scene())
        had_draft = ends_gesture and self._state.draft is not None
        is_refused, is_other_work = result.region is None, not ends_gesture and self._state.draft
        if not self._state.is_drawing or not (is_refused or is_other_work):
            self._state = self._state.idle()
        if result.region is not None:
            is_changed, selected = result.region != self._region, self._selected
            self._show(result.region)
            self._selected = result.selected
            if is_changed:
                self.region_changed.emit(result.region, gesture_of(intent))
            if had_draft:
                self.draft_changed.emit(None)
            if self._selected != selected:
                self.selection_changed.emit(self._selected)
        if result.message:
            self.told.emit(result.message)
        self._refresh()

    def _take(self, pyramid: Pyramid | None) -> None:
        self._pyramid = pyramid
        self.frame_image((pyramid.width, pyramid.height) if pyramid else None)
        self._layers.show_pyramid(pyramid, self.image_frame())
        self._refresh()

    def _show(self, region: Region) -> None:
        self._region = region
        self._layers.regions.set_region(region)

    def _take_up(self, state: ToolState) -> None:
        is_other = state.tool is not self._state.tool
        self._state = state
        if is_other:
            self.tool_changed.emit(state.tool)

    def _choose(self, index: int) -> None:
        if index != self._selected:
            self._selected = index
            self.selection_changed.emit(index)

    def _adjust(self, adjustment: Adjustment) -> None:
        self._adjustment = adjustment
        self._layers.adjust(adjustment)

    def _refresh(self) -> None:
        """Paint, say and point at what holds now."""
        scene, state = self._scene(), self._state
        self._hover = self._found(scene)
        can_handle = scene.may_edit and state.tool is Tool.SELECT
        self._layers.handles.show_handles(scene.chosen if can_handle else None, self._hover)
        is_over = self._hover.part is Part.REGION
        hovered = self._hover.index if is_over else -1
        self._layers.regions.highlight(selected=self._selected, hovered=hovered)
        preview = state.preview
        shifted = self._layers.regions.outline(preview.shift[0]) if preview.shift else None
        self._layers.draft.show_preview(preview, self.scale_on_screen, shifted)
        told = hint(state, self._hover, may_edit=scene.may_edit)
        if told != self._hint:
            self._hint = told
            self.hint_changed.emit(told)
        self.update_cursor()
        self.setAccessibleDescription(description(scene, state))

    def _found(self, scene: Scene) -> Hover:
        """Return what is under the cursor; a vertex that was nudged away still is."""
        nudged, chosen = self._nudged, scene.chosen
        if nudged and chosen and nudged.ring < len(chosen.rings):
            vertices = chosen.rings[nudged.ring].tolist()
            if vertices[nudged.vertex : nudged.vertex + 1] == [list(nudged.at or ())]:
                return nudged
        if self._pointer_at is None or self._pyramid is None:
            return NOWHERE
        return self._state.hover(self._pointer(self._pointer_at), scene)
