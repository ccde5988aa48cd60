"""One way to look at a run: a table, a plot, the gallery."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.session.explaining.runs import KeptRun
from desktop_app.window.theme import Theme, space
from engine.report.table import Table


class View(QWidget):
    """A page behind a tab; it is brought up to date when it is looked at.

    Attributes
    ----------
    figure
        Name of the report's figure that shows the same, empty where there is none.
    """

    activated = Signal(int)
    """Row number of an image that is to be opened."""

    title = ""
    figure = ""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        space(self.body, theme, "m s", spacing="s")
        # a small window squeezes a view rather than grow for the largest of them all
        self.setMinimumSize(theme.metrics.px(200), theme.metrics.px(100))

    @property
    def table(self) -> Table[Any] | None:
        """The table that a CSV of this view holds; None where there is none."""
        return None

    def show_run(self, run: KeptRun | None) -> None:
        """Show another run, or the same with other findings; None for none."""
        raise NotImplementedError
