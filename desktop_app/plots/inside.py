"""Which points lie in what was brushed: a range, a rectangle or a lasso."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from desktop_app.plots.frame import Floats, Range

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


def in_range(values: Floats, between: Range) -> Mask:
    """Return which values lie in a range, its ends included; undefined ones (NaN) never do."""
    return (values >= between[0]) & (values <= between[1])


def in_rectangle(x: Floats, y: Floats, *, across: Range, upward: Range) -> Mask:
    """Return which points lie in a rectangle, its border included; undefined ones never do."""
    return in_range(x, across) & in_range(y, upward)


def in_lasso(x: Floats, y: Floats, lasso: Floats) -> Mask:
    """Return which points lie in a closed line, by the even-odd rule; undefined ones never do.

    Parameters
    ----------
    lasso
        The line's points, shape (n, 2); its end is joined to its begin.
    """
    inside = np.zeros(x.shape, dtype=np.bool_)
    if len(lasso) < 3:
        return inside
    (left, low), (right, high) = lasso.min(axis=0), lasso.max(axis=0)
    candidates = np.flatnonzero(in_rectangle(x, y, across=(left, right), upward=(low, high)))
    px, py = x[candidates], y[candidates]
    odd = np.zeros(px.shape, dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(lasso, np.roll(lasso, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crossed = (py >= min(y0, y1)) & (py < max(y0, y1))
        where = x0 + (py[crossed] - y0) * ((x1 - x0) / (y1 - y0))
        odd[crossed] ^= px[crossed] < where
    inside[candidates] = odd
    return inside


def of_rows(rows: Iterable[Indices], count: int) -> Mask:
    """Return the mask, shape (count,), of the rows of several groups."""
    mask = np.zeros(count, dtype=np.bool_)
    for some in rows:
        mask[some] = True
    return mask


def fitted(mask: Mask, count: int) -> Mask:
    """Return a mask of so many rows; rows that it does not know are not in it.

    While results come in, a plot may be some rows behind what was brushed in a table, or ahead.
    """
    if mask.size == count:
        return mask
    whole = np.zeros(count, dtype=np.bool_)
    whole[: mask.size] = mask[:count]
    return whole
