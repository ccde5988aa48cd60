"""Settings as a list of names, and what differs in it from the method's defaults."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.domain.settings import RunSettings


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """One setting beside its default.

    Attributes
    ----------
    name
        With its table, such as ``saliency.method``.
    value, default
        A number, a truth, a text, or a tuple of texts.
    description
        What the setting means, as in ``docs/settings.md``.
    """

    name: str
    value: Any
    default: Any
    description: str

    @property
    def is_changed(self) -> bool:
        """Tell whether the value is another than the default."""
        return bool(self.value != self.default)


def named_settings(settings: RunSettings) -> tuple[ChangedSetting, ...]:
    """Return all settings in the order of ``docs/settings.md``, each beside its default."""
    return tuple(_named(settings))


def changed_settings(settings: RunSettings) -> tuple[ChangedSetting, ...]:
    """Return the settings that are not as by default, in the order of ``docs/settings.md``."""
    return tuple(setting for setting in _named(settings) if setting.is_changed)


def _named(settings: RunSettings) -> Iterator[ChangedSetting]:
    for table, values in settings:
        for name, field in type(values).model_fields.items():
            default = field.get_default(call_default_factory=True)
            value = getattr(values, name)
            yield ChangedSetting(f"{table}.{name}", value, default, field.description or "")
