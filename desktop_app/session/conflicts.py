"""Two windows, one record: both versions end up in its history, and a person says which counts."""

from dataclasses import dataclass, replace

from desktop_app.session.saving import Writes
from engine.domain.grading import Grading, Status
from engine.domain.problem import Problem
from engine.domain.queue import Sheet

KEPT_MINE = "keep own version"
TOOK_THEIRS = "take other window's version"
CHANGED_ELSEWHERE = "changed_elsewhere"


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two versions of a record, both stored, of which a person has to choose one."""

    theirs: Grading
    mine: Grading


def own_versions(given_up: Writes) -> tuple[Grading, ...]:
    """Return which of the gradings that were not stored must not be lost, the last of them last."""
    last, gesture = given_up[-1]
    kept = [grading for grading, gesture in given_up[:-1] if gesture == KEPT_MINE]
    return (*kept,) if kept and gesture == TOOK_THEIRS else (*kept, last)


def with_own_versions(theirs: Sheet, mine: tuple[Grading, ...]) -> tuple[Sheet, Writes]:
    """Return the record once own versions lie on top of the other window's, and what to store.

    They are started and not done, whatever they were: nothing that nobody chose answers for the
    grader, or answers a send-back.
    """
    writes = [(replace(grading, status=Status.STARTED), KEPT_MINE) for grading in mine]
    history = theirs.history
    for grading, gesture in writes:
        history = history.did(grading, gesture)
    return replace(theirs, history=history), writes


def chosen(dispute: Dispute, *, keep_mine: bool) -> tuple[Grading, str]:
    """Return the grading that counts after a choice, and the gesture that makes it so."""
    return (dispute.mine, KEPT_MINE) if keep_mine else (dispute.theirs, TOOK_THEIRS)


def changed_elsewhere(name: str) -> Problem:
    """Return the problem of a record that another window wrote to while it was not at hand."""
    return Problem(
        CHANGED_ELSEWHERE,
        name,
        "Another window changed this image while your changes were on their way",
        "Open the image and choose; both versions are kept",
    )
