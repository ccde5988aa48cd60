"""Who am I: whose queue is graded in this window."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QSize, QStringListModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.window.settings import Settings
from desktop_app.window.theme import set_role
from desktop_app.window.wrapped_label import WrappedLabel
from engine.study.protocol import PacketInfo

TRUST = (
    "This study is a shared file, graded in trust mode: whoever opens the file can read all of it."
    " This window shows you your own work only. Where graders must be blind to each other, ask the"
    " lead for a packet."
)


def known_grader(
    graders: Sequence[str], *, packet: PacketInfo | None, study_id: str, settings: Settings
) -> str:
    """Return who grades here without asking: a packet's grader, or who this person was before.

    Empty where the person has to say, as when the study no longer knows the name. A study that
    knows no grader takes any.
    """
    if packet is not None:
        return packet.grader
    before = settings.grader_in(study_id)
    return before if before in graders or not graders else ""


class WhoDialog(QDialog):
    """Lets a person pick their name among the study's graders.

    Parameters
    ----------
    graders
        Names the study knows.
    present
        Who grades now, or last did; empty where nobody.
    may_type
        Whether a name that the study does not know yet is taken too.
    """

    def __init__(
        self,
        graders: Sequence[str],
        *,
        present: str = "",
        may_type: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who am I?")
        line = self.fontMetrics().height()
        self.resize(QSize(28 * line, 30 * line).boundedTo(self.screen().availableSize() * 0.9))
        self._graders = list(graders)
        self._may_type = may_type
        self.entry = QLineEdit()
        self.names = QListView()
        self._model = QStringListModel(self._graders, self)
        self._ok = QPushButton("Grade under this name")
        self._lay_out()
        self.names.selectionModel().currentChanged.connect(lambda *_: self._show_choice())
        self.names.doubleClicked.connect(lambda _: self._ok.click())
        self.entry.textChanged.connect(self._narrow)
        self._select(present or (self._graders[0] if len(self._graders) == 1 else ""))

    @property
    def chosen(self) -> str:
        """The name that is chosen now, or empty where none is."""
        written = self.entry.text().strip()
        current = self.names.currentIndex()
        if current.isValid():
            return str(current.data())
        return written if self._may_type else ""

    def _lay_out(self) -> None:
        can = "Find your name, or write a new one" if self._may_type else "Find your name"
        self.entry.setPlaceholderText(can)
        self.entry.setAccessibleName(can)
        self.entry.setClearButtonEnabled(True)
        self.names.setModel(self._model)
        self.names.setUniformItemSizes(True)
        self.names.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.names.setAccessibleName("Graders of this study")
        trust = WrappedLabel(TRUST, "small")
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self._ok.clicked.connect(self.accept)
        self._ok.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        set_role(self._ok, "primary")
        padding = self.fontMetrics().height() // 3
        self.names.setStyleSheet(f"QListView::item {{ padding: {padding}px; }}")
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 16, 16, 16)
        body.setSpacing(12)
        title = QLabel("Which of the graders are you?" if self._graders else "Who are you?")
        set_role(title, "heading")
        for part in (title, self.entry, self.names, trust):
            body.addWidget(part, 1 if part is self.names else 0)
        body.addLayout(buttons)

    def _narrow(self, text: str) -> None:
        """List the names with the text in them; one that is written out is chosen."""
        wanted = text.strip().casefold()
        self._model.setStringList([n for n in self._graders if wanted in n.casefold()])
        same = next((n for n in self._graders if n.casefold() == wanted), "")
        only = self._model.stringList() if wanted and not self._may_type else []
        self._select(same or (only[0] if len(only) == 1 else ""))

    def _select(self, name: str) -> None:
        shown = self._model.stringList()
        if name in shown:
            index = self._model.index(shown.index(name))
            self.names.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.names.scrollTo(index)
        self._show_choice()

    def _show_choice(self) -> None:
        self._ok.setEnabled(bool(self.chosen))
