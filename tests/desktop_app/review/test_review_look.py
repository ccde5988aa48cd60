"""The page in light and dark, small and large."""

import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.canvas.grader_look import look_of
from desktop_app.canvas.style import DARK, LIGHT
from desktop_app.review.letter_sign import letter_sign
from desktop_app.window.settings import ThemeChoice
from engine.domain.grading import Grading, Origin
from engine.domain.image import Image
from engine.study.sqlite import open_study
from tests.desktop_app.review.hands import press, settle
from tests.desktop_app.reviewed import APART, box


def test_the_theme_switches_while_an_image_is_at_hand(page, theme):
    theme.choose(ThemeChoice.DARK)
    settle(page)
    assert page.canvas.backgroundBrush().color().name() == DARK.background
    theme.choose(ThemeChoice.LIGHT)
    settle(page)
    assert page.canvas.backgroundBrush().color().name() == LIGHT.background
    assert page.session.at_hand.path == APART
    assert len(page.side.voters.letters) == 3


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_no_button_among_the_deeds_is_narrower_than_its_words_and_key(page, theme, scale):
    theme.set_scale(scale)
    settle(page)
    for button in page.side.deeds.findChildren(QPushButton):
        if button.isVisible() and button.cap is not None:
            words = button.fontMetrics().horizontalAdvance(button.text())
            cap = button.cap.width() if button.cap.isVisible() else 0
            assert words + cap < button.width(), button.text()


def test_the_sign_of_a_grader_grows_with_the_scale(theme):
    small = letter_sign("A", look_of(0), theme)
    theme.set_scale(200)
    assert letter_sign("A", look_of(0), theme).width() == 2 * small.width()


def test_the_question_is_as_wide_as_a_sentence_where_there_is_room(page):
    press(page, "1")
    field = page.bench.ask.field
    assert field.fontMetrics().horizontalAdvance(field.text()) < field.width()


def test_what_was_drawn_on_an_image_without_pixels_is_shown_on_plain_ground(open_page, file):
    with open_study(file) as study:
        study.add_images([Image("named only", 50, 30)], author="Lena")
        gradings = [
            Grading("named only", grader, True, 1, box(5, 5), origin=Origin.IMPORTED)
            for grader in ("Ada Byron", "Bo Diddley")
        ]
        study.record_gradings(gradings, author="Lena")
    page = open_page()
    page.tables.images.set_current(page.session.measures.numbers["named only"])
    settle(page)
    assert page.bench.has_canvas
    assert page.canvas.image_frame().width() == 50
    assert "by name and size only" in page.bench.toast.text
    assert len(page.overlays.outlines._drawn) == 2


def test_graders_beyond_the_third_have_a_button_in_their_row(open_page, file):
    with open_study(file) as study:
        gradings = [
            Grading(APART, name, True, 1, box(10, 10), origin=Origin.IMPORTED)
            for name in ("Dora Maar", "Eva Hesse")
        ]
        study.record_gradings(gradings, author="Lena")
    page = open_page()
    fifth = page.session.voter(4)
    page.side.voters.adopt_asked.emit(4)
    press(page, "Return")
    assert page.session.study.adjudication(APART).grader == fifth.grader
    press(page, "4", "Return")
    assert page.session.study.adjudication(APART).grader == page.session.voter(3).grader


@pytest.mark.parametrize("scale", [100, 200])
def test_the_page_fits_a_screen_of_1920_pixels_at_every_scale(page, theme, scale):
    theme.set_scale(scale)
    settle(page)
    assert page.minimumSizeHint().width() <= 1920
    assert page.minimumSizeHint().height() <= 880


def test_buttons_of_the_view_go_where_there_is_no_room_and_come_back(page):
    bar = page.bench.overlays
    bar.resize(bar.minimumSizeHint().width() + 40, bar.height())
    shown = [action_id for action_id, button in bar._views.items() if not button.isHidden()]
    assert shown == ["fit"]
    bar.resize(900, bar.height())
    assert not any(button.isHidden() for button in bar._views.values())
