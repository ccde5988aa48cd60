"""A person before a real window on a hidden screen: eyes, mouse and keys, and nothing else."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[3]
AROUND = (211, 212, 214)
"""The colour around a photograph in a light window."""

MARGIN = 16
"""Pixels kept free around a photograph that is fitted."""

MUCH = 250
"""Pixels of a row or column from which on it belongs to the canvas."""


def _load_screen():
    place = ROOT / "packaging" / "screen.py"
    spec = importlib.util.spec_from_file_location("packaging_screen", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


screen = _load_screen()
wait_until = screen.wait_until


@dataclass(frozen=True)
class Sight:
    """Where a photograph is on the screen.

    Attributes
    ----------
    corner
        Screen pixel of its left upper corner, read off the screen.
    zoom
        Screen pixels per pixel of the photograph.
    """

    corner: tuple[int, int]
    zoom: float
    size: tuple[int, int]

    def places(self, *parts):
        """Return whole screen pixels for places given as parts of the photograph's sides."""
        at = np.array(parts) * self.size * self.zoom + self.corner
        return [(round(x), round(y)) for x, y in at]

    def in_image(self, places):
        """Return which points of the photograph screen pixels stand for."""
        return (np.array(places, float) - self.corner) / self.zoom


def box_of(mask, *, much=1):
    """Return left, top, right and bottom of the rows and columns in which a mask is true often."""
    rows = np.flatnonzero(mask.sum(axis=1) >= much)
    columns = np.flatnonzero(mask.sum(axis=0) >= much)
    if not len(rows) or not len(columns):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def sight_of(picture, colour, size):
    """Find a fitted photograph of one colour in a picture of the screen; None where it is not.

    The zoom follows from the room that the canvas has, which is told by the colour around.
    """
    is_photograph = (picture == colour).all(axis=2)
    photograph = box_of(is_photograph, much=MUCH)
    canvas = box_of(is_photograph | (picture == AROUND).all(axis=2), much=MUCH)
    if photograph is None or canvas is None:
        return None
    room = np.array([canvas[2] - canvas[0], canvas[3] - canvas[1]]) - 2 * MARGIN
    sight = Sight(photograph[:2], float((room / size).min()), size)
    far = np.array(size) * sight.zoom + sight.corner
    is_there = (np.abs(far - photograph[2:]) <= 1).all()
    return sight if is_there else None


class Hands:
    """Mouse and keys on one screen, as fast as X takes them."""

    def __init__(self, shown):
        self.shown = shown

    def press(self, *keys):
        """Press keys one after another, each by X's name."""
        self.shown.key(*keys)

    def write(self, text):
        """Type a text."""
        self._do("type", "--delay", "20", text)

    def click(self, *places):
        """Click at places that are further apart than two clicks of one double click."""
        self._do(*(word for at in places for word in (*_to(at), "click", "1", "sleep", "0.03")))

    def drag(self, places):
        """Press at the first place, move along the others, and release at the last."""
        start, *way = places
        along = [word for at in way for word in (*_to(at), "sleep", "0.01")]
        self._do(*_to(start), "mousedown", "1", "sleep", "0.03", *along, "mouseup", "1")

    def _do(self, *words):
        environment = {**os.environ, "DISPLAY": self.shown.display}
        subprocess.run(["xdotool", *words], env=environment, check=True, timeout=30)


def _to(place):
    return "mousemove", str(place[0]), str(place[1])
