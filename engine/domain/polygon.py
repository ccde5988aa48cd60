"""Polygons in the one frame: upright full-resolution pixels, y down, corner convention."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ring = NDArray[np.float64]
"""Vertices of an open ring, shape (n, 2), columns x and y in pixels; the first is not repeated."""


def ring(points: ArrayLike) -> Ring:
    """Return the points as a read-only open ring; a repeated last vertex is dropped.

    Parameters
    ----------
    points
        Shape (n, 2), columns x and y in pixels.
    """
    vertices = np.array(points, dtype=np.float64).reshape(-1, 2)
    if len(vertices) > 1 and np.array_equal(vertices[0], vertices[-1]):
        vertices = vertices[:-1]
    vertices.setflags(write=False)
    return vertices


@dataclass(frozen=True, slots=True, eq=False)
class Polygon:
    """One outlined area: what lies inside an odd number of its rings.

    Pixel (row i, column j) covers [j, j+1] x [i, i+1]; its centre is (j+0.5, i+0.5).
    """

    exterior: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The exterior and the holes, in that order."""
        return (self.exterior, *self.holes)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Polygon)
            and len(self.rings) == len(other.rings)
            and all(map(np.array_equal, self.rings, other.rings))
        )

    def __hash__(self) -> int:
        return hash(tuple(r.tobytes() for r in self.rings))


Region = tuple[Polygon, ...]
"""What one grader outlined on one image: the union (never XOR) of the polygons."""
