"""Last step: map against region for each image of a case, its pictures, and the case's row."""

from collections.abc import Sequence
from dataclasses import replace

from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem
from engine.domain.rows import (
    CASE_METRICS,
    NO_PREDICTION,
    CaseMetric,
    CaseResult,
    Failure,
    ImageResult,
)
from engine.domain.saliency_map import NOT_APPLICABLE, SaliencyMap
from engine.localisation.cases import choose
from engine.localisation.localise import localise
from engine.localisation.patterns import shared_interest_pattern
from engine.saliency.metadata import shared_metadata
from engine.saliency.predictions import case_prediction, correctness
from engine.stages.pictures import draw_panels
from engine.stages.target import is_case_model, known_predictions
from engine.stages.work import CaseWork, ExplainedCase, ImageWork, LocatedCase, Run


def locate_case(run: Run, explained: ExplainedCase) -> LocatedCase:
    """Compare the maps of a case with its regions and make the rows of images and case."""
    predicted, is_correct = _verdict(run, explained)
    images = tuple(
        _image_result(run, item, prediction, saliency, predicted, is_correct)
        for item, prediction, saliency in zip(
            explained.work.images, explained.predictions, explained.maps, strict=True
        )
    )
    known = known_predictions(run, explained.work)
    computed = tuple(p for p in explained.predictions if p is not None and known.get(p.image) != p)
    undrawn = _draw(run, explained, images)
    case = _case_result(run, explained.work, images, predicted, is_correct)
    return LocatedCase(images, case, computed, undrawn)


def _draw(
    run: Run, explained: ExplainedCase, results: Sequence[ImageResult]
) -> tuple[Problem, ...]:
    """Draw the panels of each image that has a map; return why some could not be drawn."""
    problems = [
        draw_panels(run, item.consensus, saliency, result)
        for item, saliency, result in zip(
            explained.work.images, explained.maps, results, strict=True
        )
        if isinstance(saliency, SaliencyMap) and not isinstance(item.consensus, Undefined)
    ]
    return tuple(problem for problem in problems if problem)


def _verdict(run: Run, explained: ExplainedCase) -> tuple[str | Undefined, bool | Undefined]:
    """Return the class predicted for the case and whether it is that of its condition."""
    present = [prediction for prediction in explained.predictions if prediction is not None]
    if not present:
        return NO_PREDICTION, NO_PREDICTION
    case = case_prediction(present)
    condition = explained.work.condition
    if isinstance(condition, Undefined):
        return case.predicted, condition
    return case.predicted, correctness(case.predicted, condition, case.classes, run.conditions)


def _image_result(
    run: Run,
    item: ImageWork,
    prediction: Prediction | None,
    saliency: SaliencyMap | Failure,
    predicted: str | Undefined,
    is_correct: bool | Undefined,
) -> ImageResult:
    result = ImageResult(
        item.agreement,
        predicted=predicted,
        image_predicted=_image_predicted(run, prediction),
        probability=_probability(prediction, predicted),
        is_correct=is_correct,
        region=item.source,
    )
    if isinstance(item.consensus, Undefined):
        told = "too few graders answered where, once redone and sent-back work is counted"
        return replace(result, failure=Failure(item.consensus.reason, told))
    if isinstance(saliency, Failure):
        return replace(result, failure=saliency)
    located = localise(saliency, item.consensus, run.settings.localisation)
    correct = None if isinstance(is_correct, Undefined) else is_correct
    pattern = shared_interest_pattern(
        located, is_correct=correct, settings=run.settings.localisation
    )
    return replace(result, facts=saliency.facts, localisation=located, pattern=pattern or "")


def _image_predicted(run: Run, prediction: Prediction | None) -> str | Undefined:
    """Return the class predicted from an image alone, which a case model never does."""
    if prediction is None:
        return NO_PREDICTION
    is_of_case = is_case_model(run) and not prediction.is_imported
    return NOT_APPLICABLE if is_of_case else prediction.predicted


def _probability(prediction: Prediction | None, predicted: str | Undefined) -> Measure:
    if prediction is None or isinstance(predicted, Undefined):
        return NO_PREDICTION
    return prediction.probabilities[prediction.classes.index(predicted)]


def _case_result(
    run: Run,
    work: CaseWork,
    images: Sequence[ImageResult],
    predicted: str | Undefined,
    is_correct: bool | Undefined,
) -> CaseResult:
    return CaseResult(
        case=work.case,
        condition=work.condition,
        predicted=predicted,
        is_correct=is_correct,
        images=len(images),
        metrics={name: _case_metric(run, name, images) for name in CASE_METRICS},
        metadata=shared_metadata([result.image.metadata for result in images]),
    )


def _case_metric(run: Run, name: str, images: Sequence[ImageResult]) -> CaseMetric:
    values: list[Measure] = [
        getattr(result.localisation, name)
        if result.localisation
        else Undefined(result.failure.reason if result.failure else Reason.NO_MAP)
        for result in images
    ]
    chosen = choose(values, run.settings.localisation.case_rule)
    image = "" if chosen.chosen is None else images[chosen.chosen].image.path
    return CaseMetric(chosen.value, image, chosen.used)
