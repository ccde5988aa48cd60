"""A grader's queue, and all that is known of one place in it when it is opened."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.domain.grading import Grading, Origin, Role, Status
from engine.domain.history import History
from engine.domain.polygon import Ring


class QueueState(StrEnum):
    """How far a grader is with one task."""

    TO_DO = "to_do"
    STARTED = "started"
    DONE = "done"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One task of a grader, as the queue lists it.

    Attributes
    ----------
    position
        From 0, without gaps: where the item stands in the queue.
    digest
        SHA-256 (hex) of the image's file, or None for an image without pixels.
    """

    position: int
    image: str
    role: Role
    width: int
    height: int
    digest: str | None
    state: QueueState


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A half-drawn outline.

    Attributes
    ----------
    tool
        What it was going to be: ``region`` or ``hole``.
    points
        The vertices so far, shape (n, 2), in pixels.
    is_open
        False where the grader cancelled it; undo opens it again.
    """

    tool: str
    points: Ring
    is_open: bool = True

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Draft)
            and (self.tool, self.is_open) == (other.tool, other.is_open)
            and np.array_equal(self.points, other.points)
        )

    def __hash__(self) -> int:
        return hash((self.tool, self.is_open, self.points.tobytes()))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One image before one grader: what they have said of it so far.

    Attributes
    ----------
    parent
        Number of the record's last revision, or None before the first; the next write names it.
    sent_back
        The lead's reason where the reading waits to be done again, else empty.
    seconds
        Time at work on it before this visit.
    """

    image: str
    grader: str
    role: Role
    history: History
    parent: int | None = None
    draft: Draft | None = None
    sent_back: str = ""
    seconds: float = 0.0


def is_blank(grading: Grading) -> bool:
    """Tell whether a grading says no more than one that its grader has not touched."""
    return grading == blank_grading(grading.image, grading.grader, grading.role)


def blank_grading(image: str, grader: str, role: Role) -> Grading:
    """Return the grading of an image that its grader has not touched."""
    return Grading(image, grader, status=Status.STARTED, origin=Origin.DRAWN, role=role)
