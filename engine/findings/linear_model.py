"""A linear model that asks what a group explains beyond ROI area, images and condition."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.domain.findings import Test
from engine.domain.measure import Reason, Undefined
from engine.findings.case_table import Floats

NAME, EFFECT = "linear_model", "partial eta squared"

TOLERANCE = 1e-9
"""A column of unit length this close to others is their combination."""


def partial_f(values: Floats, group: Floats, beside: Mapping[str, Floats]) -> Test:
    """Test what a group adds to a linear model that has everything beside it already.

    Columns that others of the model determine are dropped, which changes no fit, and named in the
    test's note.

    Parameters
    ----------
    values
        Shape (n,), finite.
    group
        Shape (n, k): a number, or indicators of levels; the model's own constant is added.
    beside
        Further terms by name, each of shape (n, columns).

    Returns
    -------
    Partial F test (that of type II sums of squares) with partial eta squared; undefined with
    ``too_few_cases`` where no degree of freedom is left, with ``no_variation`` where the other
    terms determine the group, or the values are fitted exactly.

    References
    ----------
    Method, section 10.3.
    """
    blocks = [np.ones((len(values), 1)), *(_scaled(columns) for columns in beside.values())]
    widths = np.cumsum([block.shape[1] for block in (*blocks, group)])
    columns: Floats = np.column_stack([*blocks, _scaled(group), values - values.mean()])
    # The triangular factor has the ranks and the residual squares of all its columns.
    factor = np.linalg.qr(columns).R
    *reduced, full = (_rank(factor[:, :width]) for width in widths)
    note = _redundant(list(beside), np.diff(widths[:-1]) - np.diff(reduced))
    left, gained = len(values) - full, full - reduced[-1]
    if left < 1:
        return undefined_model(Reason.TOO_FEW_CASES, note)
    before, unexplained = (_squares(factor, int(width)) for width in widths[-2:])
    if not gained or unexplained <= TOLERANCE**2 * float((factor[:, -1] ** 2).sum()):
        return undefined_model(Reason.NO_VARIATION, note)
    return _test(max(before - unexplained, 0.0), unexplained, gained, left, note)


def indicators(names: NDArray[np.str_]) -> Floats:
    """Return one column for each level but the first, shape (n, levels - 1)."""
    is_level = np.asarray(names[:, None] == np.unique(names)[1:], dtype=np.float64)
    return is_level


def undefined_model(reason: Reason, note: str = "") -> Test:
    """Return a model that could not be tested."""
    why = Undefined(reason)
    return Test(NAME, why, (), why, why, EFFECT, note)


def _scaled(columns: Floats) -> Floats:
    """Return columns centred and of unit length, free of their unit; constant ones as 0."""
    centred = columns - columns.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    varies = length > 1e-12 * np.linalg.norm(columns, axis=0)
    scaled: Floats = np.where(varies, centred / np.where(varies, length, 1), 0.0)
    return scaled


def _rank(columns: Floats) -> int:
    return int(np.linalg.matrix_rank(columns, rtol=TOLERANCE))


def _redundant(names: list[str], lost: NDArray[np.intp]) -> str:
    """Return in words which terms have columns that those before them determine."""
    told = [f"{n} (columns: {k})" for n, k in zip(names, lost.tolist(), strict=True) if k]
    return f"dropped as collinear: {', '.join(told)}" if told else ""


def _squares(factor: Floats, width: int) -> float:
    """Return the sum of squares that a fit by the first columns leaves of the last."""
    design, values = factor[:, :width], factor[:, -1]
    coefficients, *_ = np.linalg.lstsq(design, values, rcond=TOLERANCE)
    return float(((values - design @ coefficients) ** 2).sum())


def _test(explained: float, unexplained: float, gained: int, left: int, note: str) -> Test:
    from scipy.stats import f  # noqa: PLC0415 - a second that few commands need

    statistic = (explained / gained) / (unexplained / left)
    effect = explained / (explained + unexplained)
    p = float(f.sf(statistic, gained, left))
    return Test(NAME, statistic, (gained, left), p, effect, EFFECT, note)
