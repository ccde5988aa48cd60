"""What the grader's window keeps: gestures, half-drawn outlines, time; options and packets."""

import sqlalchemy as sa
from alembic import op

revision = "1.2"
down_revision = "1.1"

COVERED_BY_THE_LOG = (
    "tasks",
    "revisions",
    "adjudications",
    "privacy_boxes",
    "body_parts",
    "options",
)


def upgrade() -> None:
    """Add a column, indices and the tables; what the study holds stays as it is."""
    op.add_column("revisions", sa.Column("gesture", sa.String))
    _make_scratch()
    _make_options()
    _make_packets()
    op.create_index(None, "revisions", ["record_id", "status", "number", "gesture"])
    for table in COVERED_BY_THE_LOG:
        op.create_index(None, table, ["entry"])


def _make_scratch() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        sa.Column("tool", sa.String, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("points", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("record_id"),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        sa.Column("began", sa.String, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.UniqueConstraint("record_id", "began"),
    )


def _make_options() -> None:
    deferred = sa.ForeignKey("audit.number", deferrable=True, initially="DEFERRED")
    op.create_table(
        "options",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("entry", sa.Integer, deferred, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER options_refuse_{change.lower()} BEFORE {change} ON options"
                " BEGIN SELECT RAISE(ABORT, 'options is append-only'); END"
            )


def _make_packets() -> None:
    op.create_table(
        "packet",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.String, nullable=False),
        sa.Column("grader", sa.String, nullable=False),
        sa.Column("made", sa.String, nullable=False),
    )
    op.create_table(
        "packet_records",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.UniqueConstraint("record_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("image_id", sa.Integer, sa.ForeignKey("images.id"), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("image_id"),
    )
