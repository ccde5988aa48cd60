"""Older studies are backed up and migrated, newer ones refused."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.domain.problem import Refusal
from engine.study import migration, sqlite
from engine.study.connection import connect
from engine.study.migration import MIGRATIONS
from engine.study.schema import SCHEMA, metadata
from engine.study.sqlite import open_study

ADDS_A_COLUMN = '''"""Images gain a body part."""

import sqlalchemy as sa
from alembic import op

revision = "1.1"
down_revision = "1.0"


def upgrade():
    op.add_column("images", sa.Column("body_part", sa.String))
'''


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
    """Let this program be one with schema 1.1, which the text makes out of 1.0."""
    migrations = folder / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "versions" / "0002_next.py").write_text(migration_text)
    monkeypatch.setattr(migration, "MIGRATIONS", migrations)
    monkeypatch.setattr(migration, "SCHEMA", "1.1")
    monkeypatch.setattr(sqlite, "SCHEMA", "1.1")


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
        assert study.info().schema == "1.1"
        assert list(study.readings()) == readings
        assert study.check() == []
    backup = tmp_path / "study.before-1.1.concord"
    assert names(tmp_path) == ["study.before-1.1.concord", "study.concord"]
    assert (schema_in(backup), schema_in(file)) == ("1.0", "1.1")
    assert "body_part" in columns_in(file)
    assert "body_part" not in columns_in(backup)


def test_a_migrated_study_is_not_backed_up_again(file, tmp_path, monkeypatch):
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    for _ in range(2):
        open_study(file).close()
    assert names(tmp_path) == ["study.before-1.1.concord", "study.concord"]


def test_a_migration_that_fails_leaves_the_study_as_it_was(file, tmp_path, monkeypatch):
    failing = ADDS_A_COLUMN + "    raise RuntimeError('a bug')\n"
    with monkeypatch.context() as patch:
        a_later_program(patch, tmp_path, failing)
        with pytest.raises(RuntimeError, match="a bug"):
            open_study(file)
    assert schema_in(file) == "1.0"
    assert "body_part" not in columns_in(file)
    with open_study(file) as study:
        assert study.check() == []


def test_an_earlier_backup_is_never_overwritten(file, tmp_path, monkeypatch):
    (tmp_path / "study.before-1.1.concord").write_text("an earlier backup")
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    open_study(file).close()
    assert (tmp_path / "study.before-1.1.concord").read_text() == "an earlier backup"
    assert schema_in(tmp_path / "study.before-1.1-2.concord") == "1.0"


def test_an_older_study_is_not_migrated_by_who_only_reads(file, tmp_path, monkeypatch):
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    with pytest.raises(Refusal) as refused:
        open_study(file, read_only=True)
    assert refused.value.problem.code == "study_older"
    assert schema_in(file) == "1.0"


def test_a_study_of_a_newer_major_version_is_refused_and_left_alone(file):
    pretend_schema(file, "2.0")
    before = file.read_bytes()
    with pytest.raises(Refusal, match=r"newer DermConcord\. Update DermConcord") as refused:
        open_study(file)
    assert refused.value.problem.code == "study_newer"
    assert file.read_bytes() == before
    assert names(file.parent) == ["study.concord"]


def test_a_study_of_a_newer_minor_version_is_opened_as_it_is(file):
    pretend_schema(file, "1.7")
    with open_study(file) as study:
        assert study.info().schema == "1.7"
        assert len(study.images()) == 20


@pytest.mark.parametrize("version", ["ae1027a6acf0", "", "one.two"])
def test_a_database_of_another_product_is_no_study(file, version):
    pretend_schema(file, version)
    with pytest.raises(Refusal) as refused:
        open_study(file)
    assert refused.value.problem.code == "study_damaged"
