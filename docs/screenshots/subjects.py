"""The study that the pictures show: computed photographs, a grader half-way through, a lead."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.polygon import Polygon, Region, ring
from engine.images.digest import digest_of
from engine.study.protocol import Study
from engine.study.sqlite import create_study
from resources.demo.photographs import CONDITIONS, Scene, photograph

SIZE = (720, 540)
GRADER, OTHER, LEAD = "Mia Sommer", "Jonas Weber", "Dr. Ada Keller"
REASON = "The lower border runs well inside the plaque. Please follow the redness to its end."

INSTRUCTIONS = """# Wrist and forearm

Outline **every plaque, patch or mole that you would treat**, along the border where the skin looks
normal again.

- Scale belongs to the region. Ink, rulers and hairs do not.
- Leave out what lies between two regions, however small the gap.
- A clear spot inside a region is a **hole** (S).

Not sure whether it is one region or two? Say what you see and leave a note (T).
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """One photograph: what is on it, and what the grader has made of it.

    Attributes
    ----------
    name
        Its file, below the study's folder.
    tone
        Index of the skin type, lightest first.
    work
        ``done``, ``started``, ``sent back`` or nothing.
    """

    name: str
    condition: str
    tone: int
    work: str = ""
    has_ruler: bool = False
    has_hairs: bool = False
    is_clear: bool = False


SUBJECTS = (
    Subject("visits/p003-forearm-left.jpg", "psoriasis", 1, "done", has_ruler=True),
    Subject("visits/p004-wrist-1.jpg", "nevus", 3, "done"),
    Subject("visits/p004-wrist-2.jpg", "nevus", 2, "done", is_clear=True),
    Subject("visits/p007-upper-arm.jpg", "eczema", 2, "sent back"),
    Subject("visits/p009-forearm-right.jpg", "psoriasis", 3, "started"),
    Subject("visits/p011-shoulder.jpg", "acne", 5),
    Subject("visits/p012-hand.jpg", "psoriasis", 2),
    Subject("visits/p015-forearm-left.jpg", "eczema", 5),
    Subject("visits/p018-back.jpg", "acne", 0),
    Subject("visits/p021-elbow.jpg", "melanoma", 4, has_hairs=True),
    Subject("visits/p022-wrist.jpg", "melanoma", 0),
    Subject("visits/p026-forearm-right.jpg", "eczema", 3),
)
SENT_BACK, STARTED, DARK, THREE, DEEP, LIGHT, HAIRY, MOLE, RED = range(3, 12)
"""Places in the queue by what is seen there."""

Outlines = list[NDArray[np.float64]]


def outlines_of(place: int) -> Outlines:
    """Return the true borders on a photograph, each of 24 vertices at most, inside the picture."""
    _, outlines = _photograph(place)
    low, high = np.full(2, 3), np.array(SIZE) - 3
    return [np.clip(border[:: max(len(border) // 24, 1)], low, high) for border in outlines]


def region_of(place: int) -> Region:
    """Return the true borders as a grader's region."""
    return tuple(Polygon(ring(border)) for border in outlines_of(place))


def make_study(file: Path, *, masks_names: bool = False, instructions: str = INSTRUCTIONS) -> Path:
    """Write the photographs beside a new study file, and the grader's work into it."""
    images = list(_images(file.parent))
    with create_study(file, author=LEAD) as study:
        study.set_options(StudyOptions(instructions, masks_names, (LEAD,)), author=LEAD)
        study.add_images(images, author=LEAD)
        tasks = [
            Task(image.path, grader, Role.ASSIGNED, place)
            for grader in (GRADER, OTHER, LEAD)
            for place, image in enumerate(images)
        ]
        study.assign_tasks(tasks, author=LEAD, seed=1)
        for place in range(len(SUBJECTS)):
            work(study, place, SUBJECTS[place].work)
    return file


def make_empty_study(file: Path, *, has_images: bool = True) -> Path:
    """Write a study with photographs that nobody was asked to grade, or without any."""
    with create_study(file, author=LEAD) as study:
        if has_images:
            study.add_images(list(_images(file.parent)), author=LEAD)
    return file


def work(study: Study, place: int, state: str) -> None:
    """Bring the grader's work on an image to a state: ``done``, ``started`` or ``sent back``."""
    if not state:
        return
    name = SUBJECTS[place].name
    region = region_of(place)
    said = Grading(name, GRADER, visible=bool(region), roi_count=len(region) or None, region=region)
    if state == "started":
        said = Grading(name, GRADER, True, 2, region[:1], Status.STARTED)
    study.append(said, author=GRADER, parent=None, gesture="draw region")
    began = f"2026-03-02T09:{place:02}:00+00:00"
    study.add_activity(name, GRADER, Role.ASSIGNED, began=began, seconds=38.0)
    if state == "sent back":
        study.send_back(name, GRADER, reason=REASON, author=LEAD)


def _photograph(place: int) -> tuple[NDArray[np.uint8], Outlines]:
    subject = SUBJECTS[place]
    scene = Scene(
        subject.condition,
        subject.tone,
        has_ruler=subject.has_ruler,
        has_hairs=subject.has_hairs,
        spread="none" if subject.is_clear else "few",
    )
    rng = np.random.default_rng([11, CONDITIONS.index(subject.condition), subject.tone])
    shown = photograph(rng, scene, width=SIZE[0], height=SIZE[1])
    return shown.pixels, list(shown.outlines)


def _images(folder: Path) -> Iterator[Image]:
    for place, subject in enumerate(SUBJECTS):
        path = folder / subject.name
        path.parent.mkdir(parents=True, exist_ok=True)
        Picture.fromarray(_photograph(place)[0]).save(path, quality=92)
        yield Image(subject.name, *SIZE, digest_of(path))
