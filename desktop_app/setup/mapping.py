"""Which column of a manifest holds what, and which become metadata, beside its first rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.setup.fields import ChoiceField
from desktop_app.setup.lists import CheckList
from desktop_app.setup.samples import SampleRows
from desktop_app.window.theme import Theme, set_role, space

if TYPE_CHECKING:
    from engine.stages.previewing import ManifestPreview

AUTO, NONE, NAMED = "auto", "none", "="
"""What a choice of a column says: look for a common name, there is none, or this one."""

PARTS = {"image": "Image", "case": "Case", "condition": "Condition"}
HEIGHT = 160
"""Of the sample and the check-list, pixels at 100 %."""


class ColumnMapping(QWidget):
    """Columns to choose; hidden while nothing to import is a manifest."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._previews: tuple[ManifestPreview, ...] = ()
        self._is_being_set = False
        self.table = ChoiceField("Table whose rows are shown")
        self.parts = {part: ChoiceField(f"Column of the {part}") for part in PARTS}
        self.metadata = CheckList("Columns kept as metadata")
        self.sample = SampleRows(theme, "First rows of the table")
        self._lay_out()
        self.table.currentIndexChanged.connect(lambda _: self._show_sample())
        for field in self.parts.values():
            field.currentIndexChanged.connect(lambda _: self._on_changed())
        self.metadata.changed.connect(lambda _: self._on_changed())
        self.hide()

    @property
    def columns(self) -> dict[str, object]:
        """What was chosen, as `engine.formats.options.Columns` takes it."""
        chosen = {part: _column(field.choice) for part, field in self.parts.items()}
        return {**chosen, "left_out": self.left_out}

    @property
    def left_out(self) -> tuple[str, ...]:
        """Columns that do not become metadata."""
        kept = set(self.metadata.checked)
        return tuple(name for name in self.metadata.names if name not in kept)

    def show_previews(self, previews: Sequence["ManifestPreview"]) -> None:
        """Show what manifests hold and how they are read now, without telling of a change."""
        self._is_being_set = True
        self._previews = tuple(previews)
        at = max(self.table.currentIndex(), 0)
        self.table.show_choices((str(p.path), p.path.name) for p in previews)
        self.table.setCurrentIndex(min(at, len(self._previews) - 1))
        for widget in (self.table, self._table_name):
            widget.setVisible(len(self._previews) > 1)
        self._show_parts()
        self._show_metadata()
        self._is_being_set = False
        self._show_sample()
        self.setVisible(bool(previews))

    def _on_changed(self) -> None:
        if not self._is_being_set:
            self.changed.emit()

    def _show_parts(self) -> None:
        header = dict.fromkeys(name for p in self._previews for name in p.header if name)
        for part, field in self.parts.items():
            now = field.choice
            found = {p.chosen.get(part, "") for p in self._previews} - {""}
            by_name = f"By its name: {', '.join(sorted(found))}" if found else "None found"
            none = [] if part == "image" else [(NONE, "None")]
            automatic = by_name if now in ("", AUTO) else "By its name"
            field.show_choices(
                [(AUTO, automatic), *none, *((NAMED + name, name) for name in header)]
            )
            field.choose(now)

    def _show_metadata(self) -> None:
        left_out = self.left_out
        becoming = {name for p in self._previews for name in p.metadata}
        header = dict.fromkeys(name for p in self._previews for name in p.header)
        names = [name for name in header if name in becoming or name in left_out]
        self.metadata.show_names(names, checked=[name for name in names if name not in left_out])

    def _show_sample(self) -> None:
        at = self.table.currentIndex()
        if 0 <= at < len(self._previews) and not self._is_being_set:
            preview = self._previews[at]
            self.sample.show_rows(preview.header, preview.sample)

    def _lay_out(self) -> None:
        theme = self._theme
        grid = QGridLayout()
        space(grid, theme, spacing="xs")
        grid.setHorizontalSpacing(theme.px("m"))
        for at, (part, field) in enumerate(self.parts.items()):
            grid.addWidget(_name(PARTS[part], field), 0, at)
            grid.addWidget(field, 1, at)
            grid.setColumnStretch(at, 1)
        self._table_name = _name("Rows of", self.table)
        grid.addWidget(_name("Kept as metadata", self.metadata), 2, 0)
        grid.addWidget(self.metadata, 3, 0)
        shown = QVBoxLayout()
        space(shown, theme, spacing="xs")
        shown.addWidget(self.table)
        shown.addWidget(self.sample)
        grid.addWidget(self._table_name, 2, 1)
        grid.addLayout(shown, 3, 1, 1, 2)
        column = QVBoxLayout(self)
        space(column, theme)
        column.addLayout(grid)
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        height = self._theme.metrics.px(HEIGHT)
        self.metadata.setFixedHeight(height)
        self.sample.setFixedHeight(height)


def _name(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    set_role(label, "small")
    label.setBuddy(buddy)
    return label


def _column(choice: str) -> str | None:
    if choice == NONE:
        return ""
    return choice.removeprefix(NAMED) if choice.startswith(NAMED) else None
