"""What the graders of an image say together: their majority or STAPLE, or what a lead decided."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.agreement import StapleFacts
from engine.domain.grading import Adjudication, Grading, Reading
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.readings import answer_of, in_consensus
from engine.graders.staple import staple
from engine.regions.rasterise import rasterise
from engine.regions.runs import Runs
from engine.regions.votes import MAX_GRADERS, select, vote_patterns


def region_of(
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    adjudication: Adjudication | None,
) -> Runs | Undefined:
    """Return the region that counts for an image: a lead's decision, else the consensus.

    An adjudicated region stands whatever the graders say, also where they have no consensus;
    the setting ``adjudication = ignored`` leaves it aside.

    References
    ----------
    Method, section 4.
    """
    if adjudication is not None and settings.adjudication == "used":
        return rasterise(adjudication.region, width=image.width, height=image.height)
    return consensus(image, readings, settings)


def consensus(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> Runs | Undefined:
    """Return the consensus region of an image.

    The latest completed readings of assigned and extra graders vote, those sent back do not;
    too many regions to outline is a missing answer.

    Returns
    -------
    The pixels that more than half of the voters marked, or with ``consensus = staple`` those that
    are pathology with a probability above one half; ties as the setting ``tie`` says. Undefined
    with `Reason.FEWER_THAN_TWO_ANSWERS` or `Reason.TOO_MANY_GRADERS`.

    References
    ----------
    Section 3.3; method, sections 3 and 4.
    """
    votes = _votes_of_two(image, in_consensus(readings), settings)
    if isinstance(votes, Undefined):
        return votes
    counts = vote_patterns(votes)
    return select(votes, chosen_patterns(counts, tie=settings.tie, rule=settings.consensus))


def staple_facts(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> StapleFacts | Undefined:
    """Return what STAPLE says of the graders who enter the consensus, whatever the setting.

    Undefined as `consensus` is.
    """
    gradings = voters_among(in_consensus(readings), settings)
    votes = _votes_of_two(image, gradings, settings)
    if isinstance(votes, Undefined):
        return votes
    solution = staple(vote_patterns(votes), tie=settings.tie)
    return StapleFacts(
        graders=tuple(grading.grader for grading in gradings),
        sensitivities=solution.sensitivities,
        specificities=solution.specificities,
        iterations=solution.iterations,
        has_converged=solution.has_converged,
        is_degenerate=solution.is_degenerate,
    )


def _votes_of_two(
    image: Image, gradings: Iterable[Grading], settings: AgreementSettings
) -> list[Runs] | Undefined:
    votes = votes_of(image, gradings, settings)
    if not isinstance(votes, Undefined) and len(votes) < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    return votes


def chosen_patterns(counts: NDArray[np.int64], *, tie: str, rule: str) -> NDArray[np.bool_]:
    """Return, for each of the 2**G patterns of votes, whether it is in the consensus.

    Parameters
    ----------
    counts
        Pixels of each vote pattern, shape (2**G,).
    rule
        ``majority`` or ``staple``.
    """
    if rule == "staple":
        return staple(counts, tie=tie).chosen
    return majority(len(counts).bit_length() - 1, tie=tie)


def majority(graders: int, *, tie: str) -> NDArray[np.bool_]:
    """Return, for each of the 2**G patterns of votes, whether most of the G graders voted.

    Parameters
    ----------
    tie
        ``background`` or ``foreground``: what an even split becomes.
    """
    twice = 2 * np.bitwise_count(np.arange(2**graders)).astype(np.int64)
    return twice >= graders if tie == "foreground" else twice > graders


def votes_of(
    image: Image, gradings: Iterable[Grading | None], settings: AgreementSettings
) -> list[Runs] | Undefined:
    """Return the regions of all who answer where the pathology is; an empty one votes background.

    Undefined with `Reason.TOO_MANY_GRADERS` above the `MAX_GRADERS` whose votes can be counted.
    """
    voters = voters_among(gradings, settings)
    if len(voters) > MAX_GRADERS:
        return Undefined(Reason.TOO_MANY_GRADERS)
    return [rasterise(g.region, width=image.width, height=image.height) for g in voters]


def voters_among(gradings: Iterable[Grading | None], settings: AgreementSettings) -> list[Grading]:
    """Return the gradings that answer where the pathology is."""
    return [g for g in gradings if g is not None and answer_of(g, settings).says_where]
