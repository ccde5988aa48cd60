"""Writes the demo study: photographs, a manifest, labels, three graders' answers of each image."""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from resources.demo.graders import Answers, answers, three_of_pool
from resources.demo.lesions import WIDESPREAD
from resources.demo.patients import METADATA, Patient, random_patient, random_scene
from resources.demo.photographs import Scene, photograph

SIZES = ((384, 288), (288, 384), (320, 320), (400, 300), (352, 264))
"""Widths and heights of the photographs, in pixels."""

COLUMNS = ("image", "case", "condition", *METADATA)

CASES = 60

READ_TWICE = 0.15
"""Share of the images that one of their graders reads again."""

CARD = Path(__file__).with_name("card.toml")

NOTICE = """This study is synthetic. No person was photographed and no dermatologist drew anything:
the pictures are computed, the graders are simulated, and the classifier was trained on such
pictures to look at pen marks instead of one of the conditions. The condition names are real terms
on made-up lesions; nothing here says anything about real skin, real graders or real classifiers.
"""


@dataclass(frozen=True, slots=True)
class DemoPaths:
    """Where the parts of the demo study lie.

    Attributes
    ----------
    photographs
        Folder of the pictures.
    manifest
        CSV with one row for each image.
    gradings
        Folder with one folder of labelme files for each grader.
    body_parts
        CSV of the body parts and things that each image shows.
    card
        Model card of the demo classifier.
    """

    photographs: Path
    manifest: Path
    gradings: Path
    body_parts: Path
    card: Path


def write_demo(folder: Path, *, seed: int = 1, cases: int = CASES) -> DemoPaths:
    """Write the demo study into a folder; the same seed gives the same bytes.

    A study that is already there whole is left as it is, one that was interrupted is completed.

    Parameters
    ----------
    seed
        Of everything random in it.
    cases
        Number of cases, of one to three images each.

    Raises
    ------
    FileExistsError
        The folder holds the manifest of another study.
    """
    paths = DemoPaths(
        photographs=folder / "images",
        manifest=folder / "manifest.csv",
        gradings=folder / "gradings",
        body_parts=folder / "body_parts.csv",
        card=CARD,
    )
    images = list(_plan(seed, cases))
    manifest = _csv(COLUMNS, (image.row for image in images))
    if paths.manifest.exists():
        if paths.manifest.read_bytes() != manifest:
            raise FileExistsError(f"{paths.manifest} belongs to another study")
        return paths
    load: dict[str, int] = {}
    labels = [(image.path, _write_image(paths, image, load)) for image in images]
    _write(paths.body_parts, _csv(("image", "parts"), labels))
    _write(folder / "SYNTHETIC.txt", NOTICE.encode())
    # last, so that its presence says that all the rest is there
    _write(paths.manifest, manifest)
    return paths


@dataclass(frozen=True, slots=True)
class _Image:
    name: str
    row: tuple[str, ...]
    scene: Scene
    size: tuple[int, int]
    seed: tuple[int, ...]

    @property
    def path(self) -> str:
        return f"images/{self.name}"


def _plan(seed: int, cases: int) -> Iterator[_Image]:
    rng = np.random.default_rng([seed, 0])
    for case in range(1, cases + 1):
        patient = random_patient(rng, number=case, cue=(0.9, 0.05))
        known = rng.random(3) >= (0.05, 0.08, 0.12)
        told = [
            value if is_known else ""
            for value, is_known in zip(patient.metadata, known, strict=True)
        ]
        for number in range(1, 1 + patient.photographs):
            name = f"demo-{case:03}-{number}.jpg"
            yield _Image(
                name,
                (f"images/{name}", f"demo-{case:03}", patient.condition, *told),
                _scene(rng, patient, is_first=number == 1),
                SIZES[rng.integers(len(SIZES))],
                (seed, case, number),
            )


def _scene(rng: np.random.Generator, patient: Patient, *, is_first: bool) -> Scene:
    """Return a scene as the classifier was trained on, but for a few that graders leave out."""
    scene = random_scene(rng, patient)
    if rng.random() < 0.15 and not is_first:
        return replace(scene, spread="none")
    if rng.random() < 0.2 and patient.condition in WIDESPREAD:
        return replace(scene, spread="many")
    return scene


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def _write_image(paths: DemoPaths, image: _Image, load: dict[str, int]) -> str:
    """Write a photograph and what its graders say of it; return the parts that it shows."""
    rng = np.random.default_rng(image.seed)
    shown = photograph(rng, image.scene, width=image.size[0], height=image.size[1])
    encoded = io.BytesIO()
    Image.fromarray(shown.pixels).save(encoded, format="JPEG", quality=92)
    _write(paths.photographs / image.name, encoded.getvalue())
    file = Path(image.name).with_suffix(".json")
    chosen = three_of_pool(rng, load)
    for grader in chosen:
        first = _labelme(image, grader.name, "assigned", answers(rng, grader, shown))
        _write(paths.gradings / grader.name / file, first)
    if rng.random() < READ_TWICE:
        again = _labelme(image, chosen[0].name, "repeat", answers(rng, chosen[0], shown))
        _write(paths.gradings / chosen[0].name / "again" / file, again)
    return ";".join(sorted(shown.shows)) or "none"


def _labelme(image: _Image, grader: str, role: str, said: Answers) -> bytes:
    shapes = [
        {
            "label": "pathology",
            "points": ring.tolist(),
            "group_id": None,
            "description": "",
            "shape_type": "polygon",
            "flags": {},
        }
        for ring in said.rings
    ]
    document = {
        "version": "5.5.0",
        "flags": {},
        "shapes": shapes,
        "imagePath": image.name,
        "imageData": None,
        "imageHeight": image.size[1],
        "imageWidth": image.size[0],
        # what is asked of a grader beside the regions, under the key that exports use
        "grading": {
            "grader": grader,
            "role": role,
            "visible": said.visible,
            "roi_count": said.roi_count,
        },
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    os.replace(partial, path)
