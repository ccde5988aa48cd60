"""Tasks in each grader's order, and what leads say of images: adjudications, boxes, body parts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "1.1"
down_revision = "1.0"

APPEND_ONLY = ("tasks", "adjudications", "privacy_boxes", "body_parts")


def upgrade() -> None:
    """Add the tables; what the study holds stays as it is."""
    op.create_index(None, "records", ["grader_id"])
    _make_tasks()
    _make_statements(
        "adjudications",
        sa.Column("author", sa.String, nullable=False),
        sa.Column("time", sa.String, nullable=False),
        sa.Column("adopted", sa.String),
        sa.Column("grader", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("region", sa.LargeBinary, nullable=False),
    )
    _make_statements("privacy_boxes", sa.Column("boxes", sa.JSON, nullable=False))
    _make_statements("body_parts", sa.Column("parts", sa.JSON, nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        _forbid_changes_in_sqlite()


def _make_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        _entry(),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger),
        sa.UniqueConstraint("record_id"),
    )


def _make_statements(table: str, *content: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("image_id", sa.Integer, sa.ForeignKey("images.id"), nullable=False),
        _entry(),
        *content,
    )
    op.create_index(None, table, ["image_id"])


def _entry() -> sa.Column[int]:
    deferred = sa.ForeignKey("audit.number", deferrable=True, initially="DEFERRED")
    return sa.Column("entry", sa.Integer, deferred, nullable=False)


def _forbid_changes_in_sqlite() -> None:
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
