"""The copy of a region that a lead edits: its steps are local, only what is kept is written."""

from dataclasses import dataclass, field

import numpy as np

from engine.domain.polygon import Polygon, Region, Ring, ring
from engine.domain.simplify import simplify

STAIRS = 1.0
"""Pixels by which the stairs of an outline along pixels leave the line that they stand for."""


@dataclass(slots=True)
class EditedCopy:
    """One region while it is edited, with its own undo; the study knows nothing of it.

    Attributes
    ----------
    image
        Path of the image.
    states, gestures
        ``gestures[k]`` led from ``states[k]`` to ``states[k + 1]``.
    at
        Index of the present state.
    """

    image: str
    states: list[Region]
    gestures: list[str] = field(default_factory=list)
    at: int = 0

    @property
    def region(self) -> Region:
        """The region as it is now."""
        return self.states[self.at]

    @property
    def is_changed(self) -> bool:
        """True where something would be lost by giving the copy up."""
        return self.region != self.states[0]

    @property
    def undo_text(self) -> str:
        """The gesture that undo would take back, empty at the beginning."""
        return self.gestures[self.at - 1] if self.at else ""

    @property
    def redo_text(self) -> str:
        """The gesture that redo would do again, empty at the end."""
        return self.gestures[self.at] if self.at < len(self.gestures) else ""

    def draw(self, region: Region, gesture: str) -> None:
        """Take the region that a gesture left; what was undone before is gone."""
        del self.states[self.at + 1 :], self.gestures[self.at :]
        self.states.append(region)
        self.gestures.append(gesture)
        self.at += 1

    def undo(self) -> None:
        """Take back a gesture."""
        self.at = max(self.at - 1, 0)

    def redo(self) -> None:
        """Do it again."""
        self.at = min(self.at + 1, len(self.gestures))


def without_stairs(region: Region) -> Region:
    """Return an outline along the edges of pixels as one whose vertices can be taken hold of.

    No part of it moves by more than `STAIRS`; it is for a copy to be edited, which is the lead's.
    """
    from engine.regions.repair import unite  # noqa: PLC0415 - it loads shapely

    return unite(
        Polygon(_smoothed(polygon.exterior), tuple(map(_smoothed, polygon.holes)))
        for polygon in region
    )


def _smoothed(vertices: Ring) -> Ring:
    """Return a ring without stairs; one that would have no inside stays as it is."""
    smooth = simplify(np.vstack((vertices, vertices[:1])), STAIRS)
    return ring(smooth) if len(smooth) > 3 else vertices
