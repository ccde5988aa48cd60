"""The image at hand: what its graders say, what a lead decided, its boxes, its photograph."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.session.pictures import Pictures
from desktop_app.session.reviewing.deeds import Seen
from desktop_app.worker.bridge import Bridge, Job
from engine.domain.grading import Role
from engine.domain.image import Image, PrivacyBox
from engine.domain.problem import Problem
from engine.domain.queue import QueueItem, QueueState
from engine.domain.settings import AgreementSettings
from engine.study.protocol import Study
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.images.pyramid import Pyramid
    from engine.stages.reviewing import ImageReview

SIDE = 1536
"""Longest side, in pixels, at which votes are shown."""

AT_ONCE = Lane.JOB
"""Where the image at hand is worked on: the CPU lane may be busy with the whole study for long."""


@dataclass(frozen=True, slots=True)
class Records:
    """What the study holds of one image."""

    image: Image
    seen: Seen
    boxes: tuple[PrivacyBox, ...]


class ImageAtHand(QObject):
    """Reads and measures one image; whatever comes of an earlier one is dropped."""

    opening = Signal(object)
    """Another `Image` is at hand; nothing of it is there yet."""

    read = Signal(object)
    """The `Records` of the image at hand, before it is measured."""

    reviewed = Signal(object)
    """The `ImageReview` of the image at hand, once more after each change."""

    failed = Signal(object)
    """An error that kept the image from being read or measured."""

    picture_ready = Signal(object)
    """The `Pyramid` of the image at hand."""

    picture_failed = Signal(object)
    """The `Problem` with its picture."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        settings: AgreementSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.image: Image | None = None
        self.records: Records | None = None
        self.review: ImageReview | None = None
        self._study = study
        self._bridge = bridge
        self._job: Job | None = None
        self._pictures = Pictures(study, bridge, lane=AT_ONCE, parent=self)
        self._pictures.ready.connect(self._on_picture)
        self._pictures.failed.connect(self._on_no_picture)

    @property
    def path(self) -> str:
        """Path of the image at hand, empty for none."""
        return self.image.path if self.image else ""

    def open(self, image: Image, neighbours: Sequence[Image] = ()) -> None:
        """Take another image at hand; the pictures of its neighbours are decoded ahead."""
        self.image, self.records, self.review = image, None, None
        self.opening.emit(image)
        self.reread()
        self._pictures.show(_item(image), [_item(neighbour) for neighbour in neighbours])

    def reread(self) -> None:
        """Read and measure the image at hand again."""
        if self._job is not None:
            self._job.forget()
            self._job = None
        if self.image is not None:
            self._job = self._bridge.run(
                Lane.STUDY,
                partial(read_records, self._study, self.image),
                then=self._on_records,
                failed=self._on_failed,
            )

    def leave(self) -> None:
        """Have no image at hand any more, and wait for nothing."""
        if self._job is not None:
            self._job.forget()
            self._job = None
        self.image, self.records, self.review = None, None, None
        self._pictures.forget_all()

    def _on_records(self, records: Records) -> None:
        self.records = records
        self.read.emit(records)
        self._job = self._bridge.run(
            AT_ONCE,
            partial(review_of, records, self.settings),
            then=self._on_review,
            failed=self._on_failed,
        )

    def _on_review(self, review: "ImageReview") -> None:
        self._job = None
        self.review = review
        self.reviewed.emit(review)

    def _on_failed(self, error: BaseException) -> None:
        self._job = None
        self.failed.emit(error)

    def _on_picture(self, item: QueueItem, pyramid: "Pyramid") -> None:
        if item.image == self.path:
            self.picture_ready.emit(pyramid)

    def _on_no_picture(self, item: QueueItem, problem: Problem) -> None:
        if item.image == self.path:
            self.picture_failed.emit(problem)


def read_records(study: Study, image: Image) -> Records:
    """Read what the study holds of an image; runs on the study's lane."""
    path = image.path
    seen = Seen(study.readings_of(path), study.adjudication(path))
    return Records(image, seen, tuple(study.privacy_boxes().get(path, ())))


def review_of(records: Records, settings: AgreementSettings) -> "ImageReview":
    """Measure one image."""
    from engine.stages.reviewing import review_image  # noqa: PLC0415 - it loads shapely

    seen = records.seen
    return review_image(records.image, seen.readings, settings, seen.adjudication, max_side=SIDE)


def _item(image: Image) -> QueueItem:
    """Return an image as `Pictures` asks for it."""
    return QueueItem(
        0, image.path, Role.ASSIGNED, image.width, image.height, image.digest, QueueState.TO_DO
    )
