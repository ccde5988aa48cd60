"""The audit log: one chained entry for each write, which covers what was written."""

import pytest

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.prediction import Prediction
from engine.domain.problem import Refusal


def write_everything(study, *, note=""):
    study.add_images([Image("a.png", 10, 10)], author="lead")
    study.record_gradings([Grading("a.png", "ada", note=note)], author="importer")
    study.append(Grading("a.png", "ada", note="2"), author="ada", parent=1)
    study.assign("a.png", "bo", Role.EXTRA, author="lead")
    study.record_predictions([Prediction("a.png", "m", ("x",), (1.0,))], author="lead")


def test_each_write_is_one_entry_with_author_and_time(study):
    write_everything(study)
    entries = list(study.audit())
    assert [(entry.number, entry.action, entry.author) for entry in entries] == [
        (1, "create", "lead"),
        (2, "add_images", "lead"),
        (3, "record_gradings", "importer"),
        (4, "append", "ada"),
        (5, "assign", "lead"),
        (6, "record_predictions", "lead"),
    ]
    assert [entry.time for entry in entries] == sorted({entry.time for entry in entries})
    assert entries[0].time == "2026-01-01T00:00:00.000+00:00"


def test_each_entry_points_to_the_one_before(study):
    write_everything(study)
    entries = list(study.audit())
    assert [entry.previous_hash for entry in entries[1:]] == [e.hash for e in entries[:-1]]
    assert len({entry.hash for entry in entries}) == len(entries)


def test_the_state_is_told_by_the_head_of_the_log(study):
    write_everything(study)
    info = study.info()
    last = list(study.audit())[-1]
    assert (info.revision, info.audit_head) == (last.number, last.hash)


def test_the_head_covers_the_content_of_what_was_written(make_study):
    one, other = make_study(), make_study()
    write_everything(one)
    write_everything(other, note="another answer")
    contents = [[entry.detail["content"] for entry in s.audit()][1:] for s in (one, other)]
    assert contents[0][0] == contents[1][0]
    assert contents[0][1] != contents[1][1]


def test_a_reveal_leaves_an_entry_that_names_the_images_and_nothing_else(study):
    study.add_images([Image("a.png", 10, 10), Image("é.png", 10, 10)], author="lead")
    before = list(study.readings())
    study.reveal_names(["é.png", "a.png"], author="lena")
    study.reveal_names(["a.png"], author="lena")
    told = [(e.action, e.author, e.detail["images"]) for e in list(study.audit())[-2:]]
    assert told == [
        ("reveal_names", "lena", ["é.png", "a.png"]),
        ("reveal_names", "lena", ["a.png"]),
    ]
    assert list(study.readings()) == before
    assert study.check() == []


def test_a_reveal_of_no_image_leaves_no_entry_and_one_of_an_unknown_image_is_refused(study):
    study.add_images([Image("a.png", 10, 10)], author="lead")
    before = study.info()
    study.reveal_names([], author="lena")
    with pytest.raises(Refusal) as refused:
        study.reveal_names(["a.png", "nowhere.png"], author="lena")
    assert refused.value.problem.code == "unknown_image"
    assert study.info() == before


def test_every_study_has_an_identity_of_its_own(make_study):
    one, other = make_study().info(), make_study().info()
    assert one.id != other.id
    assert one.audit_head != other.audit_head
    assert one.created == "2026-01-01T00:00:00.000+00:00"


def test_a_sound_study_has_no_problems(study):
    write_everything(study)
    assert study.check() == []


def test_a_long_log_is_streamed_whole(study):
    for number in range(250):
        study.add_images([Image(f"{number}.png", 1, 1)], author="lead")
    assert [entry.number for entry in study.audit()] == list(range(1, 252))


def test_a_copy_holds_the_same_study(study, tmp_path):
    write_everything(study)
    file = study.save_copy(tmp_path / "copy")
    assert file.is_file()
    assert file.stem == "copy"
