"""One setting: its name, what it means, the field for its kind of value, and the way back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from desktop_app.setup.fields import WIDEST, ChoiceField, NumberField
from desktop_app.setup.setting_words import VALUES, name_of, value_text
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

FIELD_WIDTH = 280
"""Of every field, pixels at 100 %."""


@dataclass(frozen=True, slots=True)
class Editor:
    """A field on the screen, and how a value is written into it and read from it."""

    widget: QWidget
    read: Callable[[], Any]
    write: Callable[[Any], None]


class SettingRow(QWidget):
    """A row of the form; it holds the value as it is until a person changes it.

    Parameters
    ----------
    setting
        Its stable name, such as ``agreement.kappa_cut``.
    about
        What its model says of it: type, default, bounds, description.
    """

    changed = Signal(str)
    """The stable name of a setting that a person changed."""

    def __init__(
        self, setting: str, about: FieldInfo, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting = setting
        self.default = about.default
        self._theme = theme
        self._value = about.default
        self._is_being_set = False
        self.name = name_of(setting)
        self.editor = editor_of(setting, self.name, about, self._on_edited)
        self.reset = QToolButton()
        self._lay_out(about.description or "")
        theme.changed.connect(self._fit)
        self._fit()
        self.set_value(about.default)

    @property
    def value(self) -> Any:  # noqa: ANN401 - whatever the setting holds
        """What the setting is now."""
        return self._value

    @property
    def is_default(self) -> bool:
        """True where it is what the paper's method has."""
        return bool(self._value == self.default)

    @property
    def words(self) -> str:
        """All that it says of itself, to be searched, in small letters."""
        return f"{self.name} {self.setting} {self._meaning.accessibleName()}".casefold()

    @property
    def fault(self) -> str:
        """What is said to be wrong with it; empty where nothing is."""
        return self._fault.accessibleName()

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - whatever the setting holds
        """Show another value, without telling of a change."""
        self._value = value
        self._is_being_set = True
        self.editor.write(value)
        self._is_being_set = False
        self._show_reset()

    def show_fault(self, fault: str) -> None:
        """Say what is wrong below it, or nothing."""
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        widget = self.editor.widget
        widget.setAccessibleDescription(fault or self._meaning.accessibleName())
        if bool(widget.property("invalid")) != bool(fault):
            widget.setProperty("invalid", bool(fault))
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _on_edited(self) -> None:
        if not self._is_being_set:
            self._value = self.editor.read()
            self._show_reset()
            self.changed.emit(self.setting)

    def _on_reset(self) -> None:
        self.set_value(self.default)
        self.editor.widget.setFocus()
        self.changed.emit(self.setting)

    def _show_reset(self) -> None:
        self.reset.setVisible(not self.is_default)

    def _lay_out(self, description: str) -> None:
        name = QLabel(self.name)
        set_role(name, "strong")
        name.setBuddy(self.editor.widget)
        name.setToolTip(self.setting)
        self._meaning = WrappedLabel(_sentence(description), "small")
        self._fault = WrappedLabel("", "error")
        self._fault.hide()
        set_role(self.reset, "quiet")
        KeptIcon(self.reset, self._theme, "undo", tone="muted")
        default = value_text(self.setting, self.default)
        self.reset.setToolTip(f"Back to {default}, as in the paper")
        self.reset.setAccessibleName(f"{self.name}: back to {default}")
        self.reset.clicked.connect(self._on_reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        grid = QGridLayout(self)
        space(grid, self._theme, "none s", spacing="xs")
        grid.setHorizontalSpacing(self._theme.px("m"))
        grid.addWidget(name, 0, 0)
        grid.addWidget(self._meaning, 1, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.editor.widget, 0, 1, 2, 1, middle)
        grid.addWidget(self.reset, 0, 2, 2, 1, middle)
        grid.addWidget(self._fault, 2, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.editor.widget.setAccessibleDescription(self._meaning.accessibleName())

    def _fit(self) -> None:
        widget = self.editor.widget
        widget.setFixedWidth(self._theme.metrics.px(FIELD_WIDTH))
        widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


def editor_of(setting: str, name: str, about: FieldInfo, on_edited: Callable[[], object]) -> Editor:
    """Return the field for a setting's kind of value.

    Parameters
    ----------
    on_edited
        Called at each change, a person's or not.
    """
    kind = about.annotation
    if get_origin(kind) is Literal:
        return _choice(setting, name, get_args(kind), on_edited)
    if kind is bool:
        return _check(name, on_edited)
    if kind in (int, float):
        return _number(name, about, on_edited)
    return _line(name, on_edited, is_list=get_origin(kind) is tuple)


def _choice(
    setting: str, name: str, values: tuple[str, ...], on_edited: Callable[[], object]
) -> Editor:
    words = VALUES.get(setting, {})
    field = ChoiceField(name, ((value, words.get(value, value)) for value in values))
    field.setEnabled(len(values) > 1)
    if len(values) == 1:
        field.setToolTip("There is one choice only")
    field.currentIndexChanged.connect(lambda _: on_edited())
    return Editor(field, lambda: field.choice, field.choose)


def _check(name: str, on_edited: Callable[[], object]) -> Editor:
    field = QCheckBox("Yes")
    field.setAccessibleName(name)
    field.toggled.connect(lambda _: on_edited())
    return Editor(field, field.isChecked, field.setChecked)


def _number(name: str, about: FieldInfo, on_edited: Callable[[], object]) -> Editor:
    low, high = bounds_of(about)
    is_whole = about.annotation is int
    field = NumberField(name, low=low, high=high, is_whole=is_whole)
    field.valueChanged.connect(lambda _: on_edited())
    return Editor(field, lambda: field.number, field.setValue)


def _line(name: str, on_edited: Callable[[], object], *, is_list: bool) -> Editor:
    field = QLineEdit()
    field.setAccessibleName(name)
    if is_list:
        field.setPlaceholderText("Names, separated by commas")
    field.textChanged.connect(lambda _: on_edited())

    def read() -> str | tuple[str, ...]:
        parts = (part.strip() for part in field.text().split(","))
        return tuple(part for part in parts if part) if is_list else field.text().strip()

    def write(value: str | tuple[str, ...]) -> None:
        field.setText(value if isinstance(value, str) else ", ".join(value))

    return Editor(field, read, write)


def bounds_of(about: FieldInfo) -> tuple[float, float]:
    """Return the least and the most that a number may be; a bound itself excluded is included."""
    low, high = -WIDEST, WIDEST
    for bound in about.metadata:
        low = max(low, *(getattr(bound, name, low) for name in ("ge", "gt")))
        high = min(high, *(getattr(bound, name, high) for name in ("le", "lt")))
    return low, high


def _sentence(text: str) -> str:
    is_symbol = len(re.split(r"\W", text)[0]) == 1  # as m, or x'
    first = text[:1] if is_symbol else text[:1].upper()
    return f"{first}{text[1:]}." if text else ""
