"""A table saved as a file by the code of the command line."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.setup.frame import SetupDialog
from engine.domain.problem import refuse
from engine.report.table import Table
from engine.tasks.executors import Lane


def save_table(
    dialog: SetupDialog, table: Table[Any], name: str, then: Callable[[Path], object]
) -> None:
    """Ask where a table goes and write it there; a file that exists is never replaced.

    Parameters
    ----------
    name
        What the file is called unless the person says otherwise.
    """
    place = dialog.place
    path = place.pickers.new_table(dialog, place.file.with_name(f"{place.file.stem}-{name}.csv"))
    if path is not None:
        path = path if path.suffix else path.with_suffix(".csv")
        dialog.work(Lane.CPU, partial(_write, table, path), then)


def _write(table: Table[Any], path: Path) -> Path:
    from engine.report.csv_file import write_csv  # noqa: PLC0415 - loads numpy
    from engine.report.files import require_free  # noqa: PLC0415 - as above

    if path.exists():  # said here in the window's words
        message = "A file of that name is there already and is never replaced"
        raise refuse("file_exists", str(path), message, "Give another name")
    require_free([path], overwrite=False)
    write_csv(table, path)
    return path
