"""The dialog for a new study."""

import getpass
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.studies import NewStudy
from desktop_app.window.fitting import fit
from desktop_app.window.new_study import (
    Count,
    faults_of,
    suggested_file,
    summary_of,
    wanted,
)
from desktop_app.window.pickers import Picker, Pickers
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

WIDTH = 560
INSTRUCTIONS = "What graders are to outline, and what not. Markdown may be used."


def login_name() -> str:
    """Return the name under which this person is logged in, or empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


class Field(QWidget):
    """A line of text with its name above it, and below it a hint or what is wrong.

    Parameters
    ----------
    key
        By which the dialog knows it.
    """

    changed = Signal(str)
    """Its key: somebody writes in it."""
    left = Signal(str)
    """Its key: somebody is through with it."""

    def __init__(
        self, key: str, title: str, hint: str, theme: Theme, buttons: tuple[QPushButton, ...] = ()
    ) -> None:
        super().__init__()
        self._key = key
        self._hint = hint
        self.line = QLineEdit()
        self.line.textChanged.connect(self._on_changed)
        self.line.editingFinished.connect(self._on_left)
        self.line.setAccessibleName(title)
        label = QLabel(title)
        set_role(label, "strong")
        label.setBuddy(self.line)
        self.below = WrappedLabel()
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.line, stretch=1)
        for button in buttons:
            row.addWidget(button)
        layout = QVBoxLayout(self)
        space(layout, theme, spacing="xs")
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addWidget(self.below)
        self.show_fault("")

    @property
    def text(self) -> str:
        """What is written."""
        return self.line.text()

    def show_fault(self, fault: str) -> None:
        """Say what is wrong with the line, or the hint where nothing is."""
        self.below.setText(fault or self._hint)
        self.below.setVisible(bool(fault or self._hint))
        set_role(self.below, "error" if fault else "small")
        self.line.setProperty("invalid", bool(fault))
        self.line.setAccessibleDescription(fault or self._hint)
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)

    def _on_changed(self) -> None:
        self.changed.emit(self._key)

    def _on_left(self) -> None:
        self.left.emit(self._key)


class NewStudyDialog(QDialog):
    """Asks for all that a new study needs, says beside each field what is wrong, and makes nothing.

    A field is judged once the person left it or asked for the study.
    """

    wanted = Signal(object)
    """A `NewStudy` whose fields had no faults."""

    def __init__(
        self,
        theme: Theme,
        *,
        name: str = "",
        pickers: Pickers | None = None,
        count: Count | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New study")
        self._theme = theme
        self._pickers = pickers or Pickers()
        self._count = count
        self._counted: tuple[str, int] | None = None
        self._suggested = ""
        self._judged: set[str] = set()
        self._make_fields(name or login_name())
        self.make = QPushButton("Create study")
        self.make.setDefault(True)
        set_role(self.make, "primary")
        self.make.clicked.connect(self._on_create)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        theme.changed.connect(self._on_theme)
        self._on_theme()
        self._show_summary()

    def begin_with(self, source: Path) -> None:
        """Take a folder or a table as the source, as when it was dropped on the window."""
        self.source.line.setText(str(source))
        self._judge("source")

    def _make_fields(self, name: str) -> None:
        theme = self._theme
        self.choose_folder = self._chooser("Folder…", self._pick_folder)
        self.choose_table = self._chooser("CSV…", self._pick_table)
        self.choose_file = self._chooser("Change…", self._pick_file)
        self.source = Field(
            "source",
            "Photographs",
            "A folder, with all folders in it, or a CSV file that lists images.",
            theme,
            (self.choose_folder, self.choose_table),
        )
        self.file = Field(
            "file",
            "Study file",
            "Keep it in or beside the photographs’ folder: images are found from there.",
            theme,
            (self.choose_file,),
        )
        self.name = Field(
            "name", "Your name", "You lead this study, and are asked to grade all of it.", theme
        )
        self.name.line.setText(name)
        self.instructions = QPlainTextEdit()
        self.instructions.setPlaceholderText(INSTRUCTIONS)
        self.instructions.setAccessibleName("Instructions for graders, optional")
        self.instructions.setTabChangesFocus(True)
        self.masks_names = QCheckBox("Hide image names from graders")
        self.masks_names.setToolTip("They see “Image 12” in place of a file’s name and folder")
        self.source.line.textChanged.connect(self._on_source)
        for field in self._fields.values():
            field.changed.connect(self._on_text)
            field.left.connect(self._judge)

    @property
    def _fields(self) -> dict[str, Field]:
        return {"source": self.source, "file": self.file, "name": self.name}

    # What a person does

    def _pick_folder(self) -> None:
        self._pick(self._pickers.folder, self.source, "source")

    def _pick_table(self) -> None:
        self._pick(self._pickers.table, self.source, "source")

    def _pick_file(self) -> None:
        self._pick(self._pickers.new_study, self.file, "file")

    def _pick(self, picker: Picker, field: Field, name: str) -> None:
        start = Path(field.text) if field.text else Path.home()
        path = picker(self, start)
        if path is not None:
            field.line.setText(str(path))
            self._judge(name)

    def _on_source(self, text: str) -> None:
        """Suggest a file for another source, unless the person wrote one of their own."""
        if self.file.text in ("", self._suggested):
            self._suggested = str(suggested_file(Path(text.strip()))) if text.strip() else ""
            self.file.line.setText(self._suggested)

    def _on_text(self, field: str) -> None:
        if field in self._judged:
            self._show_faults()

    def _judge(self, field: str) -> None:
        if self._fields[field].text.strip():
            self._judged.add(field)
        self._show_faults()
        if field == "source":
            self._begin_count()

    def _on_create(self) -> None:
        self._judged = set(self._fields)
        faults = self._show_faults()
        if faults:
            self._fields[next(iter(faults))].line.setFocus()
            return
        self.wanted.emit(self.values())
        self.accept()

    def values(self) -> NewStudy:
        """Return the study that the fields ask for."""
        return wanted(
            self.source.text,
            self.file.text,
            self.name.text,
            instructions=self.instructions.toPlainText(),
            masks_names=self.masks_names.isChecked(),
        )

    # What it says

    def _show_faults(self) -> dict[str, str]:
        faults = faults_of(self.source.text, self.file.text, self.name.text)
        for name, field in self._fields.items():
            field.show_fault(faults.get(name, "") if name in self._judged else "")
        self._show_summary()
        return faults

    def _begin_count(self) -> None:
        source = self.source.text.strip()
        if self._count is None or self.source.line.property("invalid") or not source:
            return
        self._count(Path(source).expanduser(), lambda number: self._on_count(source, number))

    def _on_count(self, source: str, number: int) -> None:
        if not isValid(self):  # it was closed while somebody counted
            return
        self._counted = (source, number)
        self._show_summary()

    def _show_summary(self) -> None:
        source = self.source.text.strip()
        known = self._counted if self._counted and self._counted[0] == source else None
        is_wrong = bool(self.source.line.property("invalid"))
        text = "" if is_wrong else summary_of(source, known[1] if known else None)
        self.summary.setText(text)
        self._summary_box.setVisible(bool(text))
        self._fit()

    # How it looks

    def _chooser(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        for button, name in (
            (self.choose_folder, "Choose a folder of photographs"),
            (self.choose_table, "Choose a CSV file"),
            (self.choose_file, "Choose where the study goes"),
        ):
            button.setAccessibleName(name)
        self.summary = WrappedLabel()
        self._summary_box = QFrame()
        set_role(self._summary_box, "note_box")
        box = QVBoxLayout(self._summary_box)
        space(box, self._theme, "m s")
        box.addWidget(self.summary)
        inside = QWidget()
        column = QVBoxLayout(inside)
        space(column, self._theme, "xl l", spacing="l")
        for part in (self.source, self.file, self.name, self._instructions_part()):
            column.addWidget(part)
        column.addWidget(self.masks_names)
        column.addWidget(self._summary_box)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = column
        layout = QVBoxLayout(self)
        space(layout, self._theme, spacing="none")
        layout.addWidget(scroll, stretch=1)
        self._foot_part = self._foot()
        layout.addWidget(self._foot_part)

    def _instructions_part(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        space(layout, self._theme, spacing="xs")
        label = QLabel("Instructions for graders")
        set_role(label, "strong")
        label.setBuddy(self.instructions)
        layout.addWidget(label)
        layout.addWidget(self.instructions)
        layout.addWidget(
            WrappedLabel("Optional. Shown on first opening, and at any time.", "small")
        )
        return part

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        space(column, self._theme)
        line = QFrame()
        set_role(line, "line")
        row = QHBoxLayout()
        space(row, self._theme, "xl m", spacing="s")
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.make)
        column.addWidget(line)
        column.addLayout(row)
        return foot

    def _on_theme(self) -> None:
        self.instructions.setFixedHeight(self.instructions.fontMetrics().lineSpacing() * 4)
        self._fit()

    def _fit(self) -> None:
        """Take the height that all fields need, as far as the screen has it."""
        for field in self._fields.values():
            field.updateGeometry()  # what is said below it may take more room than before
        foot = self._foot_part.sizeHint().height()
        fit(self, self._column, width=self._theme.metrics.px(WIDTH), beside=foot)
