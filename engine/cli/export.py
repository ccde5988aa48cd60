"""``dermconcord export``: gradings to the formats of other tools, with word of what is lost."""

import csv
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from engine.cli.options import AsJson, SetOption, SettingsFile, StudyFile, chosen_settings
from engine.cli.terminal import job_context, print_json, problem_json, told
from engine.domain.problem import Problem

if TYPE_CHECKING:
    from engine.stages.exporting import Exported, ExportRequest
    from engine.study.protocol import StudyInfo

Format = Literal[
    "csv", "coco", "cvat", "darwin", "label_studio", "labelme", "mask", "qupath"
]  # fmt: skip
LOSSES = "losses.csv"
"""Beside it lies the run manifest, so that an import of the folder passes both over."""


@told
def export(
    study: StudyFile,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New folder for the files.")],
    format_: Annotated[
        Format, typer.Option("--format", help="What to write; csv holds everything.")
    ] = "csv",
    what: Annotated[
        Literal["gradings", "consensus", "adjudicated"],
        typer.Option(help="The graders' own gradings, their consensus, or the lead's decisions."),
    ] = "gradings",
    reading: Annotated[
        Literal["first", "latest"], typer.Option(help="Which done reading of each grader.")
    ] = "latest",
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
) -> None:
    """Write gradings to files that other tools, and import, read.

    The folder is made whole or not at all, and never replaces anything. What the format cannot
    hold is counted here and listed in losses.csv in the folder; docs/export.md says what each
    format holds. The study is only read.
    """
    from engine.cli.results import now  # noqa: PLC0415 - loads numpy and the database
    from engine.report.manifest import write_manifest  # noqa: PLC0415
    from engine.stages.exporting import ExportRequest, export_study, new_folder  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    chosen = chosen_settings(study, settings, assignments, read_only=True).agreement
    request = ExportRequest(format_, what, reading, chosen)
    with (
        open_study(study, read_only=True) as opened,
        job_context(as_json=as_json) as job,
        new_folder(out) as folder,
    ):
        started = now()
        info = job.on_study(opened.info)
        with (folder / LOSSES).open("w", encoding="utf-8", newline="") as stream:
            losses = _Losses(stream, keeps_all=as_json)
            exported = export_study(opened, folder, request, job, on_loss=losses.add)
        facts = _facts(info, request, exported, losses)
        images = {"images": dict(exported.images)}
        write_manifest(folder / LOSSES, {**facts, "started": started, "finished": now(), **images})
    if as_json:
        problems = [problem_json(problem) for problem in losses.kept]
        print_json({**facts, "folder": str(out), "problems": problems})
    else:
        _tell(out, exported, losses)


class _Losses:
    """The report of what was lost, written as it comes, and how much there is of each kind."""

    def __init__(self, stream: TextIO, *, keeps_all: bool) -> None:
        from engine.report.csv_file import cell_text  # noqa: PLC0415 - loads numpy

        self._cell_text = cell_text
        self._keeps_all = keeps_all
        self._rows = csv.writer(stream, lineterminator="\n")
        self._rows.writerow(("code", "where", "message"))
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, Problem] = {}
        self.kept: list[Problem] = []

    def add(self, loss: Problem) -> None:
        """Write one row."""
        cells = (loss.code, loss.where, loss.message)
        self._rows.writerow(map(self._cell_text, cells))
        self.counts[loss.code] += 1
        self.examples.setdefault(loss.code, loss)
        if self._keeps_all:
            self.kept.append(loss)


def _facts(
    info: "StudyInfo", request: "ExportRequest", exported: "Exported", losses: _Losses
) -> dict[str, Any]:
    return {
        "study": asdict(info),
        "format": request.format,
        "what": request.what,
        "reading": request.reading,
        "settings": {"agreement": request.agreement.model_dump(mode="json")},
        "gradings": exported.gradings,
        "images_exported": len(exported.images),
        "losses": dict(sorted(losses.counts.items())),
    }


def _tell(out: Path, exported: "Exported", losses: _Losses) -> None:
    typer.echo(f"Wrote {exported.gradings} gradings of {len(exported.images)} images to {out}")
    for code, count in sorted(losses.counts.items()):
        example = losses.examples[code]
        typer.echo(f"{count:>6} {code}: {example.where}: {example.message}", err=True)
    if losses.counts:
        typer.echo(f"       {out / LOSSES} lists all", err=True)
