"""Which body parts the images of lowest agreement show, beside a control sample (Figure 6)."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QComboBox, QWidget

from desktop_app.plots.bars import Bar, bar_at, draw_bars, draw_numbers, short
from desktop_app.plots.frame import Frame
from desktop_app.plots.inside import Indices
from desktop_app.plots.legend import Key
from desktop_app.plots.plot import Columns, Plot
from desktop_app.plots.view import Place
from desktop_app.session.selection import Selection
from desktop_app.window.theme import Theme
from engine.domain.findings import BodyPartShare
from engine.domain.measure import value_of
from engine.figures.body_parts import GROUPS, parts_in_order
from engine.figures.style import counted

BAR = 0.36
BEYOND = 1.32
"""Room beyond 1 for the numbers behind the longest bars."""


class BodyPartPlot(Plot):
    """Two bars for each part: lowest images that show it, and of the control sample.

    A click on a part brushes its images.
    """

    EMPTY = "None of the images of lowest agreement has body part labels yet."

    def __init__(
        self, theme: Theme, selection: Selection | None = None, parent: QWidget | None = None
    ) -> None:
        self._shares: tuple[BodyPartShare, ...] = ()
        self._images: Mapping[tuple[str, str], Indices] = {}
        self._alpha = 0.05
        self._bars: list[Bar] = []
        self._at = -1
        super().__init__(theme, selection, parent)
        self.groups = QComboBox()
        self.groups.setAccessibleName("Lowest by which metric")
        self.groups.currentIndexChanged.connect(self._show_group)
        self.head.insertWidget(1, self.groups)
        self._title = ""
        self.refresh("", empty=self.EMPTY)
        self.groups.hide()

    def set_shares(
        self,
        shares: Sequence[BodyPartShare],
        *,
        alpha: float = 0.05,
        title: str = "",
        images: Mapping[tuple[str, str], Indices] | None = None,
        count: int = 0,
        empty: str = "",
    ) -> None:
        """Show other shares, of one group at a time.

        Parameters
        ----------
        shares
            One for each part and group, ``ds``, ``srcc`` or ``both``.
        alpha
            An asterisk marks a p, corrected by Holm over the parts of a group, below it.
        images
            Row numbers of the lowest images that show a part, by group and part.
        count
            How many rows the study has.
        empty
            What to say where there is nothing to draw, if this plot's own sentence will not do.
        """
        is_empty = not any(share.labelled for share in shares)
        self._shares, self._alpha, self._images = tuple(shares), alpha, images or {}
        self._title = title
        self.take_rows(count)
        present = [group for group in GROUPS if any(share.group == group for share in shares)]
        self.groups.blockSignals(True)
        chosen = self.groups.currentData()
        self.groups.clear()
        for group in present:
            self.groups.addItem(GROUPS[group], group)
        self.groups.setCurrentIndex(max(self.groups.findData(chosen), 0) if present else -1)
        self.groups.blockSignals(False)
        self.groups.setHidden(is_empty or len(present) < 2)
        self._show_group(empty=empty or self.EMPTY if is_empty else "")

    @property
    def group(self) -> str:
        """Which group is shown: ``ds``, ``srcc`` or ``both``."""
        return str(self.groups.currentData() or "")

    def data(self) -> Columns:
        """Return part, shown, labelled and the same of the control sample, the longest first."""
        drawn = self._drawn()
        return {
            "part": [share.part for share in drawn],
            "shown": [share.shown for share in drawn],
            "labelled": [share.labelled for share in drawn],
            "control_shown": [share.control_shown for share in drawn],
            "control_labelled": [share.control_labelled for share in drawn],
            "p_holm": [value_of(share.p_holm) for share in drawn],
        }

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the bars and their numbers."""
        lit = self._lit()
        draw_bars(painter, frame, self.look, self._bars, lit)
        draw_numbers(painter, frame, self.look, self._bars, lit)

    def keys(self) -> tuple[Key, ...]:
        """Return what the two bars are, with the numbers of images."""
        drawn = self._drawn()
        labelled = max((share.labelled for share in drawn), default=0)
        control = max((share.control_labelled for share in drawn), default=0)
        return (
            Key(f"lowest ({labelled:,})", self.look.neutral, is_bar=True),
            Key(f"control sample ({control:,})", self.look.hollow, is_bar=True),
        )

    def words(self) -> str:
        """Return the parts with their shares, the longest first."""
        said = (
            f"{share.part} {share.shown:,} of {share.labelled:,}, control"
            f" {share.control_shown:,} of {share.control_labelled:,}"
            f"{', significant' if self._is_marked(share) else ''}"
            for share in self._drawn()
        )
        return f"{GROUPS.get(self.group, '')}: images that show {'; '.join(said)}."

    def remarks(self) -> str:
        """Return what the asterisk means."""
        marked = any(self._is_marked(share) for share in self._drawn())
        return f"* p below {self._alpha:g} after Holm's correction (Fisher)" if marked else ""

    def click(self, at: Place, *, is_added: bool) -> None:
        """Brush the images that show a part."""
        number = bar_at(self.view.frame, at, self._bars)
        images = self._bars[number].images if number >= 0 else None
        if images is None:
            self.clear_brush()
        else:
            self.brush_groups([images], is_added=is_added)

    def hint_at(self, at: Place) -> str:
        """Return the part with its numbers and its p."""
        number = bar_at(self.view.frame, at, self._bars)
        if number < 0:
            return ""
        share = self._drawn()[number // 2]
        p = value_of(share.p_holm)
        return (
            f"{share.part}\nlowest {share.shown:,} of {counted(share.labelled, 'image')}\ncontrol"
            f" {share.control_shown:,} of {share.control_labelled:,}"
            + (f"\ncorrected p {p:.3g}" if p is not None else "")
        )

    def press_key(self, event: QKeyEvent) -> bool:
        """Brush part after part by Up and Down."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        drawn = self._bars[::2]
        if not step or not any(bar.images is not None for bar in drawn):
            return super().press_key(event)
        self._at = min(max(self._at + step, 0), len(drawn) - 1)
        images = drawn[self._at].images
        self.brush_groups([] if images is None else [images])
        return True

    def restyle(self) -> None:
        """Write the name of the axis in the new size."""
        self.view.name_axes("share of images", "")

    def _show_group(self, _index: int = 0, *, empty: str = "") -> None:
        drawn = self._drawn()
        self._at = -1
        self._bars = [bar for row, share in enumerate(drawn) for bar in self._two_bars(row, share)]
        self.view.set_ticks("left", [(row, short(share.part)) for row, share in enumerate(drawn)])
        self.view.set_ticks("bottom", [(0, "0"), (0.5, "0.5"), (1, "1")], has_grid=True)
        self.view.show_range((0, BEYOND), (-0.5, max(len(drawn), 1) - 0.5), is_downward=True)
        self.refresh(self._title, empty=empty)

    def _two_bars(self, row: int, share: BodyPartShare) -> tuple[Bar, Bar]:
        star = " *" if self._is_marked(share) else ""
        images = self._images.get((share.group, share.part))
        lowest = _length(share.shown, share.labelled)
        control = _length(share.control_shown, share.control_labelled)
        return (
            Bar(
                share.part, row - BAR / 2, BAR, lowest[0], lowest[1] + star,
                images=images, is_bold=bool(star),
            ),
            Bar(share.part, row + BAR / 2, BAR, control[0], control[1], is_hollow=True),
        )  # fmt: skip

    def _drawn(self) -> list[BodyPartShare]:
        of_group = {share.part: share for share in self._shares if share.group == self.group}
        return [of_group[part] for part in parts_in_order(self._shares) if part in of_group]

    def _is_marked(self, share: BodyPartShare) -> bool:
        p = value_of(share.p_holm)
        return p is not None and p < self._alpha

    def _lit(self) -> list[bool]:
        if self.picked is None:
            return [True] * len(self._bars)
        mask = self.picked
        known = [bar.images is None or bool(mask[bar.images].any()) for bar in self._bars[::2]]
        return [is_lit for is_lit in known for _ in range(2)]


def _length(part: int, whole: int) -> tuple[float | None, str]:
    return (part / whole, f"{part:,}/{whole:,}") if whole else (None, "not labelled")
