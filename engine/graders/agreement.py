"""How far the graders of one image agree, and whether the image enters the analysis."""

from collections.abc import Sequence
from statistics import median

import numpy as np

from engine.domain.grading import Grading, Reading
from engine.domain.image import Image
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings
from engine.graders import kappa
from engine.graders.consensus import staple_facts, voters_among, votes_of
from engine.graders.readings import (
    Answer,
    answer_of,
    assigned,
    counted,
    is_visible,
    region_count,
)
from engine.regions.votes import vote_patterns

MEASURES = (
    "fleiss_kappa",
    "gwet_ac1",
    "pooled_dice",
    "mean_pairwise_dice",
    "foreground",
    "human_ceiling",
)
"""What the votes give, named as in `ImageAgreement`."""

_REASON_OF = {
    Answer.INCOMPLETE: Reason.INCOMPLETE,
    Answer.TOO_MANY: Reason.TOO_MANY_REGIONS,
    Answer.NOT_VISIBLE: Reason.NOT_VISIBLE,
    Answer.NOTHING_DRAWN: Reason.NOT_OUTLINED,
}
"""Why an answer keeps an image out, in the order in which the reasons are given."""


def measure_agreement(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> ImageAgreement:
    """Measure the agreement of an image's assigned graders, and decide on its admission.

    Parameters
    ----------
    readings
        All readings of the image, of any role; notes are taken from all of them.

    Returns
    -------
    The row of the image. With fewer than two answers every measure of agreement is undefined,
    and with more than votes can be counted for (then the image also leaves for that reason). A
    sent-back reading keeps its first answer in the agreement and the image out of the analysis.

    References
    ----------
    Section 3.3; method, sections 3 and 5.
    """
    members = assigned(readings)
    gradings = [counted(reading, settings) for reading in members]
    measures = _measures(image, gradings, settings)
    latest = [reading.latest for reading in members]
    beside = measures if latest == gradings else _measures(image, latest, settings)
    answers = [_admitted_answer(reading, settings) for reading in members]
    reason = _reason_to_leave(answers, measures["fleiss_kappa"], settings)
    complete = [g for g in gradings if g and answer_of(g, settings) is not Answer.INCOMPLETE]
    return ImageAgreement(
        image=image,
        graders=len(members),
        voters=len(voters_among(gradings, settings)),
        visible=sum(is_visible(grading) is True for grading in complete),
        roi_count=_median_count(complete),
        **measures,
        fleiss_kappa_latest=beside["fleiss_kappa"],
        admitted=reason is None,
        reason=reason,
        notes=_remarks(readings, "note"),
        problems=_remarks(readings, "problem"),
        consensus_warning=_consensus_warning(image, readings, settings),
    )


def _measures(
    image: Image, gradings: Sequence[Grading | None], settings: AgreementSettings
) -> dict[str, Measure]:
    """Return the measures that the votes give, named as in `ImageAgreement`."""
    votes = votes_of(image, gradings, settings)
    if isinstance(votes, Undefined):
        return dict.fromkeys(MEASURES, votes)
    # Without voters these are the counts of no grader at all, and every measure says so.
    counts = vote_patterns(votes) if votes else np.array([image.width * image.height])
    return {
        "fleiss_kappa": kappa.fleiss_kappa(counts),
        "gwet_ac1": kappa.gwet_ac1(counts),
        "pooled_dice": kappa.pooled_dice(counts),
        "mean_pairwise_dice": kappa.mean_pairwise_dice(counts),
        "foreground": kappa.foreground(counts),
        "human_ceiling": kappa.human_ceiling(counts, tie=settings.tie, rule=settings.consensus),
    }


def _consensus_warning(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> str:
    """Return why the STAPLE consensus is in doubt; empty where it is not, or is not asked for."""
    if settings.consensus != "staple":
        return ""
    facts = staple_facts(image, readings, settings)
    if isinstance(facts, Undefined):
        return ""
    if facts.is_degenerate:
        return "degenerate"
    return "" if facts.has_converged else "not_converged"


def _admitted_answer(reading: Reading, settings: AgreementSettings) -> Answer:
    """Return the answer as admission sees it: a reading that was sent back is incomplete."""
    if reading.is_sent_back:
        return Answer.INCOMPLETE
    return answer_of(counted(reading, settings), settings)


def _reason_to_leave(
    answers: Sequence[Answer], fleiss_kappa: Measure, settings: AgreementSettings
) -> Reason | None:
    """Return why an image leaves, the first reason that applies, or None where it enters."""
    if not answers:
        return Reason.NO_GRADINGS
    if fleiss_kappa == Undefined(Reason.TOO_MANY_GRADERS):
        return Reason.TOO_MANY_GRADERS
    needed = len(answers) if settings.require_all_graders_outlined else 2
    if answers.count(Answer.OUTLINED) < needed:
        given = (reason for answer, reason in _REASON_OF.items() if answer in answers)
        return next(given, Reason.NOT_OUTLINED)
    if isinstance(fleiss_kappa, Undefined):
        return Reason.KAPPA_UNDEFINED
    return Reason.KAPPA_BELOW_CUT if fleiss_kappa < settings.kappa_cut else None


def _median_count(gradings: Sequence[Grading]) -> Measure:
    counts = [count for g in gradings if (count := region_count(g)) is not None]
    return float(median(counts)) if counts else Undefined(Reason.NOT_ANSWERED)


def _remarks(readings: Sequence[Reading], kind: str) -> str:
    """Return what graders last wrote on the image, done or not, as ``grader: text; ...``."""
    last = [reading.last for reading in readings if reading.last]
    texts = [(grading.grader, getattr(grading, kind)) for grading in last]
    return "; ".join(f"{grader}: {text}" for grader, text in texts if text)
