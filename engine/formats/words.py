"""A grader's answers as words, for formats that hold names with texts: tags and choices."""

from collections.abc import Mapping

from engine.domain.grading import Grading, Role, Status
from engine.domain.problem import Problem
from engine.formats.answers import PROBLEMS, answers_json, read_answers
from engine.formats.outlines import Answers, answer_ignored

CHOICES: Mapping[str, tuple[str, ...]] = {
    "visible": ("yes", "no"),
    "problem": tuple(filter(None, PROBLEMS)),
    "status": tuple(Status),
    "role": tuple(Role),
}
"""Answers that are one of a few words."""

NAMES = (*CHOICES, "roi_count", "note")


def words_of(grading: Grading) -> dict[str, str]:
    """Return the answers of a grading by `NAMES`; what was not answered is absent."""
    values = answers_json(grading)
    yes_or_no = {True: "yes", False: "no", None: None}
    words = {**values, "visible": yes_or_no[grading.visible]}
    return {name: f"{words[name]}" for name in NAMES if words[name] not in (None, "")}


def said_by(words: Mapping[str, object], where: str) -> tuple[Answers, tuple[Problem, ...]]:
    """Return the answers that words by `NAMES` give, and a problem for each that means nothing."""
    answers, faults = read_answers({name: words.get(name) for name in NAMES})
    return answers, tuple(answer_ignored(where, fault) for fault in faults)
