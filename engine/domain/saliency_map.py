"""A signed saliency map on the model's grid, and where that grid lies on the image."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.domain.measure import Measure, Reason, Undefined

SCALE = 32_700
"""An int16 map value v means v / SCALE, so that each threshold k / 100 is the integer 327 k."""


NOT_APPLICABLE = Undefined(Reason.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the model's input grid lies on the upright image.

    A point (x, y) of the image in pixels (corner convention) lies at
    ``(scale_x * x + offset_x, scale_y * y + offset_y)`` on the model grid, which is
    [0, model_width] x [0, model_height]. Image points that map outside it were cropped away:
    the model never saw them. Model pixels outside the image are padding.
    """

    image_width: int
    image_height: int
    model_width: int
    model_height: int
    scale_x: float
    scale_y: float
    offset_x: float = 0.0
    offset_y: float = 0.0


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What is stored with every map to judge it (method 7).

    Attributes
    ----------
    method, sampler
        Names of the saliency method and of the sampler (empty where it has none).
    target
        Class that was explained, by name; empty for an imported map.
    gradients
        Number of gradients taken.
    peak
        max |a| before normalisation, in score units.
    monte_carlo_error
        Half the L2 distance of the two half-sample maps over the norm of their mean.
    completeness_gap
        Sum of attributions minus (mean F(noisy x) - F(baseline)), in score units.
    score
        F(x) of the clean image.
    noisy_score
        Mean of F over the noisy copies.
    kept_target_share
        Share of noisy copies whose predicted class is the target, 0..1.
    is_zero
        True where every attribution was 0; such a map stays zero.
    autocast_rank_correlation
        Spearman correlation of the same few gradients in reduced precision and float32, where
        autocast was on.
    """

    method: str
    sampler: str = ""
    target: str = ""
    gradients: int = 0
    peak: float = 0.0
    monte_carlo_error: Measure = NOT_APPLICABLE
    completeness_gap: Measure = NOT_APPLICABLE
    score: Measure = NOT_APPLICABLE
    noisy_score: Measure = NOT_APPLICABLE
    kept_target_share: Measure = NOT_APPLICABLE
    is_zero: bool = False
    autocast_rank_correlation: Measure = NOT_APPLICABLE


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyMap:
    """A map normalised to [-1, 1] by its largest |a|, as int16 with scale 1 / `SCALE`.

    Attributes
    ----------
    values
        Shape (model_height, model_width), int16.
    halves
        The maps of the two halves of the samples, each normalised by itself, or None.
    """

    values: NDArray[np.int16]
    geometry: Geometry
    facts: MapFacts
    halves: tuple[NDArray[np.int16], NDArray[np.int16]] | None = field(default=None)
