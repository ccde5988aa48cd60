"""Every state of the window that a person meets, each brought about as that person would.

What a grader meets is here, the pages of leads and analysts have files of their own.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from explain_scenes import EXPLAIN_SCENES
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from review_scenes import REVIEW_SCENES
from setup_scenes import SETUP_SCENES
from studio import Studio
from subjects import (
    DARK,
    DEEP,
    GRADER,
    HAIRY,
    LIGHT,
    MOLE,
    RED,
    SENT_BACK,
    STARTED,
    SUBJECTS,
    THREE,
    make_empty_study,
    make_study,
    outlines_of,
    region_of,
    work,
)

from desktop_app.grade.who import WhoDialog
from desktop_app.studies import pack
from desktop_app.window.new_study_dialog import NewStudyDialog
from desktop_app.window.recent import RecentStudy
from desktop_app.window.settings import ThemeChoice
from engine.study.sqlite import open_study
from engine.tasks.cancel import CancelToken
from engine.tasks.progress import silent

Scene = Callable[[Studio], QImage]

FILE = "forearms.concord"


def first_run(studio: Studio) -> QImage:
    """Show the first page, with a study of before that is not there now."""
    studies = Path("/home/mia/studies")
    studio.window.show_recent(
        [
            RecentStudy(studies / "forearms" / "forearms.concord"),
            RecentStudy(Path("/media/usb/hands and feet.concord"), is_missing=True),
        ]
    )
    studio.pause()
    return studio.look()


def first_run_large(studio: Studio) -> QImage:
    """Show the first page at 200 %, in the dark."""
    studio.theme.choose(ThemeChoice.DARK)
    studio.theme.set_scale(200)
    return first_run(studio)


def new_study(studio: Studio) -> QImage:
    """Choose a folder for a new study; its photographs are counted."""
    make_study(studio.home / "forearms" / "forearms.concord").unlink()
    studio.window.ask_new()
    dialog = studio.dialog(NewStudyDialog)
    dialog.begin_with("~/forearms")
    dialog.name.line.setText(GRADER)
    dialog.instructions.setPlainText("Outline every plaque along the border of the redness.")
    studio.wait(lambda: "12" in dialog.summary.text())
    return studio.look()


def new_study_faults(studio: Studio) -> QImage:
    """Ask for a new study with faults; each is told beside its field."""
    studio.window.ask_new()
    dialog = studio.dialog(NewStudyDialog)
    dialog.begin_with("~/forearms")
    dialog.name.line.clear()
    dialog.make.click()
    return studio.look()


def opening(studio: Studio) -> QImage:
    """Open a study."""
    file = make_study(studio.home / FILE)
    studio.remember(file, GRADER)
    studio.desk.open(file)
    return studio.look(at_once=True)


def who(studio: Studio) -> QImage:
    """Open a shared study, which asks who is grading."""
    studio.desk.open(make_study(studio.home / FILE))
    return studio.look_at_modal(WhoDialog)


def instructions(studio: Studio) -> QImage:
    """Read the lead's instructions."""
    begin(studio, STARTED)
    studio.press("I")
    return studio.look()


def empty_queue(studio: Studio) -> QImage:
    """Open a study that asks this grader for nothing."""
    studio.open(make_empty_study(studio.home / FILE), GRADER)
    return studio.look()


def loading(studio: Studio) -> QImage:
    """Go to a photograph that is not decoded yet."""
    begin(studio, STARTED)
    studio.page.go(RED)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    return studio.look(at_once=True)


def drawing(studio: Studio) -> QImage:
    """Draw half an outline, point by point."""
    begin(studio, STARTED)
    border = outlines_of(STARTED)[1]
    studio.click(*border[:15:2])
    studio.point(border[16])
    return studio.look()


def drawing_dark_skin(studio: Studio) -> QImage:
    """Draw on dark skin; one outline is finished, one half-drawn."""
    begin(studio, DEEP)
    finish(studio, DEEP, count=1)
    border = outlines_of(DEEP)[1]
    studio.click(*border[:15:2])
    studio.point(border[16])
    return studio.look()


def freehand(studio: Studio) -> QImage:
    """Draw an outline in one go, the button still held."""
    begin(studio, THREE)
    border = outlines_of(THREE)[0]
    studio.drag(dense(border)[: int(len(dense(border)) * 0.8)], lets_go=False)
    return studio.look()


def selected(studio: Studio) -> QImage:
    """Select a region and point at one of its vertices."""
    begin(studio, THREE)
    finish(studio, THREE)
    studio.press("V")
    first = outlines_of(THREE)[0]
    studio.click(first.mean(axis=0))
    studio.point(first[3])
    return studio.look()


def hole(studio: Studio) -> QImage:
    """Take a clear spot out of a region."""
    begin(studio, STARTED)
    studio.press("S")
    border = outlines_of(STARTED)[0]
    middle = border.mean(axis=0)
    studio.click(*(middle + (border[::3] - middle) * 0.4))
    studio.press("Return")
    return studio.look()


def redraw(studio: Studio) -> QImage:
    """Draw a stretch of a boundary anew."""
    begin(studio, RED)
    finish(studio, RED)
    border = outlines_of(RED)[1]
    studio.press("V")
    studio.click(border.mean(axis=0))
    studio.press("R")
    middle = border.mean(axis=0)
    outside = middle + (border[4:8] - middle) * 1.12
    studio.click(border[3], *outside)
    studio.point(border[8])
    return studio.look()


def repaired(studio: Studio) -> QImage:
    """Close an outline that crosses itself; it becomes two regions."""
    begin(studio, STARTED)
    border = outlines_of(STARTED)[1]
    (left, top), (right, bottom) = border.min(axis=0), border.max(axis=0)
    studio.click((left, top), (right, bottom), (right, top), (left, bottom))
    studio.press("Return")
    return studio.look()


def refused(studio: Studio) -> QImage:
    """Ask for *done* where two regions were said and one is outlined."""
    begin(studio, STARTED)
    studio.press("Ctrl+Return")
    return studio.look()


def question(studio: Studio) -> QImage:
    """Say *not visible* where a region is outlined."""
    begin(studio, STARTED)
    studio.press("Q")
    return studio.look()


def ready(studio: Studio) -> QImage:
    """Outline all that was said."""
    begin(studio, DARK)
    studio.press("3")
    finish(studio, DARK)
    return studio.look()


def all_done(studio: Studio) -> QImage:
    """Finish the last image."""
    file = make_study(studio.home / FILE)
    with open_study(file) as study:
        for place in range(DARK, len(SUBJECTS)):
            work(study, place, "done")
    studio.open(file, GRADER, place=SENT_BACK)
    for _ in range(2):
        studio.press("Ctrl+Return")
        studio.rest()
        if studio.session.at == STARTED:
            studio.press("1")
    studio.wait(studio.page.state.isVisible)
    return studio.look()


def sent_back(studio: Studio) -> QImage:
    """Go to an image that the lead sent back."""
    begin(studio, SENT_BACK)
    return studio.look()


def note(studio: Studio) -> QImage:
    """Write a note and report a problem."""
    begin(studio, HAIRY)
    studio.session.set_problem("identifying_detail")
    studio.press("T")
    studio.write("The tattoo above the elbow can be read. Please cover it.")
    return studio.look()


def problems(studio: Studio) -> QImage:
    """Open the list of problems."""
    begin(studio, HAIRY)
    studio.press("Shift+T")
    return studio.look()


def conflict(studio: Studio) -> QImage:
    """Change an image that another window saved meanwhile."""
    file = begin(studio, STARTED)
    other = region_of(STARTED)
    with open_study(file) as study:
        sheet = study.sheet(SUBJECTS[STARTED].name, GRADER)
        theirs = replace(sheet.history.present, region=other)
        study.append(theirs, author=GRADER, parent=sheet.parent, gesture="draw region")
    studio.press("V")
    studio.click(outlines_of(STARTED)[0].mean(axis=0))
    studio.press(*["Shift+Right"] * 2)
    studio.wait(studio.page.workbench.conflict.isVisible)
    return studio.look()


def not_saved(studio: Studio) -> QImage:
    """Draw while another program holds the study's file."""
    file = begin(studio, STARTED)
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    border = outlines_of(STARTED)[1]
    studio.click(*border[::2])
    studio.press("Return")
    studio.wait(lambda: studio.window.banners.codes)
    picture = studio.look()
    database.execute("ROLLBACK")
    database.close()
    studio.session.retry()
    studio.wait(lambda: studio.session.is_all_stored)
    return picture


def missing(studio: Studio) -> QImage:
    """Go to an image whose photograph is not where it was."""
    file = make_study(studio.home / FILE)
    (file.parent / SUBJECTS[MOLE].name).unlink()
    studio.open(file, GRADER, place=MOLE)
    return studio.look()


def contrast(studio: Studio) -> QImage:
    """Look at dark skin with more brightness and contrast."""
    begin(studio, DEEP)
    finish(studio, DEEP)
    studio.press("B", "B", "C", "C", "C")
    return studio.look()


def zoom_800(studio: Studio) -> QImage:
    """Zoom to 800 %, where every pixel of the photograph is a square."""
    begin(studio, LIGHT)
    finish(studio, LIGHT)
    studio.press("V")
    border = outlines_of(LIGHT)[0]
    studio.click(border.mean(axis=0))
    studio.canvas.zoom_to(8.0, QPointF(studio.on_screen(border[2])))
    studio.point(border[2])
    return studio.look()


def shortcuts(studio: Studio) -> QImage:
    """Look up the keys."""
    begin(studio, STARTED)
    studio.press("F1")
    return studio.look()


def preferences(studio: Studio) -> QImage:
    """Open the preferences."""
    begin(studio, STARTED)
    studio.window.show_preferences()
    studio.pause()
    return studio.look()


def packet(studio: Studio) -> QImage:
    """Grade a packet in which the names of images are masked."""
    file = make_study(studio.home / FILE, masks_names=True)
    target = studio.home / "mia.concord"
    with open_study(file) as study:
        pack(studio.store, study, GRADER, target, studio.lanes, CancelToken(), silent)
    studio.open(target, GRADER, place=THREE)
    finish(studio, THREE, count=1)
    return studio.look()


def dark(studio: Studio) -> QImage:
    """Work in dark colours."""
    studio.theme.choose(ThemeChoice.DARK)
    return selected(studio)


def large(studio: Studio) -> QImage:
    """Work at 200 %, the queue put away."""
    enlarge(studio)
    selected(studio)
    studio.press("L")
    return studio.look()


def large_refused(studio: Studio) -> QImage:
    """Ask for *done* too early, at 200 % and in the dark."""
    studio.theme.choose(ThemeChoice.DARK)
    enlarge(studio)
    return refused(studio)


GRADE_SCENES: tuple[Scene, ...] = (
    first_run, first_run_large, new_study, new_study_faults, opening, who, instructions,
    empty_queue, loading, drawing, drawing_dark_skin, freehand, selected, hole, redraw,
    repaired, refused,
    question, ready, all_done, sent_back, note, problems, conflict, not_saved, missing,
    contrast, zoom_800, shortcuts, preferences, packet, dark, large, large_refused,
)  # fmt: skip

SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (*GRADE_SCENES, *REVIEW_SCENES, *SETUP_SCENES, *EXPLAIN_SCENES)
}
"""The scenes by the names of their pictures."""


def enlarge(studio: Studio) -> None:
    """Show text and controls at 200 %, on a window that is a little larger."""
    studio.theme.set_scale(200)
    studio.window.resize(1440, 900)


def begin(studio: Studio, place: int) -> Path:
    """Open the study at an image and return its file."""
    file = make_study(studio.home / FILE)
    studio.open(file, GRADER, place=place)
    return file


def finish(studio: Studio, place: int, *, count: int | None = None) -> None:
    """Outline the regions of the image at hand, or the first few of them, click by click."""
    for border in outlines_of(place)[:count]:
        studio.click(*border)
        studio.press("Return")


def dense(border: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a border with eight points for each of its own, as a hand leads the pointer."""
    whole = np.vstack([border, border[:1]])
    at = np.linspace(0, len(border), 8 * len(border))
    return np.column_stack([np.interp(at, range(len(whole)), whole[:, axis]) for axis in (0, 1)])
