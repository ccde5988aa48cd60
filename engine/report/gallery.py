"""Which images a report shows, and why each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.domain.findings import Findings
from engine.domain.measure import Measure, Undefined, value_of
from engine.domain.rows import ImageResult

MOST = 150
"""Pictures that a report embeds at most."""

OF_EACH = 12
"""Images of each kind of extreme."""

OF_A_CUE = 4
OF_A_CONDITION = 2

VERDICTS = {
    "correct": "correctly classified",
    "incorrect": "incorrectly classified",
    "unknown": "correctness not known",
}


@dataclass(frozen=True, slots=True)
class GalleryGroup:
    """Images shown together.

    Attributes
    ----------
    name
        Stable, for links in the page.
    images
        Paths, in the order in which they are shown.
    """

    name: str
    title: str
    images: tuple[str, ...]


def choose_gallery(findings: Findings, images: Sequence[ImageResult]) -> tuple[GalleryGroup, ...]:
    """Return the images behind the findings: of cues, of the extremes (Figure 5), of conditions.

    The extremes are split by correctness as in Figure 5. At most `MOST` pictures are shown, an
    image of two groups twice; what comes first goes before.
    """
    results = {result.image.path: result for result in images}
    left = MOST
    groups = []
    for group in _groups(findings, results):
        shown = group.images[:left]
        left -= len(shown)
        if shown:
            groups.append(replace(group, images=shown))
    return tuple(groups)


def _groups(findings: Findings, results: Mapping[str, ImageResult]) -> Iterator[GalleryGroup]:
    for number, cue in enumerate(findings.cues):
        title = f"Images of candidate {number + 1}"
        yield GalleryGroup(f"cue-{number}", title, cue.images[:OF_A_CUE])
    for side, paths in (
        ("lowest", findings.extremes.lowest),
        ("highest", findings.extremes.highest),
    ):
        for name, verdict in VERDICTS.items():
            of_verdict = [
                path for path in paths if path in results and _verdict(results[path]) == name
            ]
            title = f"{side.capitalize()} agreement, {verdict}"
            yield GalleryGroup(f"{side}-{name}", title, tuple(of_verdict[:OF_EACH]))
    of_one_metric = dict.fromkeys((*findings.extremes.lowest_ds, *findings.extremes.lowest_srcc))
    of_both = set(findings.extremes.lowest)
    alone = [path for path in of_one_metric if path not in of_both]
    yield GalleryGroup("alone", "Lowest by one metric alone", tuple(alone[:OF_EACH]))
    for number, point in enumerate(findings.conditions):
        if point.is_lowest:
            verdict = VERDICTS["correct" if point.is_correct else "incorrect"]
            title = f"{point.condition}, {verdict}"
            yield GalleryGroup(f"condition-{number}", title, point.examples[:OF_A_CONDITION])


def _verdict(result: ImageResult) -> str:
    if isinstance(result.is_correct, Undefined):
        return "unknown"
    return "correct" if result.is_correct else "incorrect"


def lowest_first(images: Sequence[ImageResult]) -> list[ImageResult]:
    """Return the admitted images with a result, the lowest DS first."""

    def ds(result: ImageResult) -> Measure:
        assert result.localisation is not None
        return result.localisation.ds

    located = [result for result in images if result.localisation]
    defined = [result for result in located if value_of(ds(result)) is not None]
    return sorted(defined, key=lambda result: (value_of(ds(result)), result.image.path))


def typical(images: Sequence[ImageResult]) -> str | None:
    """Return the path of the image with the median DS, whose flow is drawn (Figure 3)."""
    ordered = lowest_first(images)
    with_pixels = [result for result in ordered if result.image.has_pixels]
    return with_pixels[len(with_pixels) // 2].image.path if with_pixels else None
