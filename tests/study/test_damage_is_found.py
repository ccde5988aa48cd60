"""What was changed past the program is found by the check of a study."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict

import pytest

from engine.domain.problem import Refusal
from engine.study.sqlite import open_study

TRIGGERS = ("revisions_refuse_update", "revisions_refuse_delete", "audit_refuse_update",
            "audit_refuse_delete")  # fmt: skip


def tamper(file, statement):
    with closing(sqlite3.connect(file)) as plain:
        for trigger in TRIGGERS:
            plain.execute(f"DROP TRIGGER {trigger}")
        assert plain.execute(statement).rowcount
        plain.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET note = 'x'",
        "DELETE FROM revisions",
        "UPDATE audit SET author = 'x'",
        "DELETE FROM audit",
    ],
)
def test_the_database_itself_refuses_to_change_the_past(file, statement):
    with (
        closing(sqlite3.connect(file)) as plain,
        pytest.raises(sqlite3.IntegrityError, match="is append-only"),
    ):
        plain.execute(statement)


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE revisions SET note = 'x' WHERE id = 7", ["revision_damaged"]),
        ("UPDATE revisions SET visible = 1 WHERE id = 7", ["revision_damaged"]),
        ("UPDATE revisions SET region = x'00' WHERE id = 7", ["revision_damaged"]),
        ("UPDATE revisions SET status = 'finished' WHERE id = 7", ["revision_damaged"]),
        ("UPDATE revisions SET author = 'x' WHERE id = 7", ["revisions_changed"]),
        ("UPDATE revisions SET time = 'x' WHERE id = 7", ["revisions_changed"]),
        ("UPDATE revisions SET number = 2 WHERE id = 7", ["revisions_changed"]),
        ("DELETE FROM revisions WHERE id = 60", ["revisions_changed"]),
        ("DELETE FROM revisions", ["revisions_changed"]),
        ("UPDATE graders SET name = 'x' WHERE id = 1", ["revisions_changed"]),
        ("UPDATE images SET path = 'x' WHERE id = 1", ["revisions_changed"]),
        ("UPDATE audit SET author = 'x' WHERE number = 1", ["audit_broken"]),
        ("UPDATE audit SET time = 'x' WHERE number = 2", ["audit_broken"]),
        ("DELETE FROM audit WHERE number = 2", ["audit_broken"]),
        ("DELETE FROM records WHERE id = 1", ["reference_lost", "revisions_changed"]),
        ("UPDATE audit SET detail = '{oops' WHERE number = 1", ["study_damaged"] * 2),
    ],
)
def test_a_change_past_the_program_is_found(file, statement, codes):
    tamper(file, statement)
    with open_study(file) as study:
        problems = study.check()
    assert [problem.code for problem in problems] == codes
    assert all(problem.remedy and problem.where for problem in problems)


def test_a_log_whose_end_was_cut_off_is_found(file):
    tamper(file, "DELETE FROM audit WHERE number = 3")
    with open_study(file) as study:
        codes = [problem.code for problem in study.check()]
    assert "reference_lost" in codes
    assert "revisions_changed" in codes


def test_an_entry_forged_with_a_fitting_hash_no_longer_fits_the_next(file):
    with open_study(file) as study:
        entry = asdict(list(study.audit())[1])
    entry |= {"author": "somebody else"}
    del entry["hash"]
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    forged = hashlib.sha256(text.encode()).hexdigest()
    tamper(file, f"UPDATE audit SET author = 'somebody else', hash = '{forged}' WHERE number = 2")
    with open_study(file) as study:
        assert [problem.where for problem in study.check()] == ["audit log, entry 3"]


def test_the_damaged_grading_is_named(file):
    tamper(file, "UPDATE revisions SET region = x'00' WHERE id = 5")
    with open_study(file) as study:
        (problem,) = study.check()
        assert problem.where == "01.png, bo, revision 1"
        with pytest.raises(Refusal, match="damaged"):
            list(study.readings())


def test_a_flipped_bit_in_a_coordinate_is_found(file):
    with closing(sqlite3.connect(file)) as plain:
        region = plain.execute("SELECT region FROM revisions WHERE id = 5").fetchone()[0]
    content = bytearray(file.read_bytes())
    content[content.index(region) + 40] ^= 1
    file.write_bytes(content)
    with open_study(file) as study:
        (problem,) = study.check()
    assert (problem.code, problem.where) == ("revision_damaged", "01.png, bo, revision 1")


def test_a_scrambled_page_is_found(file):
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    file.write_bytes(content)
    with open_study(file) as study:
        assert "study_damaged" in [problem.code for problem in study.check()]
