"""The tables of a study, in the types that every SQL database has."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = "2.0"
"""Version of the tables below, ``major.minor``; each version is one Alembic revision of this name.

A minor version only adds what an older program may leave alone; a major version may not be opened
by an older program. So is 2.0: who does not know of withdrawn tasks, of the study's settings and of
its condition-to-class maps computes other numbers.
"""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

study = Table(
    "study",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", String, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String, nullable=False),
    Column("digest", String),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("case_name", String, nullable=False),
    Column("condition", String),
    Column("metadata", JSON, nullable=False),
    UniqueConstraint("path"),
    Index(None, "case_name", "path"),
)

graders = Table(
    "graders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    UniqueConstraint("name"),
)

# One record for each task given to a grader: to read this image in this role.
records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("grader_id", ForeignKey("graders.id"), nullable=False),
    Column("role", String, nullable=False),
    UniqueConstraint("image_id", "grader_id", "role"),
    Index(None, "grader_id"),
)

# The hash-chained log; append-only by triggers.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", String, nullable=False),
    Column("author", String, nullable=False),
    Column("action", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
)


def _entry() -> Column[int]:
    """Return the column of the audit entry that covers a row of an append-only table."""
    # deferred, because the entry is written last: its hash covers the rows
    deferred = ForeignKey("audit.number", deferrable=True, initially="DEFERRED")
    # with an index, since each new entry is looked up among the rows that waited for it
    return Column("entry", deferred, nullable=False, index=True)


# The place of a record in its grader's order, with the seed of the draw; append-only by triggers.
tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    _entry(),
    Column("position", Integer, nullable=False),
    Column("seed", BigInteger),
    UniqueConstraint("record_id"),
)

# What became of a record since it was asked for: withdrawn, or asked for again, then at this place
# of the grader's order; append-only by triggers, the last row of a record counts. A record that
# has a revision is never withdrawn.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False, index=True),
    _entry(),
    Column("is_withdrawn", Boolean, nullable=False),
    Column("position", Integer),
    Column("seed", BigInteger),
)

# Append-only by triggers; the region comes last, so that the small columns are read without it.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("number", Integer, nullable=False),
    _entry(),
    Column("author", String, nullable=False),
    Column("time", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("status", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("visible", Boolean),
    Column("roi_count", Integer),
    Column("note", Text, nullable=False),
    Column("problem", String, nullable=False),
    Column("region", LargeBinary, nullable=False),
    Column("gesture", String),  # what the grader did in the window; null where nothing was drawn
    UniqueConstraint("record_id", "number"),
    # what is done is told by this index, without a look at the rows and their regions
    Index(None, "record_id", "status", "number", "gesture"),
)

# A half-drawn outline: scratch that is replaced as it grows, and no part of the log.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("tool", String, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("points", LargeBinary, nullable=False),
    UniqueConstraint("record_id"),
)

# Time at work on a record, one row for each visit, which grows while the visit lasts.
activity = Table(
    "activity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("began", String, nullable=False),
    Column("seconds", Float, nullable=False),
    UniqueConstraint("record_id", "began"),
)

# What a lead says of an image: append-only by triggers, the last row of an image counts.
# A row without `adopted` withdraws the adjudication before it.
adjudications = Table(
    "adjudications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False, index=True),
    _entry(),
    Column("author", String, nullable=False),
    Column("time", String, nullable=False),
    Column("adopted", String),
    Column("grader", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("region", LargeBinary, nullable=False),
)

# All boxes of an image, each left, top, right, bottom; as above.
privacy_boxes = Table(
    "privacy_boxes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False, index=True),
    _entry(),
    Column("boxes", JSON, nullable=False),
)

# All body parts that an image shows, by key; as above.
body_parts = Table(
    "body_parts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False, index=True),
    _entry(),
    Column("parts", JSON, nullable=False),
)

# A model's class names, once for all of its predictions.
class_lists = Table(
    "class_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String, nullable=False),
    Column("names", JSON, nullable=False),
    UniqueConstraint("digest"),
)

# The probabilities are little-endian float64 in the order of the class list.
predictions = Table(
    "predictions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model", String, nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("class_list_id", ForeignKey("class_lists.id"), nullable=False),
    Column("is_imported", Boolean, nullable=False),
    Column("probabilities", LargeBinary, nullable=False),
    UniqueConstraint("model", "image_id"),
)

# What the lead lays down for all graders; append-only by triggers, the last row counts.
options = Table(
    "options",
    metadata,
    Column("id", Integer, primary_key=True),
    _entry(),
    Column("content", JSON, nullable=False),
)

# Which class of a model stands for each condition; append-only by triggers, the last row of a model
# counts. Empty conditions take the map back.
condition_maps = Table(
    "condition_maps",
    metadata,
    Column("id", Integer, primary_key=True),
    _entry(),
    Column("model", String, nullable=False, index=True),
    Column("conditions", JSON, nullable=False),
)

# What somebody notes of a candidate wrong cue; append-only by triggers, the last row of a model
# and a key counts.
finding_marks = Table(
    "finding_marks",
    metadata,
    Column("id", Integer, primary_key=True),
    _entry(),
    Column("model", String, nullable=False),
    Column("key", String, nullable=False),
    Column("is_starred", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("author", String, nullable=False),
    Column("time", String, nullable=False),
    Index(None, "model", "key"),
)

# In a packet alone: whose it is, and of which study, told by the digest of its id; one row.
packet = Table(
    "packet",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", String, nullable=False),
    Column("grader", String, nullable=False),
    Column("made", String, nullable=False),
)

# In a packet alone: by which name the study finds each record again, and what it left with.
packet_records = Table(
    "packet_records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", ForeignKey("records.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("base", Integer, nullable=False),
    UniqueConstraint("record_id"),
    UniqueConstraint("key"),
)

# In a packet alone: the photographs, encoded anew.
pictures = Table(
    "pictures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("image_id"),
)
