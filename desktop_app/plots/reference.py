"""Lines to read a number by: the human ceiling, the chance level, a cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop_app.plots.frame import Frame
from desktop_app.plots.look import Look
from engine.domain.measure import Undefined
from engine.figures.style import shown

if TYPE_CHECKING:
    from engine.figures.reference import DsReference

DASHES = {"ceiling": (5.0, 2.0), "chance": (1.0, 1.5)}
OTHER_DASHES = (4.0, 2.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the plot at a number; the ceiling is dashed, chance is dotted.

    Attributes
    ----------
    name
        What it is, as in the key.
    text
        What is written beside it.
    """

    value: float
    name: str
    text: str


def as_lines(lines: Sequence[Line | tuple[float, str]]) -> tuple[Line, ...]:
    """Return lines; of a number and a label the label is written as it is."""
    return tuple(line if isinstance(line, Line) else Line(*line, line[1]) for line in lines)


def ds_lines(reference: "DsReference | None") -> tuple[Line, ...]:
    """Return the lines of every axis of DS that are defined: human ceiling and chance level."""
    if reference is None:
        return ()
    both = (("ceiling", reference.human_ceiling), ("chance", reference.chance))
    return tuple(
        Line(value, name, f"{name} {shown(value)}")
        for name, value in both
        if not isinstance(value, Undefined)
    )


def draw_lines(
    painter: QPainter, frame: Frame, look: Look, lines: tuple[Line, ...], *, is_on_y: bool = False
) -> None:
    """Draw the lines, upright or, where they are numbers of y, across."""
    for line in lines:
        pen = QPen(QColor(look.ink), look.px(1.1))
        pen.setDashPattern(DASHES.get(line.name, OTHER_DASHES))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if is_on_y:
            at = frame.down(line.value)
            painter.drawLine(QLineF(0, at, frame.width, at))
        else:
            at = frame.across(line.value)
            painter.drawLine(QLineF(at, 0, at, frame.height))


def draw_names_above(
    painter: QPainter, frame: Frame, look: Look, lines: tuple[Line, ...], *, height: float
) -> None:
    """Write the names of upright lines over the plot; close ones lean away from each other."""
    painter.setFont(look.small)
    painter.setPen(QColor(look.ink))
    metrics = QFontMetricsF(look.small)
    for line, left in zip(lines, _lefts(frame, lines, metrics), strict=True):
        baseline = QPointF(left, height - metrics.descent() - look.px(1))
        painter.drawText(baseline, line.text)


def _lefts(frame: Frame, lines: tuple[Line, ...], metrics: QFontMetricsF) -> list[float]:
    """Return where each name begins: in order along the axis, none upon another, all within."""
    gap = metrics.horizontalAdvance("n")
    widths = [metrics.horizontalAdvance(line.text) for line in lines]
    order = sorted(range(len(lines)), key=lambda i: lines[i].value)
    lefts = [0.0] * len(lines)
    end = 0.0
    for i in order:
        lefts[i] = max(frame.across(lines[i].value) - widths[i] / 2, end)
        end = lefts[i] + widths[i] + gap
    limit = frame.width
    for i in reversed(order):
        lefts[i] = min(lefts[i], limit - widths[i])
        limit = lefts[i] - gap
    return lefts


def draw_names_beside(
    painter: QPainter, frame: Frame, look: Look, lines: tuple[Line, ...], *, width: float
) -> None:
    """Write the names of lines across to the right of the plot, in two lines each."""
    painter.setFont(look.small)
    painter.setPen(QColor(look.ink))
    metrics = QFontMetricsF(look.small)
    height = 2 * metrics.lineSpacing()
    limit = frame.height
    for line in sorted(lines, key=lambda line: line.value):
        top = min(frame.down(line.value) - height / 2, limit - height)
        limit = top
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        box = QRectF(look.px(4), top, width - look.px(4), height)
        painter.drawText(box, flags, line.text.replace(" ", "\n"))
