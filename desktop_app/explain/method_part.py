"""How the next run makes its maps: method, sampler and settings, with what they mean and cost."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop_app.explain.parts import Section, Segments, button
from desktop_app.explain.words import (
    METHOD_MEANINGS,
    METHODS,
    SAMPLER_MEANINGS,
    SAMPLERS,
    cost_text,
)
from desktop_app.session.explaining.export import assignments
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.setup.fields import ChoiceField
from desktop_app.window.theme import Theme, set_role, space
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.settings import RunSettings

PAPER = "integrated_gradients"


class MethodPart(Section):
    """Method and sampler at hand, everything else one step away."""

    settings_wanted = Signal()
    """A person wants to see every setting of the next run."""

    def __init__(
        self, session: ExplainSession, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Method", theme, parent)
        self._session = session
        self.method = ChoiceField("Saliency method", METHODS.items())
        self.meaning = WrappedLabel(role="muted")
        self.sampler = Segments(SAMPLERS, theme)
        self.sampler_meaning = WrappedLabel(role="muted")
        self.cost = WrappedLabel(role="muted")
        self.differs = QLabel()
        set_role(self.differs, "chip")
        self.all_settings = button("All settings…", self.settings_wanted.emit)
        self.keep = button(
            "Keep for the study",
            session.keep_settings,
            role="link",
            tip="Stores these settings with the study, for the window and the command line",
        )
        self.back = button("Back to the study’s", self._on_back, role="link")
        self._lay_out(theme)
        self.method.activated.connect(self._on_method)
        self.sampler.chosen.connect(self._on_sampler)
        session.settings_changed.connect(self.show_settings)
        session.model.changed.connect(self.show_settings)
        self.show_settings()

    def show_settings(self) -> None:
        """Show the settings of the next run."""
        settings = self._session.settings
        saliency = settings.saliency
        self.setVisible(self._session.model.chosen.maps is None)
        self.method.choose(saliency.method)
        self.meaning.setText(METHOD_MEANINGS[saliency.method])
        has_sampler = saliency.method == PAPER
        self.sampler.choose(saliency.sampler)
        self.sampler.setVisible(has_sampler)
        self.sampler_meaning.setText(SAMPLER_MEANINGS[saliency.sampler])
        self.sampler_meaning.setVisible(has_sampler)
        self.cost.setText(cost_text(settings))
        changed = assignments(settings, self._session.study_settings)
        self.differs.setText(f"{len(changed)} not as in the study")
        self.differs.setToolTip("\n".join(f"{name} = {value}" for name, value in changed))
        for part in (self.differs, self.keep, self.back):
            part.setVisible(bool(changed))

    def _lay_out(self, theme: Theme) -> None:
        self.head.addWidget(self.differs)
        for part in (self.method, self.meaning, self.sampler, self.sampler_meaning, self.cost):
            self.body.addWidget(part)
        self.body.addWidget(self.all_settings)
        row = QHBoxLayout()
        space(row, theme, spacing="s")
        row.addWidget(self.keep)
        row.addWidget(self.back)
        row.addStretch()
        self.body.addLayout(row)

    def _on_method(self) -> None:
        self._change("method", self.method.choice)

    def _on_sampler(self, name: str) -> None:
        self._change("sampler", name)

    def _change(self, name: str, value: str) -> None:
        self._session.set_settings(with_saliency(self._session.settings, name, value))
        self.show_settings()  # where the value was refused, the field goes back

    def _on_back(self) -> None:
        self._session.set_settings(self._session.study_settings)


def with_saliency(settings: RunSettings, name: str, value: str) -> RunSettings:
    """Return settings with one of the saliency settings changed; the same where it cannot be.

    The joint sampler needs gradients that fill the path: their number is raised where it does not.
    """
    values = {**settings.saliency.model_dump(), name: value}
    if values["sampler"] == "joint":
        steps = int(values["steps"])
        values["joint_gradients"] = max(-(-int(values["joint_gradients"]) // steps), 1) * steps
    saliency = type(settings.saliency).model_validate(values)
    return settings.model_copy(update={"saliency": saliency})
