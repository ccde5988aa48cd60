"""Bars that lie one under the other, each with its interval, its number and its images."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_app.plots.frame import Frame, Range
from desktop_app.plots.inside import Indices
from desktop_app.plots.look import Look, Mark
from desktop_app.plots.reference import Line
from desktop_app.plots.shapes import draw_bar, draw_text
from desktop_app.plots.view import Place

NAME_LETTERS = 22
"""Letters of a name in one line beside a bar; a longer one is broken once, then cut."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes
    ----------
    name
        What it is of; the whole name, whatever fits beside it.
    row
        Its place from above; bars of one row have the halves of their room.
    length
        Its number; None where that is undefined.
    interval
        Ends of the interval of the number, if there is one.
    images
        Row numbers of the images behind it, or None where they are not known.
    """

    name: str
    row: float
    thickness: float
    length: float | None
    text: str
    interval: Range | None = None
    images: Indices | None = None
    is_hollow: bool = False
    is_bold: bool = False

    @property
    def end(self) -> float:
        """Where its number is written."""
        ends = (0.0, self.length or 0.0, self.interval[1] if self.interval else 0.0)
        return max(ends)


def draw_bars(
    painter: QPainter, frame: Frame, look: Look, bars: Sequence[Bar], lit: Sequence[bool]
) -> None:
    """Draw bars, pale where none of their images is brushed, with their numbers behind them."""
    zero = frame.across(0.0)
    for bar, is_lit in zip(bars, lit, strict=True):
        mark: Mark = look.hollow if bar.is_hollow else look.neutral
        middle = frame.down(bar.row)
        half = abs(frame.down(bar.row + bar.thickness / 2) - middle)
        if bar.length is not None:
            box = QRectF(zero, middle - half, frame.across(bar.length) - zero, 2 * half)
            draw_bar(painter, box.normalized(), look, mark, is_dim=not is_lit)
        if bar.interval:
            painter.setPen(QPen(QColor(look.ink if is_lit else look.muted), look.px(1.6)))
            low, high = (frame.across(end) for end in bar.interval)
            painter.drawLine(QLineF(low, middle, high, middle))
            for end in (low, high):
                painter.drawLine(QLineF(end, middle - look.px(3), end, middle + look.px(3)))
    painter.setPen(QPen(QColor(look.axis), look.px(1)))
    painter.drawLine(QLineF(zero, 0, zero, frame.height))


def draw_numbers(
    painter: QPainter, frame: Frame, look: Look, bars: Sequence[Bar], lit: Sequence[bool]
) -> None:
    """Write the number of each bar behind it."""
    for bar, is_lit in zip(bars, lit, strict=True):
        at = frame.across(bar.end) + look.px(6), frame.down(bar.row)
        colour = look.ink if is_lit else look.muted
        draw_text(painter, at, bar.text, look, is_bold=bar.is_bold, colour=colour)


def bar_at(frame: Frame, at: Place, bars: Sequence[Bar]) -> int:
    """Return the bar in whose row a place lies, -1 where there is none."""
    y = frame.y_at(at[1])
    for number, bar in enumerate(bars):
        if abs(y - bar.row) <= bar.thickness / 2:
            return number
    return -1


def range_of(bars: Sequence[Bar], lines: Sequence[Line]) -> Range:
    """Return limits that hold bars, intervals and lines, and to the right the numbers."""
    lows = [0.0, *(bar.length for bar in bars if bar.length is not None)]
    lows += [bar.interval[0] for bar in bars if bar.interval]
    low, high = min(lows), max([0.0, *(bar.end for bar in bars)])
    room = 0.45 * (high - low) or 1.0
    return low * 1.08, max([high + room, *(line.value * 1.06 for line in lines)])


def short(name: str) -> str:
    """Return a name in at most two lines."""
    if len(name) <= NAME_LETTERS:
        return name
    cut = name.rfind(" ", 0, NAME_LETTERS + 1)
    cut = cut if cut > NAME_LETTERS // 3 else NAME_LETTERS
    first, rest = name[:cut].rstrip(), name[cut:].strip()
    rest = rest if len(rest) <= NAME_LETTERS else rest[: NAME_LETTERS - 1].rstrip() + "…"
    return f"{first}\n{rest}"
