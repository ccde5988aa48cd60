"""The pictures of a report: four panels of chosen images, small, with privacy boxes burnt in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.rows import Failure, ImageResult
from engine.domain.saliency_map import SaliencyMap
from engine.domain.settings import FigureSettings
from engine.figures.drawn import DrawnFigure, DrawnPicture, drawn
from engine.figures.flow import image_flow
from engine.figures.gallery import Thumbnail, gallery
from engine.figures.look import at_scale, common_scale, look_of
from engine.figures.map_stages import map_stages
from engine.figures.panels import Look, fitted, four_panels, panel_strip
from engine.figures.reference import ds_reference
from engine.figures.signed_map import Stage, signed_map_stages
from engine.images.encode import encode_png, encode_webp
from engine.regions.runs import Runs
from engine.stages.pixels import read_shown_pixels
from engine.stages.work import ExplainedCase, Run

PANEL_SIDE, FIGURE_SIDE, SHOWN_SIDE = 200, 320, 512
"""Longest side of a panel in the gallery of a report, in its Figure 4, and of what both are made
from, pixels."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An image as a report may show it.

    Attributes
    ----------
    pixels
        Upright, as large as asked for, privacy boxes burnt in at full resolution;
        shape (height, width, 3), uint8.
    """

    image: Image
    pixels: Pixels
    consensus: Runs
    saliency_map: SaliencyMap | None


def show_case(
    run: Run, wanted: Collection[str], explained: ExplainedCase
) -> Mapping[str, Shown | Problem]:
    """Return the wanted images of a case, by path, with their maps; or why one cannot be shown."""
    return {
        item.agreement.image.path: shown_image(run, item.agreement.image, item.consensus, saliency)
        for item, saliency in zip(explained.work.images, explained.maps, strict=True)
        if item.agreement.image.path in wanted and not isinstance(item.consensus, Undefined)
    }


def shown_image(
    run: Run,
    image: Image,
    consensus: Runs,
    saliency: SaliencyMap | Failure | None,
    *,
    side: int = SHOWN_SIDE,
) -> Shown | Problem:
    """Return an image with its privacy boxes burnt in, or why it cannot be shown.

    Parameters
    ----------
    side
        Longest side of the picture, pixels.
    """
    pixels = read_shown_pixels(run.folder, image, run.privacy_boxes.get(image.path, ()))
    if isinstance(pixels, Failure):
        message = f"it is not shown: {pixels.detail}"
        remedy = "Put the file back as it was imported, then run the same command again"
        return Problem(pixels.reason.value, image.path, message, remedy)
    saliency_map = saliency if isinstance(saliency, SaliencyMap) else None
    return Shown(image, fitted(pixels, side), consensus, saliency_map)


def look_of_all(shown: Collection[Shown], settings: FigureSettings) -> Callable[[Shown], Look]:
    """Return how the map of each shown image looks, by itself or at the scale of them all."""
    look = look_of(settings)
    common = None
    if settings.scale == "shared":
        maps = (one.saliency_map for one in shown)
        common = common_scale((each for each in maps if each is not None), look.display)
    return lambda one: at_scale(look, common, one.saliency_map)


def strip_of(shown: Shown, look: Look) -> Pixels:
    """Return the four panels of an image in a row, at the size of a gallery."""
    return panel_strip(
        pixels=shown.pixels,
        consensus=shown.consensus,
        saliency_map=shown.saliency_map,
        look=look,
        side=PANEL_SIDE,
    )


def picture_of(image: Image, strip: Pixels) -> DrawnPicture:
    """Return a strip of panels as a page embeds it."""
    height, width = strip.shape[:2]
    return DrawnPicture(encode_webp(strip), image.digest or "", width, height)


def figures_of_one(
    shown: Shown, result: ImageResult, regions: Sequence[Runs], look: Look
) -> tuple[DrawnFigure, ...]:
    """Return the figures of one image: its flow, its four panels, its map stage by stage.

    Parameters
    ----------
    regions
        The region of each grader.
    """
    flow = image_flow(
        result,
        pixels=shown.pixels,
        regions=regions,
        consensus=shown.consensus,
        saliency_map=shown.saliency_map,
        look=look,
    )
    panels = four_panels(
        pixels=shown.pixels,
        consensus=shown.consensus,
        saliency_map=shown.saliency_map,
        look=look,
        max_side=FIGURE_SIDE,
    )
    stages = map_stages(_stages(shown.saliency_map, look) if shown.saliency_map else ())
    return (
        drawn("figure3-flow", "Figure 3. How the image with the median DS comes to it.", flow),
        DrawnFigure(
            "figure4-panels", "Figure 4. Image, region, map on both, and map with region.",
            b"", encode_png(panels),
        ),
        drawn(
            "figure4-stages", "How the map of the same image becomes a picture.", stages
        ),
    )  # fmt: skip


def _stages(saliency_map: SaliencyMap, look: Look) -> tuple[Stage, ...]:
    return signed_map_stages(
        saliency_map.values, palette=look.palette, display=look.display, scale=look.scale
    )


def figure_of_extremes(
    strips: Mapping[str, Pixels], results: Mapping[str, ImageResult], lowest: Collection[str]
) -> DrawnFigure:
    """Return the lowest and the highest images by correctness (Figure 5).

    Parameters
    ----------
    strips
        Panels of the extreme images, by path; each has a result.
    lowest
        Which of them are lowest; the others are highest.
    """
    thumbnails = [
        _thumbnail(strip, results[path], is_lowest=path in lowest)
        for path, strip in strips.items()
        if not isinstance(results[path].is_correct, Undefined)
    ]
    caption = "Figure 5. Images that agree least and most, by DS and by SRCC."
    figure = gallery(thumbnails, reference=ds_reference(results.values()))
    return drawn("figure5-extremes", caption, figure)


def _thumbnail(strip: Pixels, result: ImageResult, *, is_lowest: bool) -> Thumbnail:
    located = result.localisation
    assert located is not None
    return Thumbnail(
        strip,
        located.ds,
        located.srcc,
        condition=result.image.condition or "unknown",
        predicted="none" if isinstance(result.predicted, Undefined) else result.predicted,
        is_correct=result.is_correct is True,
        is_lowest=is_lowest,
    )
