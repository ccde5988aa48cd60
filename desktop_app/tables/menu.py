"""Menus made of a table of entries and what each does."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

Act = Callable[[], object]


def menu(title: str, acts: Mapping[str, Act | None], parent: QWidget) -> QMenu:
    """Return a menu that is gone for good once closed.

    Parameters
    ----------
    acts
        What each entry does by its text, in order; an entry without an act cannot be chosen, and a
        text of ``-`` and more draws a line.
    """
    made = QMenu(parent)
    made.setAccessibleName(title)
    made.aboutToHide.connect(made.deleteLater)
    for text, act in acts.items():
        if text.startswith("-"):
            made.addSeparator()
            continue
        action = QAction(text, made)
        action.setEnabled(act is not None)
        if act is not None:
            action.triggered.connect(lambda _is_checked=False, act=act: act())
        made.addAction(action)
    return made
