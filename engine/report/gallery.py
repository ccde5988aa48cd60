"""Which images a report shows, and why each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.domain.findings import Findings
from engine.domain.measure import Measure, value_of
from engine.domain.rows import ImageResult

MOST = 150
"""Pictures that a report embeds at most."""

OF_EACH = 12
"""Images of each kind of extreme."""

OF_A_CUE = 4
OF_A_CONDITION = 2


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

    The extremes are split by correctness as in Figure 5. At most `MOST` different images are
    chosen; what comes first goes before.
    """
    results = {result.image.path: result for result in images}
    chosen: set[str] = set()
    groups = []
    for group in _groups(findings, results):
        shown = []
        for path in group.images:
            if path in chosen or len(chosen) < MOST:
                chosen.add(path)
                shown.append(path)
        if shown:
            groups.append(GalleryGroup(group.name, group.title, tuple(shown)))
    return tuple(groups)


def _groups(findings: Findings, results: Mapping[str, ImageResult]) -> Iterator[GalleryGroup]:
    for number, cue in enumerate(findings.cues):
        title = f"Images of candidate {number + 1}"
        yield GalleryGroup(f"cue-{number}", title, cue.images[:OF_A_CUE])
    for side, paths in (
        ("lowest", findings.extremes.lowest),
        ("highest", findings.extremes.highest),
    ):
        for verdict, is_correct in (("correct", True), ("incorrect", False)):
            of_verdict = [
                path for path in paths if path in results and results[path].is_correct is is_correct
            ]
            title = f"{side.capitalize()} agreement, {verdict}ly classified"
            yield GalleryGroup(f"{side}-{verdict}", title, tuple(of_verdict[:OF_EACH]))
    of_one_metric = dict.fromkeys((*findings.extremes.lowest_ds, *findings.extremes.lowest_srcc))
    alone = [path for path in of_one_metric if path not in findings.extremes.lowest]
    yield GalleryGroup("alone", "Lowest by one metric alone", tuple(alone[:OF_EACH]))
    for number, point in enumerate(findings.conditions):
        if point.is_lowest:
            verdict = "correctly" if point.is_correct else "incorrectly"
            title = f"{point.condition}, {verdict} classified"
            yield GalleryGroup(f"condition-{number}", title, point.examples[:OF_A_CONDITION])


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
