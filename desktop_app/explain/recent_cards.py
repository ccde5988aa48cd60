"""Which model cards were used last on this machine, and in this study."""

import json
from pathlib import Path

from PySide6.QtCore import QSettings

import resources

DEMO_CARD = Path(resources.__path__[0]) / "demo" / "card.toml"
"""Of the classifier that came with the program and knows the demo study."""

COUNT = 8


class RecentCards:
    """Reads and writes the settings file of this person."""

    def __init__(self, store: QSettings, study_id: str) -> None:
        self._store = store
        self._study_id = study_id

    @property
    def all(self) -> tuple[Path, ...]:
        """The cards used last, the latest first, whether they are still there or not."""
        text = self._store.value("explain/cards", "")
        try:
            names = json.loads(str(text)) if text else []
        except ValueError:
            return ()
        is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
        return tuple(map(Path, names)) if is_list else ()

    def remember(self, card: Path) -> None:
        """Put a card on top, also as the one of this study."""
        cards = [card, *(other for other in self.all if other != card)][:COUNT]
        self._store.setValue("explain/cards", json.dumps([str(path) for path in cards]))
        self._store.setValue(f"explain/card/{self._study_id}", str(card))

    def first_of_study(self, *, is_synthetic: bool) -> Path | None:
        """Return the card that this study begins with, where there is one to begin with."""
        kept = str(self._store.value(f"explain/card/{self._study_id}", ""))
        if kept and Path(kept).is_file():
            return Path(kept)
        return DEMO_CARD if is_synthetic else None
