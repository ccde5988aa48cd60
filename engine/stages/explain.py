"""Second step: what the classifier says of a case, and the saliency map of each image."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Refusal
from engine.domain.rows import Failure
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.case_input import CaseInput
from engine.saliency.imported import read_map
from engine.stages.pixels import failure_of
from engine.stages.target import (
    encoded_metadata,
    given_digest,
    is_case_model,
    known_predictions,
    map_keys,
    prediction_name,
    target_class,
)
from engine.stages.work import CaseWork, ExplainedCase, LoadedCase, Run
from engine.tasks.cancel import CancelToken

if TYPE_CHECKING:
    from engine.saliency.preprocess import Prepared

T = TypeVar("T")

OF_ONE_IMAGE = {
    "not_finite": Reason.NOT_FINITE,
    "out_of_memory": Reason.OUT_OF_MEMORY,
    "model_failed": Reason.MODEL_FAILED,
}
"""Refusals that concern one image, or one case, and become its rows; any other ends the run.

That the model fits its card was tried when it was opened."""


Given = Sequence[tuple[Image, "Prepared | None"]]
"""What a model is given at once: one image, or of a case model all usable images of a case; with
each the model input, or None where it is not needed."""


def explain_case(run: Run, cancel: CancelToken, loaded: LoadedCase) -> ExplainedCase:
    """Predict the class of a case and explain it on each image; failures become values."""
    cancel.check()
    work = loaded.work
    images = [item.agreement.image for item in work.images]
    failed = {
        image.path: model_input
        for image, model_input in zip(images, loaded.inputs, strict=True)
        if isinstance(model_input, Failure)
    }
    groups = _given_at_once(run, images, loaded.inputs)
    outcomes = {**failed, **_merged(_predict(run, work, given) for given in groups)}
    found = [outcomes[image.path] for image in images]
    predictions = tuple(one if isinstance(one, Prediction) else None for one in found)
    if run.maps is not None:
        maps = {image.path: _imported_map(run.maps, image) for image in images} | failed
    else:
        target = target_class(run, work, predictions)
        maps = _merged(_maps(run, cancel, work, given=given, target=target) for given in groups)
        maps |= {path: one for path, one in outcomes.items() if isinstance(one, Failure)}
    return ExplainedCase(work, predictions, tuple(maps[image.path] for image in images))


def _given_at_once(
    run: Run, images: Sequence[Image], inputs: Sequence["Prepared | Failure | None"]
) -> list[Given]:
    usable = [
        (image, model_input)
        for image, model_input in zip(images, inputs, strict=True)
        if not isinstance(model_input, Failure)
    ]
    if is_case_model(run):
        return [usable] if usable else []
    return [[one] for one in usable]


def _merged(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {path: value for part in parts for path, value in part.items()}


def _predict(run: Run, work: CaseWork, given: Given) -> dict[str, Prediction | Failure | None]:
    """Return by path what is known, or else computed, of these images."""
    images = [image for image, _ in given]
    known = {image.path: known_predictions(run, work).get(image.path) for image in images}
    if run.predictions_are_imported or run.classifier is None:
        return {**known}
    name = prediction_name(run, given_digest(run, work, images))
    if all(prediction is not None and prediction.model == name for prediction in known.values()):
        return {**known}
    try:
        probabilities = run.classifier.predict_case(_input(run, work, given))
    except Exception as error:
        return dict.fromkeys(known, _failure_of_model(error))
    return {path: Prediction(path, name, run.classifier.classes, probabilities) for path in known}


def _maps(
    run: Run, cancel: CancelToken, work: CaseWork, *, given: Given, target: str | Undefined
) -> dict[str, SaliencyMap | Failure]:
    """Return by path the map of each image, or why there is none; all are cached or all made."""
    images = [image for image, _ in given]
    paths = [image.path for image in images]
    if isinstance(target, Undefined):
        return dict.fromkeys(paths, Failure(target.reason, "there is no class to explain"))
    if run.classifier is None:
        return dict.fromkeys(paths, Failure(Reason.NO_MAP, "there is no model to explain"))
    keys = map_keys(run, work, images, target)
    cached = [saliency for saliency in map(run.cache.get, keys) if saliency is not None]
    if len(cached) == len(keys):
        return dict(zip(paths, cached, strict=True))
    if any(model_input is None for _, model_input in given):
        none = Failure(Reason.NO_MAP, "neither pixels nor a stored map are at hand")
        return dict.fromkeys(paths, none)
    made = _explain(run, cancel, _input(run, work, given), target)
    if isinstance(made, Failure):
        return dict.fromkeys(paths, made)
    for key, saliency in zip(keys, made, strict=True):
        run.cache.put(key, saliency)
    return dict(zip(paths, made, strict=True))


def _input(run: Run, work: CaseWork, given: Given) -> CaseInput:
    return CaseInput(
        tuple(model_input for _, model_input in given if model_input is not None),
        tuple(image.digest or "" for image, _ in given),
        encoded_metadata(run, work),
    )


def _explain(
    run: Run, cancel: CancelToken, case: CaseInput, target: str
) -> tuple[SaliencyMap, ...] | Failure:
    from engine.saliency.explain import explain_case  # noqa: PLC0415 - torch only where needed

    assert run.classifier is not None
    try:
        return explain_case(
            run.classifier,
            case,
            target=run.classifier.classes.index(target),
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
