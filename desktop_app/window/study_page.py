"""What a page of an open study has in common with the others: its keys, its comings and goings."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.window.actions import Handler


class StudyPage(QWidget):
    """One page; the window shows one of them at a time, and all of them live as long as the study.

    Attributes
    ----------
    handlers
        What each action of the window does here, by action id.
    """

    handlers_changed = Signal()
    """`handlers` are others now, as when a region is edited on a page of tables."""

    told = Signal(object)
    """A `Problem` to be shown above the page, in place of an earlier one of its code."""

    told_with_remedy = Signal(object, object)
    """The same with a `Remedy`, the button that does the one thing to do next."""

    over = Signal(str)
    """The code of a problem that is over."""

    hint_changed = Signal(str)
    """What the pointer can do where it is now."""

    undo_changed = Signal(str, str)
    """What undo and redo would act on, empty where there is nothing."""

    options_changed = Signal()
    """The study's options were changed here: people, instructions or settings."""

    gradings_changed = Signal(object)
    """Paths of images whose readings, tasks or adjudication were changed here; None for all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handlers: Mapping[str, Handler] = {}

    @property
    def unfinished(self) -> str:
        """What would be lost were the study closed now, in a sentence; empty where nothing is."""
        return ""

    def enter(self) -> None:
        """Be shown: read again what may have changed meanwhile."""

    def leave(self) -> None:
        """Be hidden: store what is being typed."""

    def note_options(self) -> None:
        """Take note that another page changed the study's options."""

    def note_gradings(self, images: object) -> None:
        """Take note that another page changed readings; `images` as in `gradings_changed`."""

    def when_settled(self, then: Callable[[], object]) -> None:
        """Stop what is under way and call back once nothing of this page works on the study."""
        then()
