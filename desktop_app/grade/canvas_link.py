"""Canvas and session kept alike: gestures go one way, what holds now comes back the other."""

from PySide6.QtCore import QObject, Signal

from desktop_app.canvas.canvas import Canvas
from desktop_app.session.grading import GradingSession
from engine.domain.grading import Grading
from engine.domain.polygon import Region
from engine.domain.queue import Draft

GO_ON = "Here is the outline you were drawing. Go on where it ends, or put it away with Esc."


class CanvasLink(QObject):
    """Shows on the canvas what the session holds, and hands the session what is drawn there.

    The canvas is shown anew only where it differs from the session, so that an answer given by key
    does not disturb an outline that is being drawn.
    """

    told = Signal(str)
    """Something that the grader should know of what is on the canvas."""

    def __init__(
        self, session: GradingSession, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._region: Region = ()
        self._draft: Draft | None = None
        canvas.region_changed.connect(self._on_region)
        canvas.draft_changed.connect(self._on_draft)
        canvas.draft_cancelled.connect(self._on_cancelled)
        canvas.interacted.connect(session.touch)
        session.sheet_loaded.connect(self._on_sheet)
        session.grading_changed.connect(self._on_grading)

    def clear(self, message: str) -> None:
        """Show nothing of the image before; a message in place of the next one."""
        self._region, self._draft = (), None
        self._canvas.show_other(None)
        self._canvas.show_region((), draft=None)
        self._canvas.show_message(message)

    def _on_sheet(self) -> None:
        self._show()
        if self._draft is not None:
            self.told.emit(GO_ON)

    def _on_grading(self, _grading: Grading, _gesture: str) -> None:
        self._show()

    def _show(self) -> None:
        """Show the session's regions and open draft where the canvas has others."""
        sheet, grading = self._session.sheet, self._session.grading
        if sheet is None or grading is None:
            return
        draft = sheet.draft if sheet.draft and sheet.draft.is_open else None
        if grading.region != self._region or draft != self._draft:
            self._region, self._draft = grading.region, draft
            self._canvas.show_region(grading.region, draft=draft)

    def _on_region(self, region: Region, gesture: str) -> None:
        self._region = region
        self._session.set_region(region, gesture)
        self._show()

    def _on_draft(self, draft: Draft | None) -> None:
        self._draft = draft
        self._session.set_draft(draft)

    def _on_cancelled(self) -> None:
        self._draft = None
        self._session.cancel_draft()
