"""The settings of a study, or of one run, before a person who may change them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.setting_words import SECTIONS
from desktop_app.setup.settings_form import SettingsForm
from desktop_app.window.theme import space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.settings import RunSettings
from engine.domain.settings_file import read_settings, settings_text
from engine.tasks.executors import Lane

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
        self.said = WrappedLabel("", "small")
        self.said.hide()
        self.body.addWidget(self.said)
        self.read = push_button("Open a settings file…", self._on_read)
        self.write = push_button("Save as a file…", self._on_write, "Save the settings as a file")
        self.foot.insertWidget(0, self.read)
        self.foot.insertWidget(1, self.write)
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

    # Files

    def _on_read(self) -> None:
        path = self.place.pickers.settings(self, self.place.file.parent)
        if path is not None:
            base = self.form.settings or self._before
            self.work(Lane.CPU, partial(read_settings, path, base), partial(self._on_file, path))

    def _on_file(self, path: Path, settings: RunSettings) -> None:
        self.banners.clear()
        self.search.clear()
        self.form.show_settings(settings)
        self._say(f"Read from {path}. Nothing is kept yet.")

    def _on_write(self) -> None:
        settings = self.form.settings
        if settings is None:
            self.search.clear()
            self.form.focus_fault()
            return
        start = self.place.file.with_name(f"{self.place.file.stem}-settings.toml")
        path = self.place.pickers.new_settings(self, start)
        if path is not None:
            self.work(Lane.CPU, partial(_write, settings, path), self._on_written)

    def _on_written(self, path: Path) -> None:
        self.banners.clear()
        self._say(f"Saved as {path}: what differs from the paper, for --settings.")

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()

    def reject(self) -> None:
        """Close; where something was changed, only after asking."""
        if self.form.settings == self._before:
            super().reject()
            return
        self.question.ask(
            "Close without keeping what you changed?", super().reject, yes="Close", no="Stay"
        )


def _write(settings: RunSettings, path: Path) -> Path:
    from engine.report.files import write_whole  # noqa: PLC0415 - its room loads numpy

    write_whole(path, settings_text(settings).encode())
    return path


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
