"""What is said of a model: which class stands for a condition, and what was noted of its cues."""

import pytest

from engine.domain.findings import FindingMark

STARRED = FindingMark("m", "condition||eczéma|correct", is_starred=True)


# condition-to-class maps


def test_the_card_of_a_model_holds_until_a_map_is_laid_down(study):
    assert study.condition_map("m") is None


def test_the_last_map_of_a_model_counts(study):
    study.set_condition_map("m", {"eczéma": "dermatitis"}, author="lena")
    study.set_condition_map("n", {"acne": "rosacea"}, author="lena")
    study.set_condition_map("m", {"acne": "acne", "eczéma": "x"}, author="lena")
    assert study.condition_map("m") == {"eczéma": "x", "acne": "acne"}
    assert study.condition_map("n") == {"acne": "rosacea"}
    assert study.check() == []


def test_an_empty_map_takes_it_back(study):
    study.set_condition_map("m", {"acne": "rosacea"}, author="lena")
    study.set_condition_map("m", {}, author="lena")
    assert study.condition_map("m") is None


def test_the_same_map_again_changes_nothing_and_leaves_no_entry(study):
    before = study.info()
    study.set_condition_map("m", {}, author="lena")
    assert study.info() == before
    study.set_condition_map("m", {"a": "x", "b": "y"}, author="lena")
    before = study.info()
    study.set_condition_map("m", {"b": "y", "a": "x"}, author="lena")
    assert study.info() == before


def test_the_log_covers_the_map(make_study):
    contents = set()
    for model, conditions in (("m", {"a": "x"}), ("m", {"a": "y"}), ("n", {"a": "x"})):
        study = make_study()
        study.set_condition_map(model, conditions, author="lena")
        entry = list(study.audit())[-1]
        assert (entry.action, entry.author) == ("set_condition_map", "lena")
        contents.add(entry.detail["content"])
    assert len(contents) == 3


# marks on findings


def test_a_mark_comes_back_with_who_made_it_and_when(study):
    study.mark_finding(STARRED, author="lena")
    (mark,) = study.finding_marks("m").values()
    entry = list(study.audit())[-1]
    assert mark == FindingMark("m", STARRED.key, True, "", "lena", entry.time)
    assert entry.action == "mark_finding"
    assert study.finding_marks("n") == {}
    assert study.check() == []


def test_what_a_mark_claims_of_its_author_is_not_believed(study):
    study.mark_finding(FindingMark("m", "k", True, "", "somebody", "1999"), author="lena")
    mark = study.finding_marks("m")["k"]
    assert mark.author == "lena"
    assert mark.time.startswith("2026")


def test_the_last_mark_of_a_cue_counts(study):
    study.mark_finding(STARRED, author="lena")
    study.mark_finding(FindingMark("m", "other", comment="a ruler?"), author="lena")
    study.mark_finding(FindingMark("m", STARRED.key, True, "the ink"), author="zoë")
    marks = study.finding_marks("m")
    assert {key: (m.is_starred, m.comment, m.author) for key, m in marks.items()} == {
        STARRED.key: (True, "the ink", "zoë"),
        "other": (False, "a ruler?", "lena"),
    }


def test_a_mark_that_says_nothing_takes_the_earlier_one_back(study):
    study.mark_finding(STARRED, author="lena")
    study.mark_finding(FindingMark("m", STARRED.key), author="lena")
    assert study.finding_marks("m") == {}


@pytest.mark.parametrize("mark", [STARRED, FindingMark("m", "k")], ids=["starred", "nothing"])
def test_saying_the_same_again_changes_nothing_and_leaves_no_entry(study, mark):
    study.mark_finding(mark, author="lena")
    before = study.info()
    study.mark_finding(mark, author="zoë")
    assert study.info() == before


def test_the_log_covers_each_part_of_a_mark(make_study):
    marks = [
        STARRED,
        FindingMark("n", STARRED.key, is_starred=True),
        FindingMark("m", "k", is_starred=True),
        FindingMark("m", STARRED.key, is_starred=True, comment="x"),
        FindingMark("m", STARRED.key, comment="x"),
    ]
    contents = set()
    for mark in marks:
        study = make_study()
        study.mark_finding(mark, author="lena")
        contents.add(list(study.audit())[-1].detail["content"])
    assert len(contents) == len(marks)
