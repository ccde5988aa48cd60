"""Which model or maps the next run is about, whether it was checked, and where it runs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from desktop_app.explain.parts import Section, Segments, button
from desktop_app.explain.recent_cards import RecentCards
from desktop_app.explain.words import DEVICES
from desktop_app.session.explaining.model import Device, ModelChoice
from desktop_app.setup.fields import ChoiceField
from desktop_app.window.question import InlineQuestion
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from engine.saliency.cards import ModelCard
    from engine.saliency.trust import TrustQuestion
    from engine.stages.trying import ModelCheck


class ModelPart(Section):
    """The field for the card, what is known of it, and the buttons that find out more."""

    card_wanted = Signal()
    """A person wants to pick a card by the system's dialog."""

    maps_wanted = Signal()
    predictions_wanted = Signal()
    conditions_wanted = Signal()

    def __init__(
        self, choice: ModelChoice, recent: RecentCards, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Model", theme, parent)
        self._choice = choice
        self._recent = recent
        self.source = Segments({"card": "Model card", "maps": "Imported maps"}, theme)
        self.field = QPushButton()
        set_role(self.field, "field")
        self._menu = QMenu(self.field)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.state = WrappedLabel(role="muted")
        self.question = InlineQuestion(theme, is_narrow=True)
        self.check = button(
            "Check", choice.check, name="Check the model", tip="Loads it and predicts one image"
        )
        self.conditions = button("Conditions…", self.conditions_wanted.emit)
        self.device = ChoiceField("Where the model runs", DEVICES.items())
        self.predictions = button("Predictions from a table…", self._on_predictions, role="link")
        self._lay_out(theme)
        self.source.chosen.connect(self._on_source)
        self.field.clicked.connect(self._on_field)
        self.device.activated.connect(self._on_device)
        choice.changed.connect(self.show_choice)
        choice.asked.connect(self._ask)
        self.show_choice()

    @property
    def is_about_maps(self) -> bool:
        """True where maps made elsewhere are to be used."""
        return self.source.current == "maps"

    def show_choice(self) -> None:
        """Show what is chosen and what is known of it."""
        choice = self._choice
        chosen = choice.chosen
        if chosen.is_complete:
            self.source.choose("maps" if chosen.maps else "card")
        is_maps = self.is_about_maps
        path = chosen.maps if is_maps else chosen.card
        self.field.setText(self._name_of(path))
        self.field.setToolTip(str(path) if path else "")
        self.field.setAccessibleName(f"{'Maps' if is_maps else 'Model card'}: {self.field.text()}")
        self.state.setText(self._what_is_known())
        self.state.setVisible(bool(self.state.text()))
        set_role(self.state, "success" if choice.checked and not is_maps else "muted")
        self.check.setVisible(not is_maps)
        self.check.setEnabled(choice.facts is not None and not choice.is_checking)
        self.conditions.setVisible(not is_maps)
        self.conditions.setEnabled(choice.checked is not None)
        self.conditions.setToolTip(
            "" if choice.checked else "Check the model first: the map belongs to the model"
        )
        self._device_row.setVisible(not is_maps)
        self.device.choose(chosen.device)
        table = chosen.predictions
        self.predictions.setText(
            f"Predictions from {table.name} — compute them"
            if table
            else "Predictions from a table…"
        )
        if choice.question is None:
            self.question.withdraw()

    # Inside

    def _lay_out(self, theme: Theme) -> None:
        self.body.addWidget(self.source)
        self.body.addWidget(self.field)
        self.body.addWidget(self.state)
        self.body.addWidget(self.question)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.check, 1)
        row.addWidget(self.conditions, 1)
        self.body.addLayout(row)
        self._device_row = QWidget()
        self._device_row.setObjectName("inside")
        devices = QHBoxLayout(self._device_row)
        space(devices, theme, spacing="s")
        label = QLabel("Runs on")
        label.setBuddy(self.device)
        devices.addWidget(label)
        devices.addWidget(self.device, 1)
        self.body.addWidget(self._device_row)
        self.body.addWidget(self.predictions)

    def _name_of(self, path: Path | None) -> str:
        if path is None:
            return "Choose maps…" if self.is_about_maps else "Choose a model card…"
        facts = self._choice.facts
        return facts.card.name if facts and not self.is_about_maps else path.name

    def _what_is_known(self) -> str:
        choice = self._choice
        if self.is_about_maps:
            is_there = choice.chosen.maps is not None
            return "" if is_there else "A folder with one map an image: .npy, .npz or .png."
        if choice.chosen.card is None:
            return "A TOML file that says what the classifier is and how it takes its images."
        if choice.is_checking:
            return "Loading the model and predicting one image…"
        if choice.checked is not None:
            return checked_text(choice.checked)
        return card_text(choice.facts.card) if choice.facts else ""

    def _on_source(self, name: str) -> None:
        chosen = self._choice.chosen
        if name == "card" and chosen.maps is not None:
            self._choice.choose_card(None)
        elif name == "maps" and chosen.card is not None:
            self._choice.choose_maps(None)
        self.show_choice()

    def _on_field(self) -> None:
        if self.is_about_maps:
            self.maps_wanted.emit()
        elif self._recent.all:
            self._menu.popup(self.field.mapToGlobal(self.field.rect().bottomLeft()))
        else:
            self.card_wanted.emit()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for card in self._recent.all:
            action = self._menu.addAction(f"{card.parent.name}/{card.name}")
            action.setEnabled(card.is_file())
            action.setToolTip(str(card))
            action.triggered.connect(self._chooser(card))
        self._menu.addSeparator()
        self._menu.addAction("Choose a file…").triggered.connect(self.card_wanted)

    def _chooser(self, card: Path) -> Callable[[], None]:
        return lambda: self._choice.choose_card(card)

    def _on_device(self) -> None:
        device: Device = self.device.choice  # type: ignore[assignment]
        self._choice.choose_device(device)

    def _on_predictions(self) -> None:
        if self._choice.chosen.predictions is None:
            self.predictions_wanted.emit()
        else:
            self._choice.choose_predictions(None)

    def _ask(self, question: "TrustQuestion") -> None:
        self.question.ask(
            f"{question.text} Trust it from now on?" if "?" not in question.text else question.text,
            self._choice.trust,
            yes="Trust and go on",
            no="Do not run it",
            refuse=self._choice.distrust,
            leans_no=True,
        )


def card_text(card: "ModelCard") -> str:
    """Return what a card says of its model, in a line."""
    width, height = card.input_size
    of_case = f" · up to {card.case_images} images of a case" if card.case_images else ""
    return f"{len(card.classes)} classes · {width} × {height} pixels{of_case}"


def checked_text(checked: "ModelCheck") -> str:
    """Return what a check showed, in a line or two."""
    unmapped = checked.unmapped
    left = f" No class stands for {', '.join(unmapped)}." if unmapped else ""
    return (
        f"Works on {checked.device}: {checked.predicted}, {checked.probability:.0%},"
        f" for {checked.image} in {_seconds(checked.seconds)}.{left}"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
