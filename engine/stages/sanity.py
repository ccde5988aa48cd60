"""Whether the map of a case's first image depends on what the model learned."""

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.rows import Failure, UnlearnedMap
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.cache import NoCache
from engine.stages.explain import explain_case
from engine.stages.load import load_case
from engine.stages.work import CaseWork, Run
from engine.tasks.cancel import CancelToken

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier


class _NoMap(Exception):
    """There is no map of the model once some of its parameters are random."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


def unlearn_case(
    run: Run, cancel: CancelToken, seed: int, stages: int, work: CaseWork
) -> tuple[UnlearnedMap, ...] | Failure:
    """Randomise a copy of the model step by step and compare the maps of the case's first image.

    Predictions and the explained class stay those of the real model. Nothing is read from the
    cache or written to it.

    Raises
    ------
    Refusal
        The model's parameters cannot be randomised.
    """
    from engine.saliency.randomisation import randomisation_check  # noqa: PLC0415 - loads torch

    assert run.classifier is not None
    uncached = replace(run, cache=NoCache())
    loaded = load_case(uncached, work)
    real = explain_case(uncached, cancel, loaded)
    answers = {p.image: p for p in real.predictions if p is not None}
    fixed = replace(uncached, predictions=answers, predictions_are_imported=True)
    if isinstance(real.maps[0], Failure):
        return real.maps[0]

    def explained(classifier: "Classifier") -> SaliencyMap:
        made = explain_case(replace(fixed, classifier=classifier), cancel, loaded).maps[0]
        if isinstance(made, Failure):
            raise _NoMap(made)
        return made

    try:
        found = randomisation_check(run.classifier, explained, seed=seed, stages=stages)
    except _NoMap as no_map:
        return no_map.failure
    image = work.images[0].agreement.image
    return tuple(
        UnlearnedMap(image, s.layer, s.layers, s.signed, s.absolute, found.depends_on_model)
        for s in found.stages
    )
