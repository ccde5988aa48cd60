"""The bottom line of the window: what the pointer can do, whether all is saved, who is grading."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QToolButton, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space

if TYPE_CHECKING:
    from desktop_app.session.saving import SavingState

PATIENCE = 400
"""Milliseconds that saving may take before it is mentioned; most writes take a few."""

SAVED = "All changes saved"
SAVING = "Saving…"
FAILING = "Not saved — retrying"
TRUST = "Trust mode: everyone who opens this file can read all gradings"


class Hint(QLabel):
    """One line that gives way where there is no room, with the whole of it as a tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""

    def show_text(self, text: str) -> None:
        """Show a hint, as much of it as fits."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Give way down to nothing."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class SavingSign(QWidget):
    """Whether all changes are stored; short writes are not mentioned at all."""

    def __init__(self, theme: Theme, *, patience: int = PATIENCE) -> None:
        super().__init__()
        self._theme = theme
        self._icon, self.text = QLabel(), QLabel()
        self._kept = KeptIcon(self._icon, theme, "check", tone="success", size="small_icon")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(patience)
        self._timer.timeout.connect(lambda: self._say(SAVING, "retry", "muted"))
        layout = QHBoxLayout(self)
        space(layout, theme, spacing="xs")
        layout.addStretch()
        layout.addWidget(self._icon)
        layout.addWidget(self.text)
        theme.changed.connect(self._fit)
        self._fit()
        self._say(SAVED, "check", "success")

    def show_state(self, state: "SavingState") -> None:
        """Say how the store stands to what the window shows."""
        if state.saving == "saving":
            if not self._timer.isActive() and self.text.text() == SAVED:
                self._timer.start()
            return
        self._timer.stop()
        if state.saving == "failing":
            self._say(FAILING, "warning", "error")
        else:
            self._say(SAVED, "check", "success")

    def _say(self, text: str, icon: str, tone: str) -> None:
        self.text.setText(text)
        self.setAccessibleName(text)
        set_role(self.text, "error" if tone == "error" else "muted")
        self._kept.show(icon, tone=tone)

    def _fit(self) -> None:
        """Take the width of the longest text, so that nothing beside it moves."""
        widest = max(map(self.text.fontMetrics().horizontalAdvance, (SAVED, SAVING, FAILING)))
        self.setMinimumWidth(widest + self._theme.px("small_icon") + self._theme.px("s"))


class StatusLine(QStatusBar):
    """The bottom line; what does not apply is not shown."""

    grader_clicked = Signal()

    def __init__(self, theme: Theme, *, patience: int = PATIENCE) -> None:
        super().__init__()
        self._theme = theme
        self.setSizeGripEnabled(False)
        self.hint = Hint()
        self.saving = SavingSign(theme, patience=patience)
        self.zoom = QLabel()
        set_role(self.zoom, "muted")
        self.grader = self._grader_button()
        self.trust = QLabel("Trust mode")
        set_role(self.trust, "chip")
        self.trust.setToolTip(TRUST)
        self.trust.setAccessibleName(TRUST)
        self.addWidget(self.hint, 1)
        right = QWidget()
        row = QHBoxLayout(right)
        space(row, theme, "none none xs none", spacing="m")
        for widget in (self.saving, self.zoom, self.trust, self.grader):
            row.addWidget(widget, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.addPermanentWidget(right)
        theme.changed.connect(self._on_theme)
        self._on_theme()
        self.clear()

    def clear(self) -> None:
        """Show nothing of a study."""
        self.hint.show_text("")
        for widget in (self.saving, self.zoom, self.grader, self.trust):
            widget.hide()

    def show_saving(self, state: "SavingState") -> None:
        """Say whether all changes are stored."""
        self.saving.show_state(state)
        self.saving.show()

    def show_zoom(self, zoom: float | None) -> None:
        """Say how large a pixel of the photograph is shown; 1.0 is one pixel of the screen."""
        self.zoom.setVisible(zoom is not None)
        if zoom is not None:
            self.zoom.setText(f"{round(zoom * 100)} %")
            self.zoom.setAccessibleName(f"Zoom {round(zoom * 100)} %")

    def show_grader(self, name: str) -> None:
        """Say who is grading; empty where nobody is."""
        self.grader.setText(name)
        self.grader.setAccessibleName(f"Grader {name}")
        self.grader.setVisible(bool(name))

    def show_trust(self, is_shared: bool) -> None:
        """Say that whoever opens the file can read all of it, where that is so."""
        self.trust.setVisible(is_shared)

    def _grader_button(self) -> QToolButton:
        button = QToolButton()
        set_role(button, "quiet")
        KeptIcon(button, self._theme, "grader")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName("Grader")
        button.clicked.connect(self.grader_clicked)
        return button

    def _on_theme(self) -> None:
        side = self._theme.px("s")
        self.setContentsMargins(side, 0, 0, 0)
        self.setMinimumHeight(self.grader.sizeHint().height() + self._theme.px("s"))
