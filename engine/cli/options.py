"""Options that several commands share, and how settings are given on the command line."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from engine.cli.terminal import usage_error
from engine.domain.problem import refuse
from engine.domain.settings import RunSettings

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study, a .concord file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, no progress bar.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace result files that exist.")]
Author = Annotated[
    str, typer.Option(help="Whose name the study's log gets.", envvar="USER", show_envvar=False)
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="TOML file with tables [agreement], [saliency], [localisation].",
        exists=True,
        dir_okay=False,
    ),
]
SetOption = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="One setting, such as agreement.kappa_cut=0.5; may be repeated."
        " Every setting and its default stands in the run manifest.",
    ),
]


def run_settings(file: Path | None, assignments: list[str]) -> RunSettings:
    """Return the settings from a file, then from the command line.

    Raises
    ------
    Refusal
        The file is no TOML.
    typer.BadParameter
        A name or a value is not one of the settings'.
    """
    tables = _read_tables(file) if file else {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        table, dot, setting = name.strip().partition(".")
        if not (equals and dot and setting):
            usage_error(f"--set {assignment}: write TABLE.NAME=VALUE, as agreement.kappa_cut=0.5")
        tables.setdefault(table, {})[setting] = value.strip()
    try:
        return RunSettings.model_validate(tables)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        usage_error(f"setting {place}: {first['msg']}")


def _read_tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(
            "bad_settings", str(file), f"the file is no TOML ({error})", "Correct that line"
        ) from error
