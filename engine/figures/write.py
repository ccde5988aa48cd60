"""Figures as the bytes of files: the same figure gives the same bytes, without date or author."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from engine.figures.style import DOTS_PER_INCH, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NO_SVG_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_NO_PNG_METADATA = {"Software": None}


def svg_bytes(figure: "Figure") -> bytes:
    """Return a figure as SVG, its text kept as text."""
    return _bytes(figure, format="svg", metadata=_NO_SVG_METADATA, dpi=DOTS_PER_INCH)


def png_bytes(figure: "Figure") -> bytes:
    """Return a figure as PNG of 200 dots per inch.

    A letter that DejaVu Sans does not have shows as a box here; the SVG keeps it.
    """
    return _bytes(figure, format="png", metadata=_NO_PNG_METADATA, dpi=DOTS_PER_INCH)


def _bytes(figure: "Figure", **options: Any) -> bytes:  # noqa: ANN401 - of matplotlib's own kinds
    buffer = BytesIO()
    with house_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(buffer, **options)
    return buffer.getvalue()
