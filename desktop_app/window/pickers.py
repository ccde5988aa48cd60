"""How a person is asked for files; tests put their own answers here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

Picker = Callable[[QWidget, Path], Path | None]
"""Takes the asking window and where to begin; returns None where the person gave up."""

STUDIES = "Studies and packets (*.concord)"
TABLES = "Tables (*.csv *.tsv)"
NEW_TABLES = "Tables (*.csv)"
SETTINGS = "Settings (*.toml)"


def save_as(parent: QWidget, title: str, start: Path, kinds: str) -> Path | None:
    """Ask where a file goes, and before one is replaced.

    Where no ending is typed the file gets that of `start`, before it is looked whether it exists.
    """
    dialog = QFileDialog(parent, title, str(start.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(start.suffix)
    dialog.selectFile(start.name)
    chosen = Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    dialog.deleteLater()
    return chosen


def _study(parent: QWidget, start: Path) -> Path | None:
    name, _ = QFileDialog.getOpenFileName(parent, "Open study", str(start), STUDIES)
    return Path(name) if name else None


def _folder(parent: QWidget, start: Path) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, "Folder of photographs", str(start))
    return Path(name) if name else None


def _table(parent: QWidget, start: Path) -> Path | None:
    name, _ = QFileDialog.getOpenFileName(parent, "CSV file", str(start), TABLES)
    return Path(name) if name else None


def _new_study(parent: QWidget, start: Path) -> Path | None:
    # whether the file exists is said in the dialog that asked, beside the field
    keep = QFileDialog.Option.DontConfirmOverwrite
    name, _ = QFileDialog.getSaveFileName(
        parent, "Where the study goes", str(start), STUDIES, options=keep
    )
    return Path(name) if name else None


def _new_file(parent: QWidget, start: Path) -> Path | None:
    keep = QFileDialog.Option.DontConfirmOverwrite  # what exists is refused, and said so
    name, _ = QFileDialog.getSaveFileName(
        parent, "Where it goes", str(start), STUDIES, options=keep
    )
    return Path(name) if name else None


def _packets(parent: QWidget, start: Path) -> list[Path]:
    names, _ = QFileDialog.getOpenFileNames(parent, "Packets to merge", str(start), STUDIES)
    return [Path(name) for name in names]


def _grader(parent: QWidget, names: Sequence[str]) -> str:
    name, is_chosen = QInputDialog.getItem(
        parent, "Export a packet", "Whose packet?", list(names), editable=False
    )
    return name if is_chosen else ""


def _files(parent: QWidget, start: Path) -> list[Path]:
    names, _ = QFileDialog.getOpenFileNames(parent, "Files to import", str(start))
    return [Path(name) for name in names]


def _maps(parent: QWidget, start: Path) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, "Folder of saliency maps", str(start))
    return Path(name) if name else None


def _new_table(parent: QWidget, start: Path) -> Path | None:
    keep = QFileDialog.Option.DontConfirmOverwrite  # what exists is refused, and said so
    name, _ = QFileDialog.getSaveFileName(
        parent, "Where the table goes", str(start), NEW_TABLES, options=keep
    )
    return Path(name) if name else None


def _new_folder(parent: QWidget, start: Path) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, "Where the files go", str(start))
    return Path(name) if name else None


def _settings(parent: QWidget, start: Path) -> Path | None:
    name, _ = QFileDialog.getOpenFileName(parent, "Settings file", str(start), SETTINGS)
    return Path(name) if name else None


def _new_settings(parent: QWidget, start: Path) -> Path | None:
    return save_as(parent, "Save settings", start, SETTINGS)


@dataclass(frozen=True, slots=True)
class Pickers:
    """The system's file dialogs, by what is asked for."""

    study: Picker = _study
    folder: Picker = _folder
    table: Picker = _table
    new_study: Picker = _new_study
    new_file: Picker = _new_file
    packets: Callable[[QWidget, Path], list[Path]] = _packets
    grader: Callable[[QWidget, Sequence[str]], str] = _grader
    files: Callable[[QWidget, Path], list[Path]] = _files
    maps: Picker = _maps
    new_table: Picker = _new_table
    new_folder: Picker = _new_folder
    settings: Picker = _settings
    new_settings: Picker = _new_settings
