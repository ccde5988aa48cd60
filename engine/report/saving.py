"""Tables and figures as files of their own, each with the manifest of its run beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.domain.problem import refuse
from engine.figures.drawn import DrawnFigure
from engine.report.csv_file import write_csv
from engine.report.files import write_whole
from engine.report.manifest import write_manifest
from engine.report.table import Table


def save_tables(
    tables: Mapping[Path, Table[Any]],
    manifest: Mapping[str, Any],
    *,
    byte_order_mark: bool = False,
) -> None:
    """Write each table as CSV, whole or not at all; what was there before is replaced.

    Parameters
    ----------
    manifest
        Run manifest, written beside each table.
    byte_order_mark
        Begin the files with one, by which spreadsheets of Windows know UTF-8.

    Raises
    ------
    Refusal
        A file cannot be written.
    """
    for path, table in tables.items():
        write_csv(table, path, byte_order_mark=byte_order_mark)
        write_manifest(path, manifest)


def save_figure(figure: DrawnFigure, path: Path, manifest: Mapping[str, Any]) -> None:
    """Write a figure as SVG or PNG, by the end of its name; what was there before is replaced.

    Raises
    ------
    Refusal
        ``figure_format``: the name ends otherwise, or the figure is a photograph and has no SVG;
        or the file cannot be written.
    """
    content = {".svg": figure.svg, ".png": figure.png}.get(path.suffix.lower(), b"")
    if not content:
        kinds = ".svg or .png" if figure.svg else ".png"
        message = f"this figure cannot be written as {path.suffix or 'a file without suffix'}"
        raise refuse("figure_format", str(path), message, f"Give a name that ends in {kinds}")
    write_whole(path, content)
    write_manifest(path, manifest)
