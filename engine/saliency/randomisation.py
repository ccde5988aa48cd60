"""A sanity check: whether a map changes when the model forgets what it learned."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.problem import Refusal, refuse
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.classifier import Classifier

ALIKE = 0.5
"""A map that stays above this rank correlation under random parameters hardly shows the model."""


@dataclass(frozen=True, slots=True)
class RandomisedStage:
    """The map after the layers from the head down to one are randomised.

    Attributes
    ----------
    layer
        Dotted name of the deepest layer with random parameters.
    layers
        How many layers have random parameters by now.
    signed, absolute
        Spearman correlation with the map of the real model, of attributions and of their absolute
        values; undefined where a map is constant.
    """

    layer: str
    layers: int
    signed: Measure
    absolute: Measure


@dataclass(frozen=True, slots=True)
class Randomisation:
    """How a map changes as the model's parameters become random, head first.

    Attributes
    ----------
    depends_on_model
        False where, with every parameter random, the map still looks like the real one: either
        rank correlation is above `ALIKE` in absolute value. Undefined where neither exists.
    """

    stages: tuple[RandomisedStage, ...]

    @property
    def depends_on_model(self) -> bool | Undefined:
        """Whether the map shows what the model learned, and not the image alone."""
        last = self.stages[-1]
        known = [abs(r) for r in (last.signed, last.absolute) if not isinstance(r, Undefined)]
        return max(known) <= ALIKE if known else Undefined(Reason.CONSTANT_MAP)


def randomisation_check(
    classifier: Classifier,
    explained: Callable[[Classifier], SaliencyMap],
    *,
    seed: int = 0,
    stages: int = 10,
) -> Randomisation:
    """Randomise a copy of the model layer by layer from its head down, and compare the maps.

    Cascading randomisation (Adebayo et al. 2018, Sanity Checks for Saliency Maps): parameters are
    replaced by normal numbers of their own mean and standard deviation; buffers such as the
    statistics of batch norms stay. The classifier itself is never touched.

    Parameters
    ----------
    explained
        Makes the map that is checked, of the same image and class, from any classifier:
        ``lambda model: explain(model, prepared, target=target, ...)``.
    seed
        Of the random parameters, which are the same on every device.
    stages
        At most so many maps, evenly over the layers; the last has every parameter random.

    Raises
    ------
    Refusal
        ``model_parameters``: the model cannot be copied, or has no parameters to randomise.
    """
    real = explained(classifier)
    module = classifier.module
    layers = _layers_from_the_head(module)
    if not layers:
        raise _not_randomisable(classifier, "it has no parameters that can be reached")
    random = np.random.default_rng(seed)
    rows: list[RandomisedStage] = []
    done = 0
    for upto in _evenly(len(layers), stages):
        module = _copied(classifier, module)  # a new one: what is known of the last is kept by it
        for name in layers[done:upto]:
            _randomise(module.get_submodule(name), random)
        found = explained(replace(classifier, module=module))
        signed = _rank_correlation(real.values, found.values)
        absolute = _rank_correlation(np.abs(real.values), np.abs(found.values))
        rows.append(RandomisedStage(layers[upto - 1], upto, signed, absolute))
        done = upto
    return Randomisation(tuple(rows))


def _copied(classifier: Classifier, module: nn.Module) -> nn.Module:
    if classifier.card.kind == "torch_export":
        raise _not_randomisable(classifier, "an exported program keeps no layers")
    try:
        return copy.deepcopy(module)
    except Exception as error:
        # Whatever keeps a stranger's module from being copied, the check cannot be made.
        raise _not_randomisable(classifier, f"it cannot be copied ({error})") from error


def _not_randomisable(classifier: Classifier, why: str) -> Refusal:
    return refuse(
        "model_parameters",
        str(classifier.card.file),
        f"the parameters of the model {classifier.card.name} cannot be randomised: {why}",
        "Give the model as `python` or `timm` with its weights",
    )


def _layers_from_the_head(module: nn.Module) -> list[str]:
    """Return the layers with parameters of their own, in reverse of the order they were made."""
    owners = [
        name for name, layer in module.named_modules() if list(layer.parameters(recurse=False))
    ]
    return owners[::-1]


def _evenly(count: int, stages: int) -> list[int]:
    """Return rising numbers of layers, at most so many, the last of them all."""
    return sorted({round(count * stage / stages) for stage in range(1, stages + 1)} - {0})


def _randomise(layer: nn.Module, random: np.random.Generator) -> None:
    for parameter in layer.parameters(recurse=False):
        known = parameter.detach().cpu().double().numpy()
        numbers = np.asarray(random.normal(known.mean(), known.std(), known.shape))
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(numbers).to(parameter.dtype))


def _rank_correlation(one: NDArray[np.int16], other: NDArray[np.int16]) -> Measure:
    from scipy.stats import spearmanr  # noqa: PLC0415 - a second to import, rarely needed

    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return Undefined(Reason.CONSTANT_MAP)
    return float(spearmanr(one.ravel(), other.ravel()).statistic)
