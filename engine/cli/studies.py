"""``dermconcord new`` and ``dermconcord import``: a study, and what goes into it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from pydantic import ValidationError

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_json,
    print_problems,
    problem_json,
    told,
    usage_error,
)
from engine.domain.setting_faults import first_fault

if TYPE_CHECKING:
    from engine.formats.options import ImportOptions
    from engine.stages.importing import Imported
    from engine.study.protocol import Changes

Format = Literal[
    "auto", "images", "manifest", "csv", "coco", "cvat", "darwin", "label_studio", "labelme",
    "mask", "qupath",
]  # fmt: skip


@told
def new(study: StudyFile, author: Author = "unknown", as_json: AsJson = False) -> None:
    """Make an empty study.

    Keep it on a local disk, in or near the folder of its photographs: images are found by their
    path relative to the study. A file that exists is never replaced: exit status 1.
    """
    from engine.study.sqlite import create_study  # noqa: PLC0415 - loads the database

    with create_study(study, author=author) as made:
        info = made.info()
        file = made.file
    if as_json:
        print_json({"study": str(file), "id": info.id, "schema": info.schema})
    else:
        typer.echo(f"Made {file}. Next: dermconcord import {file} PHOTOGRAPHS GRADINGS")


@told
def import_(
    study: StudyFile,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders, in any order."),
    ],
    format_: Annotated[
        Format, typer.Option("--format", help="What the files are; auto looks at each file.")
    ] = "auto",
    grader: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who drew all that is imported.")
    ] = None,
    name_pattern: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Where file names hold grader and image, such as '{grader}_{image}' or"
            " '{grader}/seg_{image}'.",
            show_default="none: the file's author, or its folder",
        ),
    ] = None,
    mask_value: Annotated[
        Literal["light", "dark"] | None,
        typer.Option(help="Which pixels of a mask are pathology.", show_default="light"),
    ] = None,
    column: Annotated[
        list[str],
        typer.Option(
            metavar="WHAT=COLUMN",
            help="Column of a manifest that holds image, case or condition; may be repeated."
            " All other columns become metadata, but for left_out=NAMES.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a whole manifest for one bad row.")
    ] = False,
    verify: Annotated[
        bool, typer.Option(help="Decode every photograph now, so that a damaged one is told.")
    ] = True,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Bring photographs, a CSV manifest and graders' regions into a study.

    A raster file is a photograph, unless --format mask, --grader, --name-pattern or --mask-value
    says that it is a mask. Several imports add up; the same file twice changes nothing. What
    cannot be used is listed and left out, with exit status 1; everything else is kept.
    """
    from engine.pipeline import import_files  # noqa: PLC0415 - loads numpy
    from engine.study.sqlite import open_study  # noqa: PLC0415

    options = _import_options(
        format=format_,
        grader=grader,
        name_pattern=name_pattern,
        mask_value=mask_value,
        columns=_columns(column),
        strict=strict,
        verify=verify,
    )
    with open_study(study) as opened, job_context(as_json=as_json) as job:
        imported = import_files(opened, paths, options, job, author=author)
    _tell(imported, as_json=as_json)
    exit_with(imported.problems)


def _import_options(**chosen: object) -> "ImportOptions":
    from engine.formats.options import ImportOptions  # noqa: PLC0415 - loads numpy

    try:
        return ImportOptions.model_validate(chosen)
    except ValidationError as error:
        usage_error(f"--{first_fault(error, ImportOptions)}".replace("_", "-", 1))


def _tell(imported: "Imported", *, as_json: bool) -> None:
    counts = {
        "photographs": imported.photographs,
        "manifest rows": imported.rows,
        "gradings": imported.gradings,
    }
    if as_json:
        problems = [problem_json(problem) for problem in imported.problems]
        print_json({**{name: _counts(c) for name, c in counts.items()}, "problems": problems})
    else:
        for name, changes in counts.items():
            told = ", ".join(f"{count} {what}" for what, count in _counts(changes).items())
            typer.echo(f"{name + ':':<15}{told}")
        print_problems(imported.problems)


def _counts(changes: "Changes") -> dict[str, int]:
    return {
        "added": changes.added,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
    }


def _columns(pairs: list[str]) -> dict[str, str]:
    from engine.formats.options import Columns  # noqa: PLC0415 - loads numpy

    columns = {}
    for pair in pairs:
        what, equals, column = pair.partition("=")
        if not equals:
            usage_error(f"--column {pair}: write WHAT=COLUMN, as condition=diagnosis")
        if what not in Columns.model_fields:
            choices = ", ".join(Columns.model_fields)
            usage_error(f"--column {pair}: there is no {what!r}; choose from {choices}")
        columns[what] = column
    return columns
