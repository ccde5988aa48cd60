"""Where a file is to go is asked in full: with its ending, and before another one is replaced."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget

from desktop_app.window.pickers import save_as

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def save(qtbot, tmp_path):
    """A function that types a name into the dialog and answers its question, if it has one."""
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = []

    def save(name, answer=NO):
        def type_name():
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            dialog.findChild(QLineEdit, "fileNameEdit").setText(name)
            QTimer.singleShot(0, end)
            QTest.keyClick(dialog.findChild(QLineEdit, "fileNameEdit"), Qt.Key.Key_Return)
            if dialog.isVisible():
                dialog.reject()

        def end():
            question = QApplication.activeModalWidget()
            if isinstance(question, QMessageBox):
                asked.append(question.text())
                question.button(answer).click()

        QTimer.singleShot(0, type_name)
        return save_as(parent, "Export", tmp_path / "table.csv", "CSV (*.csv)")

    save.asked = asked
    return save


def test_a_name_without_an_ending_gets_one(save, tmp_path):
    assert save("mine") == tmp_path / "mine.csv"
    assert save("mine.txt") == tmp_path / "mine.txt"
    assert save.asked == []


def test_what_exists_is_replaced_only_after_a_question_even_if_no_ending_was_typed(save, tmp_path):
    (tmp_path / "there.csv").touch()
    assert save("there", NO) is None
    assert save("there", YES) == tmp_path / "there.csv"
    assert len(save.asked) == 2
