"""From what a person asks for to a run: the model opened, predictions and maps found."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.domain.image import Image, Metadata
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Severity, refuse
from engine.domain.settings import Method, RunSettings
from engine.formats.names import ImageNames, ambiguous
from engine.images.digest import digest_of
from engine.saliency.cache import MapCache
from engine.saliency.cards import ModelCard, read_card
from engine.saliency.imported import MAP_SUFFIXES
from engine.saliency.metadata import shared_metadata, unusable
from engine.saliency.predictions import read_predictions
from engine.saliency.trust import TrustStore, read_code, require_trust
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
    """A run ready to start, what is known of its model, and what was left out of its inputs."""

    run: Run
    model: Mapping[str, Any]
    problems: tuple[Problem, ...]


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
    classifier = _open(request, settings, trust, job)
    classes = classifier.classes if classifier else ()
    predictions: Mapping[str, Prediction] = {}
    problems: list[Problem] = []
    if request.predictions:
        source = request.predictions.stem
        read, problems = read_predictions(
            request.predictions, model=source, find=_finder(names), classes=classes
        )
        if classifier:
            _require_classes(request.predictions, read, classes)
        job.on_study(study.record_predictions, read, author="import")
        predictions = {prediction.image: prediction for prediction in read}
    elif classifier:
        predictions = job.on_study(study.predictions, classifier.digest)
    if classifier:
        problems += _untold_metadata(classifier.card, job.on_study(study.images))
    maps, unmatched = _find_maps(request.maps, names) if request.maps else (None, [])
    run = Run(
        folder=study.folder,
        settings=settings,
        classifier=classifier,
        cache=MapCache(map_folder(study_file)),
        predictions=predictions,
        predictions_are_imported=request.predictions is not None,
        conditions=classifier.card.conditions if classifier else {},
        maps=maps,
        panels=request.panels,
        privacy_boxes=job.on_study(study.privacy_boxes),
    )
    facts = _model_facts(request, classifier, maps)
    return PreparedRun(run, facts, (*problems, *unmatched))


def _open(
    request: RunRequest, settings: RunSettings, trust: TrustStore, job: JobContext
) -> "Classifier | None":
    if request.model is None:
        return None
    card = read_card(request.model)
    from engine.saliency.classifier import open_classifier  # noqa: PLC0415 - loads torch

    opening = job.executor.submit(
        Lane.GPU, open_classifier, card, trust=trust, device=request.device
    )
    classifier = opening.result()
    if not request.maps:
        require_method(classifier, settings.saliency.method)
    return classifier


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


def _finder(names: ImageNames) -> Callable[[str], str | Problem]:
    def find(name: str) -> str | Problem:
        found = names.find(name)
        if len(found) == 1:
            return found[0].path
        if found:
            return ambiguous("", name, found)
        return Problem(
            "image_unknown",
            "",
            f"the study has no image named '{name}'",
            "Import that image first, or correct the name",
        )

    return find


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


def _find_maps(folder: Path, names: ImageNames) -> tuple[dict[str, Path], list[Problem]]:
    """Return the map file of each image, by the image's name, and files that fit none."""
    if not folder.is_dir():
        raise refuse("no_folder", str(folder), "there is no such folder", "Check the path")
    maps: dict[str, Path] = {}
    problems: list[Problem] = []
    files = (f for f in sorted(folder.rglob("*")) if f.suffix.lower() in MAP_SUFFIXES)
    for file in files:
        name = file.relative_to(folder).with_suffix("").as_posix()
        found = _finder(names)(name)
        if isinstance(found, Problem):
            problems.append(_of_file(found, file))
        elif found in maps:
            problems.append(_second_map(file, maps[found]))
        else:
            maps[found] = file
    return maps, problems


def _of_file(problem: Problem, file: Path) -> Problem:
    return replace(problem, where=str(file))


def _second_map(file: Path, first: Path) -> Problem:
    return Problem(
        "second_map",
        str(file),
        f"{first.name} is a map of the same image already",
        "Keep one map an image in the folder",
        Severity.WARNING,
    )


def _require_classes(
    table: Path, predictions: Iterable[Prediction], classes: Collection[str]
) -> None:
    """Refuse predictions of classes that the model does not have, as none could be explained.

    Not only those that an image is given: the mean over a case may be highest for another one.
    """
    named = {
        name
        for prediction in predictions
        for name, share in zip(prediction.classes, prediction.probabilities, strict=True)
        if share > 0
    }
    unknown = sorted(named - set(classes))
    if unknown:
        raise refuse(
            "predictions_classes",
            str(table),
            f"the model has no class named {', '.join(unknown[:5])}",
            "Use the class names of the model card in the table",
        )


def _model_facts(
    request: RunRequest,
    classifier: "Classifier | None",
    maps: Mapping[str, Path] | None,
) -> Mapping[str, Any]:
    """Return what the manifest says of the model, or of the files that stand in for it."""
    table = request.predictions
    predictions = table and {"file": table.name, "digest": digest_of(table)}
    if classifier is None:
        files = {image: digest_of(file) for image, file in (maps or {}).items()}
        return {"imported_maps": files, "imported_predictions": predictions}
    from engine.saliency.device import device_facts  # noqa: PLC0415 - loads torch

    return {
        "card": classifier.card.model_dump(mode="json", exclude={"file", "weights"}),
        "digest": classifier.digest,
        "device": device_facts(classifier.device),
        "imported_predictions": predictions,
    }
