"""Which class of a case is explained, and which of its maps are in the cache already."""

from collections.abc import Sequence

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.cards import condition_class
from engine.saliency.predictions import case_prediction
from engine.saliency.preprocess import fit
from engine.saliency.samplers import effective
from engine.stages.work import CaseWork, Run


def target_class(
    run: Run, work: CaseWork, predictions: Sequence[Prediction | None]
) -> str | Undefined:
    """Return the class whose score the maps of a case explain.

    With ``target = predicted`` it is the class predicted for the case, the mean over its images;
    with ``target = reference`` the class of its condition.
    """
    if run.settings.saliency.target == "reference" and run.classifier is not None:
        if isinstance(work.condition, Undefined):
            return work.condition
        return condition_class(run.classifier.classes, run.conditions, work.condition)
    present = [prediction for prediction in predictions if prediction is not None]
    return case_prediction(present).predicted if present else Undefined(Reason.NO_PREDICTION)


def map_key(run: Run, image: Image, target: str) -> str:
    """Return the cache key of the map of one image for one class."""
    assert run.classifier is not None
    return run.cache.key(
        image_digest=image.digest or "",
        model_digest=run.classifier.digest,
        target=run.classifier.classes.index(target),
        geometry=fit(image.width, image.height, run.classifier.card),
        settings=effective(run.settings.saliency, run.classifier.device.type),
    )


def known_maps(run: Run, work: CaseWork) -> tuple[SaliencyMap, ...] | None:
    """Return the cached maps of a case where prediction and map of each image are known."""
    images = [item.agreement.image for item in work.images]
    predictions = [run.predictions.get(image.path) for image in images]
    if None in predictions:
        return None
    target = target_class(run, work, predictions)
    if isinstance(target, Undefined):
        return None
    maps = tuple(run.cache.get(map_key(run, image, target)) for image in images)
    return None if None in maps else tuple(m for m in maps if m is not None)
