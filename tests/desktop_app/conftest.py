"""Every test of the window fails on a Qt warning and on a thread or window that outlives it."""

import os
import threading

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

BENIGN = ("This plugin does not support",)
"""What the offscreen platform says of itself."""


@pytest.fixture(autouse=True)
def no_qt_warning():
    """Fail the test on whatever Qt warns of."""
    told = []

    def hear(kind, _context, message):
        if kind != QtMsgType.QtDebugMsg and not any(text in message for text in BENIGN):
            told.append(message)

    previous = qInstallMessageHandler(hear)
    yield
    qInstallMessageHandler(previous)
    assert not told, f"Qt warned: {told}"


@pytest.fixture(autouse=True)
def nothing_survives(qapp):
    """Fail the test where a thread or a visible window outlives it."""
    threads = set(threading.enumerate())
    yield
    qapp.processEvents()
    left = [t.name for t in threading.enumerate() if t not in threads and t.is_alive()]
    assert not left, f"threads outlived the test: {left}"
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for window in windows:
        window.close()
    assert not windows, f"windows outlived the test: {windows}"
