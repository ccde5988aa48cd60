"""Brightness and contrast of the view; the picture itself never changes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

GREY = 127.5


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the grader set, each from -1 to 1, 0 for the picture as it is.

    Attributes
    ----------
    brightness
        1 makes mid-grey white, -1 black.
    contrast
        1 spreads the levels around mid-grey fourfold, -1 to a fourth.
    """

    brightness: float = 0.0
    contrast: float = 0.0

    @property
    def is_neutral(self) -> bool:
        """True where the picture is shown as it is."""
        return self == Adjustment()

    def brighter(self, by: float) -> "Adjustment":
        """Return the adjustment with more brightness, as far as it goes."""
        return replace(self, brightness=_within(self.brightness + by))

    def with_more_contrast(self, by: float) -> "Adjustment":
        """Return the adjustment with more contrast, as far as it goes."""
        return replace(self, contrast=_within(self.contrast + by))

    def table(self) -> NDArray[np.uint8]:
        """Return the level shown for each level 0..255 of the picture."""
        spread = (np.arange(256) - GREY) * 4.0**self.contrast
        shown = np.clip(spread + GREY * (1 + self.brightness), 0, 255)
        levels: NDArray[np.uint8] = np.rint(shown).astype(np.uint8)
        return levels


def _within(value: float) -> float:
    return min(max(round(value, 6), -1.0), 1.0)
