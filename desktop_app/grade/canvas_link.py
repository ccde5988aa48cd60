"""Canvas and session kept alike: gestures go one way, what holds now comes back the other."""

from PySide6.QtCore import QObject, Signal

from desktop_app.canvas.canvas import Canvas
from desktop_app.session.grading import GradingSession
from engine.domain.polygon import Region
from engine.domain.queue import Draft, Sheet

GO_ON = "Here is the outline you were drawing. Go on where it ends, or put it away with Esc."


class CanvasLink(QObject):
    """Shows on the canvas what the session holds, and hands the session what is drawn there.

    The canvas leaves alone what it already shows, so that an answer given by key does not disturb
    an outline that is being drawn.
    """

    told = Signal(str)
    """Something that the grader should know of what is on the canvas."""

    def __init__(
        self, session: GradingSession, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        canvas.region_changed.connect(self._on_region)
        canvas.draft_changed.connect(session.set_draft)
        canvas.draft_cancelled.connect(session.cancel_draft)
        canvas.interacted.connect(session.touch)
        session.sheet_loaded.connect(self._on_sheet)
        session.grading_changed.connect(self._show)

    def clear(self, message: str) -> None:
        """Show nothing of the image before; a message in place of the next one."""
        self._canvas.show_other(None)
        self._canvas.show_region((), draft=None)
        self._canvas.show_message(message)

    def _on_sheet(self, sheet: Sheet) -> None:
        if sheet.draft is not None and sheet.draft.is_open:
            self.told.emit(GO_ON)

    def _on_region(self, region: Region, gesture: str) -> None:
        self._session.set_region(region, gesture)
        self._show()

    def _show(self) -> None:
        """Show the session's regions and its open draft."""
        sheet, grading = self._session.sheet, self._session.grading
        if sheet is not None and grading is not None:
            self._canvas.show_region(grading.region, draft=_open(sheet.draft))


def _open(draft: Draft | None) -> Draft | None:
    return draft if draft is not None and draft.is_open else None
