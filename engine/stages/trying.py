"""A model before its run: does it open, what does it say of one photograph, what does it map to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine.domain.image import Image
from engine.domain.problem import refuse
from engine.domain.rows import Failure
from engine.saliency.cards import ModelCard, conditions_in_force, read_card
from engine.saliency.case_input import CaseInput
from engine.saliency.metadata import encode, shared_metadata
from engine.saliency.preprocess import prepare
from engine.saliency.trust import TrustQuestion, TrustStore, question_of, read_code
from engine.stages.mapping import mapped_conditions
from engine.stages.pixels import read_pixels
from engine.stages.prepare import Device, open_model
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier

MOST_TRIED = 20
"""Cases whose photographs are looked for on disk before it is said that none is there."""


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What a model does with one photograph of a study.

    Attributes
    ----------
    digest
        What the study knows the model by.
    device
        Where it runs, in words.
    image
        Path of the photograph; of a case model the first of its case.
    predicted, probability
        The class it gives it, and how sure it is of it, 0..1.
    seconds
        Reading the photograph, and the prediction; opening the model not counted.
    conditions
        The condition-to-class map in force: the study's own, else the card's.
    unmapped
        Conditions of the study for which no class stands, ordered.
    """

    card: ModelCard
    digest: str
    device: str
    image: str
    predicted: str
    probability: float
    seconds: float
    conditions: Mapping[str, str]
    unmapped: tuple[str, ...]


def trust_question(card_file: Path, trust: TrustStore) -> TrustQuestion | None:
    """Return what is to be asked before the model is opened, or None where there is nothing to ask.

    Nothing of the model runs. Who says yes adds the digest to the trust store.

    Raises
    ------
    Refusal
        ``model_card``, ``model_code``: the card, or what it would run, cannot be read.
    """
    card = read_card(card_file)
    code = read_code(card)
    return None if code is None else question_of(card, code, trust=trust)


def check_model(
    study: Study, card_file: Path, trust: TrustStore, job: JobContext, *, device: Device = "auto"
) -> ModelCheck:
    """Open a model and let it predict one case of the study by its first readable photograph.

    An image model is given that photograph, a case model its case.

    Raises
    ------
    Refusal
        As for `engine.stages.prepare.prepare_run`; ``no_photograph``: none can be read;
        ``not_finite``, ``model_failed``, ``out_of_memory``: the model has no answer.
    """
    classifier = open_model(card_file, trust, job, device=device)
    images = job.on_study(study.images)
    stored = job.on_study(study.condition_map, classifier.digest)
    conditions = conditions_in_force(classifier.card, stored)
    started = perf_counter()
    path, case = job.executor.submit(
        Lane.CPU, _first_readable, study.folder, images, classifier
    ).result()
    job.cancel.check()
    said = job.executor.submit(Lane.GPU, classifier.predict_case, case).result()
    seconds = perf_counter() - started
    probability = max(said)
    return ModelCheck(
        card=classifier.card,
        digest=classifier.digest,
        device=device_in_words(classifier),
        image=path,
        predicted=classifier.classes[said.index(probability)],
        probability=probability,
        seconds=seconds,
        conditions=conditions,
        unmapped=tuple(
            one.condition
            for one in mapped_conditions(images, classifier.classes, conditions)
            if one.source == "none"
        ),
    )


def device_in_words(classifier: "Classifier") -> str:
    """Return where a model runs: its device, its name and how many threads or bytes it has."""
    from engine.saliency.device import describe  # noqa: PLC0415 - loads torch

    return describe(classifier.device)


def _first_readable(
    folder: Path, images: list[Image], classifier: "Classifier"
) -> tuple[str, CaseInput]:
    """Return the first case with a readable photograph, and the path of that photograph.

    Raises
    ------
    Refusal
        ``no_photograph``: of the first cases none has one.
    """
    why = "the study has no photograph"
    for _, of_case in _cases(images):
        given = of_case[: classifier.card.case_images or 1]
        read = {image.path: read_pixels(folder, image) for image in given}
        usable = {path: one for path, one in read.items() if not isinstance(one, Failure)}
        if usable:
            metadata = shared_metadata([image.metadata for image in of_case])
            case = CaseInput(
                tuple(prepare(pixels, classifier.card) for pixels in usable.values()),
                tuple(image.digest or "" for image in given if image.path in usable),
                encode(classifier.card.metadata, metadata),
            )
            return next(iter(usable)), case
        why = next(one.detail for one in read.values() if isinstance(one, Failure))
    raise refuse(
        "no_photograph",
        str(folder),
        f"the model could not be tried: {why}",
        "Put the photographs where they were when they were imported",
    )


def _cases(images: list[Image]) -> Iterator[tuple[str, list[Image]]]:
    """Yield the first cases that have pixels, each with its images."""
    ordered = sorted((i for i in images if i.has_pixels), key=lambda i: (i.case, i.path))
    for number, (case, group) in enumerate(groupby(ordered, key=lambda image: image.case)):
        if number == MOST_TRIED:
            return
        yield case, list(group)
