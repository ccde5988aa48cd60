"""Geometry loaded before it is needed, so that the first gesture does not wait for it."""


def load_geometry() -> None:
    """Load shapely and what stands on it; to be run on a lane once the window is there."""
    from engine.domain.polygon import Polygon, ring  # noqa: PLC0415 - light, but only used here
    from engine.regions.drawing import Frame, close_outline, subtract_hole  # noqa: PLC0415

    square = Polygon(ring([(0, 0), (8, 0), (8, 8), (0, 8)]))
    bow_tie = [(1, 1), (5, 5), (5, 1), (1, 5)]
    close_outline((), bow_tie, Frame(8, 8))
    subtract_hole((square,), bow_tie, Frame(8, 8))
