"""The settings of a study, or of one run, before a person who may change them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop_app.setup.frame import SetupDialog
from desktop_app.setup.setting_words import SECTIONS
from desktop_app.setup.settings_form import SettingsForm
from desktop_app.window.theme import space
from desktop_app.window.workplace import Workplace
from engine.domain.settings import RunSettings

SENTENCE = (
    "Defaults are the paper’s. What you change is stored with the study, holds for the window and"
    " the command line, and is printed in every run’s manifest."
)


class SettingsDialog(SetupDialog):
    """Shows settings to be changed; whoever opened it is handed them and decides what they are for.

    Parameters
    ----------
    settings
        What is shown first.
    sections
        Which parts are shown, as in `SettingsForm`.
    """

    accepted = Signal(object)
    """The `RunSettings` that a person agreed to; nothing was stored."""

    def __init__(
        self,
        place: Workplace,
        settings: RunSettings,
        *,
        sections: Sequence[str] = tuple(SECTIONS),
        title: str = "Settings of the study",
        sentence: str = SENTENCE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(place, title, sentence, size=(760, 720), parent=parent)
        self.form = SettingsForm(place.theme, settings, sections=sections)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a setting")
        self.search.setAccessibleName("Find a setting")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.form.search)
        self.body.addWidget(self.search)
        self.body.addWidget(scrolled(self.form, place), stretch=1)
        self.add_button("Cancel", self.reject)
        self.keep = self.add_button("Keep settings", self._on_keep, is_primary=True)
        self._before = settings

    def _on_keep(self) -> None:
        settings = self.form.settings
        if settings is None:
            self.search.clear()
            self.form.focus_fault()
            return
        self.accepted.emit(settings)
        self.accept()

    def reject(self) -> None:
        """Close; where something was changed, only after asking."""
        if self.form.settings == self._before:
            super().reject()
            return
        self.question.ask(
            "Close without keeping what you changed?", super().reject, yes="Close", no="Stay"
        )


def scrolled(widget: QWidget, place: Workplace) -> QScrollArea:
    """Return a widget in an area that scrolls up and down."""
    inside = QWidget()
    column = QVBoxLayout(inside)
    space(column, place.theme, "none none m none")
    column.addWidget(widget)
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
