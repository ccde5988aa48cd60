"""The report as one HTML page: sortable tables, embedded pictures, nothing from a network."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.domain.measure import Measure, Undefined, value_of
from engine.domain.rows import CASE_METRICS, ImageResult
from engine.graders.summary import Group
from engine.report.content import ReportContent
from engine.report.run import ExplainRun
from engine.report.table import Cell, Table
from engine.report.verdicts import by_verdict

MOST_ROWS = 2_000
"""Rows of a table that the page shows; all of them are in the CSV."""

IN_THE_PAGE = (
    "image",
    "condition",
    "predicted",
    "is_correct",
    "ds",
    "ds_above_chance",
    "srcc",
    "auc",
    "roi_area",
    "fleiss_kappa",
    "human_ceiling",
    "pattern",
    "admitted",
    "reason",
    "failure",
)
"""Columns of the table of images that the page shows."""

NOT_IN_THE_PAGE = ("examples",)
"""Lists of images, which are shown as pictures."""

FOLDED = ("low", "high", "n", "undefined", "missing")
"""Ends of the names of columns that stand, small, beside the mean they belong to."""

LONG = 40
"""Letters of a cell that is broken into lines."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as text, with the value it is sorted by.

    Attributes
    ----------
    note
        Beside it in small letters: why a number is undefined, or the counts behind a mean.
    """

    text: str
    value: Cell
    note: str = ""

    @property
    def kind(self) -> str:
        """How the page sets it: ``undefined``, ``long``, or like any other."""
        if self.value is None:
            return "undefined"
        return "long" if len(self.text) > LONG else ""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A heading; numbers stand flush right below it."""

    name: str
    meaning: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as the page shows it: the first rows, with how many there are in all."""

    name: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    total: int

    @property
    def csv(self) -> str:
        """The file with all rows and columns."""
        return f"{self.name}.csv"


def html_page(content: ReportContent, manifest: Mapping[str, Any]) -> str:
    """Return the whole page; every text in it is escaped, whatever it holds."""
    script = _asset("report.js")
    tables = {table.name: shown_table(table) for table in content.all_tables()}
    is_explained = isinstance(content.run, ExplainRun)
    page: str = _template().render(
        content=content,
        run=content.run,
        manifest=manifest,
        is_explained=is_explained,
        settings=_flat(manifest["settings"]),
        summary=_agreement_rows(content),
        verdicts=by_verdict(content.run.cases) if isinstance(content.run, ExplainRun) else (),
        metrics=CASE_METRICS,
        tables=tables,
        results=_results(content),
        figures={figure.name: figure for figure in content.figures},
        style=_asset("report.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page


def shown_table(table: Table[Any], *, most: int = MOST_ROWS) -> ShownTable:
    """Return the first rows of a table as text."""
    keep = [place for place, name in enumerate(table.header[:-1]) if _is_kept(name, table)]
    every_cell = [table.cells(row) for row in _in_reading_order(table)[:most]]
    columns = tuple(
        ShownColumn(
            table.columns[place].name,
            table.columns[place].meaning,
            any(_is_number(cells[place]) for cells in every_cell),
        )
        for place in keep
    )
    rows = tuple(_shown_row(table.header, cells, keep) for cells in every_cell)
    return ShownTable(table.name, columns, rows, len(table.rows))


def _is_kept(name: str, table: Table[Any]) -> bool:
    if table.name == "images":
        return name in IN_THE_PAGE
    mean, _, end = name.rpartition("_")
    return name not in NOT_IN_THE_PAGE and not (end in FOLDED and mean in table.header)


def _shown_row(
    header: Sequence[str], cells: Sequence[Cell], keep: Sequence[int]
) -> tuple[ShownCell, ...]:
    """Return the kept cells of a row; the last cell of every row names what is undefined."""
    told = (part.split("=", 1) for part in str(cells[-1]).split("; ") if part)
    reasons = {name: reason.replace("_", " ") for name, reason in told}
    row = dict(zip(header, cells, strict=True))
    return tuple(_shown(header[place], row, reasons.get(header[place])) for place in keep)


def _shown(name: str, row: Mapping[str, Cell], reason: str | None) -> ShownCell:
    beside = _beside(name, row)
    if reason is None:
        return replace(shown_cell(row[name]), note=", ".join(beside))
    return ShownCell("undefined", None, ", ".join([f"({reason})", *beside]))


def _beside(name: str, row: Mapping[str, Cell]) -> list[str]:
    """Return the interval of a mean, and how many numbers it is of, in words."""
    low, high, n = (row.get(f"{name}_{end}") for end in ("low", "high", "n"))
    parts = []
    if isinstance(low, float) and isinstance(high, float):
        parts.append(f"{shown_number(low)} to {shown_number(high)}")
    elif f"{name}_low" in row:
        parts.append("no interval")
    if n is not None:
        parts.append(f"n {n}")
    without = {end: row.get(f"{name}_{end}") for end in ("undefined", "missing")}
    return [*parts, *(f"{count} {end}" for end, count in without.items() if count)]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _in_reading_order(table: Table[Any]) -> Sequence[Any]:
    """Return the rows of images with the lowest DS first, those without a result last."""
    if table.name != "images":
        return table.rows

    def key(row: ImageResult) -> tuple[bool, float, str]:
        ds = value_of(row.localisation.ds) if row.localisation else None
        return ds is None, ds or 0.0, row.image.path

    return sorted(table.rows, key=key)


def shown_cell(cell: Cell) -> ShownCell:
    """Return a cell as a reader wants it: three significant digits, yes and no, a dash."""
    match cell:
        case None | "":
            return ShownCell("–", None)
        case bool():
            return ShownCell("yes" if cell else "no", int(cell))
        case float():
            return ShownCell(shown_number(cell), cell)
        case _:
            return ShownCell(str(cell), cell)


def shown_number(number: float) -> str:
    """Return a number with three significant digits, and whole from a hundred on."""
    if number == 0:
        return "0"
    return f"{number:.0f}" if abs(number) >= 99.95 else f"{number:#.3g}"


def shown_measure(measure: Measure) -> str:
    """Return a measure as text; an undefined one says why."""
    if isinstance(measure, Undefined):
        return f"undefined ({measure.reason.value.replace('_', ' ')})"
    return shown_number(measure)


def _agreement_rows(content: ReportContent) -> list[tuple[str, Group]]:
    summary, cut = content.run.summary, content.run.settings.agreement.kappa_cut
    return [
        ("all images", summary.everything),
        ("every grader outlined", summary.before),
        (f"admitted, kappa at least {cut:g}", summary.after),
    ]


def _results(content: ReportContent) -> dict[str, ImageResult]:
    """Return the results of the images in the gallery."""
    if not isinstance(content.run, ExplainRun):
        return {}
    shown = {path for group in content.groups for path in group.images}
    return {r.image.path: r for r in content.run.images if r.image.path in shown}


def _flat(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"{table}.{name}", ", ".join(value) if isinstance(value, list) else str(value))
        for table, of_table in settings.items()
        for name, value in of_table.items()
    ]


def _data_uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


@cache
def _template() -> Any:  # noqa: ANN401 - a Jinja template
    environment = Environment(
        loader=PackageLoader("engine.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "measure": shown_measure,
        "number": shown_number,
        "whole": "{:,}".format,
        "data_uri": _data_uri,
        "undefined": lambda value: isinstance(value, Undefined),
    }
    return environment.get_template("report.html.j2")


def _asset(name: str) -> str:
    return (files("engine.report") / "templates" / name).read_text(encoding="utf-8")
