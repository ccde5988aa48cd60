"""What is wrong with an image, chosen from a short list by mouse or by letter."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from desktop_app.window.theme import KeptIcon, Theme, set_role, space

PROBLEMS = {
    "": "&No problem",
    "blurred": "&Blurred",
    "wrong_picture": "&Wrong picture",
    "identifying_detail": "Shows an &identifying detail",
}
"""What can be wrong, by the code that is stored; the letter after & chooses it from the list."""


class ProblemButton(QPushButton):
    """Shows the problem that is stored, and asks for another one."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "field")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_of_problems = QMenu(self)
        self._group = QActionGroup(self)
        self._actions = {code: self._add(code, text) for code, text in PROBLEMS.items()}
        arrow = QLabel()
        arrow.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        KeptIcon(arrow, theme, "chevron-down", tone="muted", size="small_icon")
        row = QHBoxLayout(self)
        space(row, theme, "none none s none")
        row.addStretch()
        row.addWidget(arrow)
        self.clicked.connect(self.open)
        self.show_problem("")

    def show_problem(self, code: str) -> None:
        """Show a problem; one that the program does not know, as from an import, is added."""
        if code not in self._actions:
            self._actions[code] = self._add(code, code.replace("&", "&&"))
        action = self._actions[code]
        action.setChecked(True)
        name = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&&")
        self.setText(name)
        self.setAccessibleName(f"Problem with this image: {name}")

    def open(self) -> None:
        """List the problems below the button."""
        if not self.isEnabled():
            return
        self.menu_of_problems.setMinimumWidth(self.width())
        self.menu_of_problems.popup(self.mapToGlobal(QPoint(0, self.height())))
        self.menu_of_problems.setActiveAction(self._group.checkedAction())

    def _add(self, code: str, text: str) -> QAction:
        action = self.menu_of_problems.addAction(text)
        action.setCheckable(True)
        self._group.addAction(action)
        action.triggered.connect(lambda _is_checked=False: self.chosen.emit(code))
        return action
