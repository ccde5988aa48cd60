"""The gestures of one grader on one image, as far back as they can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from engine.domain.grading import Grading, Origin, Revision, Status

UNDO = "undo"
REDO = "redo"
"""Gestures that move through the history instead of adding to it."""


@dataclass(frozen=True, slots=True)
class History:
    """States of a grading, the gestures between them, and which state holds now.

    Attributes
    ----------
    states
        At least one; frozen, and what two states have in common they share.
    gestures
        ``gestures[k]`` led from ``states[k]`` to ``states[k + 1]``.
    at
        Index of the present state.
    """

    states: tuple[Grading, ...]
    gestures: tuple[str, ...] = ()
    at: int = 0

    @property
    def present(self) -> Grading:
        """The state that holds now."""
        return self.states[self.at]

    @property
    def undo_gesture(self) -> str | None:
        """The gesture that `undone` takes back, or None at the beginning."""
        return self.gestures[self.at - 1] if self.at else None

    @property
    def redo_gesture(self) -> str | None:
        """The gesture that `redone` does again, or None at the end."""
        return self.gestures[self.at] if self.at < len(self.gestures) else None

    def did(self, grading: Grading, gesture: str) -> "History":
        """Return the history after a gesture; what was undone before it can be redone no more."""
        states = (*self.states[: self.at + 1], grading)
        return History(states, (*self.gestures[: self.at], gesture), self.at + 1)

    def undone(self) -> "History":
        """Return the history one gesture back; itself at the beginning."""
        return replace(self, at=max(self.at - 1, 0))

    def redone(self) -> "History":
        """Return the history one gesture on; itself at the end."""
        return replace(self, at=min(self.at + 1, len(self.gestures)))


def history_of(revisions: Sequence[Revision], blank: Grading) -> History:
    """Return the history that the revisions of a record tell, oldest first.

    A revision that no gesture made, such as an import or a send-back, begins a new one: what came
    before stays in the study and is not undone. After a send-back the grader goes on from what
    was sent back, with a note of their own, since the send-back's holds the lead's reason.

    Parameters
    ----------
    blank
        The grading of a record without a revision.
    """
    return reduce(_after, revisions, History((blank,)))


def _after(history: History, revision: Revision) -> History:
    if revision.gesture == UNDO:
        return history.undone()
    if revision.gesture == REDO:
        return history.redone()
    if revision.gesture:
        return history.did(revision.grading, revision.gesture)
    grading = replace(revision.grading, origin=Origin.DRAWN)
    if grading.status is Status.SENT_BACK:
        grading = replace(grading, status=Status.STARTED, note=history.present.note)
    return History((grading,))
