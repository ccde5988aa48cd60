"""What the graders of an image say together: the majority of their votes, pixel by pixel."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.grading import Grading, Reading
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.readings import answer_of, in_consensus
from engine.regions.rasterise import rasterise
from engine.regions.runs import Runs
from engine.regions.votes import MAX_GRADERS, select


def consensus(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> Runs | Undefined:
    """Return the consensus region of an image.

    The latest completed readings of assigned and extra graders vote, those sent back do not;
    too many regions to outline is a missing answer.

    Returns
    -------
    The pixels that more than half of the voters marked, with even splits as the setting ``tie``
    says; undefined with `Reason.FEWER_THAN_TWO_ANSWERS` or `Reason.TOO_MANY_GRADERS`.

    References
    ----------
    Section 3.3; method, sections 3 and 4.
    """
    votes = votes_of(image, in_consensus(readings), settings)
    if isinstance(votes, Undefined):
        return votes
    if len(votes) < 2:
        return Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    return select(votes, majority(len(votes), tie=settings.tie))


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
