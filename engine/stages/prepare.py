"""From what a person asks for to a run: the model opened, predictions and maps found."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.domain.image import Image, Metadata
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Refusal, Severity
from engine.domain.settings import Method, RunSettings
from engine.formats.names import ImageNames
from engine.images.digest import digest_of
from engine.saliency.cache import MapCache
from engine.saliency.cards import ModelCard, conditions_in_force, read_card
from engine.saliency.metadata import shared_metadata, unusable
from engine.saliency.trust import TrustStore, read_code, require_trust
from engine.stages.given import find_maps, given_predictions
from engine.stages.work import Run
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier

Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a person asks for.

    Attributes
    ----------
    model
        Model card; without one, `maps` must be given.
    maps
        Folder of precomputed maps, one file an image.
    predictions
        CSV of predictions that are used instead of computing them.
    panels
        Folder for pictures, or None.
    """

    model: Path | None = None
    maps: Path | None = None
    predictions: Path | None = None
    panels: Path | None = None
    device: Device = "auto"


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run ready to start, what is known of its model, and what was left out of its inputs.

    Attributes
    ----------
    name
        What the study knows the explained model by: the classifier's digest, or ``maps:`` and the
        digest of all map files. Condition-to-class maps and marks of findings belong to it.
    """

    run: Run
    model: Mapping[str, Any]
    problems: tuple[Problem, ...]
    name: str = ""


def map_folder(study_file: Path) -> Path:
    """Return the folder of a study's maps; it lies beside the study and may be deleted."""
    return study_file.with_name(f"{study_file.name}.maps")


def trust_model(card_file: Path, trust: TrustStore) -> None:
    """Ask, where a person can be asked, whether the code of a model may run.

    Done before anything else: no progress bar then stands in the way of the question.

    Raises
    ------
    Refusal
        The card cannot be used, or nobody trusts its code.
    """
    card = read_card(card_file)
    code = read_code(card)
    if code is not None:
        require_trust(card, code, trust=trust)


def prepare_run(
    study: Study,
    study_file: Path,
    request: RunRequest,
    settings: RunSettings,
    trust: TrustStore,
    job: JobContext,
) -> PreparedRun:
    """Open the model and find predictions and maps.

    Raises
    ------
    Refusal
        The card, the model, or a table cannot be used, or the model's code is not trusted.
    """
    names = ImageNames(job.on_study(study.images), folder=study.folder)
    classifier = None
    if request.model:
        classifier = open_model(request.model, trust, job, device=request.device)
        if not request.maps:
            require_method(classifier, settings.saliency.method)
    classes = classifier.classes if classifier else ()
    predictions: Mapping[str, Prediction] = {}
    problems: list[Problem] = []
    if request.predictions:
        read, problems = given_predictions(request.predictions, names, classes)
        job.on_study(study.record_predictions, read, author="import")
        predictions = {prediction.image: prediction for prediction in read}
    elif classifier:
        predictions = job.on_study(study.predictions, classifier.digest)
    if classifier:
        problems += _untold_metadata(classifier.card, job.on_study(study.images))
    maps, unmatched = find_maps(request.maps, names) if request.maps else (None, [])
    digests = {} if classifier else {image: digest_of(file) for image, file in (maps or {}).items()}
    name = classifier.digest if classifier else _name_of_maps(digests)
    conditions = _conditions(study, name, classifier, job)
    run = Run(
        folder=study.folder,
        settings=settings,
        classifier=classifier,
        cache=MapCache(map_folder(study_file)),
        predictions=predictions,
        predictions_are_imported=request.predictions is not None,
        conditions=conditions,
        maps=maps,
        panels=request.panels,
        privacy_boxes=job.on_study(study.privacy_boxes),
    )
    facts = {**_model_facts(request, classifier, digests), "conditions": conditions}
    return PreparedRun(run, facts, (*problems, *unmatched), name)


def _conditions(
    study: Study, name: str, classifier: "Classifier | None", job: JobContext
) -> dict[str, str]:
    """Return the condition-to-class map in force; maps from elsewhere have the study's alone."""
    stored = job.on_study(study.condition_map, name) if name else None
    return conditions_in_force(classifier.card, stored) if classifier else stored or {}


def _name_of_maps(digests: Mapping[str, str]) -> str:
    """Return what imported maps are known by, from the digest of each; empty without any."""
    if not digests:
        return ""
    told = json.dumps(digests, sort_keys=True)
    return f"maps:{hashlib.sha256(told.encode()).hexdigest()}"


NO_TORCH = Problem(
    "no_torch",
    "this machine",
    "PyTorch is not installed, so classifiers cannot be explained",
    'Install the extra: pip install "dermconcord[saliency]"',
    Severity.ERROR,
)


def has_torch() -> bool:
    """Tell whether classifiers can be run here; graders and leads need no PyTorch."""
    return find_spec("torch") is not None


def open_model(
    card_file: Path, trust: TrustStore, job: JobContext, *, device: Device = "auto"
) -> "Classifier":
    """Open the classifier of a model card on the lane of the model.

    Raises
    ------
    Refusal
        The card or the model cannot be used, or its code is not trusted; ``no_torch``: what runs
        classifiers is not installed.
    """
    card = read_card(card_file)
    if not has_torch():
        raise Refusal(NO_TORCH)
    from engine.saliency.classifier import open_classifier  # noqa: PLC0415 - loads torch

    return job.executor.submit(Lane.GPU, open_classifier, card, trust=trust, device=device).result()


def require_method(classifier: "Classifier", method: Method) -> None:
    """Refuse a method that a model cannot do, before the work rather than at the first image.

    Raises
    ------
    Refusal
        ``model_layer``: Grad-CAM has no layer to look at.
    """
    if method == "grad_cam":
        from engine.saliency.layers import grad_cam_layer  # noqa: PLC0415 - loads torch

        grad_cam_layer(classifier)


def _untold_metadata(card: ModelCard, images: Iterable[Image]) -> list[Problem]:
    """Say once for each column of a case model in how many cases it is told nothing of it."""
    by_case: dict[str, list[Metadata]] = {}
    for image in images if card.metadata else ():
        by_case.setdefault(image.case, []).append(image.metadata)
    cases = [shared_metadata(of_images) for of_images in by_case.values()]
    untold = Counter(chain.from_iterable(unusable(card.metadata, case) for case in cases))
    return [
        Problem(
            "case_metadata",
            f"column {name}",
            f"in {count} of {len(cases)} cases it is missing, or no value that the model knows:"
            " the model is told nothing of it there",
            "Give the column in a manifest, in the words of the model card, the same for all"
            " images of a case",
            Severity.NOTE,
        )
        for name, count in untold.items()
    ]


def _model_facts(
    request: RunRequest,
    classifier: "Classifier | None",
    map_digests: Mapping[str, str],
) -> Mapping[str, Any]:
    """Return what the manifest says of the model, or of the files that stand in for it."""
    table = request.predictions
    predictions = table and {"file": table.name, "digest": digest_of(table)}
    if classifier is None:
        return {"imported_maps": dict(map_digests), "imported_predictions": predictions}
    from engine.saliency.device import device_facts  # noqa: PLC0415 - loads torch

    return {
        "card": classifier.card.model_dump(mode="json", exclude={"file", "weights"}),
        "digest": classifier.digest,
        "device": device_facts(classifier.device),
        "imported_predictions": predictions,
    }
