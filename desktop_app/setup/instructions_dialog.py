"""What graders are told and shown: written as Markdown, with its look beside it."""

from functools import partial

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop_app.setup.frame import SetupDialog
from desktop_app.setup.options import change_options
from desktop_app.window.theme import space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.options import StudyOptions

SENTENCE = (
    "Shown to every grader on first opening and whenever they change, and one key away after."
    " Packets take them along as they are when the packet is made."
)
HINT = "What to outline, and what not. Markdown: # heading, **bold**, - list."


class Look(QTextBrowser):
    """Shows Markdown and follows no link: nothing is loaded from files or the network."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName("How graders see the instructions")

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Return nothing for whatever the text refers to."""
        return None


class InstructionsDialog(SetupDialog):
    """An editor, a preview, and whether names of images are hidden from graders."""

    options_changed = Signal()
    """Other instructions, or another masking, are stored."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            place, "Instructions for graders", SENTENCE, size=(880, 640), parent=parent
        )
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(HINT)
        self.text.setAccessibleName("Instructions in Markdown")
        self.text.setTabChangesFocus(True)
        self.look = Look()
        self.masks_names = QCheckBox("Hide image names from graders")
        self.masks_names.setToolTip("They see “Image 12” in place of a file’s name and folder")
        self._stored: tuple[str, bool] | None = None
        self._lay_out()
        self.add_button("Cancel", self.reject)
        self.keep = self.add_button("Keep instructions", self._on_keep, is_primary=True)
        self.text.textChanged.connect(self._on_edited)
        self.masks_names.toggled.connect(lambda _: self._show_state())
        self._show_state()
        self.ask(place.study.options, self._on_options)

    @property
    def is_changed(self) -> bool:
        """True where something is written that is not stored."""
        return self._stored is not None and self._written() != self._stored

    def reject(self) -> None:
        """Close; where something was changed, only after asking."""
        if not self.is_changed:
            super().reject()
            return
        self.question.ask(
            "Close without keeping what you wrote?", super().reject, yes="Close", no="Stay"
        )

    def _written(self) -> tuple[str, bool]:
        return self.text.toPlainText().strip(), self.masks_names.isChecked()

    def _on_options(self, options: StudyOptions) -> None:
        self._stored = options.instructions.strip(), options.masks_names
        self.text.setPlainText(options.instructions)
        self.masks_names.setChecked(options.masks_names)
        self._show_state()
        self.text.setFocus()

    def _on_edited(self) -> None:
        self.look.setMarkdown(self.text.toPlainText())
        self._show_state()

    def _on_keep(self) -> None:
        text, masks = self._written()
        self.keep.setEnabled(False)
        change = partial(
            change_options,
            self.place.study,
            self.place.person,
            instructions=text,
            masks_names=masks,
        )
        self.lay_down(change, self._on_kept, self._on_not_kept)

    def _on_kept(self, _options: StudyOptions) -> None:
        self._stored = self._written()
        self.options_changed.emit()
        self.accept()

    def _on_not_kept(self, error: BaseException) -> None:
        self._show_state()
        self.tell_error(error)

    def _show_state(self) -> None:
        self.text.setEnabled(self._stored is not None)
        self.keep.setEnabled(self.is_changed)

    def _lay_out(self) -> None:
        theme = self.place.theme
        columns = QHBoxLayout()
        space(columns, theme, spacing="l")
        for title, part in (("Markdown", self.text), ("As graders see it", self.look)):
            column = QVBoxLayout()
            space(column, theme, spacing="xs")
            column.addWidget(WrappedLabel(title, "small"))
            column.addWidget(part, stretch=1)
            columns.addLayout(column, stretch=1)
        self.body.addLayout(columns, stretch=1)
        self.body.addWidget(self.masks_names)
