"""Which class of a case is explained, and which of its answers and maps are known already."""

from collections.abc import Mapping, Sequence

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.saliency_map import SaliencyMap
from engine.saliency.cards import condition_class
from engine.saliency.metadata import case_digest, encode, shared_metadata
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


def is_case_model(run: Run) -> bool:
    """Tell whether the run's model takes all images of a case at once."""
    return run.classifier is not None and run.classifier.card.case_images is not None


def given_images(run: Run, work: CaseWork) -> list[Image]:
    """Return the images of a case that the model is given: of a case model the first by path."""
    images = [item.agreement.image for item in work.images]
    return images[: run.classifier.card.case_images] if run.classifier else images


def encoded_metadata(run: Run, work: CaseWork) -> tuple[float, ...]:
    """Return the metadata of a case as a case model takes them: what its images agree on."""
    assert run.classifier is not None
    shared = shared_metadata([item.agreement.image.metadata for item in work.images])
    return encode(run.classifier.card.metadata, shared)


def given_digest(run: Run, work: CaseWork, images: Sequence[Image]) -> str:
    """Return the digest of all that a case model is given, these being the images; else empty."""
    if not is_case_model(run):
        return ""
    return case_digest([image.digest or "" for image in images], encoded_metadata(run, work))


def prediction_name(run: Run, given: str) -> str:
    """Return the name under which predictions are stored.

    It is the model's digest, and of a case model that of what it was given: an answer is found
    again for exactly the same images and metadata.
    """
    assert run.classifier is not None
    return f"{run.classifier.digest}:{given}" if given else run.classifier.digest


def known_predictions(run: Run, work: CaseWork) -> Mapping[str, Prediction]:
    """Return the predictions that need not be computed, by image path."""
    is_answered_by_case = is_case_model(run) and not run.predictions_are_imported
    return work.predictions if is_answered_by_case else run.predictions


def map_keys(run: Run, work: CaseWork, images: Sequence[Image], target: str) -> tuple[str, ...]:
    """Return the cache keys of the maps for one class, where the model is given these images."""
    assert run.classifier is not None
    card = run.classifier.card
    settings = effective(run.settings.saliency, run.classifier.device.type)
    given = given_digest(run, work, images)
    return tuple(
        run.cache.key(
            image_digest=image.digest or "",
            model_digest=run.classifier.digest,
            target=run.classifier.classes.index(target),
            geometry=fit(image.width, image.height, card),
            settings=settings,
            case=f"{given}:{place}" if given else "",
            layer=card.layer or "" if settings.method == "grad_cam" else "",
        )
        for place, image in enumerate(images)
    )


def known_maps(run: Run, work: CaseWork) -> tuple[SaliencyMap, ...] | None:
    """Return the cached maps of a case where prediction and map of each given image are known."""
    keys = known_keys(run, work)
    if keys is None:
        return None
    maps = tuple(run.cache.get(key) for key in keys)
    return None if None in maps else tuple(m for m in maps if m is not None)


def known_keys(run: Run, work: CaseWork) -> tuple[str, ...] | None:
    """Return the cache keys of a case's maps where the prediction of each given image is known."""
    images = given_images(run, work)
    known = known_predictions(run, work)
    predictions = [known.get(image.path) for image in images]
    if None in predictions:
        return None
    target = target_class(run, work, predictions)
    if isinstance(target, Undefined):
        return None
    return map_keys(run, work, images, target)
