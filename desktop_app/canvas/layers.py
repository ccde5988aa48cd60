"""All that is painted, from the picture below to the draft on top."""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from desktop_app.canvas.adjustment import Adjustment
from desktop_app.canvas.draft import DraftItem
from desktop_app.canvas.handles import HandlesItem
from desktop_app.canvas.overlay import Overlay
from desktop_app.canvas.picture import PictureItem
from desktop_app.canvas.regions import OtherItem, RegionsItem
from desktop_app.canvas.style import CanvasStyle
from engine.images.pyramid import Pyramid

BELOW, BETWEEN = -2.0, -1.0
"""Heights of the picture and of overlays added to it; all else lies at 0, in its order."""


class Layers:
    """The five graphics objects of a canvas, and what concerns more than one of them.

    A page may add overlays of its own; they are shown and hidden with the other shapes.
    """

    def __init__(self, scene: QGraphicsScene) -> None:
        self.picture = PictureItem()
        self.regions = RegionsItem()
        self.other = OtherItem()
        self.handles = HandlesItem()
        self.draft = DraftItem()
        self._shapes: tuple[Overlay, ...] = (self.regions, self.other, self.handles, self.draft)
        self._are_shown, self._has_picture = True, False
        for item in (self.picture, *self._shapes):
            scene.addItem(item)
        self.picture.setZValue(BELOW)

    def add(self, scene: QGraphicsScene, overlay: Overlay) -> None:
        """Put one more overlay between the picture and the regions, above those added before."""
        overlay.setZValue(BETWEEN)
        self._shapes = (*self._shapes, overlay)
        scene.addItem(overlay)
        self._show()

    def show_pyramid(self, pyramid: Pyramid | None, frame: QRectF) -> None:
        """Show a picture and what belongs on it, or nothing at all."""
        self.picture.show_pyramid(pyramid)
        self._has_picture = pyramid is not None
        for shape in self._shapes:
            shape.set_frame(frame)
        self._show()

    def set_style(self, style: CanvasStyle) -> None:
        """Paint in other colours."""
        for shape in self._shapes:
            shape.set_style(style)

    def show_shapes(self, *, are_shown: bool) -> None:
        """Show or hide all but the picture."""
        self._are_shown = are_shown
        self._show()

    def adjust(self, adjustment: Adjustment) -> None:
        """Show the picture brighter or with more contrast."""
        self.picture.adjust(adjustment)

    def _show(self) -> None:
        for shape in self._shapes:
            shape.setVisible(self._are_shown and self._has_picture)
