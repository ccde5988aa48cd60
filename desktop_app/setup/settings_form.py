"""The settings of a run on one page: what each means, and which are not the paper's."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.setup.faults import faults_of
from desktop_app.setup.frame import push_button
from desktop_app.setup.setting_row import SettingRow
from desktop_app.setup.setting_words import SAMPLER_OF, SECTIONS, name_of, value_text
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.settings import RunSettings

SAME = "All settings are the paper’s."


class SettingsForm(QWidget):
    """Rows of settings under their headings, judged by their models at each change.

    Parameters
    ----------
    sections
        Which parts are shown: ``agreement``, ``saliency``, ``localisation``, ``findings``,
        ``figures``. The others stay as they are in `settings`.
    """

    changed = Signal()
    """A setting was changed by a person; `settings` is None while something is wrong."""

    def __init__(
        self,
        theme: Theme,
        settings: RunSettings,
        *,
        sections: Sequence[str] = tuple(SECTIONS),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections = tuple(sections)
        self._base = settings
        self._settings: RunSettings | None = settings
        self._last = ""
        self._wanted = ""
        self.rows = {row.setting: row for row in self._make_rows()}
        self.summary = WrappedLabel()
        self.reset_all = push_button("Reset all", self.show_defaults, "Reset all settings shown")
        self._lay_out()
        self.show_settings(settings)

    @property
    def settings(self) -> RunSettings | None:
        """The settings as they are written, or None while something is wrong with one."""
        return self._settings

    @property
    def differences(self) -> tuple[str, ...]:
        """Stable names of the settings shown here that are not the paper's."""
        return tuple(row.setting for row in self.rows.values() if not row.is_default)

    def show_settings(self, settings: RunSettings) -> None:
        """Show other settings, without telling of a change."""
        self._base = settings
        for name, row in self.rows.items():
            section, _, field = name.partition(".")
            row.set_value(getattr(getattr(settings, section), field))
        self._judge()

    def show_defaults(self) -> None:
        """Show the paper's settings in every part that is shown."""
        for row in self.rows.values():
            row.set_value(row.default)
        self._judge()
        self.changed.emit()

    def search(self, text: str) -> None:
        """Show only the settings with a text in their name or meaning."""
        self._wanted = text.strip().casefold()
        self._show_rows()

    def focus_fault(self) -> None:
        """Go to the first setting that something is wrong with."""
        first = next((row for row in self.rows.values() if row.fault), None)
        if first is not None:
            first.editor.widget.setFocus()

    # What a person does

    def _on_changed(self, setting: str) -> None:
        self._last = setting
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        """Build the settings from all rows, or say at the rows what keeps them from being built."""
        faults: dict[str, str] = {}
        parts: dict[str, BaseModel] = {}
        for section in self._sections:
            model = type(getattr(self._base, section))
            try:
                parts[section] = model.model_validate(self._values(section))
            except ValidationError as error:
                last = self._last.removeprefix(f"{section}.")
                found = faults_of(error, section, model, last=last)
                faults |= {f"{section}.{name}": fault for name, fault in found.items()}
        for name, row in self.rows.items():
            row.show_fault(faults.get(name, ""))
        self._settings = None if faults else self._base.model_copy(update=parts)
        self._show_rows()
        self._show_summary()

    def _values(self, section: str) -> dict[str, Any]:
        start = f"{section}."
        rows = self.rows.items()
        return {name.removeprefix(start): row.value for name, row in rows if name.startswith(start)}

    # What it shows

    def _show_rows(self) -> None:
        used = self._used()
        for name, row in self.rows.items():
            row.setVisible((name in used or bool(row.fault)) and self._is_wanted(row))
        for section, part in self._parts.items():
            rows = (row for name, row in self.rows.items() if name.startswith(f"{section}."))
            part.setVisible(any(not row.isHidden() for row in rows))

    def _is_wanted(self, row: SettingRow) -> bool:
        return self._wanted in row.words

    def _used(self) -> set[str]:
        """Return the settings that change something, given the method and the sampler."""
        names = set(self.rows)
        if "saliency" not in self._sections:
            return names
        from engine.saliency.cache import USED  # noqa: PLC0415 - loads numpy

        method = self.rows["saliency.method"].value
        sampler = self.rows["saliency.sampler"].value
        unused = set().union(*USED.values()) - USED[method]
        unused |= {name for name, needed in SAMPLER_OF.items() if needed != sampler}
        return names - {f"saliency.{name}" for name in unused}

    def _show_summary(self) -> None:
        different = self.differences
        used = self._used()
        said = [_difference(self.rows[name], is_used=name in used) for name in different]
        count = f"{len(said)} setting{'s' * (len(said) > 1)}"
        text = f"Differs from the paper’s defaults in {count}: " + "; ".join(said) + "."
        self.summary.setText(text if said else SAME)
        set_role(self._box, "note_box" if said else "well")
        self.reset_all.setVisible(bool(said))

    # How it looks

    def _make_rows(self) -> list[SettingRow]:
        rows = []
        for section in self._sections:
            model = type(getattr(self._base, section))
            for field, about in model.model_fields.items():
                row = SettingRow(f"{section}.{field}", about, self._theme)
                row.changed.connect(self._on_changed)
                rows.append(row)
        return rows

    def _lay_out(self) -> None:
        self._box = QFrame()
        box = QHBoxLayout(self._box)
        space(box, self._theme, "m s", spacing="m")
        box.addWidget(self.summary, stretch=1)
        box.addWidget(self.reset_all)
        set_role(self.reset_all, "link")
        column = QVBoxLayout(self)
        space(column, self._theme, spacing="m")
        column.addWidget(self._box)
        self._parts = {section: self._part(section) for section in self._sections}
        for part in self._parts.values():
            column.addWidget(part)
        column.addStretch()

    def _part(self, section: str) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        space(column, self._theme, spacing="none")
        heading = QLabel(SECTIONS[section])
        set_role(heading, "heading")
        column.addWidget(heading)
        for name, row in self.rows.items():
            if name.startswith(f"{section}."):
                column.addWidget(row)
        return part


def _difference(row: SettingRow, *, is_used: bool) -> str:
    now, default = (value_text(row.setting, value) for value in (row.value, row.default))
    unused = "" if is_used else ", not used by this method"
    return f"{name_of(row.setting)} {now} (paper: {default}{unused})"
