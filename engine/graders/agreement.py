"""How far the graders of one image agree, and whether the image enters the analysis."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from engine.domain.grading import Adjudication, Grading, Reading, Role, Status
from engine.domain.image import Image
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings
from engine.graders import kappa
from engine.graders.answers import given_answers
from engine.graders.consensus import chosen_patterns, voters_among, votes_of
from engine.graders.readings import (
    Answer,
    answer_of,
    assigned,
    counted,
    in_consensus,
    is_visible,
    region_count,
    status_of,
)
from engine.graders.staple import staple
from engine.regions.rasterise import rasterise
from engine.regions.votes import vote_patterns

Counts = NDArray[np.int64]

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
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    adjudication: Adjudication | None = None,
) -> ImageAgreement:
    """Measure the agreement of an image's assigned graders, and decide on its admission.

    Parameters
    ----------
    readings
        All readings of the image, of any role; notes are taken from all of them.
    adjudication
        A lead's decision on the region; agreement and admission do not depend on it.

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
    votes = _Votes(image, settings)
    gradings = [counted(reading, settings) for reading in members]
    measures = _measures(votes.counts(gradings), settings)
    latest = votes.counts([reading.latest for reading in members])
    together = votes.counts(in_consensus(readings))
    answers = [_admitted_answer(reading, settings) for reading in members]
    reason = _reason_to_leave(answers, measures["fleiss_kappa"], settings)
    states = [status_of(reading, settings) for reading in members]
    given = [given_answers(reading, settings) for reading in members]
    complete = [g for g in gradings if g and answer_of(g, settings) is not Answer.INCOMPLETE]
    return ImageAgreement(
        image=image,
        graders=len(members),
        voters=len(voters_among(gradings, settings)),
        visible=sum(is_visible(grading) is True for grading in complete),
        roi_count=_median_count(complete),
        **measures,
        fleiss_kappa_latest=_kappa(latest),
        admitted=reason is None,
        reason=reason,
        notes=_remarks(readings, "note"),
        problems=_remarks(readings, "problem"),
        consensus_warning=_consensus_warning(together, settings),
        done=states.count(Status.DONE),
        started=states.count(Status.STARTED),
        sent_back=sum(r.is_sent_back for r in readings if r.role is not Role.REPEAT),
        visible_agreement=_same_pairs(visible for visible, _ in given),
        count_agreement=_same_pairs(count for _, count in given),
        roi_area=_roi_area(image, together, settings, adjudication),
        adjudicated=adjudication.adopted.value if adjudication else "",
    )


class _Votes:
    """The counts of vote patterns of one image; each set of voters is counted once."""

    def __init__(self, image: Image, settings: AgreementSettings) -> None:
        self._image = image
        self._settings = settings
        self._known: list[tuple[list[Grading], Counts | Undefined]] = []

    def counts(self, gradings: Sequence[Grading | None]) -> Counts | Undefined:
        """Return the pixels of each pattern, shape (2**G,) for G voters."""
        voters = voters_among(gradings, self._settings)
        for known, counts in self._known:
            if known == voters:
                return counts
        counts = self._count(voters)
        self._known.append((voters, counts))
        return counts

    def _count(self, voters: Sequence[Grading]) -> Counts | Undefined:
        votes = votes_of(self._image, voters, self._settings)
        if isinstance(votes, Undefined):
            return votes
        # Without voters these are the counts of no grader at all, and every measure says so.
        return vote_patterns(votes) if votes else np.array([self._image.width * self._image.height])


def _same_pairs(answers: Iterable[int | None]) -> Measure:
    """Return the share of pairs of given answers that are equal; None is no answer."""
    counts = Counter(answer for answer in answers if answer is not None)
    given = counts.total()
    if given < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    return sum(n * (n - 1) for n in counts.values()) / (given * (given - 1))


def _roi_area(
    image: Image,
    counts: Counts | Undefined,
    settings: AgreementSettings,
    adjudication: Adjudication | None,
) -> Measure:
    """Return the share of `engine.graders.consensus.region_of`, without making the region."""
    total = image.width * image.height
    if adjudication is not None and settings.adjudication == "used":
        return rasterise(adjudication.region, width=image.width, height=image.height).area / total
    if isinstance(counts, Undefined):
        return counts
    if len(counts) < 4:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    chosen = chosen_patterns(counts, tie=settings.tie, rule=settings.consensus)
    return int(counts[chosen].sum()) / total


def _kappa(counts: Counts | Undefined) -> Measure:
    return counts if isinstance(counts, Undefined) else kappa.fleiss_kappa(counts)


def _measures(counts: Counts | Undefined, settings: AgreementSettings) -> dict[str, Measure]:
    """Return the measures that the votes give, named as in `ImageAgreement`."""
    if isinstance(counts, Undefined):
        return dict.fromkeys(MEASURES, counts)
    return {
        "fleiss_kappa": kappa.fleiss_kappa(counts),
        "gwet_ac1": kappa.gwet_ac1(counts),
        "pooled_dice": kappa.pooled_dice(counts),
        "mean_pairwise_dice": kappa.mean_pairwise_dice(counts),
        "foreground": kappa.foreground(counts),
        "human_ceiling": kappa.human_ceiling(counts, tie=settings.tie, rule=settings.consensus),
    }


def _consensus_warning(counts: Counts | Undefined, settings: AgreementSettings) -> str:
    """Return why the STAPLE consensus is in doubt; empty where it is not, or is not asked for."""
    if settings.consensus != "staple" or isinstance(counts, Undefined) or len(counts) < 4:
        return ""
    solution = staple(counts, tie=settings.tie)
    if solution.is_degenerate:
        return "degenerate"
    return "" if solution.has_converged else "not_converged"


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
