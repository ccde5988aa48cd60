"""How long a method takes: the same work at two small sizes, and how large the real one is."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from engine.domain.settings import SaliencySettings

ENOUGH = 0.5
"""Seconds of work from which the time of one unit can be told."""

MOST_BATCHES = 8


@dataclass(frozen=True, slots=True)
class Workload:
    """What makes a map cost time: its passes through the network, beside what is done once.

    Attributes
    ----------
    settings
        With which an image has just so many passes.
    passes
        Gradients, or of Occlusion hidden squares.
    """

    settings: SaliencySettings
    passes: int


def passes_of(settings: SaliencySettings, input_size: tuple[int, int]) -> int:
    """Return how many gradients an image takes; of Occlusion how many squares are hidden.

    Parameters
    ----------
    input_size
        Width and height of the model's input, pixels.
    """
    match settings.method:
        case "integrated_gradients" if settings.sampler == "literal":
            return settings.steps * settings.noise_samples
        case "integrated_gradients":
            return settings.joint_gradients
        case "gradient_shap":
            return settings.shap_samples
        case "occlusion":
            return _squares(settings, input_size)
        case _:
            return 1


def shortened(
    settings: SaliencySettings, input_size: tuple[int, int], *, batch: int, wanted: int
) -> Workload:
    """Return a part of a method's work: as many passes as wanted or a few more, or all of it.

    Everything else that a map takes, such as the scores of its noisy copies, stays as it is.

    Parameters
    ----------
    batch
        Passes that go through the network at once.
    wanted
        A multiple of `batch`.
    """
    whole = Workload(settings, passes_of(settings, input_size))
    if wanted >= whole.passes:
        return whole
    match settings.method:
        case "integrated_gradients" if settings.sampler == "literal":
            steps = ceil(wanted / settings.noise_samples)
            fewer = settings.model_copy(update={"steps": steps})
        case "integrated_gradients":
            fewer = settings.model_copy(update={"steps": batch, "joint_gradients": wanted})
        case "gradient_shap":
            fewer = settings.model_copy(update={"shap_samples": wanted})
        case _:
            fewer = _with_squares(settings, input_size, at_least=wanted)
    passes = passes_of(fewer, input_size)
    return Workload(fewer, passes) if passes < whole.passes else whole


def seconds_of_whole(
    settings: SaliencySettings,
    input_size: tuple[int, int],
    *,
    batch: int,
    seconds: Callable[[SaliencySettings], float],
) -> float:
    """Return how long one map takes, from one batch of its work and then a few more.

    Parameters
    ----------
    batch
        Passes that go through the network at once.
    seconds
        Makes a map with these settings and returns how long that took. It is called once for
        nothing first: what is loaded or compiled at the first map is no part of the others.
    """
    whole = passes_of(settings, input_size)
    small = shortened(settings, input_size, batch=batch, wanted=batch)
    seconds(small.settings)
    of_small = seconds(small.settings)
    if small.passes >= whole:
        return of_small
    batches = 1 + max(1, min(MOST_BATCHES, round(ENOUGH / max(of_small, 1e-6))))
    wanted = batch * ceil(small.passes / batch) * batches
    large = shortened(settings, input_size, batch=batch, wanted=wanted)
    of_large = seconds(large.settings)
    of_pass = (of_large - of_small) / (large.passes - small.passes)
    if of_pass <= 0:  # too little work to be told from chance
        return of_large * whole / large.passes
    return of_small + of_pass * (whole - small.passes)


def _with_squares(
    settings: SaliencySettings, input_size: tuple[int, int], *, at_least: int
) -> SaliencySettings:
    """Return Occlusion by the largest squares, side by side, of which there are so many."""
    tiled = (
        settings.model_copy(update={"occlusion_window": side, "occlusion_stride": side})
        for side in range(max(input_size), 0, -1)
    )
    return next((one for one in tiled if _squares(one, input_size) >= at_least), settings)


def _squares(settings: SaliencySettings, input_size: tuple[int, int]) -> int:
    """Return in how many places a square is hidden: captum's, the last ones cut at the edge."""
    squares = 1
    for side in input_size:
        window = min(settings.occlusion_window, side)
        stride = min(settings.occlusion_stride, window)
        squares *= 1 + ceil((side - window) / stride)
    return squares
