"""``dermconcord settings``: the settings from which every run of a study starts."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.options import AsJson, Author, SetOption, SettingsFile, StudyFile, run_settings
from engine.cli.terminal import print_json, told
from engine.domain.setting_changes import ChangedSetting, named_settings
from engine.domain.settings import RunSettings

if TYPE_CHECKING:
    from engine.study.sqlite_study import SqliteStudy


@told
def settings(
    study: StudyFile,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    file: SettingsFile = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Go back to the method's defaults, before --set.")
    ] = False,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Show the study's settings with what each means, or lay down others for all later runs.

    Every command, and the window, starts from them; --settings and --set of a command change its
    own run alone. What differs from the method's defaults is marked with *. Settings that a newer
    DermConcord laid down are refused with exit status 1, and can be reset.
    """
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    changes = bool(reset or file or assignments)
    with open_study(study, read_only=not changes) as opened:
        if reset:
            run_settings(file, assignments, RunSettings())  # wrong usage resets nothing
            opened.reset_settings(author=author)
        holds = opened.options().settings
        if file or assignments:
            holds = run_settings(file, assignments, holds)
            _lay_down(opened, holds, author=author)
    _tell(named_settings(holds), as_json=as_json)


def _lay_down(study: "SqliteStudy", chosen: RunSettings, *, author: str) -> None:
    study.set_options(replace(study.options(), settings=chosen), author=author)


def _tell(found: tuple[ChangedSetting, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"settings": [_json(setting) for setting in found], "problems": []})
        return
    width = max(len(setting.name) for setting in found)
    for setting in found:
        mark = "*" if setting.is_changed else " "
        default = f" (default {_shown(setting.default)})" if setting.is_changed else ""
        typer.echo(f"{mark} {setting.name:<{width}}  {_shown(setting.value)}{default}")
        typer.echo(f"  {'':<{width}}    {setting.description}")
    changed = sum(setting.is_changed for setting in found)
    typer.echo(f"{changed} of {len(found)} settings differ from the method's defaults")


def _json(setting: ChangedSetting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": setting.value,
        "default": setting.default,
        "is_changed": setting.is_changed,
        "description": setting.description,
    }


def _shown(value: object) -> str:
    """Return a value as it is written after --set."""
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
