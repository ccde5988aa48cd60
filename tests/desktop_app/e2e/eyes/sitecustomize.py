"""Lets a test ask a running window what a screen reader is told, and where on the screen that is.

Python loads it by itself where this folder is on its path and `EYES` names a socket. It changes
nothing: one connection is answered with one line of JSON, a list of what is to be seen.
"""

import contextlib
import json
import os
import queue
import socket
import sys
import threading

EYES = "DERMCONCORD_TEST_EYES"
PATIENCE = 20
"""Seconds after which a window that does not answer counts as gone."""


def serve(place):
    """Answer one connection after another for as long as the program lives."""
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.bind(place)
        except OSError:
            return  # a process that the window began
        door.listen()
        teller = None
        while True:
            asking, _ = door.accept()
            with asking, contextlib.suppress(OSError):
                teller = teller or make_teller()
                asking.sendall(json.dumps(ask(teller)).encode())


def make_teller():
    """Return an object that looks from the window's own thread; None before there is one."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if application is None:
        return None
    from PySide6.QtCore import QObject, Signal

    class Teller(QObject):
        asked = Signal(object)

        def tell(self, answer):
            answer.put(list(seen()))

    teller = Teller()
    teller.moveToThread(application.thread())
    teller.asked.connect(teller.tell)
    return teller


def ask(teller):
    if teller is None:
        return []
    answer = queue.Queue()
    teller.asked.emit(answer)
    try:
        return answer.get(timeout=PATIENCE)
    except queue.Empty:
        return []


def seen():
    """Yield each control, label, cell, tab and entry of a menu that is to be seen."""
    from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QMenuBar, QTabBar, QWidget

    for window in QApplication.topLevelWidgets():
        if not window.isVisible():
            continue
        for widget in (window, *window.findChildren(QWidget)):
            is_here = widget.isVisible() and widget.window() is window
            region = widget.visibleRegion() if is_here else None
            if region is None or region.isEmpty():
                continue
            title = window.windowTitle()
            yield describe(widget, region.boundingRect(), title)
            if isinstance(widget, QAbstractItemView):
                yield from cells(widget, title)
            elif isinstance(widget, QTabBar):
                yield from tabs(widget, title)
            elif isinstance(widget, QMenu | QMenuBar):
                yield from entries(widget, title)


def describe(widget, box, title):
    from PySide6.QtGui import QAccessible

    told = QAccessible.queryAccessibleInterface(widget)
    name, value = "", ""
    if told is not None:
        name, value = told.text(QAccessible.Text.Name), told.text(QAccessible.Text.Value)
    for say in ("text", "toPlainText", "currentText"):
        if not value and callable(getattr(widget, say, None)):
            value = str(getattr(widget, say)())
    is_checked = getattr(widget, "isChecked", bool)()
    return entry(
        widget, box, title, name, value, type(widget).__name__, widget.isEnabled(), is_checked,
        has_focus=widget.isActiveWindow() if widget.isWindow() else widget.hasFocus(),
    )  # fmt: skip


def entry(widget, box, title, name, value, kind, is_enabled, is_checked, *, has_focus=False):
    corner = widget.mapToGlobal(box.topLeft())
    return {
        "window": title, "kind": kind, "name": name, "value": value, "left": corner.x(),
        "top": corner.y(), "width": box.width(), "height": box.height(),
        "is_enabled": bool(is_enabled), "is_checked": bool(is_checked), "has_focus": has_focus,
        "is_window": widget.isWindow(),
    }  # fmt: skip


def cells(view, title):
    """Yield the cells in the part of a view that is to be seen."""
    from PySide6.QtCore import QAbstractListModel, QPoint, Qt

    model, port = view.model(), view.viewport()
    if model is None or port.visibleRegion().isEmpty():
        return
    shown = port.visibleRegion().boundingRect()
    first = view.indexAt(QPoint(shown.left() + 1, shown.top() + 1))
    if not first.isValid():
        return
    current = view.currentIndex()
    is_list = isinstance(model, QAbstractListModel)
    columns = 1 if is_list else model.columnCount(view.rootIndex())
    for row in range(first.row(), model.rowCount(view.rootIndex())):
        if not view.visualRect(model.index(row, 0, view.rootIndex())).top() < shown.bottom():
            return
        for column in range(columns):
            index = model.index(row, column, view.rootIndex())
            box = view.visualRect(index).intersected(shown)
            if box.isEmpty():
                continue
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
            text = index.data(Qt.ItemDataRole.DisplayRole)
            name = str(spoken or text or "")
            state = index.data(Qt.ItemDataRole.CheckStateRole)
            is_checked = state is not None and Qt.CheckState(state) == Qt.CheckState.Checked
            yield entry(port, box, title, name, str(text or ""), "cell", True, is_checked,
                        has_focus=index == current)  # fmt: skip


def tabs(bar, title):
    for at in range(bar.count()):
        yield entry(bar, bar.tabRect(at), title, bar.tabText(at), "", "tab", bar.isTabEnabled(at),
                    bar.currentIndex() == at)  # fmt: skip


def entries(menu, title):
    for action in menu.actions():
        if not action.isSeparator() and action.isVisible():
            text = action.text().split("\t")[0].replace("&", "")
            yield entry(menu, menu.actionGeometry(action), title, text, "", "entry",
                        action.isEnabled(), action.isChecked())  # fmt: skip


if os.environ.get(EYES):
    threading.Thread(target=serve, args=(os.environ[EYES],), name="eyes", daemon=True).start()
