"""Fields for what is exported: whose regions, which readings, in which format, and where to."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.setup.export_words import CONSENSUS, FORMATS, NAMED, NAMELESS, READINGS, WHATS
from desktop_app.setup.fields import ChoiceField, form
from desktop_app.setup.frame import push_button
from desktop_app.window.theme import space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.settings import AgreementSettings


class ExportChoices(QWidget):
    """Four fields, and below them what the choice of regions means.

    Parameters
    ----------
    agreement
        How a consensus is made.
    """

    wanted = Signal()
    """Other regions or readings are wanted."""

    formed = Signal()
    """Another format is wanted."""

    moved = Signal()
    """The folder is another."""

    def __init__(self, place: Workplace, agreement: AgreementSettings) -> None:
        super().__init__()
        self._place, self._agreement = place, agreement
        self._is_own_target = False
        self.what = ChoiceField("Which regions", WHATS)
        self.reading = ChoiceField("Reading of a grader", READINGS)
        self.format = ChoiceField("Format", FORMATS)
        self.target = QLineEdit()
        self.target.setAccessibleName("New folder for the files")
        self.pick = push_button("Choose…", self._on_pick, "Choose where the folder goes")
        self.note = WrappedLabel("", "muted")
        self._lay_out()
        self.what.currentIndexChanged.connect(self._on_what)
        self.reading.currentIndexChanged.connect(lambda _: self.wanted.emit())
        self.format.currentIndexChanged.connect(self._on_format)
        self.target.textEdited.connect(self._on_edited)
        self._show_note()
        self._propose()

    @property
    def folder(self) -> Path | None:
        """Where the files go, seen from the study's folder; None where nothing is written."""
        text = self.target.text().strip()
        return self._place.file.parent / Path(text) if text else None

    def _on_what(self) -> None:
        self._show_note()
        self._propose()
        self.wanted.emit()

    def _on_format(self) -> None:
        self._propose()
        self.formed.emit()

    def _on_edited(self) -> None:
        self._is_own_target = bool(self.target.text().strip())
        self.moved.emit()

    def _on_pick(self) -> None:
        start = self.folder.parent if self.folder else self._place.file.parent
        picked = self._place.pickers.new_folder(self, start)
        if picked is not None:
            self._is_own_target = True
            self.target.setText(str(picked / self._name()))
            self.moved.emit()

    def _propose(self) -> None:
        """Name the folder by what is in it, unless the person named it."""
        if not self._is_own_target:
            self.target.setText(str(self._place.file.with_name(self._name())))
            self.moved.emit()

    def _name(self) -> str:
        return f"{self._place.file.stem}-{self.what.choice}-{self.format.choice}"

    def _show_note(self) -> None:
        is_named = self.what.choice == "gradings"
        is_consensus = self.what.choice == "consensus"
        self.reading.setEnabled(is_named)
        how = f"{CONSENSUS[self._agreement.consensus]} " if is_consensus else ""
        self.note.setText(NAMED if is_named else f"{how}{NAMELESS}")

    def _lay_out(self) -> None:
        theme = self._place.theme
        where = QWidget()
        row = QHBoxLayout(where)
        space(row, theme, spacing="s")
        row.addWidget(self.target, stretch=1)
        row.addWidget(self.pick)
        where.setFocusProxy(self.target)
        rows = (
            ("Regions", self.what),
            ("Reading", self.reading),
            ("Format", self.format),
            ("New folder", where),
        )
        column = QVBoxLayout(self)
        space(column, theme, spacing="m")
        column.addLayout(form(rows, theme))
        column.addWidget(self.note)
