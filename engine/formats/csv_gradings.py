"""A CSV file of gradings, one a row with its region as text: the format that holds everything."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Problem, refuse
from engine.formats.answers import answers_json, read_answers
from engine.formats.csv_text import Row, read_csv_text
from engine.formats.document import size_of
from engine.formats.exporting import GradedImage, lost
from engine.formats.outlines import AnnotatedImage, Contents, outline
from engine.formats.wkt import wkt_area, wkt_of

COLUMNS = (
    "image", "width", "height", "grader", "role", "status", "visible", "roi_count", "problem",
    "note", "region",
)  # fmt: skip
ANSWER_COLUMNS = ("visible", "roi_count", "region")

MAX_PART = 64 * 2**20
"""Characters of one file; what follows goes to the next, so that each can be read at once."""

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def is_header_of_gradings(header: Sequence[str]) -> bool:
    """Return True for column names of gradings, which a manifest does not have together."""
    names = set(_names(header))
    return {"image", "grader"} <= names and not names.isdisjoint(ANSWER_COLUMNS)


def read_csv_gradings(path: Path, where: str) -> Contents:
    """Return one image for each row, with the grader's answers and region.

    A row without region has nothing drawn. Left out are rows that are malformed, name no image
    or no grader, or hold an answer that is none.

    Raises
    ------
    Refusal
        The file is no readable CSV of gradings.
    """
    table = read_csv_text(path, strip=False)
    names = _names(table.header)
    named = [*filter(None, names)]
    if not is_header_of_gradings(named) or len(set(named)) < len(named):
        message = f"the columns are not those of gradings, each once: {', '.join(COLUMNS)}"
        raise refuse("csv_columns", where, message, "Correct the row of column names")
    images: list[AnnotatedImage] = []
    problems = [*table.problems]
    for row in table.rows:
        read = _read_row(row, names, f"{where}, row {row.number}")
        if isinstance(read, Problem):
            problems.append(read)
        else:
            images.append(read)
    return Contents(tuple(images), is_collection=True, problems=tuple(problems))


def write_csv_gradings(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write ``gradings.csv``, and ``gradings-2.csv`` and so on for what exceeds `MAX_PART`.

    Nothing is lost but characters that no text file can hold.
    """
    rows = ((item.image, grading) for item in items for grading in item.gradings)
    number = 0
    row = next(rows, None)
    while row or not number:
        number += 1
        name = "gradings.csv" if number == 1 else f"gradings-{number}.csv"
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            written = stream.write(_line(COLUMNS))
            while row and written < MAX_PART:
                written += stream.write(_line(_cells(*row)))
                if "\0" in row[1].note:
                    yield lost("note_changed", row[1], "null characters were dropped from the note")
                row = next(rows, None)


def _read_row(row: Row, names: Sequence[str], where: str) -> AnnotatedImage | Problem:
    if row.error:
        return Problem("row_malformed", where, row.error, "Correct the row")
    cells = dict(zip(names, map(_unmarked, row.cells), strict=True))
    image, grader = cells["image"].strip(), cells["grader"].strip()
    if not image or not grader:
        message = f"the row names no {'grader' if image else 'image'}"
        return Problem("row_without_name", where, message, "Fill in its name")
    answers, faults = read_answers(cells)
    if faults:
        return Problem("row_answers", where, "; ".join(faults), "Correct the row")
    text = cells.get("region", "")
    drawn = outline(partial(wkt_area, text), where=where, author=grader)
    outlines = (drawn,) if text.strip() else ()
    return AnnotatedImage(image, _size(cells), outlines, {grader: answers})


def _size(cells: Mapping[str, str]) -> tuple[int, int] | None:
    try:
        return size_of(float(cells.get("width", "")), float(cells.get("height", "")))
    except ValueError:
        return None


def _cells(image: Image, grading: Grading) -> list[str]:
    values = {
        **answers_json(grading),
        "image": image.path,
        "width": image.width,
        "height": image.height,
        "region": wkt_of(grading.region),
    }
    return [_cell(values[name]) for name in COLUMNS]


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet runs: a mark stands before what it would run."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    text = str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text


def _unmarked(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RUN_BY_SPREADSHEETS) else cell


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO(newline="")
    # All cells are quoted: a carriage return, which a note may hold, would end the row otherwise.
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return text.getvalue()


def _names(header: Sequence[str]) -> list[str]:
    return [name.strip().lower().replace(" ", "_") for name in header]
