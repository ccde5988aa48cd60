"""Readings of one image by several graders, drawn by lot, for what a lead is shown of them."""

from dataclasses import replace

import numpy as np
import shapely

from engine.domain.grading import Grading, Origin, Reading, Role, Status
from engine.domain.polygon import Polygon, ring


def star(random, width, height, corners=9):
    """Return a polygon that may leave the image; its vertices hit no pixel's centre."""
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    radius = random.uniform(0.1, 0.6, corners) * min(width, height)
    centre = random.uniform((0, 0), (width, height))
    return Polygon(ring(centre + radius[:, None] * np.stack((np.cos(angle), np.sin(angle)), 1)))


def outlined(image, grader, *polygons, role=Role.ASSIGNED, origin=Origin.DRAWN):
    """Return a done grading of these outlines."""
    return Grading(image.path, grader, True, len(polygons), polygons, origin=origin, role=role)


def once(grading, *, sent_back=False):
    """Return the reading of one done revision."""
    return Reading(grading.grader, grading.role, grading, grading, sent_back, grading)


def random_readings(seed, image, graders=4):
    """Return readings of all kinds: redone, sent back, not visible, too many, begun, extra."""
    random = np.random.default_rng(seed)
    return [
        _random_reading(random, image, f"grader {number}", role=_role(random))
        for number in range(graders)
    ]


def _role(random):
    return random.choice([Role.ASSIGNED] * 4 + [Role.EXTRA, Role.REPEAT])


def _random_reading(random, image, grader, *, role):
    def drawn():
        polygons = [star(random, *image.size) for _ in range(random.integers(1, 4))]
        return outlined(image, grader, *polygons, role=role)

    blank = Grading(image.path, grader, role=role)
    begun = replace(drawn(), status=Status.STARTED, roi_count=None)
    imported = replace(drawn(), roi_count=None, visible=None, origin=Origin.IMPORTED)
    nothing = replace(blank, origin=Origin.IMPORTED)
    unseen, many = replace(blank, visible=False), replace(blank, visible=True, roi_count=5)
    kinds = [
        lambda: once(drawn()),
        lambda: once(imported),
        lambda: once(nothing),
        lambda: once(unseen),
        lambda: once(many),
        lambda: once(drawn(), sent_back=True),
        lambda: Reading(grader, role, drawn(), last := drawn(), last=last),
        lambda: Reading(grader, role, None, None, last=begun),
        lambda: Reading(grader, role, None, None),
    ]
    return random.choice(kinds, p=[0.4, *[0.075] * 8])()


def mask_of(region, image):
    """Return which pixels' centres lie in any polygon, asked of shapely one by one."""
    y, x = np.mgrid[: image.height, : image.width] + 0.5
    mask = np.zeros((image.height, image.width), dtype=bool)
    for polygon in region:
        mask |= shapely.contains_xy(shapely.Polygon(polygon.exterior, polygon.holes), x, y)
    return mask
