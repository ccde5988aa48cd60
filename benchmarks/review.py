"""What a lead waits for: one image after an edit, and 10,000 images after a changed setting."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Figure, best_of
from engine.domain.grading import Grading, Reading, Role
from engine.domain.image import Image
from engine.domain.measure import value_of
from engine.domain.polygon import Polygon, Ring, ring
from engine.domain.settings import AgreementSettings
from engine.graders.by_grader import Known
from engine.pipeline import measure_graders, measure_study
from engine.stages.reviewing import ImageReview, review_image
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes

LARGE = Image("large.jpg", 6000, 4000)
IMAGES, GRADERS, VERTICES = 10_000, 3, 100
SIZE = (3000, 2000)
PEER_IMAGES = 10
SIDE = 1536
PEER = "cv2.fillPoly + numpy, distances by scipy's transform"

PAIRS = tuple(combinations(range(GRADERS), 2))

Mask = NDArray[np.bool_]


def measure() -> list[Figure]:
    """Measure one image of 24 Mpixel, and a study of 10,000 images of 6 Mpixel."""
    return [*_one_image(), *_a_study()]


def _one_image() -> list[Figure]:
    random = np.random.default_rng(0)
    rings = [_lesion(random, LARGE.size, 1000, 1200) for _ in range(GRADERS)]
    readings = [_reading(LARGE, f"grader {number}", drawn) for number, drawn in enumerate(rings)]
    review = partial(review_image, LARGE, readings, AgreementSettings(), None)
    ours = best_of(review, 10)
    peer = best_of(partial(_peer, rings, LARGE.size, shows=True), 2)
    difference = _difference(review(), _peer(rings, LARGE.size, shows=True))
    return [
        Figure(
            "review of one image, 3 graders x 1,000 vertices, 24 Mpixel",
            ours, peer, PEER, peer / ours, "ours < 1 s", "s",
            f"Dice and distances differ by at most {difference} (fill rules)",
        )
    ]  # fmt: skip


def _a_study() -> list[Figure]:
    with TemporaryDirectory() as folder:
        file = _graded_study(Path(folder) / "study.concord")
        with open_study(file, read_only=True) as study, LocalLanes() as lanes:
            settings, job = AgreementSettings(), JobContext(lanes)
            agreement = best_of(lambda: measure_study(study, settings, job), 2)
            known: Known = {}
            graders = best_of(lambda: measure_graders(study, settings, job, known=known), 1)
            again = best_of(lambda: measure_graders(study, settings, job, known=known), 2)
            staple = settings.model_copy(update={"consensus": "staple"})
            by_staple = best_of(lambda: measure_study(study, staple, job), 1)
    drawn = [_outlines(number) for number in range(PEER_IMAGES)]
    peer = best_of(lambda: [_peer(rings, SIZE, shows=False) for rings in drawn], 1)
    whole = peer * IMAGES / PEER_IMAGES
    ours = agreement + graders
    after_edit = Figure(
        "... again after an edit, pairs of graders known",
        agreement + again, whole, PEER, whole / (agreement + again), "ours < 30 s", "s",
        f"agreement {agreement:.1f} s, graders {again:.1f} s; the image at hand is there before",
    )  # fmt: skip
    return [
        Figure(
            f"agreement and graders of {IMAGES:,} images x 3 graders, 6 Mpixel",
            ours, whole, PEER, whole / ours, "ours < 30 s", "s",
            f"agreement {agreement:.1f} s (by STAPLE {by_staple:.1f} s), graders {graders:.1f} s on"
            f" two lanes, the store's reading included; the peer on {PEER_IMAGES} images,"
            " without a store",
        ),
        after_edit,
    ]  # fmt: skip


def _graded_study(file: Path) -> Path:
    with create_study(file, author="benchmark") as study:
        images = (Image(f"{number:06}.jpg", *SIZE) for number in range(IMAGES))
        study.add_images(images, author="benchmark")
        study.record_gradings(_gradings(), author="benchmark")
    return file


def _gradings() -> Iterator[Grading]:
    for number in range(IMAGES):
        image = Image(f"{number:06}.jpg", *SIZE)
        for grader, drawn in enumerate(_outlines(number)):
            yield _grading(image, f"grader {grader}", drawn)


def _outlines(number: int) -> list[Ring]:
    """Return what the graders of an image drew: lesions of 100 to 600 pixels radius."""
    random = np.random.default_rng(number)
    radius = random.uniform(100, 600)
    return [_lesion(random, SIZE, VERTICES, radius) for _ in range(GRADERS)]


def _lesion(
    random: np.random.Generator, size: tuple[int, int], vertices: int, radius: float
) -> Ring:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    wave = (
        1 + 0.1 * np.sin(3 * angle + random.uniform(0, 0.6)) + 0.01 * random.normal(size=vertices)
    )
    centre = np.array(size) / 2 + random.normal(0, radius / 30, 2)
    return ring(centre + radius * wave[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1))


def _grading(image: Image, grader: str, drawn: Ring) -> Grading:
    return Grading(image.path, grader, visible=True, roi_count=1, region=(Polygon(drawn),))


def _reading(image: Image, grader: str, drawn: Ring) -> Reading:
    grading = _grading(image, grader, drawn)
    return Reading(grader, Role.ASSIGNED, grading, grading, last=grading)


def _peer(
    rings: Sequence[Ring], size: tuple[int, int], *, shows: bool
) -> tuple[list[float], list[float]]:
    """Return Dice and 95 % Hausdorff distance of all pairs from masks, as others compute them.

    Beside them it makes what they are read with: votes, majority, kappa, each against the others
    and, where it shows them, the small pictures.
    """
    masks = [_filled(drawn, size) for drawn in rings]
    votes = np.sum(masks, axis=0, dtype=np.uint8)
    counts = np.bincount(votes.ravel(), minlength=len(masks) + 1)
    _fleiss(counts)
    majority: Mask = np.greater(2 * votes, len(masks))
    for mask in masks:
        _dice(mask, 2 * (votes - mask) > len(masks) - 1)
    if shows:
        step = -(-max(size) // SIDE)
        _ = [mask[::step, ::step].copy() for mask in (*masks, majority)]
    pairs = list(combinations(masks, 2))
    return [_dice(*pair) for pair in pairs], [_hd95(*pair) for pair in pairs]


def _filled(drawn: Ring, size: tuple[int, int]) -> Mask:
    import cv2

    mask = np.zeros(size[::-1], dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(drawn - 0.5).astype(np.int32)], 1)
    return mask.view(np.bool_)


def _fleiss(counts: NDArray[np.int64]) -> float:
    graders = len(counts) - 1
    marked = np.arange(graders + 1)
    pixels = counts.sum()
    alike = (marked * (marked - 1) + (graders - marked) * (graders - marked - 1)) @ counts
    observed = alike / (pixels * graders * (graders - 1))
    share = marked @ counts / (pixels * graders)
    expected = share**2 + (1 - share) ** 2
    return float((observed - expected) / (1 - expected))


def _dice(one: Mask, other: Mask) -> float:
    return 2 * np.count_nonzero(one & other) / (np.count_nonzero(one) + np.count_nonzero(other))


def _hd95(one: Mask, other: Mask) -> float:
    """Return the distance as medpy computes it, but inside the box of both regions alone."""
    from scipy.ndimage import binary_erosion, distance_transform_edt

    either = one | other
    rows, columns = (np.flatnonzero(either.any(axis=axis)) for axis in (1, 0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edges = [mask[box] ^ binary_erosion(mask[box]) for mask in (one, other)]
    there, back = (distance_transform_edt(~edge) for edge in edges)
    return float(np.percentile(np.concatenate((there[edges[1]], back[edges[0]])), 95))


def _difference(review: ImageReview, peer: tuple[list[float], list[float]]) -> str:
    assert review.overlaps is not None
    ours = review.overlaps.dice, review.overlaps.hd95
    gaps = [
        max(
            abs((value_of(matrix[a][b]) or 0.0) - value)
            for (a, b), value in zip(PAIRS, values, strict=True)
        )
        for matrix, values in zip(ours, peer, strict=True)
    ]
    return f"{gaps[0]:.1e} and {gaps[1]:.2f} px"
