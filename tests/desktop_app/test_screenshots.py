"""The pictures in the documentation can be taken again, and are those of today's scenes."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.canvas.grader_look import look_of
from desktop_app.canvas.style import LIGHT
from desktop_app.window.tokens import load_colours

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "screenshots"
MODULES = (
    "demo",
    "explain_scenes",
    "review_scenes",
    "scenes",
    "setup_scenes",
    "studio",
    "subjects",
    "take",
)
MOST = 9_500_000
"""Bytes of all pictures together."""


@pytest.fixture(scope="module")
def scripts():
    """The scripts of the folder as modules, found by each other as when one of them is run."""
    sys.path.insert(0, str(FOLDER))
    yield {name: importlib.import_module(name) for name in MODULES}
    sys.path.remove(str(FOLDER))
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def shelf(scripts, tmp_path_factory):
    """Where copies of the demo study come from."""
    return scripts["demo"].DemoShelf(tmp_path_factory.mktemp("shelf") / "demo")


@pytest.fixture
def taken(scripts, shelf, qapp, tmp_path):
    """A function that takes a picture and returns its pixels; the look of before comes back."""
    palette, font, flash = qapp.palette(), qapp.font(), qapp.cursorFlashTime()

    def take(name):
        with scripts["studio"].studio(qapp, tmp_path, shelf) as studio:
            picture = scripts["scenes"].SCENES[name](studio)
            scripts["studio"].save(picture, tmp_path / "taken.png", studio.colours)
        return np.asarray(Image.open(tmp_path / "taken.png").convert("RGB"))

    yield take
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.setCursorFlashTime(flash)


def count_of(pixels, colour):
    """Return how many pixels have a colour, given as #rrggbb."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((pixels == wanted).all(axis=2).sum())


def test_a_half_drawn_outline_can_be_pictured(taken):
    pixels = taken("drawing")
    assert pixels.shape == (800, 1280, 3)
    assert count_of(pixels, LIGHT.draft) > 200
    assert count_of(pixels, LIGHT.outline) > 200


def test_a_dialog_is_pictured_before_the_window_which_is_dimmed(taken):
    pixels = taken("new-study-faults")
    colours = load_colours("light")
    assert count_of(pixels, colours.error) > 200
    assert count_of(pixels[:40], colours.window) == 0
    assert count_of(pixels, colours.window) > 10_000


def test_the_lowest_agreement_can_be_pictured_with_an_outline_for_each_grader(taken):
    pixels = taken("review")
    assert pixels.shape == (900, 1440, 3)
    for place in range(3):
        assert count_of(pixels, look_of(place).colour) > 100


def test_a_dialog_of_the_set_up_is_pictured_with_what_cannot_be_used(taken):
    pixels = taken("setup-import")
    assert count_of(pixels, load_colours("light").accent) > 1_000


def test_a_page_without_a_run_is_pictured_with_the_button_that_begins_one(taken):
    pixels = taken("explain-no-model")
    assert count_of(pixels, load_colours("light").surface) > 100_000


def test_each_scene_has_its_picture_and_each_picture_its_scene(scripts):
    assert {file.stem for file in FOLDER.glob("*.png")} == set(scripts["scenes"].SCENES)


def test_every_scene_says_what_it_shows(scripts):
    for scene in scripts["scenes"].SCENES.values():
        assert scene.__doc__


def test_the_pictures_are_small():
    assert sum(file.stat().st_size for file in FOLDER.glob("*.png")) < MOST


def test_every_picture_that_a_page_shows_is_there():
    pages = [DOCS.parent / "README.md", *DOCS.glob("**/*.md")]
    for page in pages:
        for file in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / file).is_file(), f"{page.name}: {file}"
