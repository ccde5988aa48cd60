"""A CSV manifest: which case, condition and metadata belong to which image, row by row."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.domain.image import Image
from engine.domain.problem import Problem, Severity, refuse
from engine.formats.columns import ChosenColumns, choose_columns
from engine.formats.csv_text import CsvText, Row, read_csv_text
from engine.formats.document import size_of
from engine.formats.names import ImageNames, ambiguous, proper_name
from engine.formats.options import Columns

MISSING = frozenset({"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None"})
"""Cells that hold no value, as pandas knows them."""

CASE_HINTS = ("patient", "lesion", "subject")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One good row.

    Attributes
    ----------
    number
        Of the row as a spreadsheet counts.
    path
        Path of the image it speaks of, or the one it will have once it is added.
    file
        Where the image's file lies, for an image that the study does not know yet.
    size
        Width and height in pixels as the row gives them; None where there is a file to ask.
    case, condition
        None where the row leaves them open.
    """

    number: int
    path: str
    file: Path | None = None
    size: tuple[int, int] | None = None
    case: str | None = None
    condition: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def describe(self, image: Image) -> Image:
        """Return the image with what the row says of it; what the row leaves open stays."""
        return replace(
            image,
            case=self.case or image.case,
            condition=self.condition or image.condition,
            metadata={**image.metadata, **self.metadata},
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The good rows of a manifest, and what is wrong with the others.

    Attributes
    ----------
    chosen
        Which column was taken for what.
    text
        The table as it was read.
    """

    rows: tuple[ManifestRow, ...]
    problems: tuple[Problem, ...]
    chosen: ChosenColumns
    text: CsvText


def read_manifest(
    path: Path, columns: Columns, names: ImageNames, *, strict: bool = False
) -> Manifest:
    """Return the rows of a manifest that can be taken, and every row that cannot.

    An image is looked for among `names`, then as a file beside the manifest or in the study's
    folder; a row with width and height makes an image without pixels of what is found nowhere.
    Left out are rows that are malformed, name no image or several, say something else of an
    image than an earlier row, or give a case another condition.

    Parameters
    ----------
    columns
        The columns that hold image, case and condition where their names do not tell.
    strict
        Refuse the whole manifest where a row would be left out.

    Raises
    ------
    Refusal
        The file is no readable CSV, no column names the image, or `strict` and a bad row.
    """
    table = read_csv_text(path)
    where = path.name

    def matches(column: int) -> int:
        cells = (row.cells[column] for row in table.rows if row.cells)
        return sum(any(_image_or_file(cell, path, names)) for cell in cells)

    chosen = choose_columns(table.header, columns, matches=matches, where=where)
    read = (_read_row(row, chosen, path, names) for row in table.rows)
    checked = [*_consistent(read, where)]
    bad = tuple(item for item in checked if isinstance(item, Problem))
    if strict and bad:
        message = f"{len(bad)} rows cannot be taken: " + "; ".join(map(str, bad))
        raise refuse("manifest_rows", where, message, "Correct them, or import without --strict")
    rows = tuple(item for item in checked if isinstance(item, ManifestRow))
    problems = (*table.problems, _chosen_note(table.header, chosen, where), *bad)
    return Manifest(rows, problems, chosen, table)


def _read_row(
    row: Row, chosen: ChosenColumns, manifest: Path, names: ImageNames
) -> ManifestRow | Problem:
    where = f"{manifest.name}, row {row.number}"
    if row.error:
        return Problem("row_malformed", where, row.error, "Correct the row")
    name = _cell(row, chosen.image)
    if name is None:
        return Problem("row_without_image", where, "the row names no image", "Fill in its name")
    found, file = _image_or_file(name, manifest, names)
    size = None if file else _size(row, chosen)
    if len(found) > 1:
        return ambiguous(where, name, found)
    if found:
        path = found[0].path
    elif file:
        path = Path(os.path.relpath(file, names.folder or manifest.parent)).as_posix()
    elif size is None or not (path := proper_name(name)):
        message = f"no image of the study is called '{name}', and no such file was found"
        remedy = "Import the image, correct its name, or add columns width and height"
        return Problem("image_unknown", where, message, remedy)
    values = ((column, _cell(row, at)) for column, at in chosen.metadata)
    return ManifestRow(
        row.number,
        path,
        file,
        size,
        case=_cell(row, chosen.case),
        condition=_cell(row, chosen.condition),
        metadata={column: value for column, value in values if value is not None},
    )


def _image_or_file(
    name: str, manifest: Path, names: ImageNames
) -> tuple[tuple[Image, ...], Path | None]:
    """Return the images that a name may mean, else the file that lies there.

    A file of exactly this name goes before an image that shares no more than its file name.
    """
    if image := names.exact(name, beside=manifest.parent):
        return (image,), None
    folders = (manifest.parent, names.folder or manifest.parent)
    paths = (os.path.join(folder, name.replace("\\", "/")) for folder in folders)
    file = next((Path(path) for path in paths if os.path.isfile(path)), None)
    return ((), file) if file else (names.find(name), None)


def _cell(row: Row, at: int | None) -> str | None:
    """Return a cell's value, None where it is missing."""
    if at is None or row.cells[at] in MISSING:
        return None
    return row.cells[at]


def _size(row: Row, chosen: ChosenColumns) -> tuple[int, int] | None:
    if chosen.size is None:
        return None
    try:
        width, height = (float(row.cells[at]) for at in chosen.size)
    except ValueError:
        return None
    return size_of(width, height)


def _consistent(
    rows: Iterable[ManifestRow | Problem], where: str
) -> Iterator[ManifestRow | Problem]:
    """Pass on each image's first row, and a problem for a later one that says something else."""
    first: dict[str, ManifestRow] = {}
    conditions: dict[str, ManifestRow] = {}
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        earlier = first.setdefault(row.path, row)
        named = conditions.setdefault(row.case or row.path, row) if row.condition else row
        if replace(earlier, number=row.number) != row:
            yield _differs(f"{where}, row {row.number}", f"of {row.path}", earlier)
        elif named.condition != row.condition:
            yield _differs(f"{where}, row {row.number}", f"of case {row.case}", named)
        elif earlier is row:
            yield row


def _differs(where: str, what: str, earlier: ManifestRow) -> Problem:
    message = f"the row says something else {what} than row {earlier.number}; it was left out"
    return Problem("row_conflict", where, message, "Correct one of the two rows")


def _chosen_note(header: Sequence[str], chosen: ChosenColumns, where: str) -> Problem:
    """Tell which columns were taken for what, since a wrong guess would go unseen."""

    def column(at: int | None) -> str:
        return "none" if at is None else f"'{header[at]}'"

    message = (
        f"image is column {column(chosen.image)}, case {column(chosen.case)},"
        f" condition {column(chosen.condition)}; {len(chosen.metadata)} columns are metadata"
    )
    remedy = "Choose others with --column, as --column condition=diagnosis"
    hints = [name for name in header if name.lower().startswith(CASE_HINTS)]
    if chosen.case is None and hints:
        remedy += f"; --column case={hints[0]} would join images to cases"
    return Problem("manifest_columns", where, message, remedy, Severity.NOTE)
