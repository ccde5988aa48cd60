"""Pictures of many images at once: the extremes of a run, or what is picked out (Figure 5)."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.explain.panel_canvas import pixmap_of
from desktop_app.explain.parts import Segments, button, scrolled
from desktop_app.explain.view import View
from desktop_app.session.explaining.pictures import Picture, Strips
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.session.explaining.tasks import CORRECT, INCORRECT, FinishedRun
from desktop_app.session.selection import Selection
from desktop_app.tables.flow import FlowLayout
from desktop_app.tables.formats import cell_text
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.rows import ImageResult

AT_FIRST = 8
"""Pictures of a group that are shown before a person asks for more."""

WIDTH = 344
"""Of a picture of four panels, pixels at 100 %."""

GROUPS: Mapping[tuple[str, int], str] = {
    ("lowest", CORRECT): "Lowest, correctly classified",
    ("lowest", INCORRECT): "Lowest, incorrectly classified",
    ("highest", CORRECT): "Highest, correctly classified",
    ("highest", INCORRECT): "Highest, incorrectly classified",
}
PICKED = "Picked out"


class GalleryView(View):
    """Groups of pictures under headings; pictures come as they are made."""

    title = "Gallery"
    figure = ""

    def __init__(self, strips: Strips, selection: Selection, theme: Theme) -> None:
        super().__init__(theme)
        self._strips, self._selection, self._theme = strips, selection, theme
        self._run: FinishedRun | None = None
        self._limits: dict[str, int] = {}
        self._is_stale = False
        self.thumbs: dict[int, Thumb] = {}
        self.modes = Segments({"extremes": "Extremes", "picked": PICKED}, theme)
        self.told = WrappedLabel(role="muted")
        row = QHBoxLayout()
        space(row, theme, spacing="m")
        row.addWidget(self.modes)
        row.addWidget(self.told, 1)
        self.body.addLayout(row)
        self._area = scrolled(QWidget())
        self.body.addWidget(self._area, 1)
        self.modes.chosen.connect(lambda _: self._fill())
        strips.came.connect(self._on_came)
        selection.brushed.connect(self._on_brushed)
        selection.current_changed.connect(self._on_current)
        theme.changed.connect(self._fill)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was picked out, and make the pictures that were wanted, while out of sight."""
        super().showEvent(event)
        if self._is_stale:
            self._fill()

    def show_run(self, run: KeptRun | None) -> None:
        """Show the extremes of a run, or what is picked out of it."""
        self._run = run.result if run else None
        self._limits = {}
        self._fill()

    def show_picked(self) -> None:
        """Show what is picked out."""
        self.modes.choose("picked")
        self._fill()

    def groups(self) -> dict[str, list[int]]:
        """Return the row numbers of each group, under its heading."""
        run = self._run
        if run is None:
            return {}
        if self.modes.current == "picked":
            mask = self._selection.mask
            if mask is None or len(mask) != len(run.run.images):
                return {PICKED: []}
            return {
                PICKED: [
                    int(n) for n in np.flatnonzero(mask & np.isfinite(run.values.metrics["ds"]))
                ]
            }
        numbers, marks, extremes = run.values.numbers, run.values.marks, run.findings.extremes
        paths = {"lowest": extremes.lowest, "highest": extremes.highest}
        return {
            heading: [numbers[p] for p in paths[end] if p in numbers and marks[numbers[p]] == mark]
            for (end, mark), heading in GROUPS.items()
        }

    # Inside

    def _fill(self) -> None:
        self.thumbs = {}
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        space(column, self._theme, "none none m none", spacing="s")
        wanted: list[int] = []
        groups = self.groups()
        for heading, numbers in groups.items():
            wanted += self._add_group(column, heading, numbers)
        column.addStretch()
        self._area.setWidget(inside)
        self._say(groups)
        run = self._run
        self._is_stale = not self.isVisible()
        if run is not None and not self._is_stale:
            self._strips.want([run.values.names[n] for n in wanted], run.settings.figures)

    def _add_group(self, column: QVBoxLayout, heading: str, numbers: Sequence[int]) -> list[int]:
        label = QLabel(f"{heading} ({len(numbers):,})")
        set_role(label, "strong")
        column.addWidget(label)
        shown = list(numbers[: self._limits.get(heading, AT_FIRST)])
        holder = QWidget()
        holder.setObjectName("inside")
        flow = FlowLayout(holder)
        space(flow, self._theme, spacing="s")
        for number in shown:
            flow.addWidget(self._thumb(number))
        column.addWidget(holder)
        left = len(numbers) - len(shown)
        if left:
            more = button(f"Show {left:,} more", lambda: self._show_more(heading), role="link")
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return shown

    def _thumb(self, number: int) -> "Thumb":
        assert self._run is not None
        result = self._run.run.images[number]
        thumb = Thumb(number, result, self._theme)
        thumb.clicked.connect(lambda _is_checked=False: self._on_thumb(number))
        thumb.opened.connect(self.activated)
        strip = self._strips.strips.get(result.image.path)
        if strip is not None:
            thumb.show_strip(strip)
        thumb.setChecked(number == self._selection.current)
        self.thumbs[number] = thumb
        return thumb

    def _show_more(self, heading: str) -> None:
        self._limits[heading] = self._limits.get(heading, AT_FIRST) + 3 * AT_FIRST
        self._fill()

    def _say(self, groups: Mapping[str, Sequence[int]]) -> None:
        if self.modes.current == "picked":
            is_any = bool(groups.get(PICKED))
            self.told.setText(
                "" if is_any else "Nothing is picked out: brush a plot, or open a finding."
            )
        elif self._run is not None:
            extremes = self._run.findings.extremes
            self.told.setText(
                f"In the lowest or highest {extremes.fraction:.0%} both by DS and by SRCC, of"
                f" {extremes.ranked:,} images."
            )

    def _on_thumb(self, number: int) -> None:
        for other, thumb in self.thumbs.items():
            thumb.setChecked(other == number)
        self.activated.emit(number)

    def _on_came(self, fresh: Mapping[str, Picture | Problem]) -> None:
        if self._run is None:
            return
        for path, strip in fresh.items():
            thumb = self.thumbs.get(self._run.values.numbers.get(path, -1))
            if thumb is not None:
                thumb.show_strip(strip)

    def _on_brushed(self, _mask: object, _source: object) -> None:
        if not self.isVisible():
            self._is_stale = True
        elif self.modes.current == "picked":
            self._fill()

    def _on_current(self, number: int, _source: object) -> None:
        for other, thumb in self.thumbs.items():
            thumb.setChecked(other == number)


class Thumb(QPushButton):
    """Four small panels and a line of facts; a click takes the image at hand."""

    opened = Signal(int)

    def __init__(
        self, number: int, result: ImageResult, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "thumb")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.number = number
        self._theme = theme
        image = result.image
        self._height = WIDTH / 4 * min(image.height / max(image.width, 1), 1.0)
        self.picture = QLabel("…")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.told = QLabel(facts_text(result))
        self.told.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self.told, "small")
        self.setAccessibleName(f"{result.image.path}: {self.told.text()}")
        self.setToolTip(result.image.path)
        body = QVBoxLayout(self)
        space(body, theme, "xs", spacing="xs")
        body.addWidget(self.picture, 1)
        body.addWidget(self.told)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return a size that a strip of four square panels fits into."""
        px = self._theme.metrics.px
        return QSize(px(WIDTH + 16), px(self._height + 20) + self.fontMetrics().height())

    def show_strip(self, strip: Picture | Problem) -> None:
        """Show the panels, or say why there are none."""
        if isinstance(strip, Problem):
            self.picture.setText("No picture")
            self.picture.setToolTip(str(strip))
            return
        px = self._theme.metrics.px
        ratio = self.devicePixelRatioF()
        pixmap = pixmap_of(strip).scaled(
            round(px(WIDTH) * ratio), round(px(WIDTH // 4) * ratio),
            Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)


def facts_text(result: ImageResult) -> str:
    """Return DS, SRCC, condition and prediction of an image in a line."""
    located = result.localisation
    ds, srcc = (located.ds, located.srcc) if located else (None, None)
    predicted = "none" if isinstance(result.predicted, Undefined) else result.predicted
    numbers = f"DS {_short(ds)} · SRCC {_short(srcc)}"
    return f"{numbers} · {result.image.condition or 'unknown'} → {predicted}"


def _short(value: object) -> str:
    return f"{value:.2f}".replace("-", "−") if isinstance(value, float) else cell_text(value) or "–"
