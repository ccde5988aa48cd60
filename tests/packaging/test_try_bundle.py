"""The trial of the graders' program sees what a screen shows, and refuses work that is not so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.domain.grading import Grading, Status
from engine.domain.polygon import Polygon, ring

SCREEN_SIZE = (1600, 1000)
PLACE = (300, 50)
HALF = 2


@pytest.fixture(scope="module")
def trial(packaging):
    return packaging("try_bundle")


@pytest.fixture
def shown(trial):
    """Makes the picture of a screen with a photograph at half its size."""

    def make(skin, spot):
        picture = np.full((SCREEN_SIZE[1], SCREEN_SIZE[0], 3), 30, np.uint8)
        small = np.asarray(trial.draw(skin, spot))[::HALF, ::HALF]
        left, top = PLACE
        picture[top : top + small.shape[0], left : left + small.shape[1]] = small
        picture[600:630, 100:130] = skin  # an icon that happens to have the colour
        return picture

    return make


@pytest.fixture
def spot(trial, shown):
    return trial.seen_in(shown(trial.DARKER, trial.SPOT_BOX))


@pytest.fixture
def done(trial, spot):
    """What was done: the spot outlined, the clear photograph answered with no."""
    left, top = PLACE
    clear = trial.Seen((left, top, left + 600, top + 450), None)
    return trial.Done({"spot": (spot, spot.corners()), "clear": (clear, [])})


@pytest.fixture
def outlined(trial, spot):
    """The grading that the outline on the screen makes."""
    outline = Polygon(ring(spot.in_photograph(spot.corners())))
    return Grading("a", trial.GRADER, visible=True, roi_count=1, region=(outline,))


def test_a_photograph_and_its_spot_are_found_on_the_screen(trial, spot):
    left, top = PLACE
    assert spot.box == (left, top, left + 600, top + 450)
    wanted = np.reshape(trial.SPOT_BOX, (2, 2))
    found = spot.in_photograph(np.reshape(spot.spot, (2, 2)))
    np.testing.assert_array_equal(found, wanted)


def test_an_empty_screen_and_one_without_a_spot_are_told_apart(trial, shown):
    assert trial.seen_in(np.zeros((1000, 1600, 3), np.uint8)) is None
    assert trial.seen_in(shown(trial.CLEAR, None)).spot is None


def test_what_was_done_is_accepted(trial, done, outlined):
    trial.check_grading(outlined, done)
    trial.check_grading(Grading("b", trial.GRADER, visible=False), done)


@pytest.mark.parametrize(
    "other",
    [
        {"roi_count": 2},
        {"region": ()},
        {"status": Status.STARTED},
        {"note": "x"},
        {"visible": False},
    ],
)
def test_another_answer_is_refused(trial, done, outlined, other):
    with pytest.raises(trial.NotProven):
        trial.check_grading(replace(outlined, **other), done)


@pytest.mark.parametrize("shift", [(4.0, 0.0), (0.0, -4.0)])
def test_an_outline_beside_the_clicks_is_refused(trial, done, outlined, shift):
    moved = Polygon(ring(outlined.region[0].exterior + shift))
    with pytest.raises(trial.NotProven, match="beside the clicks"):
        trial.check_grading(replace(outlined, region=(moved,)), done)


def test_an_outline_with_a_vertex_too_many_is_refused(trial, done, outlined):
    corners = outlined.region[0].exterior
    more = Polygon(ring([*corners, corners[0] + 1]))
    with pytest.raises(trial.NotProven, match="vertices"):
        trial.check_grading(replace(outlined, region=(more,)), done)


def test_folders_of_python_are_hidden_once_each_and_with_this_project(trial):
    folders = trial.python_folders()
    assert any(trial.ROOT.is_relative_to(folder) for folder in folders)
    assert len(folders) == len(set(folders))
    for one in folders:
        assert not any(one.is_relative_to(other) for other in folders if other != one)


@pytest.mark.parametrize(
    ("library", "hidden"),
    [
        ("/home/me/.venv/lib/python3.11/site-packages/numpy/core.so", []),
        ("/usr/lib/python3/dist-packages/PIL/_imaging.so", []),
        ("/opt/bundle/lib.so", ["/opt/bundle"]),
    ],
)
def test_a_program_that_uses_another_python_is_refused(trial, library, hidden):
    own = {Path("/opt/bundle/_internal/libpython3.11.so.1.0"), Path("/lib/x/libc.so.6")}
    trial.check_loaded(own, Path("/opt/bundle"), [Path("/home/me")])
    with pytest.raises(trial.NotProven):
        trial.check_loaded({*own, Path(library)}, Path("/opt/bundle"), list(map(Path, hidden)))


def test_a_program_that_loads_nothing_of_its_own_is_refused(trial):
    with pytest.raises(trial.NotProven):
        trial.check_loaded({Path("/lib/x/libc.so.6")}, Path("/opt/bundle"), [])
