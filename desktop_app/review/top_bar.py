"""The bar over the page: how regions become one, how far graders agree, the study's set-up."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from desktop_app.review.words import number
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.measure import Undefined
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.graders.summary import AgreementSummary, Group

METHODS = {
    "majority": ("Majority", "A pixel counts that more than half of the graders marked"),
    "staple": ("STAPLE", "Graders are weighed by how well they fit the common estimate"),
}
SETUP = (
    "import",
    "people",
    "assign",
    "write_instructions",
    "study_settings",
    "audit_log",
    "check_study",
    "export_regions",
)
"""Actions of the study's menu."""


class TopBar(QWidget):
    """Consensus on the left, the study in one line, what the study is set up with on the right."""

    method_chosen = Signal(str)
    """``majority`` or ``staple``."""

    asked = Signal(str)
    """The id of an action."""

    keep_asked = Signal()
    """The way chosen here is to be the study's."""

    def __init__(self, theme: Theme, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._keymap = theme, keymap
        self.methods: dict[str, QPushButton] = {}
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setAccessibleName("Agreement over the study")
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Measuring")
        self.bar.setFixedWidth(theme.metrics.px(80))
        self.bar.hide()
        self.keep = QPushButton("Keep for the study")
        set_role(self.keep, "link")
        self.keep.setToolTip("The command line and the report will use it too")
        self.keep.clicked.connect(self.keep_asked)
        self.keep.hide()
        self.study, self.export = QToolButton(), QPushButton("Export…")
        self._lay_out()
        keymap.changed.connect(self._describe)
        self._describe()

    def show_method(self, method: str, *, is_study: bool) -> None:
        """Show which way is in force, and whether it is the study's own."""
        self.methods[method].setChecked(True)
        self.keep.setVisible(not is_study)

    def show_summary(self, summary: "AgreementSummary | None") -> None:
        """Say kappa before and after the cut, and how many images stay."""
        text = "" if summary is None else told(summary)
        self.summary.setText(text)
        self.summary.setToolTip(text)

    def show_progress(self, step: Step | None) -> None:
        """Show how far a measuring is; None where none is under way."""
        self.bar.setVisible(step is not None)
        if step is not None:
            self.bar.setRange(0, max(step.total, 1))
            self.bar.setValue(step.done)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        space(row, self._theme, "m xs", spacing="s")
        words = QLabel("Consensus")
        set_role(words, "muted")
        row.addWidget(words)
        group = QButtonGroup(self)
        for method, (text, meaning) in METHODS.items():
            button = QPushButton(text)
            set_role(button, "segment")
            button.setCheckable(True)
            button.setToolTip(meaning)
            button.setAccessibleName(f"Consensus: {text}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, m=method: self.method_chosen.emit(m))
            group.addButton(button)
            self.methods[method] = button
            row.addWidget(button)
        row.addWidget(self.keep)
        row.addWidget(self.summary, 1)
        row.addWidget(self.bar)
        row.addWidget(self._study_button())
        self.export.setAutoDefault(False)
        self.export.clicked.connect(lambda _=False: self.asked.emit("export"))
        row.addWidget(self.export)

    def _study_button(self) -> QToolButton:
        button, menu = self.study, QMenu(self)
        button.setText("Study")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(button, "quiet")
        KeptIcon(button, self._theme, "study")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName("Set up the study")
        button.setToolTip(
            "Import, people, assignment, instructions, settings, log, check, export of regions"
        )
        button.setMenu(menu)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        return button

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for action_id in SETUP:
            label, text = self._keymap.label(action_id), self._keymap.spec(action_id).text
            action = menu.addAction(f"{text}\t{label}" if label else text)
            action.triggered.connect(lambda _=False, id=action_id: self.asked.emit(id))

    def _describe(self) -> None:
        label, text = self._keymap.label("export"), "Export the table in front"
        self.export.setToolTip(f"{text} ({label})" if label else text)
        self.export.setAccessibleName(text)


def told(summary: "AgreementSummary") -> str:
    """Return the agreement of a study in one line."""
    before, after = summary.before, summary.after
    stays = f"{after.images:,} of {summary.everything.images:,} images admitted"
    return f"{stays}  ·  kappa {_kappa(before)} before the cut, {_kappa(after)} after it"


def _kappa(group: "Group") -> str:
    mean = number(group.kappa_mean)
    return mean if isinstance(group.kappa_sd, Undefined) else f"{mean} ± {number(group.kappa_sd)}"
