"""What a saliency method finds, before it is normalised to a map."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.domain.problem import Refusal, refuse
from engine.domain.saliency_map import MapFacts
from engine.saliency.gradients import Subject


@dataclass(frozen=True, slots=True, eq=False)
class Attributions:
    """The attribution of each pixel, summed over the channels, in score units.

    Attributes
    ----------
    values
        Shape (height, width), or (k, height, width) for all images of a case.
    facts
        What is known of the method and the scores; peak and Monte-Carlo error come with the map.
    halves
        The same from two independent halves of the samples, or None.
    """

    values: NDArray[np.float64]
    facts: MapFacts
    halves: NDArray[np.float64] | None = None

    def of_image(self, place: int) -> "Attributions":
        """Return those of one image of the case."""
        halves = None if self.halves is None else self.halves[:, place]
        return replace(self, values=self.values[place], halves=halves)


def require_finite(subject: Subject, values: NDArray[np.floating]) -> None:
    """Refuse scores or attributions of which any is NaN or infinite.

    Raises
    ------
    Refusal
        ``not_finite``.
    """
    if not np.isfinite(values).all():
        raise not_finite(subject)


def not_finite(subject: Subject) -> Refusal:
    """Return the refusal of a model that returns NaN or infinite numbers."""
    card = subject.classifier.card
    return refuse(
        "not_finite",
        str(card.file),
        f"the model {card.name} returns NaN or infinite numbers for this image or its noisy copies",
        "Turn autocast off" if subject.reduced else "Correct the model or the card's mean and std",
    )
