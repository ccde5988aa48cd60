"""Which reading of a grader counts, and what it answers."""

from collections.abc import Sequence
from enum import StrEnum

from engine.domain.grading import Grading, Origin, Reading, Role, Status
from engine.domain.queue import is_blank
from engine.domain.settings import AgreementSettings


class Answer(StrEnum):
    """What a reading says of where the pathology is."""

    OUTLINED = "outlined"
    NOT_VISIBLE = "not_visible"
    NOTHING_DRAWN = "nothing_drawn"
    TOO_MANY = "too_many"
    INCOMPLETE = "incomplete"

    @property
    def says_where(self) -> bool:
        """True where the answer votes; too many regions to outline is a missing answer."""
        return self in {Answer.OUTLINED, Answer.NOT_VISIBLE, Answer.NOTHING_DRAWN}


def is_complete(grading: Grading, settings: AgreementSettings) -> bool:
    """Tell whether a grader has answered everything that was asked.

    Visibility is answered (a count answers it too), the count is answered where a condition is
    visible, and the number of regions drawn equals the count, or none is drawn where they are too
    many to outline. An imported grading is complete as it is.

    References
    ----------
    Section 3.3; method, section 3.
    """
    if grading.origin is Origin.IMPORTED:
        return True
    if is_visible(grading) is not True:
        return grading.visible is False and not grading.region
    count = grading.roi_count or 0
    if count > settings.max_outlined_regions:
        return not grading.region
    return 0 < count == len(grading.region)


def is_visible(grading: Grading) -> bool | None:
    """Tell whether the grader sees a condition; to outline or count regions says so as well.

    None where it is unknown, as for an imported grading with nothing drawn.
    """
    if grading.visible is None and (grading.region or grading.roi_count):
        return True
    return grading.visible


def region_count(grading: Grading) -> int | None:
    """Return how many regions the grader counts; who only outlined counts what is outlined."""
    if grading.roi_count is None and grading.region:
        return len(grading.region)
    return grading.roi_count


def count_category(grading: Grading, settings: AgreementSettings) -> int | None:
    """Return the count as a category: one above ``max_outlined_regions`` is *too many*."""
    count = region_count(grading)
    return None if count is None else min(count, settings.max_outlined_regions + 1)


def answer_of(grading: Grading | None, settings: AgreementSettings) -> Answer:
    """Return what a reading answers; one that is missing or not done is incomplete.

    An imported outline is an outline however many regions it has.

    References
    ----------
    Method, section 3.
    """
    if grading is None or grading.status is not Status.DONE or not is_complete(grading, settings):
        return Answer.INCOMPLETE
    is_imported = grading.origin is Origin.IMPORTED
    if is_imported and grading.region:
        return Answer.OUTLINED
    if grading.visible is False:
        return Answer.NOT_VISIBLE
    if (grading.roi_count or 0) > settings.max_outlined_regions:
        return Answer.TOO_MANY
    return Answer.NOTHING_DRAWN if is_imported else Answer.OUTLINED


def assigned(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings of the originally assigned graders, who alone enter the agreement."""
    return [reading for reading in readings if reading.role is Role.ASSIGNED]


def counted(reading: Reading, settings: AgreementSettings) -> Grading | None:
    """Return the completed reading that counts for agreement between graders.

    The first by default: were the reading redone after a send-back to count, sending work back
    would manufacture agreement. One that was called done and does not answer everything is none
    yet: there the latest counts, which may complete it.
    """
    is_first = reading.first is not None and is_complete(reading.first, settings)
    return reading.first if settings.reading == "first" and is_first else reading.latest


def status_of(reading: Reading, settings: AgreementSettings) -> Status | None:
    """Return where a reading stands, None where nothing is begun.

    One that was called done and does not answer everything is only started.
    """
    if reading.is_sent_back:
        return Status.SENT_BACK
    if answer_of(reading.latest, settings) is not Answer.INCOMPLETE:
        return Status.DONE
    has_begun = reading.latest or (reading.last and not is_blank(reading.last))
    return Status.STARTED if has_begun else None


def in_consensus(readings: Sequence[Reading]) -> list[Grading]:
    """Return the gradings that enter the consensus: the latest of assigned and extra graders.

    A reading that was sent back is left out until it is redone; repeat readings never enter.
    """
    return [
        reading.latest
        for reading in readings
        if reading.role is not Role.REPEAT and not reading.is_sent_back and reading.latest
    ]
