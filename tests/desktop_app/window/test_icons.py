"""Every icon that is asked for exists, and the program's own is drawn from its drawing."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from desktop_app.window.icons import APP_SIZES, app_icon, draw, draw_app_icon, emblem, line_icon
from desktop_app.window.tokens import ICONS

DESKTOP = Path(__file__).parents[3] / "desktop_app"
FIXED = re.compile(r"app|app-small|.*-grey|check-(light|dark)")
DRAWINGS = sorted(path.stem for path in ICONS.glob("*.svg"))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_can_be_drawn_and_its_colour_can_be_chosen(qapp, name):
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    assert QSvgRenderer(text.encode()).isValid()
    assert ("currentColor" in text) != bool(FIXED.fullmatch(name))


def test_every_icon_that_the_window_asks_for_is_there():
    asked = set()
    for source in DESKTOP.rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        asked |= set(re.findall(r'KeptIcon\([^)]*?theme, "([a-z-]+)"', text, re.S))
        asked |= set(re.findall(r'theme\.(?:icon|pixmap)\("([a-z-]+)"', text))
    assert asked
    assert asked <= set(DRAWINGS)


@pytest.mark.parametrize("size", APP_SIZES)
def test_the_programs_icon_is_up_to_date_at_every_size(qapp, size):
    kept = QImage(str(ICONS / f"app-{size}.png"))
    assert kept.width() == kept.height() == size
    drawn = draw_app_icon(size)
    step = max(1, size // 32)
    for x in range(0, size, step):
        for y in range(0, size, step):
            now, then = drawn.pixelColor(x, y), kept.pixelColor(x, y)
            assert now.alpha() == pytest.approx(then.alpha(), abs=4)
            # what is nearly clear has no colour to speak of
            if now.alpha() > 64:
                assert now.getRgb()[:3] == pytest.approx(then.getRgb()[:3], abs=8)


def test_the_programs_icon_has_all_its_sizes(qapp):
    assert {size.width() for size in app_icon().availableSizes()} == set(APP_SIZES)


def test_a_line_icon_is_crisp_at_each_size_and_at_twice_the_size(qapp):
    icon = line_icon("search", colour="#ff0000", disabled="#808080", sizes=(18, 28))
    assert {size.width() for size in icon.availableSizes()} == {18, 28, 36, 56}


def test_an_emblem_on_a_dense_screen_has_twice_the_pixels(qapp):
    pixmap = emblem(40, ratio=2.0)
    assert pixmap.width() == 80
    assert pixmap.deviceIndependentSize().width() == 40


def test_a_drawing_leaves_its_ground_clear(qapp):
    image = draw((ICONS / "search.svg").read_bytes().replace(b"currentColor", b"#000000"), 24)
    assert image.pixelColor(0, 0).alpha() == 0
    assert max(image.pixelColor(x, 12).alpha() for x in range(24)) > 200
