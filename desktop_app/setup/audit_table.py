"""The log of a study as a table: who wrote what, and when."""

from collections.abc import Sequence
from itertools import islice

from engine.report.table import Column, Table
from engine.study.protocol import AuditEntry, Study
from engine.tasks.context import JobContext
from engine.tasks.progress import Step

CHUNK = 2_000
"""Entries that are read at a time, between which others may use the study."""

SHOWN = ("number", "time", "author", "action", "items")
"""Columns that are shown at first."""

WORDS = {
    "create": "made the study",
    "add_images": "brought images in",
    "record_gradings": "imported gradings",
    "append": "graded",
    "assign": "asked a grader",
    "assign_tasks": "assigned images",
    "withdraw_tasks": "took assigned images back",
    "ask_again": "asked a grader again",
    "set_options": "changed people, instructions or settings",
    "merge_packet": "merged a packet",
    "make_packet": "made a packet",
    "copy_gradings": "copied gradings into a packet",
    "send_back": "sent a reading back",
    "withdraw_send_back": "took a send-back back",
    "adjudicate": "adjudicated",
    "withdraw_adjudication": "withdrew an adjudication",
    "set_privacy_boxes": "drew privacy boxes",
    "label_body_parts": "labelled body parts",
    "record_predictions": "stored predictions",
    "reveal_names": "revealed graders’ names",
    "set_condition_map": "mapped conditions to classes",
    "mark_finding": "starred or commented a finding",
}


def words_of(action: str) -> str:
    """Return what an action is, in words; its own name where it has none."""
    return WORDS.get(action, action.replace("_", " "))


def _detail(entry: AuditEntry) -> str:
    parts = (f"{name}: {value}" for name, value in entry.detail.items() if name != "items")
    return "; ".join(parts)


COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("number", "place in the log, from 1", lambda entry: entry.number),
    Column("time", "when it was written, ISO 8601, UTC", lambda entry: entry.time),
    Column("author", "who wrote it", lambda entry: entry.author),
    Column("action", "what was done, in words", lambda entry: words_of(entry.action)),
    Column("items", "how many things were written", lambda entry: entry.detail.get("items")),
    Column("detail", "all else that the entry states", _detail),
    Column("code", "stable name of the action", lambda entry: entry.action),
    Column("hash", "of the entry and the one before it, SHA-256", lambda entry: entry.hash),
)


def read_log(study: Study, job: JobContext) -> tuple[AuditEntry, ...]:
    """Return the whole log, oldest first; runs as a job and leaves the study to others between."""
    stream = job.on_study(study.audit)
    entries: list[AuditEntry] = []
    while chunk := job.on_study(lambda: list(islice(stream, CHUNK))):
        job.cancel.check()
        entries += chunk
        job.progress(Step("log", len(entries), len(entries) + 1))
    return tuple(entries)


def audit_table(entries: Sequence[AuditEntry]) -> Table[AuditEntry]:
    """Return the log as a table, the latest entry first."""
    return Table("audit log", COLUMNS, entries[::-1])
