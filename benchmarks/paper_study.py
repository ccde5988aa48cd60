"""A made-up study of the paper's size on disk: photographs, gradings, maps, predictions."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.images.digest import digest_of
from engine.study.sqlite import create_study

CONDITIONS = tuple(f"Condition {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SEXES = ("female", "male")
SKIN_TONES = ("I", "II", "III", "IV", "V", "VI")
SIZE, MAP_SIZE, VERTICES, GRADERS = (900, 675), (160, 120), 60, 3


@dataclass(frozen=True, slots=True)
class PaperStudy:
    """Where the parts lie."""

    study: Path
    maps: Path
    predictions: Path


def write_study(folder: Path, *, images: int = 1526, cases: int = 1083) -> PaperStudy:
    """Write a study whose images all enter, with a map and a prediction for each."""
    rng = np.random.default_rng(0)
    of_case = np.concatenate([np.arange(cases), rng.integers(cases, size=images - cases)])
    paths = PaperStudy(folder / "paper.concord", folder / "maps", folder / "predictions.csv")
    paths.maps.mkdir(parents=True)
    (folder / "images").mkdir()
    metadata = [
        {
            "sex": str(rng.choice(SEXES)),
            "skin_tone": str(rng.choice(SKIN_TONES)),
            "age": str(int(rng.integers(18, 90))),
        }
        for _ in range(cases)
    ]
    described, gradings, rows = [], [], [("image", "predicted")]
    for number, case in enumerate(of_case.tolist()):
        name = f"images/{number:06}.jpg"
        condition = CONDITIONS[case % len(CONDITIONS)]
        centre, radius = rng.uniform((250, 200), (650, 475)), rng.uniform(40, 160)
        _write_photograph(folder / name, rng, centre, radius)
        np.save(paths.maps / f"{number:06}.npy", _map(rng, centre, radius))
        described.append(
            Image(name, *SIZE, digest_of(folder / name), f"case {case}", condition, metadata[case])
        )
        gradings += [_grading(rng, name, grader, centre, radius) for grader in range(GRADERS)]
        is_right = rng.random() < 0.7
        rows.append((name, condition if is_right else str(rng.choice(CONDITIONS))))
    with paths.predictions.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    with create_study(paths.study, author="benchmark") as study:
        study.add_images(described, author="benchmark")
        study.record_gradings(gradings, author="benchmark")
    return paths


def _write_photograph(
    path: Path, rng: np.random.Generator, centre: NDArray[np.float64], radius: float
) -> None:
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    lesion = np.hypot(x - centre[0], y - centre[1]) < radius
    skin = np.array([205, 165, 140]) + rng.normal(0, 6, (SIZE[1] // 9, SIZE[0] // 9, 1))
    skin = skin.repeat(9, axis=0).repeat(9, axis=1)[: SIZE[1], : SIZE[0]]
    pixels = np.where(lesion[..., None], skin * 0.6, skin).clip(0, 255).astype(np.uint8)
    Picture.fromarray(pixels).save(path, quality=85)


def _map(
    rng: np.random.Generator, centre: NDArray[np.float64], radius: float
) -> NDArray[np.float32]:
    x, y = np.meshgrid(
        *((np.arange(n) + 0.5) * (side / n) for n, side in zip(MAP_SIZE, SIZE, strict=True))
    )
    moved = centre + rng.normal(0, 40, 2)
    bump = np.exp(-((x - moved[0]) ** 2 + (y - moved[1]) ** 2) / (2 * radius**2))
    return (bump + rng.normal(0, 0.3, bump.shape)).astype(np.float32)


def _grading(
    rng: np.random.Generator, name: str, grader: int, centre: NDArray[np.float64], radius: float
) -> Grading:
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    around = radius * rng.uniform(0.9, 1.1, VERTICES)
    points = centre + around[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    region = (Polygon(ring(points)),)
    return Grading(name, f"grader {grader}", visible=True, roi_count=1, region=region)
