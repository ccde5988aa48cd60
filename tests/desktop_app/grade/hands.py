"""What a grader's hands do on the page, and what the store holds of it afterwards."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget


def press(page, *keys):
    """Press keys where the focus is, each written as in ``Ctrl+Return``."""
    for key in keys:
        QTest.keySequence(QApplication.focusWidget() or page.window(), QKeySequence(key))
        settle(page)


def write(page, text):
    """Type a text where the focus is."""
    QTest.keyClicks(QApplication.focusWidget() or page.window(), text)


def click(page, *points):
    """Click on points of the photograph."""
    for point in points:
        at = page.canvas.to_screen(*point).toPoint()
        QTest.mouseMove(page.canvas.viewport(), at)
        QTest.mouseClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(page)


def settle(page):
    """Let the window deal with all that happened, until nothing waits to be read or stored."""
    session = page.session
    for _ in range(1_000):
        QApplication.processEvents()
        if session.is_all_stored and (session.sheet is not None or not session.items):
            return
    raise AssertionError("the page does not come to rest")


def go(page, place):
    """Go to an image and wait until it is read."""
    page.go(place)
    settle(page)


def revisions(page, place=None):
    """Return what the store holds of the page's grader for an image, oldest first."""
    settle(page)
    session = page.session
    item = session.items[session.at if place is None else place]
    return session.study.revisions(item.image, session.grader, item.role)


def stored(page, place=None):
    """Return the grading that the store holds, or None where there is none."""
    found = revisions(page, place)
    return found[-1].grading if found else None


def draw(page, *regions, gesture="draw region"):
    """Hand the session regions as the canvas does after an outline was closed."""
    for region in regions:
        present = page.session.grading.region
        page.session.set_region((*present, region), gesture)


def words(root):
    """Return all that a person could read under a widget, hidden or not."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        for say in ("text", "toPlainText", "placeholderText", "currentText"):
            method = getattr(widget, say, None)
            found.append(method() if callable(method) else "")
        if isinstance(widget, QLabel):
            found.append(widget.text())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _cells(widget.model())
    return "\n".join(str(text) for text in found if text)


def _cells(model):
    indices = [model.index(row, column) for row in range(model.rowCount()) for column in range(3)]
    roles = (0, 3, 11)  # what is shown, said in a tip, and spoken
    return [str(index.data(role)) for index in indices if index.isValid() for role in roles]
