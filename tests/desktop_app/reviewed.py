"""A real study for a lead to look at: five photographs, three graders who agree more and less."""

from dataclasses import replace

import numpy as np
from PIL import Image as Picture
from PySide6.QtWidgets import QApplication

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.polygon import Polygon, ring
from engine.images.digest import digest_of
from engine.study.sqlite import create_study, open_study

WIDTH, HEIGHT = 60, 40
LEAD = "Lena"
GRADERS = ("Ada Byron", "Bo Diddley", "Cy Twombly")
ALIKE, NEAR, APART, WAITING, EMPTY = (f"p/{k}.png" for k in range(5))
"""All three draw the same; nearly the same; elsewhere each; one has not answered; nobody has."""

LOWEST_FIRST = [APART, NEAR, WAITING, ALIKE]
"""Images with a kappa, the lowest first; the others follow."""


def box(left, top, width=20, height=16):
    """One rectangle as a region."""
    right, bottom = left + width, top + height
    return (Polygon(ring([[left, top], [right, top], [right, bottom], [left, bottom]])),)


SAID = {
    ALIKE: (box(10, 10), box(10, 10), box(10, 10)),
    NEAR: (box(10, 10), box(12, 10), box(20, 12)),
    APART: (box(2, 2, 12, 10), box(24, 4, 12, 10), box(44, 26, 12, 10)),
    WAITING: (box(10, 10), box(11, 11), None),
    EMPTY: (None, None, None),
}


def make_study(folder):
    """Make the study and return its file, closed."""
    random = np.random.default_rng(0)
    images = []
    (folder / "p").mkdir()
    for path in SAID:
        pixels = random.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        Picture.fromarray(pixels).save(folder / path)
        images.append(Image(path, WIDTH, HEIGHT, digest_of(folder / path)))
    file = folder / "study.concord"
    with create_study(file, author=LEAD) as study:
        study.add_images(images, author=LEAD)
        tasks = [
            Task(path, grader, Role.ASSIGNED, place)
            for grader in GRADERS
            for place, path in enumerate(SAID)
        ]
        study.assign_tasks(tasks, author=LEAD, seed=None)
        study.set_options(StudyOptions(leads=(LEAD,)), author=LEAD)
        for path, regions in SAID.items():
            for grader, region in zip(GRADERS, regions, strict=True):
                if region is not None:
                    draw(study, path, grader, region)
    return file


def draw(study, path, grader, region, *, note="", role=Role.ASSIGNED):
    """Have a grader outline one region and say that the reading is done."""
    last = study.revisions(path, grader, role)
    parent = last[-1].number if last else None
    said = Grading(path, grader, True, 1, region, Status.DONE, role=role, note=note)
    study.append(said, author=grader, parent=parent, gesture="done")


def leave_note(file, path, grader, note):
    """Have a grader write a note on an image."""
    with open_study(file) as study:
        last = study.revisions(path, grader)[-1]
        said = replace(last.grading, note=note)
        study.append(said, author=grader, parent=last.number, gesture="note")


def run(lanes, *, until=lambda: False):
    """Let stepping lanes work and the window hear of it until there is nothing left to do."""
    idle = 0
    while idle < 3 and not until():
        QApplication.processEvents()
        idle = 0 if lanes.step() else idle + 1


def stored(file, read):
    """Return what a function reads of the closed or open study."""
    with open_study(file, read_only=True) as study:
        return read(study)


def actions(file):
    """Return the actions of the audit log, oldest first."""
    return stored(file, lambda study: [entry.action for entry in study.audit()])
