"""Writes the demo study: photographs, a manifest, three graders' regions for each image."""

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from resources.demo.graders import outline, three_of_pool
from resources.demo.photographs import CONDITIONS, Photograph, photograph, random_scene
from resources.demo.shapes import Points
from resources.demo.skin import TONES

SIZES = ((384, 288), (288, 384), (320, 320), (400, 300), (352, 264))
"""Widths and heights of the photographs, in pixels."""

COLUMNS = ("image", "case", "condition", "sex", "age", "skin_tone")

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
    card
        Model card of the demo classifier.
    """

    photographs: Path
    manifest: Path
    gradings: Path
    card: Path


def write_demo(folder: Path, *, seed: int = 1, cases: int = 44) -> DemoPaths:
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
    paths = DemoPaths(folder / "images", folder / "manifest.csv", folder / "gradings", CARD)
    images = list(_plan(seed, cases))
    manifest = _manifest(images)
    if paths.manifest.exists():
        if paths.manifest.read_bytes() != manifest:
            raise FileExistsError(f"{paths.manifest} belongs to another study")
        return paths
    load: dict[str, int] = {}
    for image in images:
        _write_image(paths, image, load)
    _write(folder / "SYNTHETIC.txt", NOTICE.encode())
    # last, so that its presence says that all the rest is there
    _write(paths.manifest, manifest)
    return paths


@dataclass(frozen=True, slots=True)
class _Image:
    name: str
    row: tuple[str, ...]
    condition: str
    tone: int
    size: tuple[int, int]
    seed: tuple[int, ...]


def _plan(seed: int, cases: int) -> Iterator[_Image]:
    rng = np.random.default_rng([seed, 0])
    for case in range(1, cases + 1):
        condition = CONDITIONS[case % len(CONDITIONS)]
        tone = int(rng.integers(len(TONES)))
        known = rng.random(3) > (0.05, 0.08, 0.12)
        sex = ("female", "male")[rng.integers(2)]
        age = str(int(np.clip(rng.normal(46, 17), 18, 89)))
        metadata = [
            value if is_known else ""
            for value, is_known in zip((sex, age, TONES[tone]), known, strict=True)
        ]
        for number in range(1, 1 + int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.2]))):
            name = f"demo-{case:03}-{number}.jpg"
            row = (f"images/{name}", f"demo-{case:03}", condition, *metadata)
            size = SIZES[rng.integers(len(SIZES))]
            yield _Image(name, row, condition, tone, size, (seed, case, number))


def _manifest(images: list[_Image]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *(image.row for image in images)])
    return text.getvalue().encode()


def _write_image(paths: DemoPaths, image: _Image, load: dict[str, int]) -> None:
    rng = np.random.default_rng(image.seed)
    scene = random_scene(rng, condition=image.condition, tone=image.tone, cue=(0.9, 0.05))
    shown = photograph(rng, scene, width=image.size[0], height=image.size[1])
    encoded = io.BytesIO()
    Image.fromarray(shown.pixels).save(encoded, format="JPEG", quality=92)
    _write(paths.photographs / image.name, encoded.getvalue())
    for grader in three_of_pool(rng, load):
        file = paths.gradings / grader.name / Path(image.name).with_suffix(".json")
        _write(file, _labelme(image, shown, outline(rng, grader, shown)))


def _labelme(image: _Image, shown: Photograph, rings: list[Points]) -> bytes:
    height, width = shown.pixels.shape[:2]
    shapes = [
        {
            "label": "pathology",
            "points": ring.tolist(),
            "group_id": None,
            "description": "",
            "shape_type": "polygon",
            "flags": {},
        }
        for ring in rings
    ]
    document = {
        "version": "5.5.0",
        "flags": {},
        "shapes": shapes,
        "imagePath": f"../../images/{image.name}",
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    os.replace(partial, path)
