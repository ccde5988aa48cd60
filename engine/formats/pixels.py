"""Run lengths along the rows, for formats whose polygons can have no holes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, Region, ring
from engine.domain.problem import Problem
from engine.formats.exporting import lost
from engine.formats.outlines import Unusable
from engine.images.refusals import MAX_PIXELS
from engine.regions.outline import region_of_mask, shifted
from engine.regions.rasterise import rasterise
from engine.regions.runs import Runs, joined, sample


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of whole pixels inside an image."""

    left: int
    top: int
    width: int
    height: int

    def is_inside(self, width: int, height: int) -> bool:
        """Return True where the window does not leave an image of this size."""
        return self.left + self.width <= width and self.top + self.height <= height


def window_around(polygon: Polygon, image: Image) -> Window:
    """Return the pixels that a polygon can cover; at least one."""
    near, far = polygon.exterior.min(axis=0), polygon.exterior.max(axis=0)
    left, right = _span(near[0], far[0], image.width)
    top, bottom = _span(near[1], far[1], image.height)
    return Window(left, top, right - left, bottom - top)


def run_lengths(polygon: Polygon, window: Window) -> list[int]:
    """Return lengths of runs in reading order, background first, that add up to the window."""
    # Whole numbers up to the coordinates are taken off them without rounding.
    moved = shifted((polygon,), np.array((-window.left, -window.top)))
    runs = rasterise(moved, width=window.width, height=window.height)
    bounds = np.column_stack((runs.starts, runs.ends)).ravel()
    lengths: list[int] = np.diff(bounds, prepend=0, append=window.width * window.height).tolist()
    return lengths if lengths[-1] else lengths[:-1]


def runs_of_lengths(lengths: Sequence[int], *, width: int, height: int) -> Runs:
    """Return lengths of runs in reading order, background first, as runs.

    Raises
    ------
    Unusable
        There are more pixels than a picture may have, or the lengths do not add up to them.
    """
    check_pixels(width * height)
    if any(length < 0 for length in lengths) or sum(lengths) != width * height:
        raise Unusable("its run lengths do not add up to the mask; it was left out")
    bounds = np.cumsum([*lengths, *(0,) * (len(lengths) % 2)])
    return joined(bounds[::2], bounds[1::2], width=width, height=height)


def region_of_runs(runs: Runs) -> Region:
    """Return runs as polygons exact to the pixel, without making the mask of few long ones."""
    row, column = np.divmod(np.concatenate((runs.starts, runs.ends)), runs.width)
    # Between these rows no run begins or ends, and within a row only at these columns.
    below = np.minimum(row + 1, runs.height)
    rows = np.unique(np.concatenate(([0, runs.height], row, below)))
    columns = np.unique(np.concatenate(([0, runs.width], column)))
    small = region_of_mask(sample(runs, rows=rows[:-1], columns=columns[:-1]))
    return tuple(_stretched(polygon, columns, rows) for polygon in small)


def _stretched(polygon: Polygon, columns: NDArray[np.int64], rows: NDArray[np.int64]) -> Polygon:
    corners = (part.astype(np.int64) for part in polygon.rings)
    exterior, *holes = (
        ring(np.column_stack((columns[at[:, 0]], rows[at[:, 1]]))) for at in corners
    )
    return Polygon(exterior, tuple(holes))


def check_pixels(pixels: int) -> None:
    """Raise `Unusable` for a mask of more pixels than a picture may have."""
    if pixels > MAX_PIXELS:
        raise Unusable(f"the mask has more than {MAX_PIXELS} pixels; it was left out")


def is_along_pixels(polygon: Polygon) -> bool:
    """Return True where a mask holds the polygon exactly: its sides run between pixels."""
    return all(_runs_between_pixels(corners) for corners in polygon.rings)


def rounded_to_pixels(grading: Grading) -> tuple[Problem, ...]:
    """Return the note that masks hold polygons with holes only to the pixel, where they do."""
    count = sum(bool(part.holes) and not is_along_pixels(part) for part in grading.region)
    if not count:
        return ()
    message = (
        f"{count} of {len(grading.region)} polygons have holes, which polygons of this format"
        " cannot have; they became masks, exact to the pixel and no finer"
    )
    return (lost("holes_masked", grading, message),)


def _runs_between_pixels(corners: NDArray[np.float64]) -> bool:
    steps = np.roll(corners, -1, axis=0) - corners
    return bool((corners == np.rint(corners)).all() and (steps == 0).any(axis=1).all())


def _span(near: float, far: float, side: int) -> tuple[int, int]:
    start = min(max(math.floor(near), 0), side - 1)
    return start, max(min(math.ceil(far), side), start + 1)
