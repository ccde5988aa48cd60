"""Two windows, one record: both versions end up in its history, and a person says which counts."""

from dataclasses import dataclass, replace

from engine.domain.grading import Grading
from engine.domain.queue import Sheet

KEPT_MINE = "keep own version"
TOOK_THEIRS = "take other window's version"

Writes = list[tuple[Grading, str]]
"""Gradings to be stored one after another, each with its gesture."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What the store holds by now, and what this window has instead."""

    theirs: Sheet
    mine: Grading


def settled(dispute: Dispute, *, keep_mine: bool) -> tuple[Sheet, Writes]:
    """Return the sheet after a choice, and what is to be stored to make it so.

    The own version always becomes a revision; where the other one is taken, it comes once more on
    top. So undo reaches whichever was not chosen.
    """
    writes = [(dispute.mine, KEPT_MINE)]
    if not keep_mine:
        writes.append((dispute.theirs.history.present, TOOK_THEIRS))
    history = dispute.theirs.history
    for grading, gesture in writes:
        history = history.did(grading, gesture)
    return replace(dispute.theirs, history=history), writes
