"""What a lead's hands do on the page, and what can be read on it."""

from PySide6.QtCore import QAbstractTableModel, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QTabBar, QWidget

ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.StatusTipRole,
)


def settle(page):
    """Let the window deal with all that happened, until nothing waits to be read or stored."""
    session = page.session
    quiet = 0
    for _ in range(2_000):
        QApplication.processEvents()
        is_read = session.review is not None or not session.measures.rows
        if is_read and session.measures.is_loaded and not session.log.is_busy:
            quiet += 1
        if quiet > 5:
            return
    raise AssertionError("the page does not come to rest")


def press(page, *keys):
    """Press keys where the focus is, each written as in ``Ctrl+Return``."""
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or page.window(), QKeySequence(key))
        settle(page)


def write(page, text):
    """Type a text where the focus is."""
    QTest.keyClicks(QApplication.focusWidget() or page.window(), text)


def screen(page, point):
    """Return where a point of the photograph is in the canvas' viewport."""
    return page.canvas.to_screen(*point).toPoint()


def drag(page, start, end):
    """Press on one point of the photograph and let go on another."""
    view = page.canvas.viewport()
    first, last = screen(page, start), screen(page, end)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(view, first + QPoint(5, 5))
    QTest.mouseMove(view, last)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)
    settle(page)


def click(page, *points):
    """Click on points of the photograph."""
    for point in points:
        at = screen(page, point)
        QTest.mouseMove(page.canvas.viewport(), at)
        QTest.mouseClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(page)


def shown_images(page):
    """Return the paths of the images that the table shows, in its order."""
    return [row.image.path for row in page.tables.images.export_rows()]


def words(root):
    """Return all that a person could read or hear under a widget, hidden or not."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        found += [widget.windowTitle(), widget.statusTip(), widget.whatsThis()]
        for say in ("text", "toPlainText", "placeholderText", "currentText", "title"):
            method = getattr(widget, say, None)
            found.append(method() if callable(method) else "")
        if isinstance(widget, QLabel):
            found.append(widget.text())
        if isinstance(widget, QComboBox):
            found += [widget.itemText(k) for k in range(widget.count())]
        if isinstance(widget, QTabBar):
            found += [widget.tabText(k) + widget.tabToolTip(k) for k in range(widget.count())]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _cells(widget.model())
    return "\n".join(str(text) for text in found if text)


def _cells(model):
    is_table = isinstance(model, QAbstractTableModel)
    columns = model.columnCount() if is_table else 1
    texts = []
    for column in range(columns):
        texts += [str(model.headerData(column, Qt.Orientation.Horizontal, role)) for role in ROLES]
        for row in range(model.rowCount()):
            index = model.index(row, column)
            texts += [str(index.data(role)) for role in ROLES]
    return texts
