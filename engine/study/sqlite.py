"""A study in one SQLite file: made, opened, brought up to date."""

import os
import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from engine.domain.problem import refuse
from engine.study import refusals
from engine.study.audit_log import begin_writing
from engine.study.connection import (
    Access,
    connect,
    copy_database,
    fill_database,
    transaction,
)
from engine.study.files import free_name, new_file, study_file
from engine.study.filesystem import NetworkDetector, network_filesystem
from engine.study.migration import is_newer_major, is_older, migrate, schema_of
from engine.study.refusals import refusal, refusing
from engine.study.schema import SCHEMA, study
from engine.study.sqlite_study import Clock, SqliteStudy, iso_time


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


def create_study(
    path: Path,
    *,
    author: str,
    clock: Clock = utc_now,
    busy_timeout: float = 5.0,
    find_network: NetworkDetector = network_filesystem,
) -> SqliteStudy:
    """Make an empty study and open it.

    Parameters
    ----------
    path
        File to make; the suffix ``.concord`` is added where it is missing.
    author
        Who makes it, for the first entry of the audit log.
    clock
        Tells the time of every entry.
    busy_timeout
        Seconds to wait for another program's write.
    find_network
        Tells whether a folder lies on a network file system.

    Raises
    ------
    Refusal
        ``file_exists``, ``folder_read_only``, ``network_file_system``, ``disk_full``.
    """
    file = study_file(path)
    _refuse_network(file, find_network)
    with refusing(file), new_file(file) as temporary:
        fill_database(temporary, partial(found_study, author=author, time=iso_time(clock())))
    return open_study(file, clock=clock, busy_timeout=busy_timeout, find_network=find_network)


def open_study(
    path: Path,
    *,
    read_only: bool = False,
    clock: Clock = utc_now,
    busy_timeout: float = 5.0,
    find_network: NetworkDetector = network_filesystem,
) -> SqliteStudy:
    """Open a study; one of an older schema is backed up beside it, then migrated.

    Parameters
    ----------
    read_only
        Open it without ever writing to it, also from a folder that cannot be written to: there
        nobody else may write to it meanwhile.
    path, clock, busy_timeout, find_network
        As for `create_study`.

    Raises
    ------
    Refusal
        ``study_missing``, ``study_damaged``, ``study_newer``, ``study_older`` (read-only),
        ``study_locked``, ``study_read_only``, ``network_file_system``, ``disk_full``.
    """
    file = study_file(path).resolve()
    if not file.is_file():
        raise refusal(refusals.MISSING, file)
    _refuse_network(file, find_network)
    engine = connect(file, access=_access(file, read_only=read_only), busy_timeout=busy_timeout)
    try:
        _accept_schema(engine, file, read_only=read_only)
    except BaseException:
        engine.dispose()
        raise
    return SqliteStudy(file, engine, clock=clock, read_only=read_only)


def found_study(connection: Connection, *, author: str, time: str) -> None:
    """Make the tables of a study that holds nothing but its identity."""
    migrate(connection)
    identity = uuid.uuid4().hex
    connection.execute(insert(study), {"id": identity, "created": time})
    writing = begin_writing(connection, author=author, time=time)
    writing.tell(identity)
    writing.finish("create")


def _refuse_network(file: Path, find_network: NetworkDetector) -> None:
    kind = find_network(file.parent)
    if kind is not None:
        raise refuse(
            "network_file_system",
            str(file),
            f"The folder is on a network file system ({kind}), where a study can be damaged",
            "Work on a copy on a local disk, and give graders packets instead of a shared file",
        )


def _access(file: Path, *, read_only: bool) -> Access:
    """Choose how to open the file; a folder that cannot be written to takes no log beside it."""
    if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
        return "mode=rw"
    if not read_only:
        raise refusal(refusals.READ_ONLY, file)
    logs = (file.with_name(file.name + suffix) for suffix in ("-wal", "-journal"))
    return "mode=ro" if any(log.exists() for log in logs) else "immutable=1"


def _accept_schema(engine: Engine, file: Path, *, read_only: bool) -> None:
    with refusing(file), engine.connect() as connection:
        version = schema_of(connection)
    if version is None:
        raise refusal(refusals.DAMAGED, file)
    if is_newer_major(version):
        raise refusal(refusals.NEWER, file)
    if not is_older(version):
        return
    if read_only:
        raise refusal(refusals.OLDER, file)
    copy_database(engine, free_name(file.with_suffix(f".before-{SCHEMA}{file.suffix}")))
    with refusing(file), transaction(engine) as connection:
        migrate(connection)
