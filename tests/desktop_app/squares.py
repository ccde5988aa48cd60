"""Square regions, to be told apart by their places."""

from engine.domain.polygon import Polygon, ring


def square(at=5.0, side=10.0):
    """Return a square region's polygon with its corner at (at, at)."""
    corners = [(at, at), (at + side, at), (at + side, at + side), (at, at + side)]
    return Polygon(ring(corners))
