"""Which class of a model stands for which condition of the study."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.parts import button, scrolled
from desktop_app.setup.fields import ChoiceField
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from engine.stages.trying import ModelCheck

BY_ITSELF = ""
"""Stands for a condition that is given no class here."""

SENTENCE = (
    "A prediction is correct where it is the class of the image’s condition. A condition without a"
    " class here stands for the class of its own name, or for Other where the model has it."
)


class ConditionsDialog(QDialog):
    """One row for each condition of the study, with a choice of the model's classes."""

    kept = Signal(object)
    """The class of each condition that a person gave one, a mapping; empty for the card's own."""

    def __init__(
        self,
        conditions: Mapping[str, int],
        checked: "ModelCheck",
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Conditions and classes")
        self._before = {name: checked.conditions.get(name, BY_ITSELF) for name in conditions}
        self._classes = checked.card.classes
        self.fields = {name: self._field(name) for name in conditions}
        self._fates = {name: QLabel() for name in conditions}
        grid = self._grid(conditions, theme)
        body = QVBoxLayout(self)
        space(body, theme, "xl l", spacing="m")
        body.addWidget(WrappedLabel("Conditions and classes", "heading"))
        body.addWidget(WrappedLabel(SENTENCE, "muted"))
        body.addWidget(scrolled(grid), 1)
        foot = QHBoxLayout()
        space(foot, theme, spacing="s")
        self.as_card = button(
            "As the card says", self._on_as_card, tip="Forgets the study’s map of this model"
        )
        self.as_card.setEnabled(dict(checked.conditions) != dict(checked.card.conditions))
        foot.addWidget(self.as_card)
        foot.addStretch()
        foot.addWidget(button("Cancel", self.reject))
        self.keep = button("Keep", self._on_keep, role="primary")
        self.keep.setDefault(True)
        foot.addWidget(self.keep)
        body.addLayout(foot)
        self.resize(theme.metrics.px(620), theme.metrics.px(480))
        self._show_fates()

    @property
    def mapping(self) -> dict[str, str]:
        """The class of each condition that has one here."""
        chosen = {name: field.choice for name, field in self.fields.items()}
        return {name: given for name, given in chosen.items() if given}

    def _field(self, name: str) -> ChoiceField:
        by_itself = [(BY_ITSELF, "By its own name")] if not self._before[name] else []
        choices = [*by_itself, *((given, given) for given in self._classes)]
        field = ChoiceField(f"Class of {name}", choices)
        field.choose(self._before[name])
        field.activated.connect(lambda _: self._show_fates())
        return field

    def _grid(self, conditions: Mapping[str, int], theme: Theme) -> QWidget:
        inside = QWidget()
        inside.setObjectName("inside")
        grid = QGridLayout(inside)
        space(grid, theme, "none none m none", spacing="s")
        for row, (name, count) in enumerate(conditions.items()):
            label = WrappedLabel(name)
            label.setBuddy(self.fields[name])
            images = QLabel(f"{count:,} image{'s' * (count > 1)}")
            set_role(images, "muted")
            for column, part in enumerate((label, images, self.fields[name], self._fates[name])):
                grid.addWidget(part, row, column)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(2, 3)
        grid.setColumnStretch(3, 1)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        return inside

    def _show_fates(self) -> None:
        """Say beside each condition what becomes of it."""
        for name, field in self.fields.items():
            is_known = bool(field.choice) or name in self._classes or "Other" in self._classes
            self._fates[name].setText("" if is_known else "no class")
            set_role(self._fates[name], "warning_chip" if not is_known else "")
            self._fates[name].setVisible(not is_known)

    def _on_as_card(self) -> None:
        self.kept.emit({})
        self.accept()

    def _on_keep(self) -> None:
        mapping = self.mapping
        if mapping != {name: given for name, given in self._before.items() if given}:
            self.kept.emit(mapping)
        self.accept()
