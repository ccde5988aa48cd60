"""The gestures of one grader on one image, as far back as they can be undone."""

from collections.abc import Iterable, Sequence
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
    grading = revision.grading
    if grading.status is Status.SENT_BACK:
        note = history.present.note
        grading = replace(grading, status=Status.STARTED, origin=Origin.DRAWN, note=note)
    return History((grading,))


def standing(revisions: Iterable[tuple[Status, str]]) -> tuple[int, ...]:
    """Return which revisions of a record are done readings that their grader did not take back.

    One that was called done and then undone was none: it counts neither as the first reading nor
    as the latest. Done again by redo, it is one again.

    Parameters
    ----------
    revisions
        Status and gesture of each, oldest first.

    Returns
    -------
    Indices in `revisions`, rising.
    """
    done: list[int] = []
    path: list[tuple[int, Status]] = []
    undone: list[tuple[int, Status]] = []
    for index, (status, gesture) in enumerate(revisions):
        if gesture == UNDO:
            undone += path[-1:]
            del path[-1:]
        elif gesture == REDO:
            path += undone[-1:]
            del undone[-1:]
        elif gesture:
            path.append((index, status))
            undone.clear()
        else:
            done += [at for at, its_status in path if its_status is Status.DONE]
            done += [index] if status is Status.DONE else []
            path.clear()
            undone.clear()
    done += [at for at, its_status in path if its_status is Status.DONE]
    return tuple(done)
