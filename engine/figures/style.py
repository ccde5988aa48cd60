"""One look for all figures: widths, type, colours, marks, and the frame around the data.

matplotlib is imported when the first figure is drawn, and in no module of this room before.
"""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from engine.domain.measure import Measure, Undefined
from engine.figures.lettering import font, length, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

COLUMN, PAGE = 3.5, 7.2
"""Widths of a figure over one and over two columns of a journal, inches."""

TITLE, BODY, SMALL = 9.0, 7.5, 6.5
"""Sizes of letters, points."""

EDGE = 0.14
"""Free space around a figure, inches."""

INK, MUTED, PALE = "#1a1a1a", "#555555", "#f1f1f1"
NEUTRAL, NEUTRAL_EDGE = "#7d93a8", "#3c4b59"
"""Bars that say neither correct nor incorrect."""

POINTS_PER_INCH, DOTS_PER_INCH = 72, 200
_MEASURED = 100
"""Size at which letters are measured; their width is proportional to it."""

_WIDER, _BOLD = 1.02, 1.15
"""How much wider small letters come out on a grid of pixels, and bold ones in any case."""

_STYLE: Any = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": BODY,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": BODY,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "dermconcord",
}

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of case is drawn: by lightness, shape and hatch, so that gray shows it too."""

    label: str
    colour: str
    edge: str
    marker: str
    hatch: str = ""


CORRECT = Mark("correct", "#14507f", "#0b2f4c", "o")
INCORRECT = Mark("incorrect", "#f2b24d", "#7a4a00", "^", "////")
UNKNOWN = Mark("unknown", "#ffffff", "#777777", "s")


def mark_of(is_correct: bool | Undefined) -> Mark:
    """Return how an image or a case of this correctness is drawn."""
    if isinstance(is_correct, Undefined):
        return UNKNOWN
    return CORRECT if is_correct else INCORRECT


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a figure, inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@contextmanager
def house_style() -> Iterator[None]:
    """Give matplotlib the one style, and afterwards what it had before."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    with mpl.rc_context():
        mpl.rcdefaults()  # the reader's own matplotlibrc does not change a figure
        mpl.rcParams.update(_STYLE)
        yield


def in_house_style(draw: Callable[P, T]) -> Callable[P, T]:
    """Return the drawing function with the one style around it."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> T:
        with house_style():
            return draw(*args, **kwargs)

    return styled


def framed(title: str, *, body: float, note: str = "", width: float = PAGE) -> tuple["Figure", Box]:
    """Return an empty figure with its title above and a note below, and the room between them.

    Parameters
    ----------
    body
        Height of the room for the data, inches; the figure is higher by title and note.
    note
        What a reader must know beside the picture, such as what was left out. Paragraphs are
        parted by line ends.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow to import
    from matplotlib.figure import Figure  # noqa: PLC0415

    inside = width - 2 * EDGE
    heading = broken(title, width=inside, size=TITLE, bold=True)
    notes = [line for part in note.splitlines() for line in broken(part, width=inside, size=SMALL)]
    above = EDGE + line_height(TITLE) * len(heading) + 0.08
    below = line_height(SMALL) * len(notes) + (0.1 if notes else 0) + EDGE
    figure = Figure(figsize=(width, above + body + below), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    write_lines(figure, EDGE, EDGE, heading, size=TITLE, bold=True)
    write_lines(figure, EDGE, above + body + 0.1, notes, size=SMALL, colour=MUTED)
    return figure, Box(EDGE, above, inside, body)


def empty_figure(title: str, message: str, *, width: float = PAGE, body: float = 1.6) -> "Figure":
    """Return a figure that says why it shows nothing."""
    figure, room = framed(title, body=body, width=width)
    axes = axes_in(figure, room)
    axes.set(facecolor=PALE, xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    lines = broken(message, width=room.width - 0.4, size=BODY)
    axes.text(0.5, 0.5, "\n".join(lines), color=MUTED, ha="center", va="center")
    return figure


def axes_in(figure: "Figure", box: Box) -> "Axes":
    """Return new axes that fill a box of the figure."""
    width, height = figure.get_size_inches()
    return figure.add_axes(
        (
            box.left / width,
            1 - (box.top + box.height) / height,
            box.width / width,
            box.height / height,
        )
    )


def write(
    figure: "Figure",
    left: float,
    top: float,
    text: str,
    *,
    size: float = BODY,
    colour: str = INK,
    bold: bool = False,
    align: Literal["left", "center", "right"] = "left",
) -> "Text":
    """Write one line of text, its upper edge so many inches below the figure's."""
    width, height = figure.get_size_inches()
    return figure.text(
        left / width,
        1 - top / height,
        printable(text),
        fontsize=size,
        color=colour,
        fontweight="bold" if bold else "normal",
        ha=align,
        va="top",
    )


def write_lines(
    figure: "Figure",
    left: float,
    top: float,
    lines: list[str],
    *,
    size: float = BODY,
    colour: str = INK,
    bold: bool = False,
) -> None:
    """Write lines of text one under the other."""
    for number, line in enumerate(lines):
        y = top + number * line_height(size)
        write(figure, left, y, line, size=size, colour=colour, bold=bold)


def line_height(size: float) -> float:
    """Return the distance of two lines of letters of this size in points, inches."""
    return 1.35 * size / POINTS_PER_INCH


def text_width(text: str, *, size: float, bold: bool = False) -> float:
    """Return how wide a text is in inches."""
    ems = length(printable(text), font(_MEASURED)) / _MEASURED
    return ems * size / POINTS_PER_INCH * _WIDER * (_BOLD if bold else 1)


def broken(
    text: str, *, width: float, size: float, most: int | None = None, bold: bool = False
) -> list[str]:
    """Break a text into lines no wider than so many inches; what is beyond the last is cut (…)."""
    scale = _MEASURED * POINTS_PER_INCH / size / _WIDER / (_BOLD if bold else 1)
    lines = wrap(printable(text), width=width * scale, letters=font(_MEASURED))
    if most is None or len(lines) <= most:
        return lines
    kept = lines[:most]
    while kept[-1] and text_width(kept[-1] + "…", size=size, bold=bold) > width:
        kept[-1] = kept[-1][:-1].rstrip()
    return [*kept[:-1], kept[-1] + "…"]


def printable(text: str) -> str:
    """Return text that a font and an SVG file can hold: on one line, without control characters."""
    return "".join(_printable(letter) for letter in text)


def shown(measure: Measure, *, digits: int = 2) -> str:
    """Return a number as figures print it, or that there is none."""
    if isinstance(measure, Undefined):
        return "undefined"
    return f"{measure:.{digits}f}".replace("-", "−")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 image``, ``1,526 images``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def words(measure: Undefined) -> str:
    """Return the reason of an undefined number in words."""
    return measure.reason.value.replace("_", " ")


def _printable(letter: str) -> str:
    if letter.isprintable():
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) == "Cf" else "\N{REPLACEMENT CHARACTER}"
