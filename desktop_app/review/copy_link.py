"""Canvas and edited copy kept alike: gestures go one way, what holds now comes back the other."""

from PySide6.QtCore import QObject

from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.tools import Tool
from desktop_app.session.reviewing.session import ReviewSession
from engine.domain.polygon import Region


class CopyLink(QObject):
    """Lets the canvas draw while a copy is edited, and look only otherwise."""

    def __init__(
        self, session: ReviewSession, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._was_editing = False
        canvas.region_changed.connect(self._on_region)
        session.copy_changed.connect(self._show)
        self._look()

    def _show(self) -> None:
        copy = self._session.copy
        if copy is None:
            self._look()
        else:
            if not self._was_editing:
                self._canvas.set_tool(Tool.SELECT if copy.region else Tool.DRAW)
                self._canvas.set_enabled_for_edit(True)
            self._canvas.show_region(copy.region)
            if not self._was_editing and len(copy.region) == 1:
                self._canvas.select(0)
        self._was_editing = copy is not None

    def _look(self) -> None:
        self._canvas.set_enabled_for_edit(False)
        self._canvas.set_tool(Tool.SELECT)
        self._canvas.show_region(())

    def _on_region(self, region: Region, gesture: str) -> None:
        self._session.draw(region, gesture)
