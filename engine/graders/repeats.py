"""Intra-rater agreement: a grader's repeat reading of an image against the same grader's first."""

from collections.abc import Sequence

from engine.domain.agreement import RepeatAgreement
from engine.domain.grading import Grading, Reading, Role
from engine.domain.image import Image
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders import kappa
from engine.graders.consensus import votes_of
from engine.graders.readings import (
    Answer,
    answer_of,
    assigned,
    count_category,
    counted,
    is_visible,
)
from engine.regions.votes import vote_patterns


def repeat_agreement(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> tuple[RepeatAgreement, ...]:
    """Compare each repeat reading of an image with the same grader's assigned one.

    Of both the reading that counts for agreement is taken (`counted`). A repeat that is not
    completed, or has no completed assigned reading beside it, is not compared.

    Returns
    -------
    One entry for each repeat reading that is compared. Overlap and kappa are undefined with
    `Reason.FEWER_THAN_TWO_ANSWERS` where either reading does not say where the pathology is.

    References
    ----------
    Method, section 3.
    """
    firsts = {reading.grader: counted(reading, settings) for reading in assigned(readings)}
    pairs = (
        (firsts.get(reading.grader), counted(reading, settings))
        for reading in readings
        if reading.role is Role.REPEAT
    )
    return tuple(
        _compare(image, first, again, settings)
        for first, again in pairs
        if first and again and _are_complete(first, again, settings)
    )


def _are_complete(first: Grading, again: Grading, settings: AgreementSettings) -> bool:
    return all(answer_of(g, settings) is not Answer.INCOMPLETE for g in (first, again))


def _compare(
    image: Image, first: Grading, again: Grading, settings: AgreementSettings
) -> RepeatAgreement:
    both = (first, again)
    votes = votes_of(image, both, settings)
    overlap: Measure = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    beyond_chance = overlap
    if not isinstance(votes, Undefined) and len(votes) == 2:
        counts = vote_patterns(votes)
        overlap, beyond_chance = kappa.pooled_dice(counts), kappa.fleiss_kappa(counts)
    return RepeatAgreement(
        grader=first.grader,
        dice=overlap,
        kappa=beyond_chance,
        visible=_same(*map(is_visible, both)),
        roi_count=_same(*(count_category(g, settings) for g in both)),
    )


def _same(first: int | None, again: int | None) -> Measure:
    if first is None or again is None:
        return Undefined(Reason.NOT_ANSWERED)
    return float(first == again)
