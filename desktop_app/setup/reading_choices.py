"""How what is imported is read: its format, whose it is, and what counts in it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.setup.fields import ChoiceField, form
from desktop_app.setup.mapping import ColumnMapping
from desktop_app.window.theme import Theme, space
from desktop_app.window.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from engine.formats.options import ImportOptions

FORMATS = (
    ("auto", "Whatever each file is"),
    ("images", "Photographs"),
    ("manifest", "Table of images (CSV)"),
    ("csv", "Table of gradings (CSV)"),
    ("mask", "Masks"),
    ("labelme", "labelme"),
    ("coco", "COCO"),
    ("cvat", "CVAT"),
    ("darwin", "Darwin (V7)"),
    ("label_studio", "Label Studio"),
    ("qupath", "QuPath (GeoJSON)"),
)
SIDES = (("", "Light, where not given"), ("light", "Light"), ("dark", "Dark"))


class ReadingChoices(QWidget):
    """Fields for `ImportOptions`, with what is wrong with them below."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.format = ChoiceField("What the files are", FORMATS)
        self.grader = _line("Who drew all of it", "As each file says")
        self.pattern = _line("Pattern of file names", "None, or {grader}_{image}")
        self.mask_value = ChoiceField("Pixels of a mask that are pathology", SIDES)
        self.strict = QCheckBox("Refuse a whole table for one bad row")
        self.verify = QCheckBox("Decode each photograph, so that damage is told now")
        self.verify.setChecked(True)
        self.fault = WrappedLabel("", "error")
        self.fault.hide()
        self.mapping = ColumnMapping(theme)
        self._lay_out()
        self._connect()

    def options(self) -> "ImportOptions | None":
        """Return what was chosen, or None after saying what is wrong with it."""
        from pydantic import ValidationError  # noqa: PLC0415 - beside what raises it

        from engine.domain.setting_faults import first_fault  # noqa: PLC0415 - as above
        from engine.formats.options import ImportOptions  # noqa: PLC0415 - loads numpy

        chosen = {
            "format": self.format.choice,
            "grader": self.grader.text().strip() or None,
            "name_pattern": self.pattern.text().strip() or None,
            "mask_value": self.mask_value.choice or None,
            "columns": self.mapping.columns,
            "strict": self.strict.isChecked(),
            "verify": self.verify.isChecked(),
        }
        try:
            options = ImportOptions.model_validate(chosen)
        except ValidationError as error:
            self._say(first_fault(error, ImportOptions))
            return None
        self._say("")
        return options

    def _say(self, fault: str) -> None:
        self.fault.setText(fault.replace("name_pattern: ", "File names: "))
        self.fault.setVisible(bool(fault))

    def _connect(self) -> None:
        for choice in (self.format, self.mask_value):
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())
        for line in (self.grader, self.pattern):
            line.textChanged.connect(lambda _: self.changed.emit())
        for box in (self.strict, self.verify):
            box.toggled.connect(lambda _: self.changed.emit())
        self.mapping.changed.connect(self.changed)

    def _lay_out(self) -> None:
        theme = self._theme
        forms = QHBoxLayout()
        space(forms, theme, spacing="xl")
        rows = (
            (("Files are", self.format), ("Drawn by", self.grader)),
            (("File names", self.pattern), ("Pathology in masks", self.mask_value)),
        )
        for side in rows:
            forms.addLayout(form(side, theme), stretch=1)
        boxes = QHBoxLayout()
        space(boxes, theme, spacing="xl")
        boxes.addWidget(self.verify)
        boxes.addWidget(self.strict)
        boxes.addStretch()
        column = QVBoxLayout(self)
        space(column, theme, spacing="s")
        column.addLayout(forms)
        column.addLayout(boxes)
        column.addWidget(self.fault)
        column.addWidget(self.mapping)


def _line(name: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line
