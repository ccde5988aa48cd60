"""What one grader says of one image, its revisions, and the readings that count."""

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.polygon import Region


class Status(StrEnum):
    """Where a grading stands."""

    STARTED = "started"
    DONE = "done"
    SENT_BACK = "sent_back"


class Origin(StrEnum):
    """How a grading came into the study."""

    DRAWN = "drawn"
    IMPORTED = "imported"


class Role(StrEnum):
    """Why a grader reads an image.

    Only assigned graders enter the agreement; extra graders enter the consensus; repeat readings
    serve intra-rater agreement.
    """

    ASSIGNED = "assigned"
    EXTRA = "extra"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Grading:
    """The answers of one grader for one image (section 3.3 of the paper).

    Attributes
    ----------
    image
        Path of the image, its identity.
    grader
        Name of the grader.
    visible
        Is a skin condition clearly visible; None where not answered.
    roi_count
        Answer to how many distinct regions there are; above ``max_outlined_regions`` means
        *too many to outline*; None where not answered.
    region
        The polygons, one for each outlined region; what counts is their union. Empty where none
        is drawn.
    note, problem
        Free text, and one of ``blurred``, ``wrong_picture``, ``identifying_detail`` or empty.
    """

    image: str
    grader: str
    visible: bool | None = None
    roi_count: int | None = None
    region: Region = ()
    status: Status = Status.DONE
    origin: Origin = Origin.DRAWN
    role: Role = Role.ASSIGNED
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """One appended state of a grading; revisions are never changed.

    Attributes
    ----------
    number
        1 for the first revision of a (image, grader, role), then rising by one.
    author
        Who wrote it: the grader, the importer, or the lead who sent it back.
    time
        ISO 8601, UTC.
    gesture
        What the grader did in the window, such as ``draw region`` or ``undo``; empty where the
        revision was imported or written by a lead.
    """

    grading: Grading
    number: int
    author: str
    time: str
    gesture: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that counts of one grader's work on one image.

    Attributes
    ----------
    first
        The first revision that was done, or None. One that its grader undid was not done.
    latest
        The last revision that was done, or None.
    is_sent_back
        True while a lead's send-back has not been answered by a new done revision.
    last
        The grader's last own revision, done or not, or None: what they note now. A send-back,
        whose note is the lead's, is none.
    """

    grader: str
    role: Role
    first: Grading | None
    latest: Grading | None
    is_sent_back: bool = False
    last: Grading | None = None


class Adopted(StrEnum):
    """Where an adjudicated region came from."""

    GRADER = "grader"
    MAJORITY = "majority"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Adjudication:
    """A lead's own decision on the region of an image; recomputing never touches it (method 4).

    Attributes
    ----------
    grader
        Whose region was adopted; empty unless ``adopted`` is ``grader``.
    author, time
        The lead, and when: ISO 8601, UTC.
    reason
        Why, in the lead's words.
    """

    image: str
    adopted: Adopted
    region: Region
    author: str
    time: str
    reason: str
    grader: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One image to be read by one grader, at its place in the grader's own order.

    Attributes
    ----------
    position
        From 0; the grader's fixed shuffled order.
    """

    image: str
    grader: str
    role: Role
    position: int
