"""Where names beside points go, so that none covers another one or a point."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAP = 0.03
"""Least distance between two names, and between a name and a point, inches."""

MARK = 0.045
"""Half the size of a point's mark, inches."""

NEAR = 0.07
"""Distance of a name from its point where there is room, inches."""

CROSSING = 1.0
"""So much longer a line to a name may be, inches, if it then crosses no name."""

AWAY = 0.3
"""How much a place away from the middle of all points is preferred, 0 to 1."""

_ANGLES = np.linspace(0, 2 * np.pi, 48, endpoint=False)
_DIRECTIONS = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
_DISTANCES = NEAR * 1.25 ** np.arange(20)
_LINE = np.linspace(0, 1, 24)[:, None]
"""Steps along the line from a point to its name."""


def label_places(
    anchors: Floats,
    sizes: Floats,
    *,
    bounds: tuple[float, float],
    are_first: NDArray[np.bool_],
) -> list[tuple[float, float] | None]:
    """Return the centre of each name, or None where no free place is left.

    Names take their places in turn, those amid the others first, each near its point. No name
    covers a point or another name; lines from points to names cross names only where there is no
    way around.

    Parameters
    ----------
    anchors
        Points, shape (n, 2), inches from the lower left corner of the plot.
    sizes
        Width and height of each name, shape (n, 2), inches.
    bounds
        Width and height of the plot, inches.
    are_first
        Which names take their places before the others, shape (n,).
    """
    places: list[tuple[float, float] | None] = [None] * len(anchors)
    names, lines = np.empty((0, 4)), np.empty((0, 4))
    marks = np.hstack([anchors - MARK, anchors + MARK])
    ways_out = anchors - anchors.mean(axis=0) if len(anchors) else anchors
    distances = np.hypot(ways_out[:, 0], ways_out[:, 1])
    for index in np.lexsort((distances, ~are_first)):
        anchor = anchors[index]
        boxes = _boxes(anchor, sizes[index] / 2, bounds=bounds)
        boxes = boxes[~_meet(boxes, marks) & ~_meet(boxes, names)]
        if not len(boxes):
            continue
        ways = np.clip(anchor, boxes[:, :2], boxes[:, 2:]) - anchor
        steps = anchor + _LINE[None] * ways[:, None]
        crosses = _meet(boxes, lines) | _are_within(steps, names).any(axis=1)
        outward = ways_out[index] / max(distances[index], NEAR)
        cost = np.hypot(ways[:, 0], ways[:, 1]) - AWAY * (ways @ outward) + CROSSING * crosses
        best = int(np.argmin(cost))
        names, lines = (
            np.vstack([names, boxes[best]]),
            np.vstack([lines, steps[best][:, [0, 1, 0, 1]]]),
        )
        left, bottom, right, top = boxes[best].tolist()
        places[index] = (left + right) / 2, (bottom + top) / 2
    return places


def nearest_edge(
    anchor: Sequence[float] | Floats, centre: Sequence[float], size: Sequence[float] | Floats
) -> tuple[float, float]:
    """Return the point of a name that is nearest to its anchor: where a line to it ends."""
    half = np.asarray(size) / 2
    nearest = np.clip(anchor, np.asarray(centre) - half, np.asarray(centre) + half)
    return float(nearest[0]), float(nearest[1])


def _boxes(anchor: Floats, half: Floats, *, bounds: tuple[float, float]) -> Floats:
    """Return boxes (left, bottom, right, top) around an anchor that lie within the plot."""
    offsets = _DISTANCES[:, None, None] * _DIRECTIONS + _DIRECTIONS * half
    centres = anchor + offsets.reshape(-1, 2)
    boxes = np.hstack([centres - half, centres + half])
    inside = (boxes[:, :2] >= 0) & (boxes[:, 2:] <= np.array(bounds))
    return np.asarray(boxes[inside.all(axis=1)])


def _meet(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """Return which boxes, shape (n, 4), lie on or next to another one."""
    low, high = boxes[:, None, :2] - GAP, boxes[:, None, 2:] + GAP
    is_apart = np.any((low >= others[:, 2:]) | (high <= others[:, :2]), axis=-1)
    return np.asarray(~is_apart.all(axis=1))


def _are_within(steps: Floats, boxes: Floats) -> NDArray[np.bool_]:
    """Return which steps, shape (n, m, 2), lie in a box."""
    at = steps[:, :, None]
    is_outside = np.any((at <= boxes[:, :2]) | (at >= boxes[:, 2:]), axis=-1)
    return np.asarray(~is_outside.all(axis=-1))
