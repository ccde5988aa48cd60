"""Tasks that are withdrawn or asked for again, maps of conditions to classes, marks on findings."""

import sqlalchemy as sa
from alembic import op

revision = "2.0"
down_revision = "1.2"

APPEND_ONLY = ("withdrawals", "condition_maps", "finding_marks")


def upgrade() -> None:
    """Add the tables; what the study holds stays as it is."""
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        _entry(),
        sa.Column("is_withdrawn", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("seed", sa.BigInteger),
    )
    op.create_index(None, "withdrawals", ["record_id"])
    op.create_table(
        "condition_maps",
        sa.Column("id", sa.Integer, primary_key=True),
        _entry(),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("conditions", sa.JSON, nullable=False),
    )
    op.create_index(None, "condition_maps", ["model"])
    op.create_table(
        "finding_marks",
        sa.Column("id", sa.Integer, primary_key=True),
        _entry(),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("is_starred", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("time", sa.String, nullable=False),
    )
    op.create_index(None, "finding_marks", ["model", "key"])
    for table in APPEND_ONLY:
        op.create_index(None, table, ["entry"])
    if op.get_bind().dialect.name == "sqlite":
        _forbid_changes_in_sqlite()


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
