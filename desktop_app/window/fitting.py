"""Dialogs as large as their words need at the scale in force, as far as the screen has room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayout, QWidget


def fit(dialog: QWidget, layout: QLayout, *, width: int, beside: int = 0) -> None:
    """Resize a dialog to a width, and to the height that its layout takes at that width.

    Parameters
    ----------
    width
        In pixels; more is taken where the words cannot be narrower.
    beside
        Height of what is not in the layout.
    """
    layout.activate()
    room = dialog.screen().availableSize()
    width = min(max(width, layout.minimumSize().width()), room.width())
    has_lines = layout.hasHeightForWidth()
    height = layout.totalHeightForWidth(width) if has_lines else layout.sizeHint().height()
    dialog.resize(QSize(width, height + beside).boundedTo(room))
