"""The dialogs by which a study is set up, opened over the page; what they change is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.window.workplace import Workplace
from engine.domain.settings import AgreementSettings, RunSettings

if TYPE_CHECKING:
    from desktop_app.setup.export_dialog import LetOut

AGREEMENT_SECTIONS = ("agreement",)


class StudySetup(QObject):
    """Opens one dialog at a time; the window goes on behind it."""

    options_changed = Signal()
    """People, instructions or settings are others now."""

    images_changed = Signal()
    """Images, tasks or readings are others now."""

    settings_chosen = Signal(object)
    """The `RunSettings` that are to be the study's."""

    def __init__(
        self, place: Workplace, settings: Callable[[], RunSettings], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._place = place
        self._settings = settings
        self._page = parent

    def open_import(self) -> None:
        """Bring photographs, tables and regions in."""
        from desktop_app.setup.import_dialog import ImportDialog  # noqa: PLC0415 - rare

        dialog = ImportDialog(self._place, parent=self._page)
        dialog.imported.connect(lambda _: self.images_changed.emit())
        self._open(dialog)

    def open_people(self) -> None:
        """Say who grades, leads and analyses."""
        from desktop_app.setup.people_dialog import PeopleDialog  # noqa: PLC0415 - rare

        dialog = PeopleDialog(self._place, parent=self._page)
        dialog.options_changed.connect(self.options_changed)
        dialog.tasks_changed.connect(self.images_changed)
        self._open(dialog)

    def open_assignment(self) -> None:
        """Say who grades what."""
        from desktop_app.setup.assign_dialog import AssignDialog  # noqa: PLC0415 - rare

        dialog = AssignDialog(self._place, parent=self._page)
        dialog.tasks_changed.connect(self.images_changed)
        self._open(dialog)

    def open_instructions(self) -> None:
        """Write what graders are to do."""
        from desktop_app.setup.instructions_dialog import (  # noqa: PLC0415 - rare
            InstructionsDialog,
        )

        dialog = InstructionsDialog(self._place, parent=self._page)
        dialog.options_changed.connect(self.options_changed)
        self._open(dialog)

    def open_settings(self) -> None:
        """Change the study's settings."""
        from desktop_app.setup.settings_dialog import SettingsDialog  # noqa: PLC0415 - rare

        dialog = SettingsDialog(self._place, self._settings(), parent=self._page)
        dialog.accepted.connect(self.settings_chosen)
        self._open(dialog)

    def open_audit(self) -> None:
        """Read who did what."""
        from desktop_app.setup.audit_dialog import AuditDialog  # noqa: PLC0415 - rare

        self._open(AuditDialog(self._place, parent=self._page))

    def open_check(self) -> None:
        """See whether the study is whole."""
        from desktop_app.setup.check_dialog import CheckDialog  # noqa: PLC0415 - rare

        self._open(CheckDialog(self._place, parent=self._page))

    def open_export(
        self, agreement: AgreementSettings, let_names_out: "LetOut", hide: Callable[[str], str]
    ) -> None:
        """Write regions to the files of other programs."""
        from desktop_app.setup.export_dialog import ExportRegionsDialog  # noqa: PLC0415 - rare

        dialog = ExportRegionsDialog(
            self._place, agreement, let_names_out=let_names_out, hide=hide, parent=self._page
        )
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()
