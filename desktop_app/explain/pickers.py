"""How an analyst is asked for files; tests put their own answers here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.window.pickers import save_as

Picker = Callable[[QWidget, Path], Path | None]
"""Takes the asking window and where to begin; returns None where the person gave up."""


def _opened(title: str, kinds: str) -> Picker:
    def pick(parent: QWidget, start: Path) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(parent, title, str(start), kinds)
        return Path(name) if name else None

    return pick


def _saved(title: str, kinds: str) -> Picker:
    return lambda parent, start: save_as(parent, title, start, kinds)


def _report(parent: QWidget, start: Path) -> Path | None:
    # the name of a folder that is not there yet, so no dialog for folders
    keep = QFileDialog.Option.DontConfirmOverwrite
    name, _ = QFileDialog.getSaveFileName(
        parent, "Folder of the report", str(start), "Folder (*)", options=keep
    )
    return Path(name) if name else None


def _panels(parent: QWidget, start: Path) -> Path | None:
    name = QFileDialog.getExistingDirectory(
        parent, "Empty folder for the panels", str(start.parent)
    )
    return Path(name) if name else None


_card = _opened("Model card", "Model cards (*.toml)")
_table = _saved("Export the table", "CSV (*.csv)")
_figure = _saved("Export the figure", "SVG (*.svg);;PNG (*.png)")


@dataclass(frozen=True, slots=True)
class ExplainPickers:
    """The system's file dialogs, by what is asked for."""

    card: Picker = _card
    table: Picker = _table
    figure: Picker = _figure
    report: Picker = _report
    panels: Picker = _panels
