"""A table as a file, exactly as the command line writes it, with the manifest of its run."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop_app.window.pickers import save_as
from engine.domain.problem import Problem, Severity
from engine.report.table import Table

if TYPE_CHECKING:
    from engine.report.run import AgreementRun

CSV = "CSV (*.csv)"


def pick_csv(parent: QWidget, start: Path) -> Path | None:
    """Ask where a table goes; the dialog asks before it replaces a file."""
    return save_as(parent, "Export a table", start, CSV)


def save(run: "AgreementRun", table: Table[Any] | None, path: Path) -> Path:
    """Write a table of a study with the run's manifest beside it, and return its path.

    Parameters
    ----------
    table
        A table of the graders; None for that of the images.

    Raises
    ------
    Refusal
        A file cannot be written.
    """
    from engine.report.run import table_facts  # noqa: PLC0415 - it loads shapely
    from engine.report.saving import save_tables  # noqa: PLC0415 - it loads the figures' fonts

    manifest = run.manifest()
    if table is not None:
        manifest |= {"tables": {table.name: table_facts(table)}}
    save_tables({path: run.table if table is None else table}, manifest)
    return path


def saved(path: Path) -> Problem:
    """Return the note that a table was written."""
    message = "The table was exported, with the manifest of its run beside it"
    return Problem("exported", path.name, message, f"It is in {path.parent}", Severity.NOTE)
