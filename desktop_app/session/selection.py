"""What is picked out of a study's images, shared by every table and plot that shows them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

Mask = NDArray[np.bool_]


class Selection(QObject):
    """The image at hand and the images that were brushed, by row number.

    A row number is the place of an image among the rows of a run or of the agreement, which are
    ordered by case, then path; so two runs of one study share their numbers. Whoever changes the
    selection passes itself as `source` and skips the signal that comes back.
    """

    current_changed = Signal(int, object)
    """Row number of the image at hand, -1 for none, and who changed it."""

    brushed = Signal(object, object)
    """The mask of brushed images, None where nothing is brushed, and who changed it."""

    def __init__(self, count: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._current = -1
        self._mask: Mask | None = None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def current(self) -> int:
        """Row number of the image at hand, -1 for none."""
        return self._current

    @property
    def mask(self) -> Mask | None:
        """Which rows are brushed, shape (count,); None where nothing is brushed."""
        return self._mask

    def restart(self, count: int) -> None:
        """Begin anew with so many rows: nothing is at hand, nothing brushed."""
        self._count = count
        self.set_current(-1)
        self.brush(None)

    def set_current(self, number: int, source: object = None) -> None:
        """Take another image at hand; -1 for none."""
        if not -1 <= number < self._count:
            raise IndexError(f"row {number} of {self._count}")
        if number != self._current:
            self._current = number
            self.current_changed.emit(number, source)

    def brush(self, mask: Mask | None, source: object = None) -> None:
        """Pick out the rows of a mask, or none in particular.

        A mask of no row stays a mask: what was brushed holds nothing.
        """
        if mask is not None and mask.shape != (self._count,):
            raise ValueError(f"a mask of {mask.shape} does not fit {self._count} rows")
        is_same = mask is self._mask or (
            mask is not None and self._mask is not None and np.array_equal(mask, self._mask)
        )
        if not is_same:
            self._mask = mask
            self.brushed.emit(mask, source)
