"""What a classifier says of a case, whether it is correct, and predictions read from a table."""

import csv
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.domain.measure import Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Refusal, Severity, refuse
from engine.saliency.cards import condition_class

IMAGE = "image"
PREDICTED = "predicted"

SUM_TOLERANCE = 1e-2
"""How far the probabilities of a row may be from summing to 1: room for rounded exports."""

Find = Callable[[str], str | Problem]
"""Takes an image's name as written in a table; returns its path in the study, or why not."""


def case_prediction(predictions: Sequence[Prediction]) -> Prediction:
    """Return the prediction of a case: the mean class probabilities over its images (method 6).

    Its `image` is empty, since it belongs to no single one.

    Parameters
    ----------
    predictions
        Those of the case's admitted images, at least one, all under one model.

    Raises
    ------
    ValueError
        There is none, or they are of different models.
    """
    if len({(one.model, one.classes) for one in predictions}) != 1:
        raise ValueError("the predictions of a case must be of one model")
    columns = zip(*(one.probabilities for one in predictions), strict=True)
    means = tuple(math.fsum(column) / len(predictions) for column in columns)
    return replace(predictions[0], image="", probabilities=means)


def correctness(
    predicted: str,
    condition: str | None,
    classes: Collection[str],
    conditions: Mapping[str, str],
) -> bool | Undefined:
    """Tell whether the predicted class is the one that stands for the reference condition.

    Undefined where the condition is unknown, or no class stands for it (method 6).

    Parameters
    ----------
    condition
        The reference condition; None or empty where unknown.
    classes, conditions
        The model's classes, and its condition-to-class map.
    """
    expected = condition_class(classes, conditions, condition)
    return expected if isinstance(expected, Undefined) else expected == predicted


def read_predictions(
    path: Path, *, model: str, find: Find, classes: Collection[str] = ()
) -> tuple[list[Prediction], list[Problem]]:
    """Read predictions from a CSV table with a column `image` and one of two forms beside it.

    Either a column `predicted` holds a class name, or every other column is a class and holds
    its probability. Rows that cannot be used are left out, each with its problem.

    Parameters
    ----------
    model
        Name under which the predictions are stored.
    find
        Finds the study's image by the name in the table.
    classes
        For the form with `predicted`: classes that the model knows beside those in the table, so
        that a condition that was never predicted still counts as a class.

    Raises
    ------
    Refusal
        ``predictions_table``: the file cannot be read, or its header has neither form.
    """
    header, rows = read_rows(path)
    _check_header(path, header)
    names, notes = _class_names(path, header, rows, classes)
    predictions: dict[str, Prediction] = {}
    problems = notes
    for line, cells in rows:
        row = _checked(cells, header, names, taken=predictions, find=find)
        if isinstance(row, Problem):
            problems.append(replace(row, where=f"{path.name}, row {line}"))
        else:
            image, probabilities = row
            predictions[image] = Prediction(image, model, names, probabilities, is_imported=True)
    return list(predictions.values()), problems


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows that are not empty, each with its line in the file.

    Raises
    ------
    Refusal
        ``predictions_table``: the file cannot be read as comma-separated UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip() for name in next(reader, [])]
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(path, f"it is no CSV text ({error})") from None
    return header, [(line, cells) for line, cells in lines if any(cells)]


def _check_header(path: Path, header: Sequence[str]) -> None:
    if IMAGE not in header:
        raise _refused(path, f"it has no column `{IMAGE}`")
    if "" in header or len(set(header)) < len(header):
        raise _refused(path, "a column has no name or the name of another one")
    if PREDICTED not in header and len(header) < 3:
        raise _refused(path, f"it has neither a column `{PREDICTED}` nor columns of classes")


def _refused(path: Path, message: str) -> Refusal:
    return refuse(
        "predictions_table",
        str(path),
        message,
        f"Give a comma-separated table with `{IMAGE}` and either `{PREDICTED}` or one column of"
        " probabilities for each class",
    )


def _class_names(
    path: Path,
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    classes: Collection[str],
) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the names of the classes, and a note on columns that are not read."""
    others = tuple(name for name in header if name not in {IMAGE, PREDICTED})
    if PREDICTED not in header:
        return others, []
    column = header.index(PREDICTED)
    labels = {cells[column] for _, cells in rows if len(cells) == len(header)}
    names = tuple(sorted(labels.union(classes) - {""}))
    if not others:
        return names, []
    note = Problem(
        "predictions_columns",
        path.name,
        f"beside `{PREDICTED}` these columns were not read: {', '.join(others)}",
        f"Remove the column `{PREDICTED}` to import probabilities instead",
        Severity.NOTE,
    )
    return names, [note]


def _checked(
    cells: Sequence[str],
    header: Sequence[str],
    names: Sequence[str],
    *,
    taken: Collection[str],
    find: Find,
) -> tuple[str, tuple[float, ...]] | Problem:
    """Return the image of a row and its probabilities, or why the row is left out."""
    if len(cells) != len(header):
        return _left_out("cells", "it has not one cell for each column", "Quote cells with commas")
    row = dict(zip(header, cells, strict=True))
    image = find(row[IMAGE])
    if isinstance(image, Problem):
        return image
    if image in taken:
        return _left_out(
            "repeated", f"{image} has a prediction already", "Keep one row for each image"
        )
    if PREDICTED in row and not row[PREDICTED]:
        return _left_out("empty", "no class is given", f"Fill the column `{PREDICTED}`")
    if PREDICTED in row:
        return image, tuple(float(name == row[PREDICTED]) for name in names)
    probabilities = _probabilities([row[name] for name in names])
    return (
        (image, probabilities)
        if probabilities
        else _left_out(
            "probabilities",
            "the numbers are no probabilities of classes that sum to 1",
            "Give for each class a number from 0 to 1",
        )
    )


def _probabilities(cells: Sequence[str]) -> tuple[float, ...]:
    """Return the numbers scaled to sum to 1, or nothing where they are no probabilities."""
    try:
        values = [float(cell) for cell in cells]
        total = math.fsum(values)
    except (ValueError, OverflowError):
        return ()
    if min(values) < 0 or not abs(total - 1) <= SUM_TOLERANCE:
        return ()
    return tuple(value / total for value in values)


def _left_out(code: str, message: str, remedy: str) -> Problem:
    return Problem(f"predictions_{code}", "", message, remedy)
