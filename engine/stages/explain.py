"""Second step: what the classifier says of a case, and the saliency map of each image."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Refusal
from engine.domain.rows import Failure
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.imported import read_map
from engine.stages.pixels import failure_of
from engine.stages.target import map_key, target_class
from engine.stages.work import ExplainedCase, LoadedCase, Run
from engine.tasks.cancel import CancelToken

if TYPE_CHECKING:
    from engine.saliency.preprocess import Prepared

OF_ONE_IMAGE = {
    "not_finite": Reason.NOT_FINITE,
    "out_of_memory": Reason.OUT_OF_MEMORY,
    "model_failed": Reason.MODEL_FAILED,
}
"""Refusals that concern one image and become its row; any other ends the run.

That the model fits its card was tried when it was opened."""


def explain_case(run: Run, cancel: CancelToken, loaded: LoadedCase) -> ExplainedCase:
    """Predict the class of a case and explain it on each image; failures become values."""
    cancel.check()
    images = [item.agreement.image for item in loaded.work.images]
    outcomes = [_predict(run, image, x) for image, x in zip(images, loaded.inputs, strict=True)]
    predictions = tuple(o if isinstance(o, Prediction) else None for o in outcomes)
    if run.maps is not None:
        maps = tuple(
            changed if isinstance(changed, Failure) else _imported_map(run.maps, image)
            for image, changed in zip(images, loaded.inputs, strict=True)
        )
        return ExplainedCase(loaded.work, predictions, maps)
    target = target_class(run, loaded.work, predictions)
    maps = tuple(
        outcome if isinstance(outcome, Failure) else _map(run, cancel, image, x, target)
        for image, x, outcome in zip(images, loaded.inputs, outcomes, strict=True)
    )
    return ExplainedCase(loaded.work, predictions, maps)


def _predict(
    run: Run, image: Image, model_input: "Prepared | Failure | None"
) -> Prediction | Failure | None:
    if isinstance(model_input, Failure):
        return model_input
    known = run.predictions.get(image.path)
    if known is not None or run.predictions_are_imported or run.classifier is None:
        return known
    assert model_input is not None
    try:
        probabilities = run.classifier.predict([model_input])[0]
    except Exception as error:
        return _failure_of_model(error)
    return Prediction(
        image.path, run.classifier.digest, tuple(run.classifier.classes), tuple(probabilities)
    )


def _map(
    run: Run,
    cancel: CancelToken,
    image: Image,
    model_input: "Prepared | Failure | None",
    target: str | Undefined,
) -> SaliencyMap | Failure:
    if isinstance(target, Undefined):
        return Failure(target.reason, "there is no class to explain")
    key = map_key(run, image, target)
    cached = run.cache.get(key)
    if cached is not None:
        return cached
    if model_input is None or isinstance(model_input, Failure) or run.classifier is None:
        return Failure(Reason.NO_MAP, "neither pixels nor a stored map are at hand")
    made = _explain(run, cancel, image, model_input, target)
    if isinstance(made, SaliencyMap):
        run.cache.put(key, made)
    return made


def _explain(
    run: Run, cancel: CancelToken, image: Image, model_input: "Prepared", target: str
) -> SaliencyMap | Failure:
    from engine.saliency.explain import explain  # noqa: PLC0415 - torch only where it is needed

    assert run.classifier is not None
    try:
        return explain(
            run.classifier,
            model_input,
            target=run.classifier.classes.index(target),
            image_digest=image.digest or "",
            settings=run.settings.saliency,
            cancel=cancel,
        )
    except Exception as error:
        return _failure_of_model(error)


def _failure_of_model(error: Exception) -> Failure:
    """Return the row's failure, or raise again what ends the run: a bad model, a stop, a bug."""
    if isinstance(error, Refusal) and error.problem.code in OF_ONE_IMAGE:
        return failure_of(error, OF_ONE_IMAGE[error.problem.code])
    if isinstance(error, RuntimeError):
        return Failure(Reason.MODEL_FAILED, f"{type(error).__name__}: {error}")
    raise error


def _imported_map(maps: Mapping[str, Path], image: Image) -> SaliencyMap | Failure:
    path = maps.get(image.path)
    if path is None:
        return Failure(Reason.NO_MAP, "no map of this image was given")
    try:
        return read_map(path, width=image.width, height=image.height)
    except Refusal as refusal:
        return failure_of(refusal, Reason.NO_MAP)
