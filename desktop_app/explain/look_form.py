"""How maps look: percentiles, polarity, outlines, colours, and whether maps share a scale."""

from dataclasses import replace

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QWidget

from desktop_app.explain.parts import button
from desktop_app.session.explaining.pictures import MapLook, Polarity
from desktop_app.setup.fields import ChoiceField, NumberField
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.settings import FigureSettings

POLARITIES = {"both": "Both signs", "positive": "For the class", "negative": "Against the class"}
PALETTES = {"colour_blind_safe": "Blue and orange", "paper": "Green and red (paper)"}
SCALES = {"image": "Of each map", "shared": "Shared by those looked at"}


class LookForm(QWidget):
    """A narrow form; what cannot be is said below and changes nothing."""

    changed = Signal()

    def __init__(self, look: MapLook, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("facts")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._last = look
        self.polarity = ChoiceField("Which signs are shown", POLARITIES.items())
        self.above = NumberField("Full strength from this percentile", high=100, is_whole=False)
        self.below = NumberField("No strength up to this percentile", high=100, is_whole=False)
        self.scale = ChoiceField("Scale of strengths", SCALES.items())
        self.palette_choice = ChoiceField("Colours of a map", PALETTES.items())
        self.outlines = QCheckBox("Outlines only")
        self.clean_up = QCheckBox("Smooth small spots")
        self.fault = WrappedLabel(role="error")
        form = QFormLayout(self)
        space(form, theme, "m s", spacing="s")
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        for text, field in (
            ("Signs", self.polarity),
            ("Full strength from percentile", self.above),
            ("No strength up to percentile", self.below),
            ("Scale", self.scale),
            ("Colours", self.palette_choice),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            set_role(label, "muted")
            form.addRow(label, field)
        form.addRow(self.outlines)
        form.addRow(self.clean_up)
        form.addRow(button("As in the run", lambda: self.show_look(self.first), role="link"))
        form.addRow(self.fault)
        self.first = look
        self._set(look)
        self._connect()

    def look(self, *, opacity: float) -> MapLook:
        """Return the look as it is written; the last one that could be where it cannot be."""
        figures = self._figures()
        polarity: Polarity = self.polarity.choice  # type: ignore[assignment]
        kept = figures or self._last.figures
        self._last = MapLook(kept, opacity, polarity)
        return self._last

    def show_look(self, look: MapLook) -> None:
        """Show another look, as that of another run."""
        self.first = look
        self._set(look)
        self.changed.emit()

    def _figures(self) -> FigureSettings | None:
        values = {
            "palette": self.palette_choice.choice,
            "scale": self.scale.choice,
            "clip_above": self.above.number,
            "clip_below": self.below.number,
            "clean_up": self.clean_up.isChecked(),
            "outlines": self.outlines.isChecked(),
        }
        try:
            figures = FigureSettings.model_validate(values)
        except ValidationError as error:
            self.fault.setText(error.errors()[0]["msg"].removeprefix("Value error, "))
            return None
        self.fault.setText("")
        return figures

    def _set(self, look: MapLook) -> None:
        figures = look.figures
        widgets = (self.polarity, self.above, self.below, self.scale, self.palette_choice)
        for widget in (*widgets, self.outlines, self.clean_up):
            widget.blockSignals(True)
        self.polarity.choose(look.polarity)
        self.above.setValue(figures.clip_above)
        self.below.setValue(figures.clip_below)
        self.scale.choose(figures.scale)
        self.palette_choice.choose(figures.palette)
        self.outlines.setChecked(figures.outlines)
        self.clean_up.setChecked(figures.clean_up)
        for widget in (*widgets, self.outlines, self.clean_up):
            widget.blockSignals(False)
        self._last = replace(look)

    def _connect(self) -> None:
        for choice in (self.polarity, self.scale, self.palette_choice):
            choice.activated.connect(lambda _: self.changed.emit())
        for number in (self.above, self.below):
            number.valueChanged.connect(lambda _: self.changed.emit())
        for box in (self.outlines, self.clean_up):
            box.toggled.connect(lambda _: self.changed.emit())
