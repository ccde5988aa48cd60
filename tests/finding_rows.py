"""Result rows of made-up studies, for tests of what is found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from engine.domain.image import Image
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.rows import (
    CASE_METRICS,
    CaseMetric,
    CaseResult,
    ImageAgreement,
    ImageLocalisation,
    ImageResult,
)

Rows = tuple[list[ImageResult], list[CaseResult]]
NONE = Undefined(Reason.NO_MAP)
NOWHERE = ImageLocalisation(
    **{f.name: NONE for f in fields(ImageLocalisation) if not f.name.endswith("_pixels")},
    compared_pixels=100,
    unseen_pixels=0,
)


@dataclass(frozen=True)
class OneCase:
    """A case of images with the same numbers, but for those given one by one."""

    name: str
    condition: str | None = "eczema"
    is_correct: bool | Undefined = True
    metadata: Mapping[str, str] = field(default_factory=dict)
    images: Sequence[Mapping[str, Measure]] = ({},)


def image_row(path: str, case: OneCase, numbers: Mapping[str, Measure]) -> ImageResult:
    """An admitted image with some numbers; the others are undefined."""
    image = Image(path, 10, 10, case=case.name, condition=case.condition, metadata=case.metadata)
    agreement = ImageAgreement(
        image=image,
        graders=3,
        voters=3,
        visible=3,
        roi_count=1.0,
        fleiss_kappa=0.8,
        gwet_ac1=0.8,
        pooled_dice=0.8,
        mean_pairwise_dice=0.8,
        foreground=0.2,
        human_ceiling=0.9,
        admitted=True,
        reason=None,
    )
    located = replace(NOWHERE, **numbers) if numbers else None
    return ImageResult(agreement, is_correct=case.is_correct, localisation=located)


def rows_of(cases: Sequence[OneCase]) -> Rows:
    """Rows of images and cases, each case taking the highest value of its images."""
    images: list[ImageResult] = []
    results: list[CaseResult] = []
    for case in cases:
        own = [
            image_row(f"{case.name}/{number}.png", case, numbers)
            for number, numbers in enumerate(case.images)
        ]
        metrics = {name: _highest(name, own) for name in CASE_METRICS}
        images += own
        results.append(
            CaseResult(
                case.name, case.condition, NONE, case.is_correct, len(own), metrics, case.metadata
            )
        )
    return images, results


def _highest(name: str, images: Sequence[ImageResult]) -> CaseMetric:
    values = {
        image.image.path: value
        for image in images
        if image.localisation
        and not isinstance(value := getattr(image.localisation, name), Undefined)
    }
    if not values:
        return CaseMetric(NONE, "", 0)
    best = max(values, key=values.__getitem__)
    return CaseMetric(values[best], best, len(values))


def numbers(rng: np.random.Generator, *, level: float = 0.8, area: float = 0.1) -> dict[str, float]:
    """Numbers of one image whose map finds the region as well as the level says (AUC)."""
    shared = rng.normal(scale=0.05)
    auc = float(np.clip(level + shared + rng.normal(scale=0.05), 0, 1))
    above = float(level - 0.5 + shared + rng.normal(scale=0.05))
    return {
        "auc": auc,
        "ds_above_chance": above,
        "ds": float(np.clip(above + 0.2, 0, 1)),
        "srcc": 0.4 * (auc - 0.5),
        "roi_area": float(area * np.exp(rng.normal(scale=0.3))),
    }
