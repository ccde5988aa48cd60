"""What was changed past the program is found by the check of a study."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace

import pytest

from engine.domain.findings import FindingMark
from engine.domain.grading import Adjudication, Adopted, Grading, Role, Status, Task
from engine.domain.image import PrivacyBox
from engine.domain.options import StudyOptions
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.study.sqlite import open_study

APPEND_ONLY = (
    "revisions",
    "audit",
    "tasks",
    "adjudications",
    "privacy_boxes",
    "body_parts",
    "options",
    "withdrawals",
    "condition_maps",
    "finding_marks",
)


def tamper(file, statement):
    with closing(sqlite3.connect(file)) as plain:
        for table in APPEND_ONLY:
            for change in ("update", "delete"):
                plain.execute(f"DROP TRIGGER {table}_refuse_{change}")
        assert plain.execute(statement).rowcount
        plain.commit()


@pytest.fixture
def decided(file):
    """The study with tasks, and with all that leads say of images and graders; entries 4 to 18."""
    with open_study(file) as study:
        tasks = [Task(f"{n:02}.png", "dee", Role.ASSIGNED, n) for n in range(5)]
        study.assign_tasks(tasks, author="lead", seed=7)
        region = make_region()
        for image in ("00.png", "01.png"):
            study.adjudicate(
                Adjudication(image, Adopted.EDITED, region, "lead", "2026", "why"), author="lead"
            )
        study.withdraw_adjudication("00.png", reason="mistaken", author="lead")
        study.set_privacy_boxes("00.png", [PrivacyBox(0, 0, 5, 5)], author="lead")
        study.label_body_parts({"00.png": frozenset({"lips"})}, author="lead")
        study.label_body_parts({"01.png": frozenset()}, author="lead")
        for names in ((), ("lead",)):
            study.set_options(StudyOptions("outline it", leads=names), author="lead")
        study.withdraw_tasks(tasks[3:], author="lead")
        study.assign_tasks([replace(tasks[3], position=9)], author="lead", seed=8)
        for conditions in ({"acne": "x"}, {}):
            study.set_condition_map("m", conditions, author="lead")
        for comment in ("ink", ""):
            study.mark_finding(FindingMark("m", "k", True, comment), author="ann")
    return file


@pytest.fixture
def drawn(file):
    """The study with what a grader draws in the window; entries 4 to 6, revisions 61 to 63."""
    with open_study(file) as study:
        for parent, gesture in ((None, "draw region"), (1, "move vertex"), (2, "undo")):
            grading = Grading("00.png", "dee", region=make_region(), status=Status.STARTED)
            study.append(grading, author="dee", parent=parent, gesture=gesture)
    return file


def make_region():
    return (Polygon(ring([[0, 0], [4, 0], [4, 4]])),)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_past(decided, table, statement):
    column = "author" if table == "audit" else "entry"
    with (
        closing(sqlite3.connect(decided)) as plain,
        pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"),
    ):
        plain.execute(statement.format(table, column))


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


@pytest.mark.parametrize(
    ("statement", "codes", "entry"),
    [
        ("UPDATE tasks SET position = 9 WHERE id = 3", ["tasks_changed"], 4),
        ("UPDATE tasks SET seed = NULL WHERE id = 3", ["tasks_changed"], 4),
        ("DELETE FROM tasks WHERE id = 5", ["tasks_changed"], 4),
        ("DELETE FROM tasks", ["tasks_changed"], 4),
        ("UPDATE adjudications SET region = x'00' WHERE id = 2", ["adjudications_changed"], 6),
        ("UPDATE adjudications SET author = 'x' WHERE id = 2", ["adjudications_changed"], 6),
        ("UPDATE adjudications SET adopted = NULL WHERE id = 2", ["adjudications_changed"], 6),
        ("UPDATE adjudications SET image_id = 9 WHERE id = 2", ["adjudications_changed"], 6),
        ("DELETE FROM adjudications WHERE id = 3", ["adjudications_changed"], 7),
        ("UPDATE privacy_boxes SET boxes = '[]'", ["privacy_boxes_changed"], 8),
        ("DELETE FROM privacy_boxes", ["privacy_boxes_changed"], 8),
        ("""UPDATE body_parts SET parts = '["ear"]' WHERE id = 1""", ["body_parts_changed"], 9),
        ("DELETE FROM body_parts WHERE id = 2", ["body_parts_changed"], 10),
        ("UPDATE body_parts SET parts = '[oops' WHERE id = 1", ["study_damaged"], None),
        ("""UPDATE options SET content = '{}' WHERE id = 2""", ["options_changed"], 12),
        ("DELETE FROM options WHERE id = 1", ["options_changed"], 11),
        ("DELETE FROM options", ["options_changed"] * 2, 11),
        ("UPDATE withdrawals SET is_withdrawn = 0 WHERE id = 1", ["withdrawals_changed"], 13),
        ("UPDATE withdrawals SET record_id = 1 WHERE id = 2", ["withdrawals_changed"], 13),
        ("DELETE FROM withdrawals WHERE id = 2", ["withdrawals_changed"], 13),
        ("UPDATE withdrawals SET position = 1 WHERE id = 3", ["withdrawals_changed"], 14),
        ("UPDATE withdrawals SET seed = 1 WHERE id = 3", ["withdrawals_changed"], 14),
        ("DELETE FROM withdrawals WHERE id = 3", ["withdrawals_changed"], 14),
        ("UPDATE condition_maps SET conditions = '{}'", ["condition_maps_changed"], 15),
        ("UPDATE condition_maps SET model = 'n' WHERE id = 2", ["condition_maps_changed"], 16),
        ("DELETE FROM condition_maps", ["condition_maps_changed"] * 2, 15),
        ("UPDATE finding_marks SET is_starred = 0 WHERE id = 1", ["finding_marks_changed"], 17),
        ("UPDATE finding_marks SET comment = 'x' WHERE id = 2", ["finding_marks_changed"], 18),
        ("UPDATE finding_marks SET author = 'x' WHERE id = 2", ["finding_marks_changed"], 18),
        ("UPDATE finding_marks SET time = 'x' WHERE id = 2", ["finding_marks_changed"], 18),
        ("UPDATE finding_marks SET key = 'x' WHERE id = 2", ["finding_marks_changed"], 18),
        ("DELETE FROM finding_marks WHERE id = 1", ["finding_marks_changed"], 17),
    ],
)
def test_a_changed_decision_is_found(decided, statement, codes, entry):
    tamper(decided, statement)
    with open_study(decided) as study:
        problems = study.check()
    assert [problem.code for problem in problems] == codes
    if entry:
        assert problems[0].where == f"audit log, entry {entry}"


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE revisions SET gesture = 'move region' WHERE id = 62", 5),
        ("UPDATE revisions SET gesture = NULL WHERE id = 62", 5),
        ("UPDATE revisions SET gesture = '' WHERE id = 63", 6),
        ("UPDATE revisions SET gesture = 'undo' WHERE id = 1", 3),
        ("UPDATE revisions SET gesture = '' WHERE id = 1", 3),
    ],
)
def test_a_changed_gesture_is_found(drawn, statement, entry):
    tamper(drawn, statement)
    with open_study(drawn) as study:
        (problem,) = study.check()
    assert (problem.code, problem.where) == ("revisions_changed", f"audit log, entry {entry}")


def test_a_decision_moved_to_another_entry_is_found_in_both(decided):
    tamper(decided, "UPDATE adjudications SET entry = 5 WHERE id = 2")
    with open_study(decided) as study:
        problems = study.check()
    assert [problem.where for problem in problems] == ["audit log, entry 5", "audit log, entry 6"]


def test_an_adjudication_that_cannot_be_read_is_refused(decided):
    tamper(decided, "UPDATE adjudications SET region = x'00' WHERE id = 2")
    with open_study(decided) as study, pytest.raises(Refusal, match="damaged"):
        study.adjudications()


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
