"""Which schema a study file has, and how it is brought to the one of this program."""

import re
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from engine.study.schema import SCHEMA

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = table("alembic_version", column("version_num"))
"""Alembic's own table of one row."""


def schema_of(connection: Connection) -> str | None:
    """Return the schema version of the file, ``major.minor``, or None where it is no study."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    version = connection.execute(select(VERSION.c.version_num)).scalar() or ""
    return version if re.fullmatch(r"\d+\.\d+", version) else None


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest schema, inside the connection's transaction."""
    # slow to load, and a study of today's schema is opened without
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def is_newer_major(version: str) -> bool:
    """Return whether a file of this schema version needs a newer program."""
    return _numbers(version)[0] > _numbers(SCHEMA)[0]


def is_older(version: str) -> bool:
    """Return whether a file of this schema version is to be migrated."""
    return _numbers(version) < _numbers(SCHEMA)


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)
