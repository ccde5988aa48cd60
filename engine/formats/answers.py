"""The answers of a grader, as named values or as words, to files and from them."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.domain.grading import Grading, Role, Status
from engine.domain.problem import Problem
from engine.formats.outlines import Answers, answer_ignored

PROBLEMS = ("", "blurred", "wrong_picture", "identifying_detail")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "visible": ("yes", "no"),
    "problem": tuple(filter(None, PROBLEMS)),
    "status": tuple(Status),
    "role": tuple(Role),
}
"""Answers that are one of a few words, in formats that hold words alone: tags and choices."""

NAMES = (*CHOICES, "roi_count", "note")
MAX_COUNT = 1_000_000

_WORDS = {"": None, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class _Unreadable(Exception):
    """A value that is none of those it can be; the text says which."""


def answers_json(grading: Grading) -> dict[str, Any]:
    """Return the answers of a grading, with its grader, as JSON."""
    return {
        "grader": grading.grader,
        "role": grading.role.value,
        "status": grading.status.value,
        "visible": grading.visible,
        "roi_count": grading.roi_count,
        "problem": grading.problem,
        "note": grading.note,
    }


def read_answers(said: Mapping[str, Any]) -> tuple[Answers, tuple[str, ...]]:
    """Return answers from JSON values or from the cells of a row, and what is wrong with them.

    A value that cannot be read is left at its default, and said in words.
    """
    read: dict[str, Any] = {}
    faults: list[str] = []
    for name, reader in _READERS.items():
        if said.get(name) is None:
            continue
        try:
            read[name] = reader(said[name])
        except _Unreadable as fault:
            shown = str(said[name])[:40]
            faults.append(f"{name} is '{shown}', not {fault}")
    return Answers(**read), tuple(faults)


def words_of(grading: Grading) -> dict[str, str]:
    """Return the answers of a grading by `NAMES`; what was not answered is absent."""
    values = answers_json(grading)
    yes_or_no = {True: "yes", False: "no", None: None}
    words = {**values, "visible": yes_or_no[grading.visible]}
    return {name: f"{words[name]}" for name in NAMES if words[name] not in (None, "")}


def said_by(said: Mapping[str, Any], where: str) -> tuple[Answers, tuple[Problem, ...]]:
    """Return answers by `NAMES`, values or words, and a problem for each that means nothing."""
    answers, faults = read_answers(said)
    return answers, tuple(answer_ignored(where, fault) for fault in faults)


def unlike_default(grading: Grading) -> Iterator[tuple[str, str]]:
    """Yield name and value of each answer that the region alone does not tell on import."""
    implied = {
        "visible": True if grading.region else None,
        "roi_count": len(grading.region) or None,
        "status": Status.DONE,
        "role": Role.ASSIGNED,
        "note": "",
        "problem": "",
    }
    for name, value in implied.items():
        if (said := getattr(grading, name)) != value:
            yield name, str(said)


def _visible(value: object) -> bool | None:
    if isinstance(value, bool | str) and (word := str(value).strip().lower()) in _WORDS:
        return _WORDS[word]
    raise _Unreadable("true, false or empty")


def _roi_count(value: object) -> int | None:
    text = str(value).strip() if isinstance(value, int | str) else "-"
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= MAX_COUNT:
        return int(text)
    raise _Unreadable("a whole number from 0")


def _status(value: object) -> Status:
    return Status(_one_of(value, [*Status], default=Status.DONE))


def _role(value: object) -> Role:
    return Role(_one_of(value, [*Role], default=Role.ASSIGNED))


def _problem(value: object) -> str:
    return _one_of(value, PROBLEMS, default="")


def _one_of(value: object, choices: list[Any] | tuple[str, ...], *, default: str) -> str:
    text = value.strip().lower() if isinstance(value, str) else "-"
    if not text:
        return default
    if text not in choices:
        raise _Unreadable(f"one of {', '.join(filter(None, choices))}")
    return text


def _note(value: object) -> str:
    if not isinstance(value, str):
        raise _Unreadable("a text")
    return value.encode("utf-8", "replace").decode().replace("\0", "")


_READERS = {
    "visible": _visible,
    "roi_count": _roi_count,
    "status": _status,
    "role": _role,
    "problem": _problem,
    "note": _note,
}
