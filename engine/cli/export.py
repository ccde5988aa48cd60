"""``dermconcord export``: gradings to the formats of other tools, with word of what is lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from engine.cli.options import AsJson, SetOption, SettingsFile, StudyFile, chosen_settings
from engine.cli.terminal import job_context, print_json, problem_json, told
from engine.domain.problem import Problem

if TYPE_CHECKING:
    from engine.pipeline import WrittenExport

Format = Literal[
    "csv", "coco", "cvat", "darwin", "label_studio", "labelme", "mask", "qupath"
]  # fmt: skip


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
    from engine.pipeline import write_export  # noqa: PLC0415 - as above
    from engine.stages.exporting import ExportRequest  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    chosen = chosen_settings(study, settings, assignments, read_only=True).agreement
    request = ExportRequest(format_, what, reading, chosen)
    kept: list[Problem] = []
    keep = kept.append if as_json else (lambda _: None)
    with open_study(study, read_only=True) as opened, job_context(as_json=as_json) as job:
        written = write_export(opened, out, request, job, clock=now, on_loss=keep)
    if as_json:
        problems = [problem_json(problem) for problem in kept]
        print_json({**written.facts, "folder": str(out), "problems": problems})
    else:
        _tell(out, written)


def _tell(out: Path, written: "WrittenExport") -> None:
    from engine.report.losses import LOSSES  # noqa: PLC0415 - loads numpy

    typer.echo(f"Wrote {written.gradings} gradings of {written.images} images to {out}")
    for code, count in sorted(written.losses.items()):
        example = written.examples[code]
        typer.echo(f"{count:>6} {code}: {example.where}: {example.message}", err=True)
    if written.losses:
        typer.echo(f"       {out / LOSSES} lists all", err=True)
