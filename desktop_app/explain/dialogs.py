"""What an analyst is asked in windows of their own: files, conditions, settings."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.explain.conditions_dialog import ConditionsDialog
from engine.domain.problem import Problem, Severity

SENTENCE = (
    "They start from the study’s and hold for this window’s next runs; “Keep for the study” on the"
    " page stores them with the study."
)

NO_CARD = Problem(
    "no_model", "Model", "there is no model to check", "Choose a model card first", Severity.NOTE
)

if TYPE_CHECKING:
    from desktop_app.explain.page import ExplainPage


class Dialogs(QObject):
    """Opens a dialog and hands what a person chose there to the session."""

    def __init__(self, page: "ExplainPage") -> None:
        super().__init__(page)
        self._page = page

    def show_conditions(self) -> None:
        """Let a person say which class stands for which condition."""
        model = self._page.session.model
        if model.checked is None:
            model.check()
            return
        dialog = ConditionsDialog(
            model.conditions, model.checked, self._page.place.theme, self._page
        )
        dialog.kept.connect(model.set_conditions)
        self._open(dialog)

    def show_sanity(self) -> None:
        """Let a person check that maps depend on the model looked at; asks for trust first."""
        from desktop_app.explain.sanity_dialog import SanityDialog  # noqa: PLC0415 - rare

        page, session = self._page, self._page.session
        looked_at = session.looked_at
        card = looked_at[0].card
        if card is None:
            session.tell(NO_CARD)
            return
        if card == session.model.chosen.card and session.model.needs_trust(self.show_sanity):
            return
        self._open(
            SanityDialog(session.sanity, looked_at, page.exporting.check, page.place.theme, page)
        )

    def show_settings(self) -> None:
        """Show every setting of the next run."""
        from desktop_app.setup.settings_dialog import SettingsDialog  # noqa: PLC0415 - rare

        dialog = SettingsDialog(
            self._page.place,
            self._page.session.settings,
            title="Settings of the next run",
            sentence=SENTENCE,
            parent=self._page,
        )
        dialog.accepted.connect(self._page.session.set_settings)
        self._open(dialog)

    def choose_card(self) -> None:
        """Let a person pick a model card."""
        start = self._page.session.model.chosen.card or self._page.place.file.parent
        card = self._page.pickers.card(self._page, start)
        if card is not None:
            self._page.session.model.choose_card(card)

    def choose_maps(self) -> None:
        """Let a person look at a folder of maps and take it."""
        from desktop_app.setup.preview_dialogs import MapsDialog  # noqa: PLC0415 - rare

        dialog = MapsDialog(self._page.place, parent=self._page)
        dialog.chosen.connect(self._page.session.model.choose_maps)
        self._open(dialog)

    def choose_predictions(self) -> None:
        """Let a person look at a table of predictions and take it."""
        from desktop_app.setup.preview_dialogs import PredictionsDialog  # noqa: PLC0415 - rare

        facts = self._page.session.model.facts
        classes = facts.card.classes if facts else ()
        dialog = PredictionsDialog(self._page.place, classes=classes, parent=self._page)
        dialog.chosen.connect(self._page.session.model.choose_predictions)
        self._open(dialog)

    def import_labels(self) -> None:
        """Let a person look at a table of body parts and take it."""
        from desktop_app.setup.preview_dialogs import LabelsDialog  # noqa: PLC0415 - rare

        dialog = LabelsDialog(self._page.place, parent=self._page)
        dialog.chosen.connect(self._page.session.import_labels)
        self._open(dialog)

    def _open(self, dialog: QWidget) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()
