"""Pictures decoded off the GUI thread, the neighbours of the one at hand ahead of time."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.worker.bridge import Bridge, Job
from engine.domain.problem import Problem, Refusal, refuse
from engine.domain.queue import QueueItem
from engine.study.protocol import Study
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.images.pyramid import Pyramid

BUDGET = 700 * 2**20
"""Bytes of decoded pictures that are kept; the one at hand is kept however large it is."""


class Pictures(QObject):
    """Decodes the picture at hand first, then its neighbours, and keeps what was used last."""

    ready = Signal(object, object)
    """A `QueueItem` and its `Pyramid`."""
    failed = Signal(object, object)
    """A `QueueItem` and the `Problem` with its picture."""

    def __init__(
        self,
        study: Study,
        bridge: Bridge,
        *,
        is_packet: bool = False,
        budget: int = BUDGET,
        lane: Lane = Lane.CPU,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._bridge = bridge
        self._is_packet = is_packet
        self._budget = budget
        self._lane = lane
        self._kept: OrderedDict[str, Pyramid] = OrderedDict()
        self._jobs: dict[str, Job] = {}
        self._wanted: QueueItem | None = None
        self._neighbours: tuple[QueueItem, ...] = ()

    def show(self, item: QueueItem, neighbours: Sequence[QueueItem]) -> None:
        """Ask for the picture of an item, answered by `ready` or `failed`; then for its neighbours.

        What was asked for before and is neither is forgotten.
        """
        self._wanted, self._neighbours = item, tuple(neighbours)
        still_wanted = {item.image, *(other.image for other in neighbours)}
        for image in [image for image in self._jobs if image not in still_wanted]:
            self._jobs.pop(image).forget()
        if item.image in self._kept:
            self._kept.move_to_end(item.image)
            self.ready.emit(item, self._kept[item.image])
            self._prefetch()
        elif item.image not in self._jobs:
            self._load(item)

    def forget_all(self) -> None:
        """Stop asking and let all pictures go."""
        for job in self._jobs.values():
            job.forget()
        self._jobs.clear()
        self._kept.clear()
        self._wanted = None

    def _prefetch(self) -> None:
        """Decode the neighbours as far as they fit beside the picture at hand."""
        at_hand = self._kept.get(self._wanted.image) if self._wanted else None
        room = self._budget - (at_hand.nbytes if at_hand else 0)
        for item in self._neighbours:
            room -= bytes_of(item)
            if room < 0:
                return
            if item.digest and item.image not in self._kept and item.image not in self._jobs:
                self._load(item)

    def _load(self, item: QueueItem) -> None:
        if item.digest is None:
            self._on_failed(item, Refusal(without_pixels(item)))
            return
        self._shrink(bytes_of(item))
        if self._is_packet:
            self._jobs[item.image] = self._bridge.run(
                Lane.STUDY,
                partial(self._study.picture, item.image),
                then=lambda content: self._decode_packed(item, content),
                failed=lambda error: self._on_failed(item, error),
            )
        else:
            self._start(item, partial(load_file, self._study.folder, item))

    def _decode_packed(self, item: QueueItem, content: bytes | None) -> None:
        self._start(item, partial(load_packed, content, item))

    def _start(self, item: QueueItem, task: Callable[[], "Pyramid"]) -> None:
        self._jobs[item.image] = self._bridge.run(
            self._lane,
            task,
            then=lambda pyramid: self._on_loaded(item, pyramid),
            failed=lambda error: self._on_failed(item, error),
        )

    def _on_loaded(self, item: QueueItem, pyramid: "Pyramid") -> None:
        self._jobs.pop(item.image, None)
        self._kept[item.image] = pyramid
        if self._wanted and item.image == self._wanted.image:
            self.ready.emit(self._wanted, pyramid)
            self._prefetch()
        self._shrink()

    def _on_failed(self, item: QueueItem, error: BaseException) -> None:
        self._jobs.pop(item.image, None)
        if self._wanted is None or item.image != self._wanted.image:
            return  # told when somebody looks at it
        if isinstance(error, Refusal):
            self.failed.emit(self._wanted, error.problem)
        else:
            self.failed.emit(self._wanted, cannot_be_shown(item))
            self._bridge.failed.emit(error)
        self._prefetch()

    def _shrink(self, coming: int = 0) -> None:
        """Let pictures go until what is kept, and as many bytes more, are within the budget."""
        at_hand = self._wanted.image if self._wanted else ""
        for image in list(self._kept):
            kept = sum(pyramid.nbytes for pyramid in self._kept.values())
            if kept + coming <= self._budget:
                return
            if image != at_hand:
                del self._kept[image]


def bytes_of(item: QueueItem) -> int:
    """Return about how much memory the pyramid of an item takes: four bytes, and a third more."""
    return item.width * item.height * 16 // 3


def load_file(folder: Path, item: QueueItem) -> "Pyramid":
    """Return the pyramid of an image's file.

    Raises
    ------
    Refusal
        The file is missing, cannot be decoded, or is not the one the study knows.
    """
    from engine.images.digest import digest_of  # noqa: PLC0415 - loads Pillow and numpy
    from engine.images.pyramid import load_pyramid  # noqa: PLC0415

    path = folder / item.image
    pyramid = load_pyramid(path)
    if digest_of(path) != item.digest:
        raise refuse(
            "image_changed",
            item.image,
            "The file is not the one the study knows, so outlines might not fit it",
            "Put the original file back; the lead can check all files with 'dermconcord doctor'",
        )
    return pyramid


def load_packed(content: bytes | None, item: QueueItem) -> "Pyramid":
    """Return the pyramid of a picture that came in a packet.

    Raises
    ------
    Refusal
        The packet has none, or it cannot be decoded.
    """
    from engine.images.decode import decode_bytes  # noqa: PLC0415 - loads Pillow and numpy
    from engine.images.pyramid import pyramid_of  # noqa: PLC0415

    if content is None:
        raise Refusal(without_pixels(item))
    return pyramid_of(decode_bytes(content, item.image))


def without_pixels(item: QueueItem) -> Problem:
    """Return the problem of an image that is known by its name and size alone."""
    return Problem(
        "no_picture",
        item.image,
        "The study knows this image by name and size only, so there is nothing to look at",
        "Go on with the next image, and tell the lead",
    )


def cannot_be_shown(item: QueueItem) -> Problem:
    """Return the problem of a picture that failed for a reason the program does not know."""
    return Problem(
        "picture_failed",
        item.image,
        "The picture cannot be shown",
        "Go on with the next image, and tell the lead",
    )
