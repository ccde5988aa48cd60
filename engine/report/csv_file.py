"""A table as CSV: the same inputs give the same bytes, and no text cell runs as a formula."""

import csv
import io
import math
import re
from pathlib import Path
from typing import TypeVar

from engine.report.files import write_whole
from engine.report.table import Cell, Table

R = TypeVar("R")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Starts of a text that a spreadsheet would run, the full-width signs among them."""

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def cell_text(cell: Cell) -> str:
    """Return a cell as CSV text.

    Floats have 12 significant digits, booleans are ``true`` and ``false``, None is empty. A text
    cell (never a number) that a spreadsheet would run as a formula gets a leading apostrophe, and
    line breaks of any kind become line feeds.
    """
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            if not math.isfinite(cell):
                raise ValueError("an undefined number must carry its reason, not NaN or infinity")
            return format(cell, ".12g")
        case str():
            lines = cell.replace("\r\n", "\n").replace("\r", "\n")
            runs = cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell)
            return f"'{lines}" if runs else lines


def csv_bytes(table: Table[R], *, byte_order_mark: bool = False) -> bytes:
    """Return the table as UTF-8 CSV with a header line and line-feed line ends."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(cell_text, table.header))
    writer.writerows([cell_text(cell) for cell in table.cells(row)] for row in table.rows)
    return text.getvalue().encode("utf-8-sig" if byte_order_mark else "utf-8")


def write_csv(table: Table[R], path: Path, *, byte_order_mark: bool = False) -> None:
    """Write the table to a CSV file, whole or not at all.

    Raises
    ------
    Refusal
        The file cannot be written.
    """
    write_whole(path, csv_bytes(table, byte_order_mark=byte_order_mark))
