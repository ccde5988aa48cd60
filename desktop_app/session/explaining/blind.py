"""The photograph to be labelled, without map, region or group, and the next one beforehand."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Latest, Work
from desktop_app.session.explaining.pictures import SIDE, Picture
from desktop_app.session.explaining.tasks import FinishedRun, Place
from engine.domain.image import Image, PrivacyBox
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

KEPT = 8


class BlindPictures(QObject):
    """Reads photographs with their privacy boxes burnt in, the one at hand first."""

    ready = Signal(str, object)
    """Path of an image and its picture."""

    missing = Signal(str, str)
    """Path of an image and why it cannot be shown."""

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._run: FinishedRun | None = None
        self._images: dict[str, Image] = {}
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._latest = Latest(self._read)
        self._next = ""

    def set_run(self, run: FinishedRun) -> None:
        """Take the images of another run."""
        self._latest.forget()
        self._run = run
        self._kept.clear()
        self._images = {result.image.path: result.image for result in run.run.images}

    def want(self, path: str, *, then: str = "") -> None:
        """Read an image, and another one after it, likely to be wanted next."""
        self._next = then
        kept = self._kept.get(path)
        if kept is None:
            self._latest.ask(path)
            return
        self.ready.emit(path, kept)
        self._read_next()

    def _read_next(self) -> None:
        path, self._next = self._next, ""
        if path and path not in self._kept:
            self._latest.ask(path)

    def _read(self, path: str, done: Callable[[], None]) -> Work:
        run = self._run
        assert run is not None

        def on_read(found: Picture | str) -> None:
            done()
            if run is not self._run:
                return
            if isinstance(found, str):
                self.missing.emit(path, found)
            else:
                self._keep(path, found)
                self.ready.emit(path, found)
            self._read_next()

        task = partial(_covered, self._place, run, self._images[path])
        return self._jobs.start(task, then=on_read)

    def _keep(self, path: str, picture: Picture) -> None:
        self._kept[path] = picture
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _covered(place: Place, run: FinishedRun, image: Image, job: JobContext) -> Picture | str:
    """Return the photograph with the privacy boxes that it has by now."""
    boxes = job.on_study(place.study.privacy_boxes).get(image.path, ())
    folder = run.prepared.run.folder
    return job.executor.submit(Lane.CPU, _photograph, folder, image, boxes).result()


def _photograph(folder: Path, image: Image, boxes: Sequence[PrivacyBox]) -> Picture | str:
    """Return the photograph as a screen shows it, or why there is none."""
    from engine.domain.rows import Failure  # noqa: PLC0415
    from engine.figures.panels import fitted  # noqa: PLC0415 - loads figures
    from engine.stages.pixels import read_shown_pixels  # noqa: PLC0415

    pixels = read_shown_pixels(folder, image, boxes)
    return pixels.detail if isinstance(pixels, Failure) else fitted(pixels, SIDE)
