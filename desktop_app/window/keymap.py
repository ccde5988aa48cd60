"""Which keys belong to which action: the defaults, and what a person changed."""

from collections.abc import Iterable, Sequence
from itertools import product

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QKeySequence

from desktop_app.window.action_table import ACTIONS, ActionSpec, Place
from desktop_app.window.settings import Settings

PORTABLE = QKeySequence.SequenceFormat.PortableText
NATIVE = QKeySequence.SequenceFormat.NativeText


def normal(key: str) -> str:
    """Return a key in Qt's portable notation, or empty where it is none."""
    return QKeySequence.fromString(key, PORTABLE).toString(PORTABLE)


def native(key: str) -> str:
    """Return a key as it is written on this system, such as ``⌘Z`` for ``Ctrl+Z``."""
    return QKeySequence.fromString(key, PORTABLE).toString(NATIVE)


class Keymap(QObject):
    """The keys in force.

    In one place no key ever has two actions: what a person chose wins over a default that comes
    with a newer version, and a key given to one action leaves the other.
    """

    changed = Signal()

    def __init__(
        self,
        store: QSettings,
        actions: Sequence[ActionSpec] = ACTIONS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = Settings(store)
        self.actions = tuple(actions)
        self._specs = {spec.id: spec for spec in actions}
        self._defaults = {spec.id: _normal_keys(spec.keys) for spec in actions}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._resolve()

    def spec(self, action_id: str) -> ActionSpec:
        """Return an action of the table."""
        return self._specs[action_id]

    def keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action in portable notation, the one shown in menus first."""
        return self._keys[action_id]

    def label(self, action_id: str) -> str:
        """Return the first key of an action as this system writes it, or empty for none."""
        keys = self._keys[action_id]
        return native(keys[0]) if keys else ""

    def default_keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys that an action comes with."""
        return self._defaults[action_id]

    def is_changed(self, action_id: str) -> bool:
        """Tell whether an action has other keys than it comes with."""
        return self._keys[action_id] != self._defaults[action_id]

    def conflicts(self, keys: Iterable[str], *, but: str = "") -> tuple[ActionSpec, ...]:
        """Return the actions that have any of the keys now, where `but` can be asked for too.

        Without `but`, all that have one, wherever they can be asked for.
        """
        wanted = set(_normal_keys(keys))
        return tuple(
            spec
            for spec in self.actions
            if spec.id != but
            and (not but or spec.meets(self._specs[but]))
            and not wanted.isdisjoint(self._keys[spec.id])
        )

    def set_keys(self, action_id: str, keys: Iterable[str]) -> None:
        """Give an action its keys, all others forgotten; other actions lose them."""
        taken = _normal_keys(keys)
        for other in self.conflicts(taken, but=action_id):
            left = (key for key in self._keys[other.id] if key not in taken)
            self._choose(other.id, tuple(left))
        self._choose(action_id, taken)
        self._resolve()
        self.changed.emit()

    def swap(self, action_id: str, keys: Iterable[str]) -> None:
        """Give an action its keys; who had one of them gets one that the action had before."""
        taken = _normal_keys(keys)
        spare = [key for key in self._keys[action_id] if key not in taken]
        chosen = {action_id: taken}
        for other in self.conflicts(taken, but=action_id):
            chosen[other.id] = tuple(_exchanged(self._keys[other.id], taken, spare))
        for changed, its_keys in chosen.items():
            self._choose(changed, its_keys)
        self._resolve()
        self.changed.emit()

    def reset(self, action_id: str) -> None:
        """Give an action the keys it comes with; who has them now loses them."""
        self.set_keys(action_id, self._defaults[action_id])

    def reset_all(self) -> None:
        """Forget all that the person changed."""
        for spec in self.actions:
            self._settings.set_keys(spec.id, None)
        self._resolve()
        self.changed.emit()

    def _choose(self, action_id: str, keys: tuple[str, ...]) -> None:
        is_default = keys == self._defaults[action_id]
        self._settings.set_keys(action_id, None if is_default else keys)

    def _resolve(self) -> None:
        """Work out the keys in force: chosen ones first, then the defaults that are left."""
        chosen = {spec.id: self._settings.keys(spec.id) for spec in self.actions}
        taken: set[tuple[Place, str]] = set()
        resolved: dict[str, tuple[str, ...]] = {}
        for spec in sorted(self.actions, key=lambda spec: chosen[spec.id] is None):
            keys = chosen[spec.id]
            wanted = self._defaults[spec.id] if keys is None else _normal_keys(keys)
            resolved[spec.id] = tuple(
                key for key in wanted if taken.isdisjoint(product(spec.places, (key,)))
            )
            taken.update(product(spec.places, wanted))
        self._keys = resolved


def _normal_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys in one notation, each once, what is no key left out."""
    return tuple(dict.fromkeys(key for key in map(normal, keys) if key))


def _exchanged(keys: tuple[str, ...], taken: tuple[str, ...], spare: list[str]) -> Iterable[str]:
    """Yield keys with each taken one replaced by a spare one, as far as there are any."""
    for key in keys:
        if key not in taken:
            yield key
        elif spare:
            yield spare.pop(0)
