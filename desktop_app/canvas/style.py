"""The colours and sizes of what the canvas paints, for light and dark windows."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class CanvasStyle:
    """How shapes look; colours are ``#rrggbb`` or ``#aarrggbb``.

    The outlines are of the colour-blind safe palette of Okabe and Ito, and each line has a casing,
    so that it reads on any skin. What differs in meaning differs in more than colour: the selected
    region is filled and wider, a draft has a rubber line, another's region is dashed.

    Attributes
    ----------
    background
        Around the picture; grey, since a coloured one would tint what the grader judges.
    text
        Of a message in place of the picture.
    casing
        Beneath every line and around every handle.
    outline, selected, hovered, draft, other
        Of the grader's regions, of the one that is selected, of the one under the cursor, of what
        is being drawn, and of the same region as another window has it.
    fill
        Over the selected region.
    handle, handle_hovered
        Of the vertices of the selected region, and of the one under the cursor.
    line, wide_line
        Widths of outlines, and of the selected one and what is being drawn, in screen pixels.
    scale
        Of all sizes; 2 where the person chose 200 %.
    """

    background: str = "#d3d4d6"
    text: str = "#3a3d42"
    casing: str = "#14181c"
    outline: str = "#56b4e9"
    selected: str = "#7cc9f5"
    hovered: str = "#b9e2fa"
    draft: str = "#f0b429"
    other: str = "#e8a0c4"
    fill: str = "#2456b4e9"
    handle: str = "#ffffff"
    handle_hovered: str = "#f0b429"
    line: float = 1.5
    wide_line: float = 2.0
    scale: float = 1.0


LIGHT = CanvasStyle()
DARK = replace(LIGHT, background="#2a2b2e", text="#c9ccd1")
