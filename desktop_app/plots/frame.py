"""The map between the numbers of a plot and the pixels between its axes."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N = TypeVar("N", float, NDArray[np.float64])
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the plot shows, and on how many pixels.

    Attributes
    ----------
    x, y
        Lowest and highest number between the axes.
    width, height
        Pixels between the axes.
    is_downward
        True where y grows downwards, as the rows of a list do.
    """

    x: Range
    y: Range
    width: float
    height: float
    is_downward: bool = False

    def across(self, x: N) -> N:
        """Return pixels from the left edge."""
        return (x - self.x[0]) * (self.width / (self.x[1] - self.x[0]))

    def down(self, y: N) -> N:
        """Return pixels from the upper edge."""
        part = (y - self.y[0]) * (self.height / (self.y[1] - self.y[0]))
        return part if self.is_downward else self.height - part

    def x_at(self, pixel: float) -> float:
        """Return the number at so many pixels from the left edge."""
        return self.x[0] + pixel / self.width * (self.x[1] - self.x[0])

    def y_at(self, pixel: float) -> float:
        """Return the number at so many pixels from the upper edge."""
        part = pixel / self.height if self.is_downward else 1 - pixel / self.height
        return self.y[0] + part * (self.y[1] - self.y[0])


def zoomed(frame: Frame, factor: float, *, at: tuple[float, float], home: Frame) -> Frame:
    """Return a frame that shows `factor` times as much around a point that stays where it is.

    It never shows more than `home`, and never less than a 10,000th of it.
    """
    x = _scaled(frame.x, factor, at[0], home.x)
    return replace(frame, x=x, y=_scaled(frame.y, factor, at[1], home.y))


def panned(frame: Frame, dx: float, dy: float, *, home: Frame) -> Frame:
    """Return the frame after what it shows was dragged by pixels; it stays within `home`."""
    x, y = frame.x_at(-dx) - frame.x_at(0), frame.y_at(-dy) - frame.y_at(0)
    return replace(frame, x=_shifted(frame.x, x, home.x), y=_shifted(frame.y, y, home.y))


def nearest(x: Floats, y: Floats, *, to: tuple[float, float], within: float) -> int:
    """Return which of some points, in pixels, is nearest to a place, or -1 if none is so near.

    Of points at the same distance the last one: it was painted over the others.
    """
    if not x.size:
        return -1
    squares = (x - to[0]) ** 2 + (y - to[1]) ** 2
    squares = np.where(np.isnan(squares), np.inf, squares)
    last = x.size - 1 - int(np.argmin(squares[::-1]))
    return last if squares[last] <= within**2 else -1


def _scaled(shown: Range, factor: float, centre: float, home: Range) -> Range:
    whole = home[1] - home[0]
    factor = max(factor, whole / 1e4 / (shown[1] - shown[0]))
    low, high = (centre + (end - centre) * factor for end in shown)
    return home if high - low >= whole else _shifted((low, high), 0.0, home)


def _shifted(shown: Range, by: float, home: Range) -> Range:
    by = min(max(by, home[0] - shown[0]), home[1] - shown[1])
    return shown[0] + by, shown[1] + by
