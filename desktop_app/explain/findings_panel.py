"""What a run found, in sentences: each can be opened, starred and commented."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.finding_card import FindingCard
from desktop_app.explain.look import set_at
from desktop_app.explain.parts import scrolled
from desktop_app.session.explaining.marks import Marks
from desktop_app.session.explaining.runs import KeptRun
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.findings import Cue

CAVEAT = (
    "A finding is where to look, not a proof; what is not listed has not been shown to be sound."
    " The correction holds for one run, not for the best of several."
)
WIDTH, NARROW = 320, 250


class FindingsPanel(QWidget):
    """The right side of the page: the first finding stands at its top."""

    opened = Signal(int)
    """Place of a finding whose images are to be shown."""

    def __init__(self, marks: Marks, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._marks = marks
        self._theme = theme
        self._run: KeptRun | None = None
        self._width = WIDTH
        self.at = -1
        self.cards: list[FindingCard] = []
        self.heading = QLabel("Findings")
        set_role(self.heading, "heading")
        self.told = WrappedLabel(role="muted")
        self.caveat = WrappedLabel(CAVEAT, "small")
        self._column = QVBoxLayout()
        space(self._column, theme, spacing="s")
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        space(column, theme, "m none m m", spacing="s")
        column.addLayout(self._column)
        column.addWidget(self.caveat)
        column.addStretch()
        head = QVBoxLayout()
        space(head, theme, "m m m s", spacing="xs")
        head.addWidget(self.heading)
        head.addWidget(self.told)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addLayout(head)
        body.addWidget(scrolled(inside), 1)
        theme.changed.connect(self._fit)
        self._fit()
        self.show_run(None)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The findings of the run that is shown."""
        return self._run.result.findings.cues if self._run else ()

    def show_run(self, run: KeptRun | None) -> None:
        """Show the findings of a run, or that there is none yet."""
        is_other = run is not self._run or [card.cue for card in self.cards] != list(
            run.result.findings.cues if run else ()
        )
        if is_other:
            self.flush()  # what is being written is about the run of before
        self._run = run
        if is_other:
            self._fill()
        for card in self.cards:
            if run is not None:
                card.show_mark(self._marks.of(run, card.cue))
        self._say()

    def show_asking(self, is_asking: bool) -> None:
        """Say that the questions are being asked again."""
        if is_asking:
            self.told.setText("Asking again, with the labels there are now…")
        else:
            self._say()

    def go(self, place: int) -> None:
        """Take a finding at hand, without opening it."""
        if not 0 <= place < len(self.cards):
            return
        self.at = place
        for number, card in enumerate(self.cards):
            set_at(card, is_at=number == place)

    def star(self) -> None:
        """Star the finding at hand, the first where none is, or take its star away."""
        card = self._at_hand()
        if card is not None:
            card.star.click()

    def comment(self) -> None:
        """Write a comment on the finding at hand, the first where none is."""
        card = self._at_hand()
        if card is not None:
            card.edit_comment()

    def flush(self) -> None:
        """Store a comment that is being written."""
        for card in self.cards:
            card.end_comment()

    def _at_hand(self) -> "FindingCard | None":
        if self.at < 0 and self.cards:
            self.go(0)
        return self.cards[self.at] if 0 <= self.at < len(self.cards) else None

    def _fill(self) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.at = -1
        self.cards = [self._card(place, cue) for place, cue in enumerate(self.cues)]
        for card in self.cards:
            self._column.addWidget(card)

    def _card(self, place: int, cue: Cue) -> "FindingCard":
        card = FindingCard(place, cue, self._theme)
        card.opened.connect(lambda: self.opened.emit(place))
        card.starred.connect(lambda is_on: self._star(cue, is_on))
        card.commented.connect(lambda text: self._comment(cue, text))
        card.touched.connect(lambda: self.go(place))
        return card

    def _star(self, cue: Cue, is_on: bool) -> None:
        if self._run is not None:
            self._marks.star(self._run, cue, is_starred=is_on)

    def _comment(self, cue: Cue, text: str) -> None:
        if self._run is not None:
            self._marks.comment(self._run, cue, text)

    def _say(self) -> None:
        self.caveat.setVisible(self._run is not None)
        if self._run is None:
            self.told.setText("What a run finds stands here as soon as it ends.")
            return
        findings = self._run.result.findings
        count, tested = len(findings.cues), findings.tested
        untested = f", {len(findings.untested)} could not be" if findings.untested else ""
        if count:
            self.told.setText(
                f"{count} candidate wrong cue{'s' * (count > 1)} among {tested} tested{untested}."
            )
        else:
            self.told.setText(f"None found: {tested} candidate wrong cues were tested{untested}.")

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Take less room where the window has little."""
        self._width = NARROW if is_narrow else WIDTH
        self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.metrics.px(self._width))
