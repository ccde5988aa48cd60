"""How long the next run would take, and the button that begins it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop_app.explain.parts import button
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.session.explaining.time import in_words
from desktop_app.window.key_button import KeyButton
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from engine.stages.estimating import RunEstimate


class RunPart(QWidget):
    """Stays below the choices, so that it is always in sight."""

    wanted = Signal()
    """A person wants the run to begin."""

    def __init__(
        self,
        session: ExplainSession,
        theme: Theme,
        keymap: Keymap,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self._session = session
        self.estimate = WrappedLabel(role="muted")
        self.measure = button(
            "How long will it take?",
            session.measure,
            role="link",
            tip="Measures one image on the model; nothing is kept",
        )
        self.run = KeyButton("Run", theme, keymap, "run")
        self.run.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_role(self.run, "primary")
        if self.run.cap is not None:
            set_role(self.run.cap, "on_accent_key")
        self.run.clicked.connect(self.wanted)
        body = QVBoxLayout(self)
        space(body, theme, "m", spacing="s")
        body.addWidget(self.estimate)
        body.addWidget(self.measure)
        body.addWidget(self.run)
        for signal in (
            session.cost.changed,
            session.model.changed,
            session.settings_changed,
            session.running.began,
            session.running.finished,
            session.running.stopped,
            session.running.failed,
        ):
            signal.connect(self.show_state)
        self.show_state()

    def show_state(self, *_: object) -> None:
        """Show whether a run can begin, and what is known of its cost."""
        session = self._session
        is_running, chosen = session.running.is_running, session.model.chosen
        text = self._text()
        self.estimate.setText(text)
        self.estimate.setVisible(bool(text))
        can_measure = chosen.is_complete and not is_running and chosen.maps is None
        is_known = session.cost.estimate is not None or session.cost.is_measuring
        self.measure.setVisible(can_measure and not is_known)
        self.run.setText("Running…" if is_running else "Run")
        can_run = chosen.is_complete and not is_running
        self.run.setEnabled(can_run)
        if self.run.cap is not None:
            self.run.cap.setVisible(can_run)

    def _text(self) -> str:
        session = self._session
        if session.running.is_running:
            return ""
        if not session.model.chosen.is_complete:
            return "Choose a model card, or a folder of maps, to run."
        if session.cost.is_measuring:
            return "Measuring how long it will take…"
        estimate = session.cost.estimate
        return estimate_text(estimate) if estimate else ""


def estimate_text(estimate: "RunEstimate") -> str:
    """Return an estimate as one reads it."""
    left = estimate.images - estimate.cached
    cached = f", {estimate.cached:,} of them made before" if estimate.cached else ""
    if not left:
        return f"At once: {estimate.images:,} images{cached}. On {estimate.device}."
    words = in_words(estimate.seconds)
    about = words.capitalize() if words.startswith("under") else f"About {words}"
    return (
        f"{about}: {estimate.images:,} images{cached}, at"
        f" {estimate.seconds_per_image:.2g} s each. On {estimate.device}."
    )
