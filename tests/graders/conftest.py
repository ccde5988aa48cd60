"""Images, gradings and readings in one line each."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Origin, Reading, Role
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring

IMAGE = Image("a.jpg", 20, 10)


def box(left, top, right, bottom):
    return Polygon(ring([(left, top), (right, top), (right, bottom), (left, bottom)]))


BOX = box(2, 2, 8, 8)
NEAR = box(3, 2, 9, 8)
FAR = box(12, 2, 18, 8)


class Desk:
    """Makes gradings and readings of one image."""

    image = IMAGE
    box, near, far = BOX, NEAR, FAR

    @staticmethod
    def drawn(*polygons, **answers):
        answers = {"visible": True, "roi_count": len(polygons), **answers}
        return Grading(IMAGE.path, "", region=polygons, **answers)

    @staticmethod
    def not_visible(**answers):
        return Grading(IMAGE.path, "", **{"visible": False, **answers})

    @staticmethod
    def too_many(**answers):
        return Grading(IMAGE.path, "", **{"visible": True, "roi_count": 5, **answers})

    @staticmethod
    def imported(*polygons, **answers):
        return Grading(IMAGE.path, "", region=polygons, origin=Origin.IMPORTED, **answers)

    @staticmethod
    def reading(
        grading=None, latest=None, *, last=None, grader="A", role=Role.ASSIGNED, sent_back=False
    ):
        """Return a reading of one revision, or of a first, a latest, and one not done."""
        first, latest, last = (
            g and replace(g, grader=grader, role=role)
            for g in (grading, latest or grading, last or latest or grading)
        )
        return Reading(grader, role, first, latest, sent_back, last)

    def readings(self, *gradings):
        """Return assigned graders A, B, ... with one revision each, None for not yet done."""
        return [self.reading(g, grader=chr(65 + n)) for n, g in enumerate(gradings)]


@pytest.fixture
def desk():
    return Desk()
