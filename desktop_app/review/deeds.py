"""From a key or button to a deed: what is asked before, by letter, with a remembered reason."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from desktop_app.canvas.boxes import BoxHand
from desktop_app.canvas.canvas import Canvas
from desktop_app.review.ask_bar import Asked
from desktop_app.review.bench import Bench
from desktop_app.review.reasons import Reasons
from desktop_app.session.reviewing.session import NOT_READ, ReviewSession
from engine.domain.grading import Status
from engine.domain.measure import Undefined

BY_LOT = "Name of a grader; empty takes the one with least to do"


class Deeds(QObject):
    """What the page's keys and buttons ask for, each through one line that Enter confirms."""

    def __init__(
        self,
        session: ReviewSession,
        bench: Bench,
        canvas: Canvas,
        hand: BoxHand,
        reasons: Reasons,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._bench = bench
        self._canvas = canvas
        self._hand = hand
        self._reasons = reasons

    def adopt(self, place: int) -> None:
        """Let a grader's region count."""
        voter = self._session.voter(place)
        if not self._is_read():
            return
        if voter is None:
            self._bench.toast.tell("No grader of this image has that letter.")
            return
        who = f" ({voter.grader})" if self._session.has_names else ""
        title = f"Adopt the region of {voter.letter}{who}. Why?"
        self._ask_why("adopt", title, "Adopt", partial(self._session.adopt, place))

    def adopt_majority(self) -> None:
        """Let the majority count."""
        if self._is_read():
            title = "Adopt what most graders marked. Why?"
            self._ask_why("majority", title, "Adopt", self._session.adopt_majority)

    def withdraw(self) -> None:
        """Let the graders' consensus count again."""
        review = self._session.review
        if not self._is_read():
            return
        if review is not None and review.adjudication is None:
            self._bench.toast.tell("No decision counts for this image.")
            return
        title = "Withdraw the decision. Why?"
        self._ask_why("withdraw", title, "Withdraw", self._session.withdraw)

    def send_back(self) -> None:
        """Ask a grader to do a reading again; the one farthest from the others is offered."""
        review = self._session.review
        if review is None:
            self._is_read()
            return
        done = [
            k
            for k, voter in enumerate(review.voters)
            if voter.answer != "incomplete" and voter.status is not Status.SENT_BACK
        ]
        if not done:
            self._bench.toast.tell("No grader has done a reading of this image.")
            return

        def closeness(place: int) -> float:
            against = review.voters[place].dice_with_others
            dice = against.dice if against else 2.0
            return 1.0 if isinstance(dice, Undefined) else dice

        choices = tuple(review.voters[k].letter for k in done)
        asked = Asked(
            "Send back to",
            "Send back",
            text=self._reasons.suggestion("send_back"),
            placeholder="What the grader is to look at again",
            choices=choices,
            chosen=done.index(min(done, key=closeness)),
        )

        def answer(chosen: int, reason: str) -> None:
            self._reasons.remember("send_back", reason)
            self._session.send_back(done[chosen], reason=reason)

        self._bench.ask.ask(asked, answer)

    def ask_extra(self) -> None:
        """Ask one more grader: a name that is typed, or by lot."""
        if self._is_read():
            asked = Asked("Ask one more grader", "Ask", placeholder=BY_LOT, may_be_empty=True)
            self._bench.ask.ask(asked, lambda _, name: self._session.ask_extra(name))

    def edit_copy(self) -> None:
        """Edit a copy of the region that counts, or else of the majority."""
        if self._is_read() and self._bench.has_canvas:
            self._session.begin_copy_of_counted()

    def keep_copy(self) -> None:
        """Let the edited copy count."""
        if self._canvas.is_drawing:
            self._bench.toast.tell("Close the outline first, or put it away with Esc.")
            return
        self._ask_why(
            "edit",
            "Let the edited region count. Why?",
            "Keep",
            self._session.keep_copy,
        )

    def cancel(self) -> None:
        """Put away the outline that is being drawn, else give up the copy after a question."""
        copy = self._session.copy
        if self._canvas.is_drawing or copy is None:
            self._canvas.cancel()
        elif copy.is_changed:
            self._bench.question.ask(
                "Give up what you changed on this copy?",
                self._session.give_up_copy,
                yes="Give it up",
                no="Go on editing",
            )
        else:
            self._session.give_up_copy()

    def draw_box(self) -> None:
        """Draw a privacy box."""
        if self._is_read() and self._bench.has_canvas:
            self._hand.begin()

    def clear_boxes(self) -> None:
        """Take away all privacy boxes of the image at hand."""
        if not self._is_read():
            return
        if self._session.at_hand.records is None or not self._session.at_hand.records.boxes:
            self._bench.toast.tell("No privacy box lies on this image.")
            return
        self._session.uncover()

    def reveal(self) -> None:
        """Show the names of the graders of the image at hand."""
        if self._is_read():
            self._session.reveal()

    def reveal_all(self) -> None:
        """Show the names of all graders, after a question."""
        self._bench.question.ask(
            "Reveal the names of all graders on this page? The audit log says that you did.",
            partial(self._session.reveal, of_all=True),
            yes="Reveal",
            no="Keep them hidden",
        )

    def _ask_why(self, kind: str, title: str, yes: str, then: Callable[..., object]) -> None:
        def answer(_: int, reason: str) -> None:
            self._reasons.remember(kind, reason)
            then(reason=reason)

        suggestion = self._reasons.suggestion(kind)
        self._bench.ask.ask(Asked(title, yes, text=suggestion, placeholder="Why"), answer)

    def _is_read(self) -> bool:
        """Tell whether the image at hand is measured, and say so where it is not."""
        if self._session.review is None:
            self._bench.toast.tell(NOT_READ)
            return False
        return True
