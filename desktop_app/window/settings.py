"""What a person prefers on this machine: the one typed reader and writer of the settings file."""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QByteArray, QSettings

SCALES = (100, 110, 125, 150, 175, 200)
"""Sizes of text and controls to choose from, in percent."""

IDLE_LIMITS = (10, 3600)
"""Shortest and longest pause, in seconds, after which a grader can count as away."""

DEFAULT_IDLE_LIMIT = 60
RECENT_COUNT = 10

T = TypeVar("T", bound=StrEnum)


class ThemeChoice(StrEnum):
    """Which colours a person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def open_store(path: Path | None = None) -> QSettings:
    """Open the settings file; without a path, the one in this person's configuration folder."""
    if path is None:
        from platformdirs import user_config_path  # noqa: PLC0415 - tests never need it

        path = user_config_path("dermconcord", appauthor=False) / "settings.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)


class Settings:
    """Preferences, each with its type and its default; nonsense in the file reads as the default.

    Several of them may look at one store: none keeps a value of its own.
    """

    def __init__(self, store: QSettings) -> None:
        self.store = store

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or whatever the system has."""
        return _choice(self._text("window/theme"), ThemeChoice.SYSTEM)

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self.store.setValue("window/theme", choice.value)

    @property
    def scale(self) -> int:
        """Size of text and controls in percent, one of `SCALES`."""
        wanted = _whole(self._text("window/scale"), 100)
        return min(SCALES, key=lambda scale: abs(scale - wanted))

    @scale.setter
    def scale(self, percent: int) -> None:
        self.store.setValue("window/scale", percent)

    @property
    def shows_queue(self) -> bool:
        """Whether a grader's queue is shown beside the photograph."""
        return self._text("grade/queue") != "hidden"

    @shows_queue.setter
    def shows_queue(self, is_shown: bool) -> None:
        self.store.setValue("grade/queue", "shown" if is_shown else "hidden")

    @property
    def idle_limit(self) -> int:
        """Seconds without input after which time on task stops counting."""
        low, high = IDLE_LIMITS
        return min(max(_whole(self._text("grade/idle_limit"), DEFAULT_IDLE_LIMIT), low), high)

    @idle_limit.setter
    def idle_limit(self, seconds: int) -> None:
        self.store.setValue("grade/idle_limit", seconds)

    @property
    def name(self) -> str:
        """The name under which this person last made a study, else empty."""
        return self._text("person/name")

    @name.setter
    def name(self, name: str) -> None:
        self.store.setValue("person/name", name)

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as Qt saves it; empty before the first time."""
        value = self.store.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self.store.setValue("window/geometry", geometry)

    # Studies

    @property
    def recent(self) -> tuple[Path, ...]:
        """Studies opened last, the latest first, whether they are still there or not."""
        return tuple(Path(text) for text in _texts(self._text("studies/recent")))

    def remember_recent(self, study: Path) -> None:
        """Put a study on top of the recent ones."""
        others = [path for path in self.recent if path != study]
        self._set_recent([study, *others][:RECENT_COUNT])

    def forget_recent(self, study: Path) -> None:
        """Take a study off the recent ones; the file is left alone."""
        self._set_recent(path for path in self.recent if path != study)

    def grader_in(self, study_id: str) -> str:
        """Return who this person is in a study, or empty where they have not said."""
        return self._text(f"graders/{study_id}")

    def remember_grader(self, study_id: str, name: str) -> None:
        """Keep who this person is in a study."""
        self.store.setValue(f"graders/{study_id}", name)

    def instructions_read(self, study_id: str) -> str:
        """Return the digest of the instructions this person last had before them, else empty."""
        return self._text(f"instructions/{study_id}")

    def remember_instructions(self, study_id: str, digest: str) -> None:
        """Keep which instructions this person has had before them."""
        self.store.setValue(f"instructions/{study_id}", digest)

    # Keys

    def keys(self, action_id: str) -> tuple[str, ...] | None:
        """Return the keys this person gave an action, or None where they left the default."""
        text = self._text(f"keys/{action_id}")
        return _texts(text) if text else None

    def set_keys(self, action_id: str, keys: Iterable[str] | None) -> None:
        """Keep the keys of an action; None brings back the default."""
        if keys is None:
            self.store.remove(f"keys/{action_id}")
        else:
            self.store.setValue(f"keys/{action_id}", json.dumps(list(keys)))

    def sync(self) -> None:
        """Write to the file now."""
        self.store.sync()

    def _set_recent(self, studies: Iterable[Path]) -> None:
        self.store.setValue("studies/recent", json.dumps([str(path) for path in studies]))

    def _text(self, key: str) -> str:
        value = self.store.value(key, "")
        return value if isinstance(value, str) else str(value)


def _choice(text: str, default: T) -> T:
    try:
        return type(default)(text)
    except ValueError:
        return default


def _whole(text: str, default: int) -> int:
    try:
        return int(text)
    except ValueError:
        return default


def _texts(text: str) -> tuple[str, ...]:
    """Read a JSON list of texts; what is none is an empty one."""
    try:
        values = json.loads(text) if text else []
    except ValueError:
        return ()
    is_list = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return tuple(values) if is_list else ()
