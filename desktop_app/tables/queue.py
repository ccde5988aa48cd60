"""A grader's queue as a list: what each image is called and how far it is."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt

from desktop_app.tables.rows import Column, RowsModel
from engine.domain.queue import QueueItem, QueueState

STATE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The `QueueState` of a row, as Qt hands it on: its text."""
POSITION_ROLE = int(Qt.ItemDataRole.UserRole) + 2
"""Place of a row in the whole queue, from 0."""

STATE_TEXTS = {
    QueueState.TO_DO: "to do",
    QueueState.STARTED: "started",
    QueueState.DONE: "done",
    QueueState.SENT_BACK: "sent back",
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which rows of a queue are shown: of a state (None for all), with a text in their name."""

    state: QueueState | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """True where it lets everything pass."""
        return self.state is None and not self.text.strip()


class QueueModel(RowsModel[QueueItem]):
    """The items of a queue; the one at hand stays listed whatever the filter says."""

    def __init__(self, parent: QObject | None = None) -> None:
        self._name: Callable[[QueueItem], str] = lambda item: item.image
        self._filter = QueueFilter()
        self._at = -1
        self._counts: Counter[QueueState] = Counter()
        roles = {
            int(Qt.ItemDataRole.ToolTipRole): self._spoken,
            int(Qt.ItemDataRole.AccessibleTextRole): self._spoken,
            STATE_ROLE: lambda item: item.state,
            POSITION_ROLE: lambda item: item.position,
        }
        super().__init__((Column("Image", self.name, roles),), parent)

    @property
    def filter(self) -> QueueFilter:
        """What is shown."""
        return self._filter

    @property
    def counts(self) -> Mapping[QueueState, int]:
        """How many images of the whole queue are in each state."""
        return self._counts

    def name(self, item: QueueItem) -> str:
        """Return what the grader calls an image."""
        return self._name(item)

    def set_queue(self, items: Sequence[QueueItem], name: Callable[[QueueItem], str]) -> None:
        """Show a queue with nothing at hand, each image by its name; the filter stays."""
        self._name, self._at = name, -1
        self._counts = Counter(item.state for item in items)
        self.set_rows(list(items), self._passing(items))

    def set_filter(self, chosen: QueueFilter) -> None:
        """Show what passes a filter, and the image at hand."""
        if chosen != self._filter:
            self._filter = chosen
            self.show_only(self._passing(self._rows))

    def set_at(self, position: int) -> None:
        """Take note of which image is at hand; with a filter, what it let stay may leave now."""
        self._at = position
        if not self._filter.is_empty:
            self.show_only(self._passing(self._rows))

    def replace_item(self, item: QueueItem) -> None:
        """Show an item as it is now; one that is at hand stays until another one is."""
        self._counts[self._rows[item.position].state] -= 1
        self._counts[item.state] += 1
        self._rows[item.position] = item
        self.row_changed(item.position)

    def shown_after(self, position: int) -> int | None:
        """Return the next shown position behind one, or None at the end."""
        place = bisect_right(self._shown, position)
        return self._shown[place] if place < len(self._shown) else None

    def shown_before(self, position: int) -> int | None:
        """Return the last shown position ahead of one, or None at the beginning."""
        place = bisect_left(self._shown, position)
        return self._shown[place - 1] if place else None

    def _passing(self, items: Sequence[QueueItem]) -> Sequence[int] | None:
        if self._filter.is_empty:
            return None
        state, text = self._filter.state, self._filter.text.strip().casefold()
        return [
            item.position
            for item in items
            if item.position == self._at
            or ((state is None or item.state is state) and text in self.name(item).casefold())
        ]

    def _spoken(self, item: QueueItem) -> str:
        return f"{self.name(item)}, {STATE_TEXTS[item.state]}"
