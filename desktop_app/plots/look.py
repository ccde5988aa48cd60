"""Colours of the plots in light and dark, and sizes at the scale in force."""

from dataclasses import dataclass

from PySide6.QtGui import QFont

from desktop_app.window.theme import Theme


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of image or case is drawn: by lightness, shape and hatch, never by hue alone.

    Attributes
    ----------
    shape
        ``o`` circle, ``^`` triangle, ``s`` square, ``D`` diamond.
    """

    label: str
    fill: str
    edge: str
    shape: str = "o"
    is_hatched: bool = False
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours that say something, as in the paper's figures (`engine.figures.style`).

    Attributes
    ----------
    dim, dim_edge
        Of what is not brushed while something is.
    low, high
        Ends of the scale of a heat map.
    """

    correct: tuple[str, str]
    incorrect: tuple[str, str]
    unknown: tuple[str, str]
    neutral: tuple[str, str]
    dim: str
    dim_edge: str
    low: str
    high: str


LIGHT = Palette(
    correct=("#14507f", "#0b2f4c"),
    incorrect=("#f2b24d", "#7a4a00"),
    unknown=("#ffffff", "#777777"),
    neutral=("#7d93a8", "#3c4b59"),
    dim="#d5d9e0",
    dim_edge="#b3bac6",
    low="#f7fafc",
    high="#14507f",
)
DARK = Palette(
    correct=("#8fd0f7", "#12384f"),
    incorrect=("#e08a2c", "#ffd9a3"),
    unknown=("#1f2227", "#b9c0cb"),
    neutral=("#8ba3ba", "#c5d2de"),
    dim="#3a4049",
    dim_edge="#565e6a",
    low="#22303b",
    high="#8fd0f7",
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a plot paints with; made anew at each change of the theme.

    Attributes
    ----------
    scale
        2.0 at 200 %.
    text, small
        Fonts of the names of axes and of ticks.
    """

    palette: Palette
    scale: float
    surface: str
    ink: str
    muted: str
    grid: str
    axis: str
    accent: str
    focus: str
    text: QFont
    small: QFont

    def px(self, length: float) -> float:
        """Return a length that is given at 100 %, in pixels at this scale."""
        return length * self.scale

    @property
    def marks(self) -> tuple[Mark, Mark, Mark]:
        """How correct (0), incorrect (1) and unknown (2) are drawn."""
        p = self.palette
        return (
            Mark("correct", *p.correct),
            Mark("incorrect", *p.incorrect, "^", is_hatched=True),
            Mark("unknown", *p.unknown, "s", is_hollow=True),
        )

    @property
    def neutral(self) -> Mark:
        """How a bar or a point is drawn that says neither correct nor incorrect."""
        return Mark("", *self.palette.neutral)

    @property
    def hollow(self) -> Mark:
        """How what another bar is compared with is drawn."""
        return Mark("", self.surface, self.palette.neutral[1], is_hatched=True)


def look_of(theme: Theme) -> Look:
    """Return the look of the theme in force."""
    colours, metrics = theme.colours, theme.metrics
    return Look(
        palette=DARK if theme.is_dark else LIGHT,
        scale=metrics.scale,
        surface=colours.surface,
        ink=colours.text,
        muted=colours.muted,
        grid=colours.border,
        axis=colours.outline,
        accent=colours.accent,
        focus=colours.focus,
        text=_font(metrics.text["body"]),
        small=_font(metrics.text["small"]),
    )


def _font(points: float) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    return font
