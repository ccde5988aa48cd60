"""Results of a job as files, as JSON, and as the tables that a terminal shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from platformdirs import user_data_path
from rich.console import Console
from rich.table import Table as Grid

from engine.cli.terminal import print_json
from engine.domain.measure import Measure, Undefined
from engine.domain.problem import refuse
from engine.domain.rows import CaseResult
from engine.graders.summary import AgreementSummary, Group
from engine.report import files
from engine.report.manifest import manifest_path, write_manifest
from engine.report.run import AgreementRun, ExplainRun
from engine.report.saving import save_tables
from engine.report.table import Cell, Table
from engine.report.verdicts import by_verdict
from engine.saliency.trust import TrustStore
from engine.stages.pictures import SUFFIX as PANELS_SUFFIX

REASONS = {
    "no_gradings": "nobody graded them",
    "incomplete": "a grader has not finished",
    "not_visible": "a grader sees no condition",
    "too_many_regions": "a grader finds too many regions to outline",
    "not_outlined": "a grader, or all but one, outlined nothing",
    "too_many_graders": "more graders answered than votes can be counted for",
    "kappa_undefined": "kappa is undefined",
    "kappa_below_cut": "kappa is below the cut",
}
"""Why images are left out, in words."""


def now() -> str:
    """Return the time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def trust_store(digest: str | None, *, may_ask: bool) -> TrustStore:
    """Return this person's trusted digests, with the one given on the command line added."""
    ask = typer.confirm if may_ask and _is_terminal() else None
    store = TrustStore(user_data_path("dermconcord") / "trusted.json", ask)
    if digest:
        store.add(digest, "given on the command line")
    return store


def _is_terminal() -> bool:
    return typer.get_text_stream("stdin").isatty()


def require_free(
    tables: Iterable[Path], *, panels: Path | None = None, overwrite: bool = False
) -> None:
    """Refuse before any work where a result could not be written after it."""
    results = list(tables)
    files.require_free([*results, *map(manifest_path, results)], overwrite=overwrite)
    if panels and panels.is_dir() and any(panels.iterdir()) and not overwrite:
        raise refuse(
            "folder_not_empty",
            str(panels),
            "the folder for panels is not empty",
            "Give another folder, or add --overwrite to replace the panels in it",
        )


def make_empty(panels: Path | None) -> None:
    """Make the folder for panels, without those of an earlier run."""
    if panels is None:
        return
    try:
        panels.mkdir(parents=True, exist_ok=True)
        for earlier in panels.glob(f"*{PANELS_SUFFIX}"):
            earlier.unlink()
    except OSError as error:
        message = f"the folder cannot be made or emptied ({error.strerror})"
        raise refuse("no_folder", str(panels), message, "Choose another folder") from error


def write_tables(
    tables: Mapping[Path, Table[Any]],
    manifest: Mapping[str, Any],
    *,
    panels: Path | None = None,
) -> None:
    """Write each table as CSV, with the run manifest beside it and in the folder of panels."""
    save_tables(tables, manifest)
    if panels:
        write_manifest(panels / "panels.png", manifest)


def records(table: Table[Any]) -> list[dict[str, Cell]]:
    """Return the rows as JSON objects, by column name."""
    return [dict(zip(table.header, table.cells(row), strict=True)) for row in table.rows]


def print_run_json(run: ExplainRun, manifest: Mapping[str, Any]) -> None:
    """Print everything a run found as one JSON document."""
    rows = {"image_rows": records(run.image_table), "case_rows": records(run.case_table)}
    print_json({**manifest, **rows})


def print_agreement(run: AgreementRun) -> None:
    """Print kappa before and after the cut, and why images were left out."""
    console = Console()
    _print_agreement(console, run)


def print_run(run: ExplainRun) -> None:
    """Print agreement, then DS and SRCC over cases, correct and incorrect apart."""
    console = Console()
    _print_agreement(console, run)
    console.print()
    console.print(_case_grid(run.cases) if run.cases else "No image was admitted.")
    if run.failures:
        told = ", ".join(f"{count} {reason}" for reason, count in run.failures.items())
        console.print(f"Admitted images without a result: {told}")


def print_written(tables: Mapping[Path, Table[Any]], *, panels: Path | None = None) -> None:
    """Say where the results are."""
    for path, table in tables.items():
        typer.echo(f"Wrote {path} ({len(table.rows)} rows) and {manifest_path(path).name}")
    if panels:
        typer.echo(f"Wrote the panels to {panels}")


def _print_agreement(console: Console, run: AgreementRun | ExplainRun) -> None:
    console.print(_agreement_grid(run.summary, run.settings.agreement.kappa_cut))
    if not isinstance(interval := run.kappa_interval, Undefined):
        told = f"{interval.level:.0%} interval over cases {interval.low:.2f} to {interval.high:.2f}"
        console.print(f"Mean kappa of the admitted images: {told}")
    _print_left_out(console, run.summary)


def _agreement_grid(summary: AgreementSummary, cut: float) -> Grid:
    grid = Grid(title="Agreement between graders", title_justify="left")
    for name in ("", "images", "cases", "Fleiss kappa", "undefined"):
        grid.add_column(name, justify="right" if name else "left")
    grid.add_row("all images", *_group_cells(summary.everything))
    grid.add_row("every grader outlined", *_group_cells(summary.before))
    grid.add_row(f"admitted, kappa at least {cut:g}", *_group_cells(summary.after))
    return grid


def _group_cells(group: Group) -> tuple[str, ...]:
    mean_and_sd = _with_sd(group.kappa_mean, group.kappa_sd)
    undefined = str(sum(group.kappa_undefined.values()))
    return str(group.images), str(group.cases), mean_and_sd, undefined


def _with_sd(mean: Measure, sd: Measure) -> str:
    if isinstance(mean, Undefined):
        return "–"
    return f"{mean:.2f}" if isinstance(sd, Undefined) else f"{mean:.2f} ± {sd:.2f}"


def _print_left_out(console: Console, summary: AgreementSummary) -> None:
    for reason, count in summary.left_out.items():
        console.print(f"{count:>6} left out: {REASONS.get(reason.value, reason.value)}")


def _case_grid(cases: Sequence[CaseResult]) -> Grid:
    grid = Grid(title="Map against region, over cases", title_justify="left")
    for name in ("prediction", "cases", "DS", "SRCC", "AUC", "DS above chance"):
        grid.add_column(name, justify="left" if name == "prediction" else "right")
    for verdict in by_verdict(cases):
        grid.add_row(verdict.name, str(verdict.cases), *verdict.metrics.values())
    return grid
