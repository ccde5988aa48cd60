"""Predictions in the store: one for each image and model, the class names stored once."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, insert, select, update

from engine.domain.prediction import Prediction
from engine.domain.problem import Problem
from engine.study.audit_log import Writing, canonical
from engine.study.chunks import chunks
from engine.study.image_rows import image_ids, unknown_image
from engine.study.protocol import Changes
from engine.study.schema import class_lists, images, predictions

Key = tuple[str, int]
"""Model and image id."""

Values = dict[str, Any]
VALUES = ("class_list_id", "is_imported", "probabilities")


def record_predictions(writing: Writing, given: Iterable[Prediction]) -> Changes:
    """Store predictions; one of the same image and model is replaced."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for chunk in chunks(given):
        known = image_ids(writing.connection, (prediction.image for prediction in chunk))
        placed = [prediction for prediction in chunk if prediction.image in known]
        _record(writing, placed, image_ids=known, counts=counts)
        problems += [
            unknown_image(prediction.image, f"{prediction.image}, model {prediction.model}")
            for prediction in chunk
            if prediction.image not in known
        ]
    return Changes(**counts, problems=tuple(problems))


def read_predictions(connection: Connection, model: str) -> dict[str, Prediction]:
    """Return the predictions under one model, by image path."""
    query = (
        select(predictions, images.c.path, class_lists.c.names)
        .join(images, predictions.c.image_id == images.c.id)
        .join(class_lists, predictions.c.class_list_id == class_lists.c.id)
        .where(predictions.c.model == model)
        .order_by(images.c.path)
    )
    return {
        row.path: Prediction(
            image=row.path,
            model=model,
            classes=tuple(row.names),
            probabilities=tuple(np.frombuffer(row.probabilities, "<f8").tolist()),
            is_imported=row.is_imported,
        )
        for row in connection.execute(query)
    }


def _record(
    writing: Writing, given: list[Prediction], *, image_ids: dict[str, int], counts: Counter[str]
) -> None:
    lists = {classes: _digest(classes) for classes in {p.classes for p in given}}
    list_ids = _class_list_ids(writing.connection, lists)
    keys = [(prediction.model, image_ids[prediction.image]) for prediction in given]
    stored = _stored(writing.connection, keys)
    before = set(stored)
    written: dict[Key, Values] = {}
    for key, prediction in zip(keys, given, strict=True):
        values = _values(prediction, list_ids[prediction.classes])
        if stored.get(key) == values:
            counts["unchanged"] += 1
            continue
        counts["changed" if key in stored else "added"] += 1
        stored[key] = written[key] = values
        probabilities = hashlib.sha256(values["probabilities"]).hexdigest()
        writing.tell(prediction.image, prediction.model, lists[prediction.classes], probabilities)
    _write(writing.connection, written, known=before)


def _digest(classes: tuple[str, ...]) -> str:
    return hashlib.sha256(canonical(classes)).hexdigest()


def _values(prediction: Prediction, class_list_id: int) -> Values:
    return {
        "class_list_id": class_list_id,
        "is_imported": prediction.is_imported,
        "probabilities": np.asarray(prediction.probabilities, "<f8").tobytes(),
    }


def _class_list_ids(
    connection: Connection, lists: dict[tuple[str, ...], str]
) -> dict[tuple[str, ...], int]:
    """Return the row ids of lists of class names; those that are missing are inserted."""
    query = select(class_lists.c.digest, class_lists.c.id).where(
        class_lists.c.digest.in_(lists.values())
    )
    found = {row.digest for row in connection.execute(query)}
    missing = [
        {"digest": digest, "names": list(names)}
        for names, digest in lists.items()
        if digest not in found
    ]
    if missing:
        connection.execute(insert(class_lists), missing)
    ids = {row.digest: row.id for row in connection.execute(query)}
    return {classes: ids[digest] for classes, digest in lists.items()}


def _stored(connection: Connection, keys: list[Key]) -> dict[Key, Values]:
    columns = [predictions.c[name] for name in VALUES]
    query = select(predictions.c.model, predictions.c.image_id, *columns).where(
        predictions.c.model.in_({model for model, _ in keys}),
        predictions.c.image_id.in_({image_id for _, image_id in keys}),
    )
    rows = connection.execute(query)
    return {tuple(row[:2]): dict(zip(VALUES, row[2:], strict=True)) for row in rows}


def _write(connection: Connection, written: dict[Key, Values], *, known: set[Key]) -> None:
    inserts = [
        {"model": model, "image_id": image_id, **values}
        for (model, image_id), values in written.items()
        if (model, image_id) not in known
    ]
    updates = [
        {"its_model": model, "its_image": image_id, **values}
        for (model, image_id), values in written.items()
        if (model, image_id) in known
    ]
    if inserts:
        connection.execute(insert(predictions), inserts)
    if updates:
        is_its = (predictions.c.model == bindparam("its_model")) & (
            predictions.c.image_id == bindparam("its_image")
        )
        connection.execute(update(predictions).where(is_its), updates)
