"""A synthetic study through the engine: maps, regions, rows of images and cases."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate, chain, pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.power.classifiers import pixels_digest, train_classifier
from benchmarks.power.fields import SIDE
from benchmarks.power.studies import (
    Patient,
    Plan,
    outlined,
    plan_patients,
    study_pictures,
    training_pictures,
)
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.rows import CASE_METRICS, CaseMetric, CaseResult, ImageAgreement, ImageResult
from engine.domain.settings import RunSettings, SaliencySettings
from engine.localisation.cases import choose
from engine.localisation.localise import localise
from engine.regions.runs import runs_of_mask
from engine.saliency.classifier import Classifier
from engine.saliency.explain import explain
from engine.saliency.predictions import case_prediction
from engine.saliency.preprocess import prepare
from engine.tasks.cancel import CancelToken

SETTINGS = RunSettings(saliency=SaliencySettings(steps=10, joint_gradients=20, noise_samples=2))
"""All as the engine has it, but few gradients: in maps this small they leave an error of 0.2."""

NOT_GRADED = Undefined(Reason.NO_GRADINGS)


def analyse(plan: Plan) -> tuple[list[ImageResult], list[CaseResult]]:
    """Draw a study, train its classifier, explain each image and compare map with region."""
    classifier = train_classifier(plan, training_pictures(plan))
    patients = plan_patients(plan)
    pictures = study_pictures(plan, patients)
    regions = outlined(plan, pictures)
    ends = accumulate((patient.images for patient in patients), initial=0)
    cases = [
        _explained(
            classifier,
            [_image(plan, patient, number, row, pictures.pixels[row]) for row in range(*rows)],
            pictures.pixels[slice(*rows)],
            regions[slice(*rows)],
        )
        for number, (patient, rows) in enumerate(zip(patients, pairwise(ends), strict=True))
    ]
    return list(chain.from_iterable(cases)), [_case_result(results) for results in cases]


def _image(plan: Plan, patient: Patient, case: int, row: int, pixels: NDArray[np.uint8]) -> Image:
    return Image(
        path=f"{row:04}.png",
        width=SIDE,
        height=SIDE,
        digest=pixels_digest(pixels),
        case=f"case-{case:03}",
        condition=plan.conditions[patient.condition],
        metadata=patient.metadata,
    )


def _explained(
    classifier: Classifier,
    images: Sequence[Image],
    pixels: NDArray[np.uint8],
    regions: NDArray[np.bool_],
) -> list[ImageResult]:
    """Return the rows of the images of one case."""
    inputs = [prepare(each, classifier.card) for each in pixels]
    predicted = case_prediction(
        [
            Prediction("", classifier.digest, classifier.classes, tuple(probabilities))
            for probabilities in classifier.predict(inputs)
        ]
    ).predicted
    explain_one = partial(
        explain,
        classifier,
        target=classifier.classes.index(predicted),
        settings=SETTINGS.saliency,
        cancel=CancelToken(),
    )
    maps = [
        explain_one(prepared, image_digest=image.digest or "")
        for image, prepared in zip(images, inputs, strict=True)
    ]
    return [
        ImageResult(
            _admitted(image),
            predicted=predicted,
            is_correct=predicted == image.condition,
            facts=saliency.facts,
            localisation=localise(saliency, runs_of_mask(region), SETTINGS.localisation),
        )
        for image, saliency, region in zip(images, maps, regions, strict=True)
    ]


def _case_result(results: Sequence[ImageResult]) -> CaseResult:
    first = results[0]
    return CaseResult(
        case=first.image.case,
        condition=first.image.condition,
        predicted=first.predicted,
        is_correct=first.is_correct,
        images=len(results),
        metrics={name: _case_metric(name, results) for name in CASE_METRICS},
        metadata=first.image.metadata,
    )


def _case_metric(name: str, results: Sequence[ImageResult]) -> CaseMetric:
    chosen = choose(
        [getattr(result.localisation, name) for result in results],
        SETTINGS.localisation.case_rule,
    )
    image = "" if chosen.chosen is None else results[chosen.chosen].image.path
    return CaseMetric(chosen.value, image, chosen.used)


def _admitted(image: Image) -> ImageAgreement:
    """Return the row of an image that enters the analysis; how graders agree is not the point."""
    return ImageAgreement(
        image,
        graders=3,
        voters=3,
        visible=3,
        roi_count=NOT_GRADED,
        fleiss_kappa=NOT_GRADED,
        gwet_ac1=NOT_GRADED,
        pooled_dice=NOT_GRADED,
        mean_pairwise_dice=NOT_GRADED,
        foreground=NOT_GRADED,
        human_ceiling=NOT_GRADED,
        admitted=True,
        reason=None,
    )
