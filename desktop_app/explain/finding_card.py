"""One finding: what it is about, its sentence, and what can be done with it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.parts import button
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.findings import Cue, FindingMark
from engine.domain.measure import Undefined


class FindingCard(QFrame):
    """One sentence, its numbers, and what can be done with it."""

    opened = Signal()
    starred = Signal(bool)
    commented = Signal(str)
    touched = Signal()

    def __init__(self, place: int, cue: Cue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "finding")
        self.cue = cue
        self._comment = ""
        self.sentence = WrappedLabel(cue.sentence)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.headline = WrappedLabel(headline(cue), "strong")
        self.sentence.setToolTip(numbers_text(cue))
        self.setAccessibleName(f"Finding {place + 1}: {cue.sentence} {numbers_text(cue)}")
        count = len(cue.images)
        self.open = button(
            f"Show its {count} images" if count != 1 else "Show its image",
            self.opened.emit,
            name=f"Show the images of finding {place + 1}",
        )
        self.star = self._tool("star", "Star this finding", theme)
        self.star.setCheckable(True)
        self.star.clicked.connect(self._on_star)
        self._theme = theme
        self.pen = self._tool("note", "Comment on this finding", theme)
        self.pen.clicked.connect(self.edit_comment)
        self.told = WrappedLabel(role="muted")
        self.told.hide()
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(f"Comment on finding {place + 1}")
        self.field.setPlaceholderText("What you make of it; stored when you leave the field")
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(theme.metrics.px(72))
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.hide()
        self.field.installEventFilter(self)
        foot = QHBoxLayout()
        space(foot, theme, spacing="xs")
        foot.addWidget(self.open, 1)
        foot.addWidget(self.star)
        foot.addWidget(self.pen)
        body = QVBoxLayout(self)
        space(body, theme, "m s", spacing="s")
        for part in (self.headline, self.sentence, self.told, self.field):
            body.addWidget(part)
        body.addLayout(foot)

    def show_mark(self, mark: FindingMark) -> None:
        """Show what somebody made of the finding."""
        self.star.setChecked(mark.is_starred)
        self._star_icon.show("starred" if mark.is_starred else "star")
        self.star.setToolTip("Take the star away" if mark.is_starred else "Star this finding")
        self._comment = mark.comment
        by = f" — {mark.author}" if mark.author else ""
        self.told.setText(f"{mark.comment}{by}" if mark.comment else "")
        self.told.setVisible(bool(mark.comment) and self.field.isHidden())

    def edit_comment(self) -> None:
        """Write a comment, or go on with it."""
        self.touched.emit()
        self.told.hide()
        self.field.setPlainText(self._comment)
        self.field.show()
        self.field.setFocus()

    def end_comment(self) -> None:
        """Keep what was written."""
        if self.field.isHidden():
            return
        self.field.hide()
        text = self.field.toPlainText().strip()
        self.told.setVisible(bool(self._comment))
        if text != self._comment:
            self.commented.emit(text)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """Keep the comment when the field is left, or with Esc."""
        if event.type() == QEvent.Type.FocusOut:
            self.end_comment()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the finding at hand by a click on it."""
        self.touched.emit()
        super().mousePressEvent(event)

    def _tool(self, icon: str, name: str, theme: Theme) -> QToolButton:
        made = QToolButton()
        set_role(made, "quiet")
        kept = KeptIcon(made, theme, icon)
        if icon == "star":
            self._star_icon = kept
        made.setToolTip(name)
        made.setAccessibleName(f"{name}: {self.cue.level}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _on_star(self, is_on: bool) -> None:
        self.touched.emit()
        self.starred.emit(is_on)


def headline(cue: Cue) -> str:
    """Return what a finding is about, in a few words."""
    about = f"{cue.column}: {cue.level}" if cue.column else cue.level
    return f"{about[:1].upper()}{about[1:]} · {'correct' if cue.is_correct else 'incorrect'} cases"


def numbers_text(cue: Cue) -> str:
    """Return effect, interval, numbers of cases and corrected p of a finding."""
    name = {"ds_above_chance": "DS above chance", "auc": "AUC"}.get(cue.metric, cue.metric)
    interval = cue.interval
    span = (
        ""
        if isinstance(interval, Undefined)
        else f" ({interval.level:.0%}: {interval.low:.2f} to {interval.high:.2f})"
    )
    p = cue.p_corrected
    shown = f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"
    return (
        f"{name} lower by {abs(cue.effect):.2f}{span} · {cue.n} against {cue.rest} cases ·"
        f" corrected {shown}"
    )
