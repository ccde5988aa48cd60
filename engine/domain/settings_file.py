"""Settings in a TOML file: read over others, and written so that they are read back."""

import json
import tomllib
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.domain.problem import refuse
from engine.domain.setting_changes import ChangedSetting, changed_settings
from engine.domain.setting_faults import first_fault
from engine.domain.settings import RunSettings


def read_settings(file: Path, base: RunSettings) -> RunSettings:
    """Return settings with those of a file in place of the ones it names.

    Raises
    ------
    Refusal
        ``no_toml``, ``cannot_read``, or ``wrong_setting``: a name or a value is not one of the
        settings'.
    """
    try:
        return laid_over(base, read_tables(file))
    except ValidationError as error:
        message = f"setting {first_fault(error, RunSettings)}"
        remedy = "Correct it in the file and open it again"
        raise refuse("wrong_setting", str(file), message, remedy) from error


def read_tables(file: Path) -> dict[str, Any]:
    """Return the tables of a TOML file as they stand there.

    Raises
    ------
    Refusal
        ``no_toml`` or ``cannot_read``.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"the file is no TOML ({error})"
        raise refuse("no_toml", str(file), message, "correct that line") from error
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise refuse("cannot_read", str(file), message, "give another file") from error


def laid_over(base: RunSettings, tables: Mapping[str, Any]) -> RunSettings:
    """Return settings, with those of some tables in place of the ones they name.

    Raises
    ------
    ValidationError
        A name or a value is not one of the settings'.
    """
    before = base.model_dump()
    given = {
        name: {**before.get(name, {}), **table} if isinstance(table, dict) else table
        for name, table in tables.items()
    }
    return RunSettings.model_validate({**before, **given})


def settings_text(settings: RunSettings) -> str:
    """Return what differs from the method's defaults as TOML; `read_settings` reads it back."""
    lines = ["# Settings of DermConcord that differ from the method's defaults"]
    for table, changes in groupby(changed_settings(settings), _table):
        lines += ["", f"[{table}]", *map(_line, changes)]
    return "\n".join([*lines, ""])


def _table(setting: ChangedSetting) -> str:
    return setting.name.partition(".")[0]


def _line(setting: ChangedSetting) -> str:
    return f"{setting.name.partition('.')[2]} = {_toml(setting.value)}"


def _toml(value: Any) -> str:  # noqa: ANN401 - a number, a truth, a text, or several texts
    """Return a value as TOML writes it: a text as JSON does, but for one character."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("\x7f", "\\u007f")
