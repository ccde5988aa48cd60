"""Many problems at once, as after an import: all of them, to be read and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.theme import Theme, set_role, space
from engine.domain.problem import Problem


class ProblemList(QDialog):
    """Lists problems one a paragraph: to which file or row, what happened, what to do."""

    def __init__(
        self,
        title: str,
        problems: Sequence[Problem],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        heading = QLabel(f"{title} ({len(problems):,})")
        set_role(heading, "heading")
        note = QLabel("Everything else is stored.")
        set_role(note, "muted")
        self.text = QPlainTextEdit("\n\n".join(map(str, problems)))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        space(layout, theme, "l", spacing="m")
        for part in (heading, note, self.text, buttons):
            layout.addWidget(part)
        self.resize(theme.metrics.px(640), theme.metrics.px(420))
