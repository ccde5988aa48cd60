"""The log is shown whole, latest first, with the word of a check of the study."""

import csv
import sqlite3

import pytest
from PySide6.QtWidgets import QTableView

from desktop_app.setup.audit_dialog import AuditDialog
from desktop_app.setup.audit_table import WORDS, audit_table, read_log, words_of
from desktop_app.window.pickers import Pickers
from engine.domain.options import StudyOptions
from engine.report.csv_file import csv_bytes
from engine.study.protocol import AuditEntry
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor
from tests.desktop_app.accessible import nameless


def rest(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.place.bridge.is_busy)


def rows(dialog):
    return dialog.table.export_rows()


def test_every_entry_is_there_latest_first(place, shown):
    dialog = shown(AuditDialog(place))
    entries = list(place.study.audit())
    assert rows(dialog) == entries[::-1]
    assert rows(dialog)[-1].action == "create"
    assert dialog.table.model.rowCount() == len(entries) > 3


def test_a_whole_chain_is_said_to_be_verified(place, shown):
    dialog = shown(AuditDialog(place))
    assert dialog.verdict.accessibleName().startswith(
        f"Verified: all {len(rows(dialog))} entries follow from one another"
    )


def test_a_changed_entry_is_found(file, place_of, shown):
    with sqlite3.connect(file) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE audit SET author = 'mallory' WHERE number = 2")
    connection.close()
    dialog = shown(AuditDialog(place_of(file)))
    assert dialog.verdict.accessibleName().startswith("Not verified. ")
    assert "entry 2" in dialog.verdict.accessibleName()


def test_the_check_is_made_again_where_it_is_asked_for(qtbot, place, shown):
    dialog = shown(AuditDialog(place))
    dialog.check.click()
    assert dialog.verdict.accessibleName().startswith("Checking")
    rest(qtbot, dialog)
    assert dialog.verdict.accessibleName().startswith("Verified")


def test_entries_are_searched(place, shown):
    place.study.set_options(StudyOptions("New."), author="max")
    dialog = shown(AuditDialog(place))
    dialog.table.search.setText("max")
    assert [entry.author for entry in rows(dialog)] == ["max"]


def test_the_file_holds_what_is_shown(qtbot, file, place_of, shown, tmp_path):
    target = tmp_path / "log.csv"
    dialog = shown(AuditDialog(place_of(file, pickers=Pickers(new_table=lambda *_: target))))
    dialog.save.click()
    rest(qtbot, dialog)
    assert target.read_bytes() == csv_bytes(audit_table(list(dialog.place.study.audit())))
    with target.open(newline="") as lines:
        assert [row["number"] for row in csv.DictReader(lines)] == [
            str(entry.number) for entry in rows(dialog)
        ]


def test_nothing_is_written_where_no_file_was_chosen(qtbot, file, place_of, shown, tmp_path):
    before = set(tmp_path.iterdir())
    dialog = shown(AuditDialog(place_of(file, pickers=Pickers(new_table=lambda *_: None))))
    dialog.save.click()
    rest(qtbot, dialog)
    assert set(tmp_path.iterdir()) - {tmp_path / "study.concord-wal"} <= before | {
        tmp_path / "study.concord-shm"
    }


class Long:
    """A study with a log of many entries."""

    def __init__(self, count):
        self._count = count

    def audit(self):
        for number in range(1, self._count + 1):
            yield AuditEntry(number, "2026-01-01", "ada", "append", {"items": 1}, "0", "1")


def test_a_long_log_is_read_in_parts_between_which_others_have_the_study():
    steps = []
    job = JobContext(InlineExecutor(), progress=steps.append)
    entries = read_log(Long(5_000), job)
    assert [entry.number for entry in entries] == list(range(1, 5_001))
    assert [step.done for step in steps] == [2_000, 4_000, 5_000]


def test_a_row_is_made_for_the_screen_only_where_it_is_seen(place, shown, monkeypatch):
    dialog = shown(AuditDialog(place))
    dialog.table.set_table(audit_table(read_log(Long(50_000), JobContext(InlineExecutor()))))
    view = dialog.findChild(QTableView)
    assert dialog.table.model.rowCount() == 50_000
    assert view.rowAt(view.viewport().height() - 1) < 100


def test_every_action_of_the_store_has_words(place):
    for entry in place.study.audit():
        assert entry.action in WORDS
    assert words_of("something_new") == "something new"


@pytest.mark.parametrize("scale", [100, 200])
def test_every_control_has_a_name(theme, place, shown, scale):
    theme.set_scale(scale)
    assert nameless(shown(AuditDialog(place))) == []
