"""The demo study from its card to its last image: all by keys, but for placing points."""

from itertools import cycle

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.grade.instructions import InstructionsDialog
from engine.domain.grading import Status
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor
from tests.desktop_app.desk.desks import at_desk
from tests.desktop_app.grade.hands import click, press, settle

SHAPE = [(40.5, 30.5), (90.25, 30.5), (90.25, 80.75), (40.5, 80.75)]
"""Where the points of an outline are placed, in pixels of the photograph."""


def outline(page, shift):
    press(page, "P")
    points = [(x + shift, y) for x, y in SHAPE]
    click(page, *points)
    press(page, "Return")
    return points


def nothing_to_see(page):
    press(page, "Q")
    return (False, None, [])


def too_many(page):
    press(page, "5")
    return (True, 5, [])


def one_region(page):
    press(page, "1")
    return (True, 1, [outline(page, 0)])


def two_regions(page):
    first = outline(page, 0)
    press(page, "2")
    return (True, 2, [first, outline(page, 80)])


def one_of_two_deleted(page):
    kept = outline(page, 0)
    outline(page, 80)
    press(page, "Delete", "1")
    return (True, 1, [kept])


def undone_and_done_again(page):
    drawn = outline(page, 20)
    press(page, "1", "Ctrl+Z", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Shift+Z")
    return (True, 1, [drawn])


WAYS = (
    nothing_to_see,
    one_region,
    two_regions,
    too_many,
    one_of_two_deleted,
    undone_and_done_again,
)


@pytest.mark.slow
def test_the_demo_queue_is_graded_with_keys_and_points(qtbot, tmp_path):
    with at_desk(qtbot, tmp_path, lanes=InlineExecutor()) as person:
        window = person.window
        person.settings.name = "Mia"
        QTest.keyClick(window.first_run.demo, " ")
        person.wait_for_page()
        page = person.desk.page
        instructions = person.wait_for_dialog(InstructionsDialog)
        QTest.keyClick(instructions, Qt.Key.Key_Return)
        person.wait(lambda: not instructions.isVisible())
        window.activateWindow()
        page.canvas.setFocus()
        person.wait(lambda: QApplication.focusWidget() is page.canvas)
        meant = {}
        for way in cycle(WAYS):
            image = page.session.item.image
            meant[image] = way(page)
            press(page, "Ctrl+Return")
            if page.session.item.image == image:
                break
        settle(page)
        assert page.queue.progress == "12 of 12 done"
    with open_study(tmp_path / "demo" / "demo.concord") as study:
        assert len(meant) == len(study.queue("Mia")) == 12
        for item in study.queue("Mia"):
            grading = study.revisions(item.image, "Mia", item.role)[-1].grading
            visible, count, outlines = meant[item.image]
            assert (grading.status, grading.visible, grading.roi_count) == (
                Status.DONE,
                visible,
                count,
            )
            assert len(grading.region) == len(outlines)
            for polygon, points in zip(grading.region, outlines, strict=True):
                # half a pixel of the screen is less than that of the photograph, which is enlarged
                assert np.abs(polygon.exterior - points).max() <= 0.5
