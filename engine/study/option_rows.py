"""The options of a study in the store: rows that are only added, of which the last counts."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from engine.domain.options import StudyOptions
from engine.domain.problem import Refusal, refuse
from engine.domain.setting_faults import first_fault
from engine.domain.settings import RunSettings
from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.schema import options

TEXTS = ("instructions", "masks_names")
PEOPLE = ("leads", "analysts")


def set_options(writing: Writing, given: StudyOptions) -> None:
    """Append options, which count from now on; the same as before change nothing."""
    last = _last_content(writing.connection)
    if _are(given, last):
        return
    _append(writing, {**last, **_content(given)})  # what a newer program added stays


def reset_settings(writing: Writing) -> None:
    """Append that the settings of the method hold, whatever is stored of others."""
    last = _last_content(writing.connection)
    if last.get("settings"):
        _append(writing, {**last, "settings": {}})


def read_options(connection: Connection) -> StudyOptions:
    """Return the options that count; what was never laid down is as by default.

    Raises
    ------
    Refusal
        ``settings_unknown``: this program does not know a setting, or does not allow its value.
    """
    return _options(_last_content(connection))


def options_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of options."""
    return (values["content"],)


def _append(writing: Writing, content: Mapping[str, Any]) -> None:
    append_rows(writing, options, [{"content": content}], line_of=options_line)


def _are(given: StudyOptions, stored: Mapping[str, Any]) -> bool:
    try:
        return given == _options(stored)
    except Refusal:
        return False


def _content(given: StudyOptions) -> dict[str, Any]:
    """Return options as they are stored: of the settings, those that are not as by default."""
    content = {name: getattr(given, name) for name in TEXTS}
    people = {name: list(getattr(given, name)) for name in PEOPLE}
    settings = given.settings.model_dump(mode="json", exclude_defaults=True)
    return {**content, **people, "settings": settings}


def _options(content: Mapping[str, Any]) -> StudyOptions:
    texts = {name: content[name] for name in TEXTS if name in content}
    people = {name: tuple(content[name]) for name in PEOPLE if name in content}
    return StudyOptions(**texts | people, settings=_settings(content.get("settings", {})))


def _settings(stored: object) -> RunSettings:
    try:
        return RunSettings.model_validate(stored)
    except ValidationError as error:
        raise refuse(
            "settings_unknown",
            "the study's settings",
            f"This program cannot follow them: {first_fault(error, RunSettings)}",
            "Update DermConcord, or lay the settings down anew: dermconcord settings STUDY --reset",
        ) from error


def _last_content(connection: Connection) -> dict[str, Any]:
    query = select(options.c.content).order_by(options.c.id.desc()).limit(1)
    content: dict[str, Any] = connection.execute(query).scalar() or {}
    return content
