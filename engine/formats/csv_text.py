"""The rows of a CSV file, whatever its encoding and delimiter."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.domain.problem import Problem, Severity, refuse
from engine.formats.document import bounded

DELIMITERS = ",;\t"
MAX_BYTES = 256 * 2**20
HEAD = 2**16
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the header is 1), and cells or what is wrong."""

    number: int
    cells: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class CsvText:
    """A table of text with one row of column names; blank rows are passed over."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def read_csv_text(path: Path, *, strip: bool = True) -> CsvText:
    """Return the rows of a CSV file.

    Commas, semicolons and tabs delimit, whichever splits the header most; UTF-8 with or without
    a mark, UTF-16, else Windows-1252, which is told.

    Parameters
    ----------
    strip
        Take blanks away from both ends of every cell.

    Raises
    ------
    Refusal
        The file cannot be read, is over 256 MiB, is no text, or has no header.
    """
    with bounded(path, path.name, most=MAX_BYTES):
        content = path.read_bytes()
    text, problems = _decoded(content, path.name)
    rows = [*_rows(text, _delimiter(text), strip=strip)]
    if not rows or rows[0].error:
        raise refuse("csv_empty", path.name, "the file has no row of column names", "Add one")
    header, *others = rows
    width = len(header.cells)
    checked = tuple(_checked(row, width) for row in others)
    return CsvText(header.cells, checked, problems)


def read_header(path: Path) -> tuple[str, ...]:
    """Return the column names of a CSV file as far as its head shows them; none where it cannot."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return ()
    encoding = "utf-16" if head.startswith(UTF16_MARKS) else "utf-8-sig"
    text = head.decode(encoding, errors="replace")
    return _first_row(text, _delimiter(text))


def _decoded(content: bytes, where: str) -> tuple[str, tuple[Problem, ...]]:
    encodings = ("utf-16",) if content.startswith(UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, (_not_unicode(where),) * (encoding == "cp1252")
    raise refuse("csv_encoding", where, "the file is no text", "Save it as CSV in UTF-8")


def _delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda mark: len(_first_row(text, mark)))


def _first_row(text: str, delimiter: str) -> tuple[str, ...]:
    return next((row.cells for row in _rows(text, delimiter)), ())


def _rows(text: str, delimiter: str, *, strip: bool = True) -> Iterator[Row]:
    csv.field_size_limit(MAX_BYTES)  # one for the process; a region is longer than its default
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = tuple(cell.strip() if strip else cell for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, error=f"the row is malformed ({error})")
            continue
        if any(cell.strip() for cell in cells):
            yield Row(number, cells)


def _checked(row: Row, width: int) -> Row:
    if row.error or len(row.cells) == width:
        return row
    return Row(row.number, error=f"the row has {len(row.cells)} cells, the header {width}")


def _not_unicode(where: str) -> Problem:
    message = "the file is not in UTF-8 and was read as Windows-1252"
    return Problem("csv_encoding", where, message, "Check letters with accents", Severity.NOTE)
