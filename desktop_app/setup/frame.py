"""What the dialogs of a study's set-up have in common: their frame, their jobs, their problems."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.window.banner import Banners
from desktop_app.window.question import InlineQuestion
from desktop_app.window.theme import set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from desktop_app.worker.bridge import Job
from engine.domain.problem import Problem, Refusal
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

T = TypeVar("T")


class SetupDialog(QDialog):
    """A heading, a sentence, room for what is set up, and buttons below.

    What it asked for is forgotten once it is closed, but for what it writes: it closes only after
    that. What goes wrong is told above the room.

    Parameters
    ----------
    size
        Width and height at 100 %; the screen's size is the most.
    """

    def __init__(
        self,
        place: Workplace,
        title: str,
        sentence: str = "",
        *,
        size: tuple[int, int] = (720, 620),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.place = place
        self._size = size
        self._jobs: set[Job] = set()
        self._writes: set[Job] = set()
        self._ending: int | None = None
        self.setWindowTitle(title)
        self.banners = Banners(place.theme)
        self.question = InlineQuestion(place.theme)
        self.body = QVBoxLayout()
        self.foot = QHBoxLayout()
        self.destroyed.connect(partial(_forget, self._jobs))
        self._make_frame(title, sentence)
        place.theme.changed.connect(self._fit)
        self._fit()

    # Work

    def ask(self, task: Callable[[], T], then: Callable[[T], object]) -> Job:
        """Run a function on the study's lane and call back while the dialog is open."""
        return self.work(Lane.STUDY, task, then)

    def work(
        self,
        lane: Lane,
        task: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> Job:
        """Run a function on a lane and call back while the dialog is open."""
        on_failed = failed or self.tell_error
        job = self.place.bridge.run(
            lane,
            task,
            then=lambda found: self._answer(job, then, found),
            failed=lambda error: self._answer(job, on_failed, error),
        )
        self._jobs.add(job)
        return job

    def lay_down(
        self,
        task: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Write something on the study's lane; who closes the dialog meanwhile waits for it."""

        def on_failed(error: BaseException) -> None:
            self._ending = None  # so that the problem is read
            (failed or self.tell_error)(error)

        self._writes.add(self.work(Lane.STUDY, task, then, on_failed))

    def begin(
        self,
        task: Callable[[JobContext], T],
        then: Callable[[T], object],
        *,
        failed: Callable[[BaseException], object] | None = None,
        stopped: Callable[[], object] = lambda: None,
        progressed: Callable[[Step], None] | None = None,
    ) -> Job:
        """Start a long job, which may use all lanes, and call back while the dialog is open."""
        on_failed = failed or self.tell_error
        job = self.place.bridge.start(
            Lane.JOB,
            lambda cancel, progress: task(JobContext(self.place.executor, cancel, progress)),
            then=lambda found: self._answer(job, then, found),
            failed=lambda error: self._answer(job, on_failed, error),
            stopped=lambda: self._answer(job, lambda _: stopped(), None),
            progressed=progressed,
        )
        self._jobs.add(job)
        return job

    def _answer(self, job: Job, tell: Callable[[Any], object], what: object) -> None:
        self._jobs.discard(job)
        self._writes.discard(job)
        tell(what)
        if self._ending is not None and not self._writes and self.isVisible():
            self.done(self._ending)

    # Problems

    def tell(self, problem: Problem) -> None:
        """Show a problem above the room."""
        self.banners.tell(problem)

    def tell_error(self, error: BaseException) -> None:
        """Show what a person can act on; anything else is a bug, and the window's to report."""
        if isinstance(error, Refusal):
            self.tell(error.problem)
        else:
            self.place.bridge.failed.emit(error)

    # Coming and going

    def done(self, result: int) -> None:
        """Close, once all is written; nobody waits any longer for what else was asked."""
        if self._writes:
            self._ending = result
            return
        _forget(self._jobs)
        super().done(result)

    # How it looks

    def add_button(
        self, text: str, do: Callable[[], object], *, is_primary: bool = False
    ) -> QPushButton:
        """Add a button below, to the right of the earlier ones.

        No button is pressed by Enter elsewhere: that would write what is still being typed.
        """
        button = push_button(text, do)
        if is_primary:
            set_role(button, "primary")
        self.foot.addWidget(button)
        return button

    def _make_frame(self, title: str, sentence: str) -> None:
        theme = self.place.theme
        head = QVBoxLayout()
        space(head, theme, "xl l xl m", spacing="xs")
        head.addWidget(WrappedLabel(title, "heading"))
        if sentence:
            head.addWidget(WrappedLabel(sentence, "muted"))
        space(self.body, theme, "xl none xl s", spacing="m")
        space(self.foot, theme, "xl m", spacing="s")
        self.foot.addStretch()
        line = QFrame()
        set_role(line, "line")
        asked = QVBoxLayout()
        space(asked, theme, "xl none")
        asked.addWidget(self.question)
        column = QVBoxLayout(self)
        space(column, theme, spacing="none")
        column.addLayout(head)
        column.addWidget(self.banners)
        column.addLayout(self.body, stretch=1)
        column.addLayout(asked)
        column.addWidget(line)
        column.addLayout(self.foot)

    def _fit(self) -> None:
        px = self.place.theme.metrics.px
        room = self.screen().availableSize()
        width, height = (px(length) for length in self._size)
        self.resize(min(width, room.width()), min(height, room.height()))


def _forget(jobs: set[Job]) -> None:
    for job in jobs:
        job.forget()
    jobs.clear()


def push_button(text: str, do: Callable[[], object], name: str = "") -> QPushButton:
    """Return a button that Enter does not press by itself.

    Parameters
    ----------
    name
        What a screen reader says, where the text alone would not tell.
    """
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setAccessibleName(name or text.rstrip("…"))
    button.clicked.connect(lambda _is_checked=False: do())
    return button
