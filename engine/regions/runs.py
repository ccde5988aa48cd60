"""A set of pixels as runs in reading order, so that work costs its boundary and not its area."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Pixels of an image, as half-open runs of the linear index ``row * width + column``.

    Attributes
    ----------
    starts, ends
        Shape (n,), int64, sorted; runs are not empty, do not overlap and never touch, so that
        equal sets of pixels have equal arrays. A run may go on over the end of a row.
    width, height
        Size of the image in pixels.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    width: int
    height: int

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Runs)
            and (self.width, self.height) == (other.width, other.height)
            and np.array_equal(self.starts, other.starts)
            and np.array_equal(self.ends, other.ends)
        )

    def __hash__(self) -> int:
        return hash((self.starts.tobytes(), self.ends.tobytes(), self.width, self.height))

    @property
    def area(self) -> int:
        """Number of pixels in the set."""
        return int(self.ends.sum() - self.starts.sum())

    def to_mask(self) -> NDArray[np.bool_]:
        """Return the set as a bool array of shape (height, width)."""
        flat = _alternate(self.starts, self.ends, self.width * self.height)
        return flat.reshape(self.height, self.width)


def united(starts: NDArray[np.int64], ends: NDArray[np.int64], *, width: int, height: int) -> Runs:
    """Return the union of runs in any order, which may overlap or be empty."""
    return joined(np.sort(starts), np.sort(ends), width=width, height=height)


def joined(starts: NDArray[np.int64], ends: NDArray[np.int64], *, width: int, height: int) -> Runs:
    """Return the union of runs whose starts and whose ends are in order; empty ones are dropped."""
    is_filled = starts < ends
    starts, ends = starts[is_filled], ends[is_filled]
    # Run k stands apart exactly if the k runs before it, whichever they are, have all ended.
    is_apart = starts[1:] > ends[:-1]
    is_first = np.concatenate(([True], is_apart))[: len(starts)]
    is_last = np.concatenate((is_apart, [True]))[: len(starts)]
    return Runs(starts[is_first], ends[is_last], width, height)


def runs_of_mask(mask: ArrayLike) -> Runs:
    """Return the runs of the true pixels.

    Parameters
    ----------
    mask
        Shape (height, width); whatever is not zero is in the set.
    """
    pixels = np.asarray(mask, dtype=bool)
    bounds = np.flatnonzero(np.diff(pixels.ravel(), prepend=False, append=False))
    height, width = pixels.shape
    return Runs(bounds[::2], bounds[1::2], width, height)


def sample(runs: Runs, *, rows: ArrayLike, columns: ArrayLike) -> NDArray[np.bool_]:
    """Read the mask at a grid of pixels without making the mask.

    Parameters
    ----------
    rows, columns
        Full-resolution pixel rows and columns, ascending; repeats are allowed.

    Returns
    -------
    bool array of shape (len(rows), len(columns))
    """
    at_rows, repeats = np.unique(np.asarray(rows, dtype=np.int64), return_inverse=True)
    at_columns = np.asarray(columns, dtype=np.int64)
    first, last = (_rank(at, at_rows, at_columns, runs.width) for at in (runs.starts, runs.ends))
    grid = _alternate(first, last, at_rows.size * at_columns.size)
    grid = grid.reshape(at_rows.size, at_columns.size)
    return grid if at_rows.size == repeats.size else grid[repeats]


def _rank(
    at: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """Return how many pixels of the grid, in reading order, lie before each linear index."""
    row, column = np.divmod(at, width)
    row_rank = np.searchsorted(rows, row)
    is_sampled = np.isin(row, rows)
    column_rank = np.where(is_sampled, np.searchsorted(columns, column), 0)
    return row_rank * columns.size + column_rank


def _alternate(starts: NDArray[np.int64], ends: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Return a flat array that is true within the runs; runs may be empty here."""
    bounds = np.empty(2 * len(starts) + 2, dtype=np.int64)
    bounds[0], bounds[1:-1:2], bounds[2:-1:2], bounds[-1] = 0, starts, ends, size
    values = np.zeros(len(bounds) - 1, dtype=bool)
    values[1::2] = True
    return np.repeat(values, np.diff(bounds))
