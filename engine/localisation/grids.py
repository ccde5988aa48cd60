"""The grid on which a map and a region are compared, and how each of them is read there."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.saliency_map import Geometry
from engine.domain.settings import LocalisationSettings
from engine.regions.runs import Runs, sample

Indices = NDArray[np.int64]
Positions = NDArray[np.float64]

ROUNDING = 1e-9
"""Pixels by which a computed position may miss the edge that it lies on."""
ROWS_AT_ONCE = 64
"""Rows interpolated together, so that the intermediate values stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """The compared lines along one side of a grid.

    Lines are compared where the image and the model's input both reach; as both are upright
    rectangles, the compared pixels of a grid are all crossings of compared rows and columns.

    Attributes
    ----------
    pixels
        Full-resolution image row or column in which each compared line lies, ascending.
    positions
        Where each compared line lies on the model's input, in its pixels, corner convention.
    size
        Number of lines of the whole side, compared or not.
    """

    pixels: Indices
    positions: Positions
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where map and region are compared (method 8, setting ``grid``)."""

    rows: Axis
    columns: Axis

    @property
    def compared_pixels(self) -> int:
        """Number of pixels that both the image and the model's input cover."""
        return len(self.rows.pixels) * len(self.columns.pixels)

    @property
    def unseen_pixels(self) -> int:
        """Number of grid pixels left out.

        On the image grid these were cropped away before the model saw them; on the model grid
        they are padding that no part of the image fills.
        """
        return self.rows.size * self.columns.size - self.compared_pixels


def image_grid_size(width: int, height: int, *, max_pixels: int) -> tuple[int, int]:
    """Return width and height of an image scaled to at most `max_pixels`, never enlarged.

    Sides are rounded and at least 1; where rounding both up would exceed `max_pixels`, the
    longer side gives way.
    """
    scale = min(1.0, math.sqrt(max_pixels / (width * height)))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    if columns * rows <= max_pixels:
        return columns, rows
    if columns >= rows:
        return max_pixels // rows, rows
    return columns, max_pixels // columns


def comparison_grid(geometry: Geometry, settings: LocalisationSettings) -> Grid:
    """Return the grid on which a map of this geometry is compared with a region."""
    across = (geometry.image_width, geometry.model_width, geometry.scale_x, geometry.offset_x)
    down = (geometry.image_height, geometry.model_height, geometry.scale_y, geometry.offset_y)
    if settings.grid == "model":
        return Grid(rows=_model_axis(*down), columns=_model_axis(*across))
    columns, rows = image_grid_size(
        geometry.image_width, geometry.image_height, max_pixels=settings.max_pixels
    )
    return Grid(rows=_image_axis(rows, *down), columns=_image_axis(columns, *across))


def read_region(region: Runs, grid: Grid) -> NDArray[np.bool_]:
    """Return the region at the grid's compared pixels, shape (rows, columns).

    The region is read at full resolution, in the pixel under each grid pixel's centre.
    """
    return sample(region, rows=grid.rows.pixels, columns=grid.columns.pixels)


def read_map(values: NDArray[np.int16], grid: Grid) -> NDArray[np.int16]:
    """Return a map at the grid's compared pixels, shape (rows, columns), int16.

    Bilinear between the centres of the model's pixels and constant beyond the outermost ones
    (``align_corners=False``), rounded half to even, not normalised again. Only element by element
    arithmetic in float64 is used, so that every machine gives the same integers.

    Parameters
    ----------
    values
        Map on the model's input, shape (model_height, model_width), int16.
    """
    left, right, share = _neighbours(grid.columns.positions, values.shape[1])
    wide = _blend(values[:, left].astype(np.float64), values[:, right].astype(np.float64), share)
    above, below, share = _neighbours(grid.rows.positions, values.shape[0])
    result = np.empty((len(above), wide.shape[1]), dtype=np.int16)
    for start in range(0, len(above), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        result[part] = np.rint(_blend(wide[above[part]], wide[below[part]], share[part, None]))
    return result


def _image_axis(size: int, image: int, model: int, scale: float, offset: float) -> Axis:
    line = np.arange(size)
    positions = scale * ((line + 0.5) * image / size) + offset
    is_seen = (positions >= -ROUNDING) & (positions <= model + ROUNDING)
    pixels = (2 * line + 1) * image // (2 * size)
    return Axis(pixels=pixels[is_seen], positions=positions[is_seen], size=size)


def _model_axis(image: int, model: int, scale: float, offset: float) -> Axis:
    positions = np.arange(model) + 0.5
    pixels = np.floor((positions - offset) / scale + ROUNDING).astype(np.int64)
    is_filled = (pixels >= 0) & (pixels < image)
    return Axis(pixels=pixels[is_filled], positions=positions[is_filled], size=model)


def _neighbours(positions: Positions, size: int) -> tuple[Indices, Indices, Positions]:
    """Return the model pixels before and after each position, and the share of the latter."""
    between_centres = np.clip(positions - 0.5, 0, size - 1)
    before = np.floor(between_centres).astype(np.int64)
    return before, np.minimum(before + 1, size - 1), between_centres - before


def _blend(first: Positions, second: Positions, share: Positions) -> Positions:
    """Mix two arrays; where both are equal the result is exactly that value."""
    mixed: Positions = first + share * (second - first)
    return mixed
