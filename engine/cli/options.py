"""Options that several commands share, and how settings are given on the command line."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from pydantic import BaseModel, ValidationError

from engine.cli.terminal import usage_error
from engine.domain.settings import RunSettings

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
        " [figures].",
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


def run_settings(file: Path | None, assignments: list[str]) -> RunSettings:
    """Return the settings from a file, then from the command line.

    Raises
    ------
    typer.BadParameter
        The file is no TOML, or a name or a value is not one of the settings'.
    """
    tables = _read_tables(file) if file else {}
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
        return RunSettings.model_validate(tables)
    except ValidationError as error:
        usage_error(f"setting {first_fault(error, RunSettings)}")


def first_fault(error: ValidationError, model: type[BaseModel]) -> str:
    """Say the first thing that a model refuses, with the names that would be right.

    Parameters
    ----------
    model
        The model that was validated; its fields may be models in turn.
    """
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "extra_forbidden":
            allowed = ", ".join(_names(model, first["loc"][:-1]))
            return f"{place}: there is no such name; choose from {allowed}"
        case "model_type":
            return f"{place}: must be a table with names and values"
        case "value_error":
            told = str(first["ctx"]["error"])
            return f"{place}: {told}" if place else told
        case _:
            wanted = first["msg"].partition(", unable")[0].partition(" should ")[2]
            return f"{place}: must {wanted}, not {first['input']!r}"


def _names(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """Return the names that a model, or the model at a place within it, takes."""
    for part in place:
        model = cast(type[BaseModel], model.model_fields[str(part)].annotation)
    return list(model.model_fields)


def _read_tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        usage_error(f"--settings {file}: the file is no TOML ({error}); correct that line")
    except OSError as error:
        usage_error(f"--settings {file}: the file cannot be read ({error.strerror})")
