"""Which controls of a window a screen reader could not name."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
PARTS_OF_OTHERS = (QScrollBar, QHeaderView)
"""Controls that are named with the one they belong to."""


def nameless(root: QWidget) -> list[str]:
    """Return the interactive controls under a widget, itself included, that have no name.

    The name is the one that Qt hands to a screen reader: the accessible name, the text of a
    button, or the label whose buddy the control is. Hidden controls count too.
    """
    widgets = [root, *root.findChildren(QWidget)]
    return [_described(widget) for widget in widgets if _is_control(widget) and not _name(widget)]


def controls(root: QWidget) -> list[QWidget]:
    """Return the interactive controls under a widget, to see that a check looked at some."""
    return [widget for widget in root.findChildren(QWidget) if _is_control(widget)]


def _is_control(widget: QWidget) -> bool:
    is_part = isinstance(widget, PARTS_OF_OTHERS) or _is_inside_a_control(widget)
    return isinstance(widget, INTERACTIVE) and not is_part


def _is_inside_a_control(widget: QWidget) -> bool:
    """Tell whether Qt made the widget as a part of another control."""
    if widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QMenuBar):
            return True
        # what lies on the viewport of a plain scroll area is a control of its own
        if isinstance(parent, QAbstractItemView | QPlainTextEdit | QTextEdit):
            return isinstance(parent, QAbstractScrollArea)
        parent = parent.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def _described(widget: QWidget) -> str:
    path, at = [], widget
    while at is not None:
        name = f"#{at.objectName()}" if at.objectName() else ""
        path.append(f"{type(at).__name__}{name}")
        at = at.parentWidget()
    return " < ".join(path)
