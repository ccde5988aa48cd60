"""The right column: who says what, the facts, the overlaps, the remarks, and what can be done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.review.deeds_panel import DeedsPanel
from desktop_app.review.facts import Facts, OverlapGrid, Remarks, remarks_of
from desktop_app.review.voters import VoterRows
from desktop_app.session.reviewing.names import hider
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings

if TYPE_CHECKING:
    from engine.stages.reviewing import ImageReview

WIDTH = 312
"""Pixels at 100 %."""

GROWTH = 0.8
"""Share by which it grows with the scale; the photograph has the rest, lines may break."""


class Side(QWidget):
    """What is known of the image at hand; it scrolls where it must, the buttons always show."""

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.facts = Facts(theme)
        self.voters = VoterRows(theme)
        self.overlaps = OverlapGrid(theme)
        self.remarks = Remarks(theme)
        self.deeds = DeedsPanel(theme, keymap)
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self._scrolling(theme), 1)
        body.addWidget(self.deeds)
        theme.changed.connect(self._fit)
        self._fit()

    def show_row(self, row: ImageAgreement | None, settings: AgreementSettings) -> None:
        """Show the numbers of an image, None while there is none."""
        self.facts.show_row(row, settings)

    def show_review(
        self,
        review: "ImageReview | None",
        called: dict[str, str],
        *,
        has_names: bool,
        person: str,
    ) -> None:
        """Show what graders say of an image, None until it is measured.

        Parameters
        ----------
        called
            What every grader of the study is called now, by name.
        has_names
            Whether graders are called by their names.
        person
            Who is at the window.
        """
        voters = review.voters if review else ()
        names = {voter.letter: voter.grader for voter in voters} if has_names else {}
        self.voters.show_voters(voters, names)
        overlaps = review.overlaps if review else None
        letters = {voter.grader: voter.letter for voter in voters}
        order = overlaps.graders if overlaps else ()
        places = sorted(range(len(order)), key=lambda k: letters.get(order[k], order[k]))
        self.overlaps.show_overlaps(
            [letters.get(order[k], "?") for k in places],
            [[overlaps.dice[k][m] for m in places] for k in places] if overlaps else [],
        )
        who = {**called, **letters}
        if has_names:
            who = {name: name for name in who}
        hide = hider({} if has_names else who)
        self.remarks.show_remarks(
            [hide(line) for line in remarks_of(review, who)] if review else ()
        )
        self._remarks_title.setVisible(not self.remarks.isHidden())
        decision = review.adjudication if review else None
        whose = who.get(decision.grader, decision.grader) if decision else ""
        author = decision.author if decision else ""
        by = "You" if author == person else author if author not in who or has_names else "A lead"
        self.facts.show_decision(decision, whose=whose, by=by, hide=hide)

    def _scrolling(self, theme: Theme) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        space(column, theme, "m", spacing="m")
        self._remarks_title = _title("Remarks")
        parts: tuple[tuple[QWidget | None, QWidget], ...] = (
            (None, self.facts),
            (_title("Graders, with their Dice against the others"), self.voters),
            (_title("Dice of two graders"), self.overlaps),
            (self._remarks_title, self.remarks),
        )
        for title, part in parts:
            if title is not None:
                column.addWidget(title)
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        area.setObjectName("side")
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _fit(self) -> None:
        grown = 1 + GROWTH * (self._theme.metrics.scale - 1)
        self.setFixedWidth(round(WIDTH * grown))


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_role(label, "small")
    return label
