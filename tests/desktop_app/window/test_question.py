"""A question in the page is answered once, with Enter or Esc, and gives the keys back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget

from desktop_app.window.actions import install
from desktop_app.window.question import InlineQuestion


class Page:
    """A window whose keys are actions, a field to write in, and a question."""

    def __init__(self, qtbot, theme, keymap):
        self.said = []
        self.asked = []
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.question = InlineQuestion(theme)
        self.field = QLineEdit()
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addWidget(self.question)
        column.addWidget(self.field)
        self.window.setCentralWidget(centre)
        handlers = {i: (lambda i=i: self.asked.append(i)) for i in ("close_outline", "cancel")}
        install(self.window, handlers, keymap)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.field.setFocus()

    def ask(self, text="Delete 2 regions?", answer="yes"):
        self.question.ask(
            text,
            lambda: self.said.append(answer),
            yes="Delete",
            no="Keep",
            refuse=lambda: self.said.append("no"),
        )

    def press(self, key):
        QTest.keyClick(QApplication.focusWidget(), key)


@pytest.fixture
def page(qtbot, theme, keymap):
    return Page(qtbot, theme, keymap)


@pytest.mark.parametrize(
    ("key", "answer"),
    [(Qt.Key.Key_Return, "yes"), (Qt.Key.Key_Enter, "yes"), (Qt.Key.Key_Escape, "no")],
)
def test_enter_agrees_and_esc_does_not_and_neither_is_an_action_meanwhile(page, key, answer):
    page.ask()
    page.press(key)
    assert page.said == [answer]
    assert page.asked == []
    assert not page.question.isVisible()


def test_enter_on_the_other_button_does_not_agree(page):
    page.ask()
    page.question.no.setFocus()
    page.press(Qt.Key.Key_Return)
    assert page.said == ["no"]


def test_the_buttons_answer_too(qtbot, page):
    page.ask()
    with qtbot.waitSignal(page.question.answered) as answered:
        qtbot.mouseClick(page.question.yes, Qt.MouseButton.LeftButton)
    assert answered.args == [True]
    page.ask()
    qtbot.mouseClick(page.question.no, Qt.MouseButton.LeftButton)
    assert page.said == ["yes", "no"]


def test_the_focus_goes_back_to_where_it_was(page):
    page.ask()
    assert QApplication.focusWidget() is page.question.yes
    page.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.field


def test_a_new_question_refuses_the_one_that_was_open(page):
    page.ask(answer="first")
    page.ask(answer="second")
    assert page.said == ["no"]
    page.press(Qt.Key.Key_Return)
    assert page.said == ["no", "second"]


def test_a_question_taken_back_is_never_answered(page):
    page.ask()
    page.question.withdraw()
    assert not page.question.is_open
    assert not page.question.isVisible()
    assert page.said == []


def test_keys_are_actions_again_after_the_answer(page):
    page.ask()
    page.press(Qt.Key.Key_Escape)
    page.window.setFocus()
    QTest.keyClick(page.window, Qt.Key.Key_Escape)
    assert page.asked == ["cancel"]


def test_a_question_and_its_buttons_say_what_they_are_about(page):
    page.ask("Delete 2 regions?")
    assert page.question.accessibleName() == "Delete 2 regions?"
    assert page.question.yes.accessibleName() == "Delete — Delete 2 regions?"
    assert page.question.no.text() == "Keep"


def test_a_question_in_a_narrow_column_is_never_wider_than_it(qtbot, theme):
    column = QWidget()
    qtbot.addWidget(column)
    question = InlineQuestion(theme, is_narrow=True)
    QVBoxLayout(column).addWidget(question)
    question.ask(f"It runs the code of net:build in /models (SHA-256 {'0a' * 32})", lambda: None)
    assert question.minimumSizeHint().width() < 290
    column.resize(300, 400)
    column.show()
    assert question.rect().contains(question.yes.geometry())
    assert question.rect().contains(question.no.geometry())
