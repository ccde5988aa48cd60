"""The image at hand with its map: four panels, how they look, and the facts beside them."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.explain.facts import Facts
from desktop_app.explain.look_form import LookForm
from desktop_app.explain.panel_canvas import MEANINGS, TITLES, PanelCanvas
from desktop_app.explain.parts import Segments, scrolled, tool
from desktop_app.session.explaining.pictures import Panels, Pictures
from desktop_app.window.state_page import State, StatePage
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.problem import Problem
from engine.domain.rows import ImageResult
from engine.domain.settings import FigureSettings

TOGETHER = "all"
FORM_WIDTH = 220
FLICKER = 400
"""Milliseconds of each picture: slow enough for eyes that flicker harms."""

NOTHING = State(
    "shown", "No image at hand", "Pick a row of the table or a point of a plot to see its map."
)
READING = State("study", "Opening the image and its map…")


class PanelsView(QWidget):
    """Bar, panels and facts; the look is changed here and drawn anew on the lanes."""

    closed = Signal()
    """A person wants the room for the views above."""

    enlarged = Signal(bool)
    """A person wants the panels in place of the views, or the views back."""

    def __init__(self, pictures: Pictures, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._theme = theme
        self._path = ""
        self.canvas = PanelCanvas(theme)
        self.facts = Facts(theme)
        self.state = StatePage(theme)
        self.modes = Segments(
            {TOGETHER: "Side by side", **{str(k): title for k, title in enumerate(TITLES)}},
            theme,
            role="tab",
        )
        for k, meaning in enumerate(MEANINGS):
            self.modes.buttons[str(k)].setToolTip(f"{meaning}, alone ({k + 1})")
            self.modes.buttons[str(k)].setAccessibleName(f"{meaning}, alone")
        self.modes.buttons[TOGETHER].setToolTip("All panels side by side (0)")
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.form = LookForm(pictures.look, theme)
        self.flicker_button = QToolButton()
        self._flicker = QTimer(self)
        self._flicker.setInterval(FLICKER)
        self._lay_out(theme)
        self._connect()
        self._say(NOTHING)

    def show_result(self, result: ImageResult | None) -> None:
        """Take note of which image is at hand; its picture comes by itself."""
        self.facts.show_result(result)
        self.facts.setVisible(result is not None and self.facts_button.isChecked())
        if result is None:
            self._path = ""
            self.canvas.clear()
            self._say(NOTHING)

    def show_figures(self, figures: FigureSettings) -> None:
        """Begin with the look that a run's settings ask for."""
        if figures != self.form.first.figures:
            self.form.show_look(replace(self.form.first, figures=figures))

    def show_alone(self, panel: int) -> None:
        """Show one panel large, or all of them with -1."""
        self.canvas.show_alone(panel)
        self.modes.choose(TOGETHER if panel < 0 else str(panel))

    def hold_flicker(self, is_held: bool) -> None:
        """Show the photograph alone for as long as a key is held."""
        self.canvas.show_image(is_shown=is_held)

    # Inside

    def _fit(self) -> None:
        self._form_area.setFixedWidth(self._theme.metrics.px(FORM_WIDTH))

    def _lay_out(self, theme: Theme) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.state)
        middle = QHBoxLayout()
        space(middle, theme, spacing="none")
        self._form_area = scrolled(self.form)
        theme.changed.connect(self._fit)
        self._fit()
        middle.addWidget(self._form_area)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.facts)
        self._form_area.hide()
        body = QVBoxLayout(self)
        space(body, theme, spacing="none")
        body.addWidget(self._bar(theme))
        body.addLayout(middle, 1)
        self.setMinimumHeight(theme.metrics.px(120))

    def _bar(self, theme: Theme) -> QWidget:
        bar = QWidget()
        bar.setObjectName("panel_bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        space(row, theme, "m none", spacing="s")
        row.addWidget(self.modes, 1)
        label = QLabel("Map")
        label.setBuddy(self.opacity)
        set_role(label, "muted")
        self._set_up_opacity(theme)
        self.look_button = tool("sliders", "How maps look", self._toggle_form, theme, is_kept=True)
        self.facts_button = tool(
            "info", "Facts of the image", self._toggle_facts, theme, is_kept=True
        )
        self.facts_button.setChecked(True)
        self.large_button = tool(
            "enlarge", "Give the panels all the room", lambda: None, theme, is_kept=True
        )
        buttons = (self.flicker_button, self.look_button, self.facts_button, self.large_button)
        for part in (label, self.opacity, *buttons):
            row.addWidget(part)
        return bar

    def _set_up_opacity(self, theme: Theme) -> None:
        self.opacity.setRange(0, 100)
        self.opacity.setValue(round(100 * self._pictures.look.opacity))
        self.opacity.setAccessibleName("How strongly the map lies on the photograph, percent")
        self.opacity.setToolTip("How strongly the map lies on the photograph")
        self.opacity.setMinimumWidth(theme.metrics.px(64))
        self.opacity.setMaximumWidth(theme.metrics.px(120))
        set_role(self.flicker_button, "quiet")
        KeptIcon(self.flicker_button, theme, "flicker")
        self.flicker_button.setCheckable(True)
        self.flicker_button.setToolTip("Flicker between photograph and map (hold .)")
        self.flicker_button.setAccessibleName("Flicker between photograph and map")

    def _connect(self) -> None:
        pictures = self._pictures
        pictures.loading.connect(self._on_loading)
        pictures.shown.connect(self._on_shown)
        pictures.missing.connect(self._on_missing)
        self.modes.chosen.connect(
            lambda name: self.show_alone(-1 if name == TOGETHER else int(name))
        )
        self.canvas.alone_changed.connect(self.show_alone)
        self.opacity.valueChanged.connect(self._on_look)
        self.form.changed.connect(self._on_look)
        self.flicker_button.toggled.connect(self._on_flicker)
        self._flicker.timeout.connect(
            lambda: self.canvas.show_image(is_shown=not self.canvas.shows_image)
        )
        self.large_button.toggled.connect(self.enlarged)

    def _on_loading(self) -> None:
        if not self._path:  # else the image before stays until the next one is there
            self._say(READING)

    def _on_shown(self, panels: Panels) -> None:
        path = panels.result.image.path
        self.canvas.show_pictures(panels.pictures, is_same_image=path == self._path)
        self._path = path
        self.canvas.setAccessibleName(f"Panels of {path}")
        for k in range(len(TITLES)):
            self.modes.buttons[str(k)].setEnabled(k < len(panels.pictures))
        self._stack.setCurrentWidget(self.canvas)

    def _on_missing(self, problem: Problem) -> None:
        self._path = ""
        self.canvas.clear()
        text = ". ".join(part.rstrip(".") for part in (problem.message, problem.remedy) if part)
        told = f"{text[:1].upper()}{text[1:]}."
        self._say(State("missing", "This image cannot be shown", told, "warning"))

    def _on_look(self, *_: object) -> None:
        self._pictures.set_look(self.form.look(opacity=self.opacity.value() / 100))

    def _on_flicker(self, is_on: bool) -> None:
        if is_on:
            self._flicker.start()
        else:
            self._flicker.stop()
            self.canvas.show_image(is_shown=False)

    def _toggle_form(self) -> None:
        self._form_area.setVisible(self.look_button.isChecked())

    def _toggle_facts(self) -> None:
        self.facts.setVisible(self.facts_button.isChecked() and self.facts.has_result)

    def _say(self, state: State) -> None:
        self.state.show_state(state)
        self._stack.setCurrentWidget(self.state)
