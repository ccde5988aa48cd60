"""A person grades ten images of mixed kinds with mouse and keys; the store holds just that."""

import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import QueueState
from engine.images.digest import digest_of
from engine.regions.repair import repair_ring
from engine.study.sqlite import create_study, open_study
from tests.desktop_app.e2e.person import ROOT, Hands, screen, sight_of, wait_until

GRADER = "Ada"
SIZES = [(500, 400), (640, 480), (300, 420), (1200, 900), (800, 800)]
BEFORE = ring([(40.0, 40.0), (200.0, 60.0), (120.0, 220.0)])
"""What was outlined on the image that is sent back."""

REPEATED = 1
"""Which of the images is read twice."""

SQUARE = [(0.2, 0.2), (0.7, 0.2), (0.7, 0.7), (0.2, 0.7)]
SMALL = [(0.75, 0.75), (0.95, 0.75), (0.95, 0.95), (0.75, 0.95)]
TRIANGLE = [(0.1, 0.6), (0.4, 0.6), (0.25, 0.9)]

pytestmark = pytest.mark.skipif(not screen.can_show(), reason="takes Xvfb and xdotool")


@dataclass
class Desk:
    """One person's work on one study: what they see and do, and what the store says of it."""

    file: object
    hands: Hands
    images: list

    def opened(self):
        return open_study(self.file, read_only=True)

    def stored(self, number, role=Role.ASSIGNED):
        """Return the revisions of an image, oldest first."""
        with self.opened() as study:
            return study.revisions(self.images[number].path, GRADER, role)

    def see(self, number):
        """Wait until an image is shown, and return where it is."""
        size = (self.images[number].width, self.images[number].height)

        def look():
            return sight_of(self.hands.shown.picture(), colour(number), size)

        return wait_until(look, f"image {number}", pause=0.05)

    def begin(self, key, number, role=Role.ASSIGNED, *, before=0):
        """Answer by key once the image is shown; a key pressed too early is pressed again."""
        sight = self.see(number)

        def answered():
            self.hands.press(key)
            end = 20
            while end and len(self.stored(number, role)) == before:
                end -= 1
            return end > 0

        wait_until(answered, f"the answer to image {number}")
        return sight

    def wait_for(self, number, count, role=Role.ASSIGNED):
        """Wait until the store holds so many revisions of an image; return the last grading."""
        found = wait_until(
            lambda: [r for r in [self.stored(number, role)] if len(r) >= count],
            f"{count} revisions of image {number}",
            pause=0.02,
        )
        assert len(found[0]) == count, [revision.gesture for revision in found[0]]
        return found[0][-1].grading

    def finish(self, number, count, role=Role.ASSIGNED):
        """Press done and next, and wait until it is stored."""
        self.hands.press("ctrl+Return")
        assert self.wait_for(number, count, role).status is Status.DONE


def colour(number):
    """Return the one colour of a photograph, far from that of every other."""
    return (235 - 20 * number, 120 + 10 * (number % 3), 60 + 18 * number)


@pytest.fixture
def images(tmp_path):
    """Nine photographs, each of one colour, in five shapes."""
    images = []
    for number in range(9):
        file = tmp_path / f"{number}.png"
        Picture.new("RGB", SIZES[number % len(SIZES)], colour(number)).save(file)
        images.append(Image(file.name, *SIZES[number % len(SIZES)], digest_of(file)))
    return images


@pytest.fixture
def file(tmp_path, images):
    """A closed study of two graders: nine images, one of them twice, one of them sent back."""
    with create_study(tmp_path / "study.concord", author="lead") as study:
        study.add_images(images, author="lead")
        tasks = [
            Task(image.path, grader, Role.ASSIGNED, position)
            for grader in (GRADER, "Bo")
            for position, image in enumerate(images)
        ]
        tasks.append(Task(images[REPEATED].path, GRADER, Role.REPEAT, len(images)))
        study.assign_tasks(tasks, author="lead", seed=None)
        sent_back = images[6].path
        done = Grading(sent_back, GRADER, visible=True, roi_count=1, region=(Polygon(BEFORE),))
        study.append(done, author=GRADER, parent=None, gesture="done")
        study.send_back(sent_back, GRADER, reason="Too wide", author="lead")
    return tmp_path / "study.concord"


@pytest.fixture
def program(file, images, tmp_path):
    """The program on a screen of its own, its first question answered: who the grader is."""
    home = tmp_path / "home"
    home.mkdir()
    errors = tmp_path / "errors.txt"
    with screen.hidden_screen((1280, 820)) as shown, errors.open("w") as told:
        environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("QT_")},
            "DISPLAY": shown.display,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "QT_QPA_PLATFORM": "xcb",
        }
        line = [sys.executable, "-m", "desktop_app", str(file)]
        process = subprocess.Popen(line, cwd=ROOT, env=environment, stderr=told)
        try:
            desk = Desk(file, Hands(shown), images)
            say_who(desk.hands)
            shown.focus(wait_until(lambda: shown.window_of(process.pid), "the window"))
            yield desk
            desk.hands.press("ctrl+q")
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
    assert errors.read_text() == ""


def say_who(hands):
    """Find the own name in the question who is grading."""
    asked = wait_until(lambda: window_named(hands, "Who am I"), "the question who is grading")
    hands.shown.focus(asked)
    hands.write(GRADER)
    hands.press("Return")
    wait_until(lambda: not window_named(hands, "Who am I"), "the answer to be taken")


def window_named(hands, name):
    """Return the visible window with words in its title, if there is one."""
    line = ["xdotool", "search", "--onlyvisible", "--name", name]
    environment = {**os.environ, "DISPLAY": hands.shown.display}
    found = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    return found.stdout.split()[-1] if found.stdout.strip() else None


def assert_ring(vertices, sight, places):
    """Expect a ring to have just the places as its vertices, wherever it begins."""
    wanted = sight.in_image(places)
    assert len(vertices) == len(wanted)
    turned = [np.roll(way, shift, axis=0) for way in (wanted, wanted[::-1]) for shift in
              range(len(wanted))]  # fmt: skip
    off = min(float(np.abs(vertices - other).max()) for other in turned)
    assert off * sight.zoom <= 0.5, f"{off * sight.zoom:.2f} screen pixels beside the clicks"


def assert_said(grading, *, visible, count, regions, note="", problem=""):
    said = grading.visible, grading.roi_count, len(grading.region), grading.note, grading.problem
    assert said == (visible, count, regions, note, problem)


def ellipse(sight, *, centre, radii, steps=72):
    """Return screen pixels round an ellipse, the last one at the first."""
    turn = np.linspace(0, 2 * np.pi, steps + 1)
    around = np.column_stack((np.cos(turn), np.sin(turn))) * radii + centre
    return sight.places(*around)


def grade_one_without_a_condition(desk):
    desk.begin("q", 0)
    desk.finish(0, 2)
    return lambda: assert_said(desk.stored(0)[-1].grading, visible=False, count=None, regions=0)


def grade_one_region_by_clicks(desk):
    sight = desk.begin("1", 1)
    places = sight.places(*SQUARE)
    desk.hands.click(*places)
    desk.hands.press("Return")
    desk.wait_for(1, 2)
    desk.finish(1, 3)

    def check():
        grading = desk.stored(1)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        assert_ring(grading.region[0].exterior, sight, places)

    return check


def grade_two_regions_closed_at_their_first_vertex_and_by_a_double_click(desk):
    sight = desk.begin("2", 2)
    first, second = sight.places(*TRIANGLE), sight.places(*SMALL)
    desk.hands.click(*first, first[0])
    desk.wait_for(2, 2)
    desk.hands.click(*second, second[-1])
    desk.wait_for(2, 3)
    desk.finish(2, 4)

    def check():
        grading = desk.stored(2)[-1].grading
        assert_said(grading, visible=True, count=2, regions=2)
        for polygon, places in zip(grading.region, (first, second), strict=True):
            assert_ring(polygon.exterior, sight, places)

    return check


def grade_freehand(desk):
    sight = desk.begin("1", 3)
    way = ellipse(sight, centre=(0.5, 0.5), radii=(0.3, 0.25))
    desk.hands.drag(way)
    desk.wait_for(3, 2)
    desk.finish(3, 3)

    def check():
        grading = desk.stored(3)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        drawn, held = sight.in_image(way), grading.region[0].exterior
        nearest = np.abs(held[:, None] - drawn[None]).max(axis=2).min(axis=1)
        assert nearest.max() * sight.zoom <= 0.5
        assert len(held) >= 12
        wanted, got = repair_ring(drawn)[0][0], grading.region[0]
        assert 0.97 < area(got) / area(wanted) < 1.03

    return check


def grade_too_many_after_one_was_drawn(desk):
    sight = desk.begin("1", 4)
    desk.hands.click(*sight.places(*SQUARE))
    desk.hands.press("Return")
    desk.wait_for(4, 2)
    desk.hands.press("5", "Return")  # the window asks whether the region goes
    desk.wait_for(4, 3)
    desk.finish(4, 4)
    return lambda: assert_said(desk.stored(4)[-1].grading, visible=True, count=5, regions=0)


def grade_with_a_hole(desk):
    sight = desk.begin("1", 5)
    outer, inner = sight.places(*SQUARE), sight.places((0.4, 0.4), (0.55, 0.4), (0.45, 0.6))
    desk.hands.click(*outer)
    desk.hands.press("Return", "s")
    desk.wait_for(5, 2)
    desk.hands.click(*inner)
    desk.hands.press("Return")
    desk.wait_for(5, 3)
    desk.hands.press("p")
    desk.finish(5, 4)

    def check():
        grading = desk.stored(5)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        assert_ring(grading.region[0].exterior, sight, outer)
        assert len(grading.region[0].holes) == 1
        assert_ring(grading.region[0].holes[0], sight, inner)

    return check


def grade_again_what_was_sent_back(desk):
    sight = desk.begin("2", 6, before=2)
    desk.hands.press("v")
    middle = BEFORE.mean(axis=0) / sight.size
    desk.hands.click(*sight.places(tuple(middle)))
    desk.hands.press("Delete", "p")
    desk.wait_for(6, 4)
    places = sight.places(*SMALL)
    desk.hands.click(*places)
    desk.hands.press("Return", "1")
    desk.wait_for(6, 6)
    desk.finish(6, 7)

    def check():
        grading = desk.stored(6)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        assert_ring(grading.region[0].exterior, sight, places)
        assert desk.stored(6)[0].grading.region == (Polygon(BEFORE),)

    return check


def grade_with_a_note_and_a_problem(desk):
    desk.begin("q", 7)
    desk.hands.press("t")
    desk.hands.write("A ruler: q1 5")
    desk.hands.press("ctrl+Return")
    desk.wait_for(7, 2)
    desk.hands.press("shift+t", "w")
    desk.wait_for(7, 3)
    desk.finish(7, 4)
    said = {"note": "A ruler: q1 5", "problem": "wrong_picture"}
    return lambda: assert_said(
        desk.stored(7)[-1].grading, visible=False, count=None, regions=0, **said
    )


def grade_with_second_thoughts(desk):
    """Drop, cancel, take back, redraw, undo, redo, drag a vertex."""
    sight = desk.begin("1", 8)
    hands = desk.hands
    a, b, c, d = corners = sight.places(*SQUARE)
    (astray, elsewhere) = sight.places((0.9, 0.1), (0.85, 0.4))
    hands.click(a, b, astray)
    hands.press("ctrl+z")
    hands.click(c)
    hands.press("Escape", "ctrl+z")
    hands.click(d)
    hands.press("Return", "r")
    drawn = desk.wait_for(8, 2)
    begin, up, across, end = sight.places((0.35, 0.2), (0.4, 0.05), (0.5, 0.1), (0.55, 0.2))
    hands.click(begin, up, across, end)
    redrawn = desk.wait_for(8, 3)
    hands.press("ctrl+z")
    assert desk.wait_for(8, 4) == drawn
    hands.press("ctrl+shift+z", "v")
    assert desk.wait_for(8, 5) == redrawn
    hands.drag([c, between(c, elsewhere), elsewhere])
    desk.wait_for(8, 6)
    hands.press("p")
    desk.finish(8, 7)

    def check():
        assert_ring(drawn.region[0].exterior, sight, corners)
        final = [a, begin, up, across, end, b, elsewhere, d]
        grading = desk.stored(8)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        assert_ring(grading.region[0].exterior, sight, final)
        gestures = [revision.gesture for revision in desk.stored(8)]
        assert gestures == ["answer", "draw region", "redraw boundary", "undo", "redo",
                            "move vertex", "done"]  # fmt: skip

    return check


def grade_the_repeat_reading(desk):
    sight = desk.begin("1", REPEATED, Role.REPEAT)
    places = sight.places(*TRIANGLE)
    desk.hands.click(*places)
    desk.hands.press("Return")
    desk.wait_for(REPEATED, 2, Role.REPEAT)
    desk.finish(REPEATED, 3, Role.REPEAT)

    def check():
        grading = desk.stored(REPEATED, Role.REPEAT)[-1].grading
        assert_said(grading, visible=True, count=1, regions=1)
        assert_ring(grading.region[0].exterior, sight, places)

    return check


def between(one, other):
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2


def area(polygon):
    x, y = polygon.exterior.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


@pytest.mark.slow
def test_ten_images_graded_by_mouse_and_keys_are_in_the_store_to_half_a_screen_pixel(program):
    desk = program
    checks = [
        grade(desk)
        for grade in (
            grade_one_without_a_condition,
            grade_one_region_by_clicks,
            grade_two_regions_closed_at_their_first_vertex_and_by_a_double_click,
            grade_freehand,
            grade_too_many_after_one_was_drawn,
            grade_with_a_hole,
            grade_again_what_was_sent_back,
            grade_with_a_note_and_a_problem,
            grade_with_second_thoughts,
            grade_the_repeat_reading,
        )
    ]
    for check in checks:
        check()
    with desk.opened() as study:
        assert study.check() == []
        assert {item.state for item in study.queue(GRADER)} == {QueueState.DONE}
        assert [study.revisions(image.path, "Bo") for image in desk.images] == [[]] * 9
        sheets = [study.sheet(item.image, GRADER, item.role) for item in study.queue(GRADER)]
        assert [sheet.draft for sheet in sheets] == [None] * 10
