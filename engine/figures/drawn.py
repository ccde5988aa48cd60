"""Figures and pictures as the bytes that a report holds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.figures.write import png_bytes, svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, eq=False)
class DrawnFigure:
    """A figure as SVG and PNG.

    Attributes
    ----------
    name
        File name without suffix, such as ``figure2-kappa``.
    caption
        What it shows, also for who cannot see it.
    svg
        Empty for a figure that is a photograph and nothing else.
    """

    name: str
    caption: str
    svg: bytes
    png: bytes


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPicture:
    """A picture of one image, linked to its source by digest alone (method 13).

    Attributes
    ----------
    webp
        The encoded four panels, without metadata.
    digest
        SHA-256 of the source file.
    """

    webp: bytes
    digest: str
    width: int
    height: int


def drawn(name: str, caption: str, figure: "Figure") -> DrawnFigure:
    """Return a matplotlib figure as its bytes."""
    return DrawnFigure(name, caption, svg_bytes(figure), png_bytes(figure))
