"""Options that several commands share, and how settings are given on the command line."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from engine.cli.terminal import usage_error
from engine.domain.problem import Refusal
from engine.domain.setting_faults import first_fault
from engine.domain.settings import RunSettings
from engine.domain.settings_file import laid_over, read_tables

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study, a .concord file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, no progress bar.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace result files that exist.")]
Author = Annotated[
    str,
    typer.Option(
        help="Whose name the study's log gets.",
        envvar=["USER", "USERNAME"],
        show_envvar=False,
        show_default="your login name",
    ),
]
Device = Literal["auto", "cpu", "cuda", "mps"]
DeviceOption = Annotated[Device, typer.Option("--device", help="Where the model runs.")]
TrustOption = Annotated[
    str | None,
    typer.Option("--trust", metavar="SHA256", help="Trust the model's code of this digest, once."),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="TOML file with tables [agreement], [saliency], [localisation], [findings],"
        " [figures], in place of the study's settings of these names.",
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
        " docs/settings.md lists every setting with its default.",
    ),
]


def chosen_settings(
    study: Path, file: Path | None, assignments: list[str], *, read_only: bool = False
) -> RunSettings:
    """Return the settings that the study lays down, changed by a file, then by the command line.

    Parameters
    ----------
    read_only
        As the command opens the study: who only reads does not bring it up to date.

    Raises
    ------
    typer.BadParameter
        As `run_settings`.
    Refusal
        The study cannot be opened, or its settings are of a newer program.
    """
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    with open_study(study, read_only=read_only) as opened:
        base = opened.options().settings
    return run_settings(file, assignments, base)


def run_settings(file: Path | None, assignments: list[str], base: RunSettings) -> RunSettings:
    """Return settings changed by a file, then by the command line.

    Raises
    ------
    typer.BadParameter
        The file is no TOML, or a name or a value is not one of the settings'.
    """
    tables = _tables_of(file) if file else {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        table, dot, setting = name.strip().partition(".")
        if not (equals and dot and setting):
            usage_error(f"--set {assignment}: write TABLE.NAME=VALUE, as agreement.kappa_cut=0.5")
        settings = tables.setdefault(table, {})
        if not isinstance(settings, dict):
            usage_error(f"{file}: {table} must be a table, [{table}]")
        settings[setting] = value.strip()
    try:
        return laid_over(base, tables)
    except ValidationError as error:
        usage_error(f"setting {first_fault(error, RunSettings)}")


def _tables_of(file: Path) -> dict[str, Any]:
    try:
        return read_tables(file)
    except Refusal as refusal:
        problem = refusal.problem
        usage_error(f"--settings {file}: {problem.message}; {problem.remedy}")
