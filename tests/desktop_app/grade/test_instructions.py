"""The study's instructions: shown once to everyone, then one key away."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from desktop_app.grade.instructions import InstructionsDialog, Pages, Shown
from tests.desktop_app.grade.hands import press, settle

TEXT = "# What to outline\n\nOutline **each** region.\n\n[more](https://example.org) ![x](a.png)"


def dialog():
    return next((w for w in _dialogs() if w.isVisible()), None)


def _dialogs():
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, InstructionsDialog)]


@pytest.fixture
def with_text(prepare):
    prepare(options={"instructions": TEXT})


@pytest.mark.usefixtures("with_text")
def test_they_are_shown_on_first_opening_and_not_on_the_next(open_page):
    open_page()
    assert dialog().pages.toPlainText().startswith("What to outline")
    dialog().close()
    open_page()
    assert dialog() is None


@pytest.mark.usefixtures("with_text")
def test_another_grader_at_the_same_machine_sees_them_too(open_page):
    open_page("Ada")
    dialog().close()
    open_page("Bo")
    assert dialog() is not None
    dialog().close()


def test_changed_instructions_are_shown_again(settings):
    shown = Shown(settings, "0123")
    assert shown.are_new(TEXT, "Ada")
    shown.remember(TEXT, "Ada")
    assert not shown.are_new(TEXT, "Ada")
    assert shown.are_new(f"{TEXT} And no scars.", "Ada")
    assert shown.are_new(TEXT, "Bo")
    assert Shown(settings, "4567").are_new(TEXT, "Ada")


def test_a_study_without_instructions_shows_none_at_first_and_says_so_when_asked(page):
    assert dialog() is None
    press(page, "I")
    assert dialog().nothing.isVisible()
    assert not dialog().pages.isVisible()
    dialog().close()


@pytest.mark.usefixtures("with_text")
def test_the_same_key_opens_and_closes_them(open_page, qtbot):
    page = open_page()
    qtbot.keyClicks(dialog(), "i")
    assert dialog() is None
    page.window().activateWindow()
    qtbot.waitUntil(lambda: page.window().isActiveWindow())
    settle(page)
    press(page, "I")
    assert dialog() is not None
    page.handlers["instructions"]()
    assert dialog() is None


@pytest.mark.usefixtures("with_text")
def test_grading_goes_on_beside_them(open_page):
    page = open_page()
    assert not dialog().isModal()
    page.handlers["not_visible"]()
    assert page.session.grading.visible is False
    dialog().close()


def test_no_link_is_followed_and_nothing_is_loaded(qtbot):
    pages = Pages()
    qtbot.addWidget(pages)
    pages.setMarkdown(TEXT)
    assert not pages.openLinks()
    assert not pages.openExternalLinks()
    image = QTextDocument.ResourceType.ImageResource
    assert pages.loadResource(image, QUrl("file:///etc/hostname")) is None
    before = pages.toPlainText()
    pages.anchorClicked.emit(QUrl("https://example.org"))
    assert pages.toPlainText() == before
