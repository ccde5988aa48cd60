"""The first schema: images, graders, revisions, predictions and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "1.0"
down_revision = None

APPEND_ONLY = ("revisions", "audit")


def upgrade() -> None:
    """Make the tables of an empty study."""
    _make_images()
    _make_gradings()
    _make_predictions()
    if op.get_bind().dialect.name == "sqlite":
        _forbid_changes_in_sqlite()


def _make_images() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("created", sa.String, nullable=False),
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("digest", sa.String),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("case_name", sa.String, nullable=False),
        sa.Column("condition", sa.String),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.UniqueConstraint("path"),
    )
    op.create_index(None, "images", ["case_name", "path"])


def _make_gradings() -> None:
    op.create_table(
        "graders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("image_id", sa.Integer, sa.ForeignKey("images.id"), nullable=False),
        sa.Column("grader_id", sa.Integer, sa.ForeignKey("graders.id"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.UniqueConstraint("image_id", "grader_id", "role"),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("records.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column(
            "entry",
            sa.Integer,
            sa.ForeignKey("audit.number", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("time", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("visible", sa.Boolean),
        sa.Column("roi_count", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("problem", sa.String, nullable=False),
        sa.Column("region", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("record_id", "number"),
    )


def _make_predictions() -> None:
    op.create_table(
        "class_lists",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "predictions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("image_id", sa.Integer, sa.ForeignKey("images.id"), nullable=False),
        sa.Column("class_list_id", sa.Integer, sa.ForeignKey("class_lists.id"), nullable=False),
        sa.Column("is_imported", sa.Boolean, nullable=False),
        sa.Column("probabilities", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("model", "image_id"),
    )


def _forbid_changes_in_sqlite() -> None:
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
