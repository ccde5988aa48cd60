"""Several methods side by side, and a model that forgets, as tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageResult, UnlearnedMap
from engine.findings.persistence import PairPersistence, Persistence
from engine.report.columns import named
from engine.report.table import Column, Table

ByMethod = tuple[ImageResult, ...]
"""One image's result under each method."""


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two methods by one metric."""

    metric: str
    persistence: Persistence
    pair: PairPersistence


def _of_first(read: Callable[[ImageResult], Any]) -> Callable[[ByMethod], Any]:
    return lambda row: read(row[0])


IMAGE: tuple[Column[ByMethod], ...] = (
    Column("image", "path of the image in the study", _of_first(lambda r: r.image.path)),
    Column("case", "case the image belongs to", _of_first(lambda r: r.image.case)),
    Column("condition", "reference label", _of_first(lambda r: r.image.condition)),
    Column("is_correct", "whether the prediction is right", _of_first(attrgetter("is_correct"))),
)

PAIRS: tuple[Column[ComparedPair], ...] = (
    Column("metric", "ds or srcc", attrgetter("metric")),
    Column("one", "one method", attrgetter("pair.one")),
    Column("other", "the other", attrgetter("pair.other")),
    Column("spearman", "rank correlation of the images' values", attrgetter("pair.spearman")),
    Column("shared_lowest", "images lowest by both", attrgetter("pair.shared_lowest")),
    Column("lowest", "how many images are the lowest fraction", attrgetter("persistence.lowest")),
    Column("images", "images with a value by every method", attrgetter("persistence.images")),
    Column(
        "stay_lowest",
        "images lowest by every method",
        lambda r: len(r.persistence.stay_lowest),
    ),
    Column("kendall_w", "Kendall's W over all methods", attrgetter("persistence.kendall_w")),
)


def method_table(methods: Sequence[str], rows: Sequence[ByMethod]) -> Table[ByMethod]:
    """Return DS and SRCC of each image under each method."""
    values = tuple(
        Column(f"{metric}_{method}", f"{metric.upper()} of the map by {method}", _at(place, metric))
        for place, method in enumerate(methods)
        for metric in ("ds", "srcc")
    )
    return Table("methods", (*IMAGE, *values), rows)


def _at(place: int, metric: str) -> Callable[[ByMethod], Any]:
    def read(row: ByMethod) -> Any:  # noqa: ANN401 - a cell
        result = row[place]
        if result.localisation is not None:
            return getattr(result.localisation, metric)
        return Undefined(result.failure.reason if result.failure else Reason.NO_MAP)

    return read


def pair_table(persistence: Mapping[str, Persistence]) -> Table[ComparedPair]:
    """Return one row for each metric and two methods."""
    rows = [
        ComparedPair(metric, found, pair)
        for metric, found in persistence.items()
        for pair in found.pairs
    ]
    return Table("method_pairs", PAIRS, rows)


SANITY: tuple[Column[UnlearnedMap], ...] = (
    Column("image", "path of the image in the study", attrgetter("image.path")),
    *named(
        layer="deepest layer with random parameters",
        layers="how many layers have random parameters, the last of the model first",
        signed="rank correlation with the real map",
        absolute="the same of absolute values",
        depends_on_model="whether the map is another one once every parameter is random",
    ),
)


def sanity_table(rows: Sequence[UnlearnedMap]) -> Table[UnlearnedMap]:
    """Return one row for each image and step of forgetting."""
    return Table("sanity", SANITY, rows)
