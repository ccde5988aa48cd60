"""Predictions and maps that were made elsewhere, matched to the images of a study."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Severity, refuse
from engine.formats.names import ImageNames, ambiguous
from engine.saliency.imported import MAP_SUFFIXES
from engine.saliency.predictions import read_predictions


def given_predictions(
    path: Path, names: ImageNames, classes: Collection[str] = ()
) -> tuple[list[Prediction], list[Problem]]:
    """Return the predictions of a CSV table, and the rows left out.

    Parameters
    ----------
    classes
        Those of the model that is to be explained; none where there is no model.

    Raises
    ------
    Refusal
        The table cannot be used, or speaks of a class that the model does not have.
    """
    read, problems = read_predictions(path, model=path.stem, find=_finder(names), classes=classes)
    if classes:
        _require_classes(path, read, classes)
    return read, problems


def find_maps(folder: Path, names: ImageNames) -> tuple[dict[str, Path], list[Problem]]:
    """Return the map file of each image, by the image's path, and files that fit none.

    Raises
    ------
    Refusal
        ``no_folder``.
    """
    if not folder.is_dir():
        raise refuse("no_folder", str(folder), "there is no such folder", "Check the path")
    find = _finder(names)
    maps: dict[str, Path] = {}
    problems: list[Problem] = []
    files = (f for f in sorted(folder.rglob("*")) if f.suffix.lower() in MAP_SUFFIXES)
    for file in files:
        found = find(file.relative_to(folder).with_suffix("").as_posix())
        if isinstance(found, Problem):
            problems.append(replace(found, where=str(file)))
        elif found in maps:
            problems.append(_second_map(file, maps[found]))
        else:
            maps[found] = file
    return maps, problems


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
