"""Older studies are backed up and migrated, newer ones refused."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.domain.grading import Role
from engine.domain.problem import Refusal
from engine.study import migration, sqlite
from engine.study.connection import connect
from engine.study.migration import MIGRATIONS
from engine.study.schema import SCHEMA, metadata
from engine.study.sqlite import open_study

ADDS_A_COLUMN = '''"""Images gain a body part."""

import sqlalchemy as sa
from alembic import op

revision = "1.99"
down_revision = "@SCHEMA"


def upgrade():
    op.add_column("images", sa.Column("body_part", sa.String))
'''.replace("@SCHEMA", SCHEMA)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def schema_in(file):
    with closing(sqlite3.connect(file)) as plain:
        return plain.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def columns_in(file):
    with closing(sqlite3.connect(file)) as plain:
        return [row[1] for row in plain.execute("PRAGMA table_info(images)")]


def pretend_schema(file, version):
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("UPDATE alembic_version SET version_num = ?", (version,))
        plain.commit()


def a_later_program(monkeypatch, folder, migration_text):
    """Let this program be one with schema 1.99, which the text makes out of today's."""
    migrations = folder / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "versions" / "9999_next.py").write_text(migration_text)
    monkeypatch.setattr(migration, "MIGRATIONS", migrations)
    monkeypatch.setattr(migration, "SCHEMA", "1.99")
    monkeypatch.setattr(sqlite, "SCHEMA", "1.99")


def test_the_migrations_make_exactly_the_tables_of_the_schema(file):
    with connect(file).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_version_of_the_schema():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [SCHEMA]


def test_each_migration_is_a_numbered_file_that_opens_with_one_sentence():
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [file.name[:4] for file in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    for file in files:
        first, second = file.read_text(encoding="utf-8").splitlines()[:2]
        assert first.endswith('."""')
        assert second == ""


def test_an_older_study_is_backed_up_then_migrated(file, tmp_path, monkeypatch):
    with open_study(file) as study:
        readings = list(study.readings())
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    with open_study(file) as study:
        assert study.info().schema == "1.99"
        assert list(study.readings()) == readings
        assert study.check() == []
    backup = tmp_path / "study.before-1.99.concord"
    assert names(tmp_path) == ["study.before-1.99.concord", "study.concord"]
    assert (schema_in(backup), schema_in(file)) == (SCHEMA, "1.99")
    assert "body_part" in columns_in(file)
    assert "body_part" not in columns_in(backup)


@pytest.fixture
def first_file(tmp_path):
    """A study as schema 1.0 left it on disk, from the statements that make it."""
    file = tmp_path / "first.concord"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.executescript(Path(__file__).with_name("study-1.0.sql").read_text(encoding="utf-8"))
    return file


def rows_in(file):
    """Return all that the tables of the first schema hold."""
    tables = ("study", "images", "graders", "records", "revisions", "audit", "predictions")
    with closing(sqlite3.connect(file)) as plain:
        return {table: plain.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_a_study_of_the_first_schema_keeps_everything_and_is_backed_up(first_file):
    before = rows_in(first_file)
    assert all(before.values())
    with open_study(first_file) as study:
        assert study.check() == []
        assert study.info().schema == SCHEMA
        ada, bo, extra = study.readings_of("a.png")
        assert (ada.first.roi_count, ada.latest.visible, ada.is_sent_back) == (1, False, False)
        assert (bo.first.region, extra.role) == (ada.first.region, Role.EXTRA)
        assert list(study.predictions("m")) == ["a.png"]
    assert rows_in(first_file) == before
    backup = first_file.with_name(f"first.before-{SCHEMA}.concord")
    assert names(first_file.parent) == [backup.name, "first.concord"]
    assert (schema_in(backup), rows_in(backup)) == ("1.0", before)


def test_a_study_of_the_first_schema_has_the_tables_of_a_new_one(first_file, file):
    open_study(first_file).close()
    schemas = []
    for path in (first_file, file):
        with closing(sqlite3.connect(path)) as plain:
            found = plain.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            schemas.append(sorted(found, key=str))
    assert schemas[0] == schemas[1]


def test_what_was_asked_under_the_first_schema_is_among_the_tasks(first_file):
    with open_study(first_file) as study:
        asked = [(task.image, task.role, task.position) for task in study.tasks("cy")]
        assert asked == [("c.png", Role.ASSIGNED, 0), ("a.png", Role.EXTRA, 1)]
        study.assign_tasks(study.tasks(), author="lead", seed=1)
        study.label_body_parts({"a.png": frozenset()}, author="lead")
        assert study.check() == []


def test_a_migrated_study_is_not_backed_up_again(file, tmp_path, monkeypatch):
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    for _ in range(2):
        open_study(file).close()
    assert names(tmp_path) == ["study.before-1.99.concord", "study.concord"]


def test_a_migration_that_fails_leaves_the_study_as_it_was(file, tmp_path, monkeypatch):
    failing = ADDS_A_COLUMN + "    raise RuntimeError('a bug')\n"
    with monkeypatch.context() as patch:
        a_later_program(patch, tmp_path, failing)
        with pytest.raises(RuntimeError, match="a bug"):
            open_study(file)
    assert schema_in(file) == SCHEMA
    assert "body_part" not in columns_in(file)
    with open_study(file) as study:
        assert study.check() == []


def test_an_earlier_backup_is_never_overwritten(file, tmp_path, monkeypatch):
    (tmp_path / "study.before-1.99.concord").write_text("an earlier backup")
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    open_study(file).close()
    assert (tmp_path / "study.before-1.99.concord").read_text() == "an earlier backup"
    assert schema_in(tmp_path / "study.before-1.99-2.concord") == SCHEMA


def test_an_older_study_is_not_migrated_by_who_only_reads(file, tmp_path, monkeypatch):
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    with pytest.raises(Refusal) as refused:
        open_study(file, read_only=True)
    assert refused.value.problem.code == "study_older"
    assert schema_in(file) == SCHEMA


def test_a_study_of_a_newer_major_version_is_refused_and_left_alone(file):
    pretend_schema(file, "2.0")
    before = file.read_bytes()
    with pytest.raises(Refusal, match=r"newer DermConcord\. Update DermConcord") as refused:
        open_study(file)
    assert refused.value.problem.code == "study_newer"
    assert file.read_bytes() == before
    assert names(file.parent) == ["study.concord"]


def test_a_study_of_a_newer_minor_version_is_opened_as_it_is(file):
    pretend_schema(file, "1.100")
    with open_study(file) as study:
        assert study.info().schema == "1.100"
        assert len(study.images()) == 20


@pytest.mark.parametrize("version", ["ae1027a6acf0", "", "one.two"])
def test_a_database_of_another_product_is_no_study(file, version):
    pretend_schema(file, version)
    with pytest.raises(Refusal) as refused:
        open_study(file)
    assert refused.value.problem.code == "study_damaged"
