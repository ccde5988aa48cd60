"""The two questions, and how many regions are outlined of how many."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.window.key_button import KeyButton
from desktop_app.window.keymap import Keymap
from desktop_app.window.theme import KeptIcon, Theme, set_role, space
from engine.domain.grading import Grading
from engine.domain.settings import AgreementSettings
from engine.graders.flags import regions
from engine.graders.readings import is_visible

VISIBLE = "Is a skin condition clearly visible?"
COUNT = "How many distinct regions?"
COUNT_ACTIONS = ("count_1", "count_2", "count_3", "count_4")


def outlined_text(grading: Grading, settings: AgreementSettings) -> tuple[str, str]:
    """Return how many regions are outlined of how many, and how that stands.

    Returns
    -------
    The text, empty while nothing is to be said, and ``success``, ``warning`` or ``muted``.
    """
    said, outlined = grading.roi_count or 0, len(grading.region)
    if said > settings.max_outlined_regions:
        return "Nothing to outline", "muted"
    if said:
        return f"{outlined} of {said} outlined", "success" if said == outlined else "warning"
    if outlined:
        return f"{regions(outlined)} outlined, not counted yet", "warning"
    return ("Nothing to outline", "muted") if is_visible(grading) is False else ("", "muted")


class Answers(QWidget):
    """Buttons that show the answers and ask for others; they never change by themselves."""

    not_visible = Signal()
    visible = Signal()
    counted = Signal(int)

    def __init__(
        self,
        theme: Theme,
        keymap: Keymap,
        settings: AgreementSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._grading: Grading | None = None
        self._yes = KeyButton("Visible", theme, keymap)
        self._no = KeyButton("Not visible", theme, keymap, "not_visible")
        self._counts = {
            count: KeyButton(str(count), theme, keymap, action, shows_key=False)
            for count, action in enumerate(COUNT_ACTIONS[: settings.max_outlined_regions], 1)
        }
        self._too_many = KeyButton("Too many", theme, keymap, "too_many")
        self._sign, self._outlined = QLabel(), QLabel()
        self._icon = KeptIcon(self._sign, theme, "done", tone="success")
        self._lay_out(theme)
        self._connect()
        self.show_grading(None)

    @property
    def too_many(self) -> int:
        """The count that stands for *too many to outline*."""
        return self._settings.max_outlined_regions + 1

    @property
    def buttons(self) -> list[QWidget]:
        """All buttons, in the order of the questions."""
        return [self._yes, self._no, *self._counts.values(), self._too_many]

    @property
    def outlined(self) -> str:
        """What is said of the outlined regions."""
        return self._outlined.text()

    def show_grading(self, grading: Grading | None) -> None:
        """Show the answers of a grading; None where there is none to answer for."""
        self._grading = grading
        visible = is_visible(grading) if grading else None
        said = min((grading.roi_count if grading else None) or 0, self.too_many)
        checked = {self._yes: visible is True, self._no: visible is False}
        checked |= {button: said == count for count, button in self._counts.items()}
        checked[self._too_many] = said == self.too_many
        for button, is_checked in checked.items():
            with QSignalBlocker(button):
                button.setChecked(is_checked)
        self._show_outlined(grading)

    def _show_outlined(self, grading: Grading | None) -> None:
        text, tone = outlined_text(grading, self._settings) if grading else ("", "muted")
        self._outlined.setText(text)
        set_role(self._outlined, tone)
        self._icon.show({"success": "done", "warning": "warning"}.get(tone, "info"), tone=tone)
        self._sign.setVisible(bool(text))

    def _lay_out(self, theme: Theme) -> None:
        body = QVBoxLayout(self)
        space(body, theme, spacing="s")
        body.addWidget(_question(VISIBLE))
        body.addLayout(_row(theme, [self._yes, self._no], [1, 1]))
        body.addSpacing(theme.px("s"))
        body.addWidget(_question(COUNT))
        buttons = [*self._counts.values(), self._too_many]
        body.addLayout(_row(theme, buttons, [2] * len(self._counts) + [7]))
        state = QHBoxLayout()
        space(state, theme, spacing="xs")
        state.addWidget(self._sign)
        state.addWidget(self._outlined, 1)
        body.addLayout(state)
        for count, button in self._counts.items():
            button.setAccessibleName(regions(count))
        self._too_many.setAccessibleName("Too many regions to outline")
        self._outlined.setAccessibleName("Outlined regions")
        self._outlined.setWordWrap(True)
        self._outlined.setMinimumHeight(theme.px("icon"))

    def _connect(self) -> None:
        self._yes.clicked.connect(partial(self._ask, self.visible.emit))
        self._no.clicked.connect(partial(self._ask, self.not_visible.emit))
        for count, button in (*self._counts.items(), (self.too_many, self._too_many)):
            button.clicked.connect(partial(self._ask, partial(self.counted.emit, count)))
        for button in (self._yes, self._no, *self._counts.values(), self._too_many):
            button.setCheckable(True)
            set_role(button, "answer")

    def _ask(self, emit: Callable[[], object], _is_checked: bool = False) -> None:
        """Ask for an answer; what is shown stays what was answered until then."""
        self.show_grading(self._grading)
        emit()


def _question(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "strong")
    label.setWordWrap(True)
    return label


def _row(theme: Theme, buttons: Sequence[QWidget], stretches: Sequence[int]) -> QHBoxLayout:
    row = QHBoxLayout()
    space(row, theme, spacing="xs")
    for button, stretch in zip(buttons, stretches, strict=True):
        row.addWidget(button, stretch)
    return row
