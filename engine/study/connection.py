"""Connections to a study's SQLite file: safe against power loss, with explicit transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from engine.study.files import new_file
from engine.study.refusals import refusing

Access = Literal["mode=rw", "mode=ro", "immutable=1"]
"""How SQLite opens the file; none of them makes a missing one."""

Journal = Literal["WAL", "DELETE"]
"""Where SQLite keeps an unfinished write; a file remembers WAL.

With WAL readers read while one writes, and the newest commits lie in a file beside the study until
it is closed. With DELETE every commit is in the one file, which can be copied at any moment.
"""

PRAGMAS = ("synchronous=EXTRA", "foreign_keys=ON")
"""Beyond FULL, EXTRA makes the end of a rollback journal as safe as that of the log."""


def connect(file: Path, *, access: Access = "mode=rw", busy_timeout: float = 5.0) -> Engine:
    """Return an engine on an existing file; nothing is opened until its first use.

    A transaction is a read unless the connection has the execution option ``is_writing``, which
    takes the write lock at its beginning. Connections may be used from any one thread at a time.

    Parameters
    ----------
    busy_timeout
        Seconds to wait for another program's write lock.
    """
    address = f"{file.absolute().as_uri()}?{access}"

    def open_connection() -> sqlite3.Connection:
        return sqlite3.connect(
            address,
            uri=True,
            timeout=busy_timeout,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine("sqlite+pysqlite://", creator=open_connection, poolclass=QueuePool)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def fill_database(
    file: Path, write: Callable[[Connection], None], *, journal: Journal = "WAL"
) -> None:
    """Fill an empty file in one transaction, and close it as a study that can be opened."""
    engine = connect(file)
    try:
        with transaction(engine) as connection:
            write(connection)
        with closing(engine.raw_connection()) as plain:
            plain.cursor().execute(f"PRAGMA journal_mode={journal}")
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Hold the write lock from the beginning; all that is written is stored at the end or none."""
    with engine.connect() as connection, connection.execution_options(is_writing=True).begin():
        yield connection


def copy_database(engine: Engine, target: Path) -> None:
    """Write a consistent copy to a new file, also while others write to the source.

    Raises
    ------
    Refusal
        ``file_exists``, ``folder_read_only``, ``disk_full``.
    """
    with (
        refusing(target),
        new_file(target) as temporary,
        closing(sqlite3.connect(temporary)) as copy,
        closing(engine.raw_connection()) as source,
    ):
        cast(sqlite3.Connection, source.driver_connection).backup(copy)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
