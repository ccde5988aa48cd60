"""Which class of a model stands for each condition: rows that are only added, the last counts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.study.appending import Line, append_rows
from engine.study.audit_log import Writing
from engine.study.schema import condition_maps


def set_condition_map(writing: Writing, model: str, conditions: Mapping[str, str]) -> None:
    """Append the map of a model, which counts from now on; the same as before changes nothing."""
    given = dict(conditions)
    if given == _last(writing.connection, model):
        return
    row = {"model": model, "conditions": given}
    append_rows(writing, condition_maps, [row], line_of=condition_map_line)


def read_condition_map(connection: Connection, model: str) -> dict[str, str] | None:
    """Return the map of a model that counts, or None."""
    return _last(connection, model) or None


def condition_map_line(values: Mapping[Any, Any]) -> Line:
    """Return what the audit log tells of a map."""
    return values["model"], values["conditions"]


def _last(connection: Connection, model: str) -> dict[str, str]:
    query = (
        select(condition_maps.c.conditions)
        .where(condition_maps.c.model == model)
        .order_by(condition_maps.c.id.desc())
        .limit(1)
    )
    conditions: dict[str, str] = connection.execute(query).scalar() or {}
    return conditions
