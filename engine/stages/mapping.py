"""Which class stands for each condition of a study, and who says so."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.saliency.cards import condition_class

Source = Literal["map", "same_name", "other", "none"]


@dataclass(frozen=True, slots=True)
class MappedCondition:
    """One condition with the class that a case of it should be given.

    Attributes
    ----------
    images
        Images of the study with this condition; 0 for one that only the map names.
    becomes
        The class; empty where none stands for it, so that correctness is undefined.
    source
        ``map``: the condition-to-class map names it; ``same_name``: a class is called so;
        ``other``: the model has a class for every other condition; ``none``.
    """

    condition: str
    images: int
    becomes: str
    source: Source


def mapped_conditions(
    images: Iterable[Image], classes: Collection[str], conditions: Mapping[str, str]
) -> tuple[MappedCondition, ...]:
    """Return every condition of the images and of the map, ordered by name.

    Parameters
    ----------
    classes, conditions
        The model's classes, and the condition-to-class map in force.
    """
    counts = Counter(image.condition for image in images if image.condition)
    return tuple(
        _mapped(name, counts[name], classes, conditions) for name in sorted({*counts, *conditions})
    )


def _mapped(
    name: str, images: int, classes: Collection[str], conditions: Mapping[str, str]
) -> MappedCondition:
    becomes = condition_class(classes, conditions, name)
    if isinstance(becomes, Undefined):
        return MappedCondition(name, images, "", "none")
    source: Source = "map" if name in conditions else "same_name" if name in classes else "other"
    return MappedCondition(name, images, becomes, source)
