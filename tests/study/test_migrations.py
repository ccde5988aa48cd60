"""Older studies are backed up and migrated, newer ones refused."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.domain.grading import Role
from engine.domain.options import StudyOptions
from engine.domain.problem import Refusal
from engine.domain.queue import QueueState
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study import migration, sqlite
from engine.study.connection import connect
from engine.study.migration import MIGRATIONS
from engine.study.packet_file import open_packet
from engine.study.schema import SCHEMA, metadata
from engine.study.sqlite import open_study
from tests.packet_studies import merge

COPIES = "dermconcord-"
STRICT = RunSettings(agreement=AgreementSettings(kappa_cut=0.6))

ADDS_A_COLUMN = '''"""Images gain a body part."""

import sqlalchemy as sa
from alembic import op

revision = "2.99"
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
    """Let this program be one with schema 2.99, which the text makes out of today's."""
    migrations = folder / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "versions" / "9999_next.py").write_text(migration_text)
    monkeypatch.setattr(migration, "MIGRATIONS", migrations)
    monkeypatch.setattr(migration, "SCHEMA", "2.99")
    monkeypatch.setattr(sqlite, "SCHEMA", "2.99")


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
        assert study.info().schema == "2.99"
        assert list(study.readings()) == readings
        assert study.check() == []
    backup = tmp_path / "study.before-2.99.concord"
    assert names(tmp_path) == ["study.before-2.99.concord", "study.concord"]
    assert (schema_in(backup), schema_in(file)) == (SCHEMA, "2.99")
    assert "body_part" in columns_in(file)
    assert "body_part" not in columns_in(backup)


OF_PACKETS = ("packet", "packet_records", "pictures")
"""Tables that hold nothing in a study."""


def study_of(version, folder):
    """Make a study as a schema of the past left it on disk, from the statements that make it."""
    return file_of(f"study-{version}.sql", folder / "old.concord", journal="WAL")


def file_of(statements, file, *, journal):
    """Make a file from the statements that lie beside the tests."""
    with closing(sqlite3.connect(file)) as plain:
        plain.execute(f"PRAGMA journal_mode={journal}")
        plain.executescript(Path(__file__).with_name(statements).read_text(encoding="utf-8"))
    return file


@pytest.fixture
def first_file(tmp_path):
    """A study of schema 1.0."""
    return study_of("1.0", tmp_path)


@pytest.fixture
def second_file(tmp_path):
    """A study of schema 1.1, with all that leads decide."""
    return study_of("1.1", tmp_path)


@pytest.fixture
def third_file(tmp_path):
    """A study of schema 1.2, with what graders do in the window."""
    return study_of("1.2", tmp_path)


@pytest.fixture(params=["1.0", "1.1", "1.2"])
def old_file(request, tmp_path):
    """A study of each schema of the past."""
    return study_of(request.param, tmp_path)


def rows_in(file):
    """Return all that the tables hold, but the version of their schema."""
    with closing(sqlite3.connect(file)) as plain:
        plain.row_factory = sqlite3.Row
        names = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: [dict(row) for row in plain.execute(f"SELECT * FROM {name}")]
            for (name,) in names
            if name != "alembic_version"
        }


def test_a_study_of_an_older_schema_keeps_every_row_and_is_backed_up(old_file):
    version, before = schema_in(old_file), rows_in(old_file)
    assert all(rows for table, rows in before.items() if table not in OF_PACKETS)
    with open_study(old_file) as study:
        assert study.check() == []
        assert study.info().schema == SCHEMA
    after = rows_in(old_file)
    if version < "1.2":
        assert {row.pop("gesture") for row in after["revisions"]} == {None}
    assert {table: after[table] for table in before} == before
    assert not any(rows for table, rows in after.items() if table not in before)
    backup = old_file.with_name(f"old.before-{SCHEMA}.concord")
    assert names(old_file.parent) == [backup.name, "old.concord"]
    assert (schema_in(backup), rows_in(backup)) == (version, before)


def test_a_study_of_an_older_schema_has_the_tables_of_a_new_one(old_file, file):
    open_study(old_file).close()
    schemas = []
    for path in (old_file, file):
        with closing(sqlite3.connect(path)) as plain:
            found = plain.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            schemas.append(sorted(found, key=str))
    assert schemas[0] == schemas[1]


def test_the_readings_of_the_first_schema_say_what_they_said(first_file):
    with open_study(first_file) as study:
        ada, bo, extra = study.readings_of("a.png")
        assert (ada.first.roi_count, ada.latest.visible, ada.is_sent_back) == (1, False, False)
        assert (bo.first.region, extra.role) == (ada.first.region, Role.EXTRA)
        assert list(study.predictions("m")) == ["a.png"]


def test_a_grader_goes_on_in_the_window_where_the_second_schema_ended(second_file):
    with open_study(second_file) as study:
        assert [(item.image, item.state) for item in study.queue("ada")] == [
            ("a.png", QueueState.DONE),
            ("c.png", QueueState.TO_DO),
            ("b/é.png", QueueState.TO_DO),
        ]
        sheet = study.sheet("a.png", "bo")
        assert (sheet.parent, sheet.sent_back) == (2, "the border")
        assert (sheet.history.undo_gesture, sheet.history.present.note) == (None, "")
        answered = replace(sheet.history.present, visible=False, region=())
        study.append(answered, author="bo", parent=sheet.parent, gesture="answer not visible")
        assert study.sheet("a.png", "bo").history.undo_gesture == "answer not visible"
        assert study.options() == StudyOptions()
        assert study.check() == []


def test_what_the_third_schema_knew_can_be_taken_back_and_settings_laid_down(third_file):
    with open_study(third_file) as study:
        assert study.options() == StudyOptions("# Outline", True, ("lead",))
        changes = study.withdraw_tasks(study.tasks("ada"), author="lead")
        assert (changes.changed, [p.code for p in changes.problems]) == (1, ["task_begun"] * 2)
        assert [task.image for task in study.tasks("ada")] == ["a.png", "c.png"]
        study.withdraw_send_back("a.png", "bo", author="lead")
        assert study.sheet("a.png", "bo").sent_back == ""
        chosen = replace(study.options(), analysts=("ann",), settings=STRICT)
        study.set_options(chosen, author="lead")
        assert study.options() == chosen
        assert study.check() == []


def test_a_packet_of_the_third_schema_comes_back_into_the_migrated_study(third_file, tmp_path):
    packet = file_of("packet-1.2.sql", tmp_path / "ada.concord", journal="DELETE")
    before, places = packet.read_bytes(), set(Path(gettempdir()).iterdir())
    merged = merge(third_file, packet)
    assert (merged.readings, merged.revisions, merged.problems) == (1, 1, ())
    assert merge(third_file, packet).unchanged == 3
    with open_study(third_file) as study:
        assert study.readings_of("b/é.png")[0].latest.visible is False
    assert packet.read_bytes() == before
    assert {p for p in Path(gettempdir()).iterdir() if p.name.startswith(COPIES)} <= places


def test_a_damaged_packet_of_the_third_schema_is_refused_under_its_own_name(tmp_path):
    packet = file_of("packet-1.2.sql", tmp_path / "ada.concord", journal="DELETE")
    with closing(sqlite3.connect(packet)) as plain:
        plain.execute("UPDATE packet SET grader = 'bo'")
        plain.commit()
    with pytest.raises(Refusal) as refused:
        open_packet(packet)
    assert (refused.value.problem.code, refused.value.problem.where) == (
        "packet_damaged",
        str(packet),
    )


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
    assert names(tmp_path) == ["study.before-2.99.concord", "study.concord"]


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
    (tmp_path / "study.before-2.99.concord").write_text("an earlier backup")
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    open_study(file).close()
    assert (tmp_path / "study.before-2.99.concord").read_text() == "an earlier backup"
    assert schema_in(tmp_path / "study.before-2.99-2.concord") == SCHEMA


def test_an_older_study_is_not_migrated_by_who_only_reads(file, tmp_path, monkeypatch):
    a_later_program(monkeypatch, tmp_path, ADDS_A_COLUMN)
    with pytest.raises(Refusal) as refused:
        open_study(file, read_only=True)
    assert refused.value.problem.code == "study_older"
    assert schema_in(file) == SCHEMA


def test_a_study_of_a_newer_major_version_is_refused_and_left_alone(file):
    pretend_schema(file, "3.0")
    before = file.read_bytes()
    with pytest.raises(Refusal, match=r"newer DermConcord\. Update DermConcord") as refused:
        open_study(file)
    assert refused.value.problem.code == "study_newer"
    assert file.read_bytes() == before
    assert names(file.parent) == ["study.concord"]


def test_a_program_that_does_not_know_of_withdrawn_tasks_refuses_the_study(file, monkeypatch):
    # It would count withdrawn readings as not finished, and leave the study's settings aside.
    monkeypatch.setattr(migration, "SCHEMA", "1.2")
    with pytest.raises(Refusal) as refused:
        open_study(file)
    assert refused.value.problem.code == "study_newer"


def test_a_study_of_a_newer_minor_version_is_opened_as_it_is(file):
    pretend_schema(file, "2.100")
    with open_study(file) as study:
        assert study.info().schema == "2.100"
        assert len(study.images()) == 20


def test_options_that_a_newer_program_laid_down_outlive_this_one(file):
    pretend_schema(file, "2.100")
    with closing(sqlite3.connect(file)) as plain:
        content = json.dumps({"masks_names": True, "to_come": [1]})
        plain.execute("INSERT INTO options (entry, content) VALUES (1, ?)", (content,))
        plain.commit()
    with open_study(file) as study:
        assert study.options() == StudyOptions(masks_names=True)
        study.set_options(StudyOptions("outline it"), author="lead")
        assert study.options() == StudyOptions("outline it")
    assert json.loads(rows_in(file)["options"][-1]["content"])["to_come"] == [1]


def lay_down(file, settings):
    """Lay settings down as another program would."""
    with closing(sqlite3.connect(file)) as plain:
        content = json.dumps({"instructions": "outline", "leads": ["lena"], "settings": settings})
        plain.execute("INSERT INTO options (entry, content) VALUES (1, ?)", (content,))
        plain.commit()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"agreement": {"to_come": 1}}, "agreement.to_come: there is no such name"),
        ({"to_come": {}}, "to_come: there is no such name"),
        ({"agreement": {"kappa_cut": 7}}, "agreement.kappa_cut: must be less than or equal to 1"),
        ({"saliency": {"steps": 7}}, "must be a multiple of steps"),
        ({"agreement": 3}, "agreement: must be a table"),
        ([1], "must be a table"),
    ],
    ids=["new name", "new table", "out of range", "do not go together", "number", "list"],
)
def test_settings_that_this_program_cannot_follow_are_refused_and_can_be_reset(
    file, settings, told
):
    lay_down(file, settings)
    with open_study(file) as study:
        with pytest.raises(Refusal, match="settings STUDY --reset") as refused:
            study.options()
        assert refused.value.problem.code == "settings_unknown"
        assert told in refused.value.problem.message
        study.reset_settings(author="lena")
        assert study.options() == StudyOptions("outline", leads=("lena",))


def test_options_can_be_laid_down_over_settings_that_cannot_be_followed(file):
    lay_down(file, {"agreement": {"to_come": 1}})
    with open_study(file) as study:
        study.set_options(StudyOptions("new"), author="lena")
        assert study.options() == StudyOptions("new")


@pytest.mark.parametrize("version", ["ae1027a6acf0", "", "one.two"])
def test_a_database_of_another_product_is_no_study(file, version):
    pretend_schema(file, version)
    with pytest.raises(Refusal) as refused:
        open_study(file)
    assert refused.value.problem.code == "study_damaged"
