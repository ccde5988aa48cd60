"""The picture of the image at hand with its map, and the small ones of the gallery."""

from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Latest, Work
from desktop_app.session.explaining.tasks import FinishedRun, Place
from engine.domain.problem import Problem
from engine.domain.rows import ImageResult
from engine.domain.settings import FigureSettings
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

if TYPE_CHECKING:
    from engine.stages.gallery import Shown
    from engine.stages.prepare import PreparedRun

Picture = NDArray[np.uint8]
Polarity = Literal["both", "positive", "negative"]
SIDE = 1024
"""Longest side of the panels, pixels."""

KEPT = 24
"""Images whose map is kept in memory, so that going back is at once."""


@dataclass(frozen=True, slots=True)
class MapLook:
    """How maps look on the page.

    Attributes
    ----------
    opacity
        Of the map on the photograph, 0..1.
    figures
        Palette, percentiles, outlines, and whether maps share a scale.
    """

    figures: FigureSettings = field(default_factory=FigureSettings)
    opacity: float = 0.5
    polarity: Polarity = "both"


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """The panels of one image as pictures of one size: four, or two where there is no map."""

    result: ImageResult
    pictures: tuple[Picture, ...]


class Pictures(QObject):
    """Reads the image at hand on the lanes; a picture that is no longer wanted is never shown.

    Attributes
    ----------
    panels
        What is shown: `Panels`, a `Problem`, or None while nothing is at hand or on its way.
    """

    loading = Signal()
    """Another image is being read."""

    shown = Signal(object)
    """The `Panels` of the image at hand, again at each change of the look."""

    missing = Signal(object)
    """The `Problem` why the image at hand cannot be shown."""

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._run: PreparedRun | None = None
        self._result: ImageResult | None = None
        self._kept: OrderedDict[str, Shown] = OrderedDict()
        self._reading = Latest(self._read)
        self._drawing = Latest(self._draw)
        self.look = MapLook()
        self.panels: Panels | Problem | None = None

    def set_run(self, run: "PreparedRun | None") -> None:
        """Take the images of another run, finished or under way; nothing is at hand."""
        self._reading.forget()
        self._drawing.forget()
        self._run, self._result, self.panels = run, None, None
        self._kept.clear()

    def show(self, result: ImageResult | None) -> None:
        """Take another image at hand, or none."""
        self._result, self.panels = result, None
        if result is None or self._run is None:
            self._reading.forget()
            return
        kept = self._kept.get(result.image.path)
        if kept is not None:
            self._kept.move_to_end(result.image.path)
            self._drawing.ask((result, kept))
            return
        self.loading.emit()
        self._reading.ask((self._run, result))

    def read_anew(self) -> None:
        """Read the image at hand again, as when its region or its privacy boxes changed."""
        self._kept.clear()
        self.show(self._result)

    def set_look(self, look: MapLook) -> None:
        """Show maps otherwise from now on."""
        if look == self.look:
            return
        self.look = look
        kept = self._kept.get(self._result.image.path) if self._result else None
        if self._result is not None and kept is not None:
            self._drawing.ask((self._result, kept))

    # Reading and drawing

    def _read(self, wish: "tuple[PreparedRun, ImageResult]", done: Callable[[], None]) -> Work:
        run, result = wish

        def on_read(shown: "Shown | Problem") -> None:
            if run is self._run and result is self._result:
                self._on_read(result, shown)
            done()

        def on_failed(error: BaseException) -> None:
            done()
            if run is self._run and result is self._result:
                self.missing.emit(_problem_of(result, error))

        task = partial(_show, self._place, run, result)
        return self._jobs.start(task, then=on_read, failed=on_failed, stopped=done)

    def _on_read(self, result: ImageResult, shown: "Shown | Problem") -> None:
        if isinstance(shown, Problem):
            self.panels = shown
            self.missing.emit(shown)
            return
        self._kept[result.image.path] = shown
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._drawing.ask((result, shown))

    def _draw(self, wish: "tuple[ImageResult, Shown]", done: Callable[[], None]) -> Work:
        result, shown = wish

        def on_drawn(pictures: tuple[Picture, ...]) -> None:
            if result is self._result:
                self.panels = Panels(result, pictures)
                self.shown.emit(self.panels)
            done()

        others = tuple(self._kept.values())
        task = partial(draw_panels_of, shown, self.look, others)
        return self._jobs.run(Lane.CPU, task, then=on_drawn)


def _show(
    place: Place, prepared: "PreparedRun", result: ImageResult, job: JobContext
) -> "Shown | Problem":
    from engine.pipeline import show_image  # noqa: PLC0415 - loads the rooms of a run

    predicted = result.predicted if isinstance(result.predicted, str) else None
    return show_image(
        place.study, prepared.run, result.agreement, job, predicted=predicted, side=SIDE
    )


def draw_panels_of(
    shown: "Shown", look: MapLook, others: "Sequence[Shown]" = ()
) -> tuple[Picture, ...]:
    """Return the panels of an image.

    Parameters
    ----------
    others
        Images whose maps share one scale with this one, where the look asks for that.
    """
    from engine.figures.look import at_scale, common_scale, look_of  # noqa: PLC0415
    from engine.figures.panels import panel_pictures  # noqa: PLC0415 - loads scipy

    drawn = look_of(look.figures)
    if look.figures.scale == "shared":
        maps = (one.saliency_map for one in (shown, *others))
        common = common_scale((each for each in maps if each is not None), drawn.display)
        drawn = at_scale(drawn, common, shown.saliency_map)
    return panel_pictures(
        pixels=shown.pixels,
        consensus=shown.consensus,
        saliency_map=shown.saliency_map,
        look=drawn,
        opacity=look.opacity,
        polarity=look.polarity,
    )


def _problem_of(result: ImageResult, error: BaseException) -> Problem:
    if hasattr(error, "problem"):
        problem: Problem = error.problem
        return problem
    told = f"it cannot be shown ({type(error).__name__}: {error})"
    return Problem("not_shown", result.image.path, told, "Look at another image")


class Strips(QObject):
    """The four panels of many images, small, as they are made: the gallery of extremes."""

    came = Signal(object)
    """Strips that were made since, by path: pictures, or the `Problem` why there is none."""

    done = Signal()

    def __init__(self, place: Place, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._work: Work | None = None
        self._came: deque[tuple[str, Picture | Problem]] = deque()
        self._run: FinishedRun | None = None
        self.strips: dict[str, Picture | Problem] = {}

    def set_run(self, run: FinishedRun | None) -> None:
        """Take another run; strips of the one before are gone."""
        self.forget()
        self.strips = {}
        self._run = run

    def forget(self) -> None:
        """Make no more of them."""
        if self._work is not None:
            self._work.drop()
            self._work = None

    def want(self, paths: Collection[str], figures: FigureSettings) -> None:
        """Make the strips of these images, as far as they are not there."""
        missing = frozenset(paths) - self.strips.keys()
        run = self._run
        if run is None or not missing:
            return
        self.forget()
        came: deque[tuple[str, Picture | Problem]] = deque()
        self._came = came
        task = partial(_make_strips, self._place, run, missing, figures, came.append)
        self._work = self._jobs.start(
            task,
            then=lambda _: self._on_done(),
            failed=lambda error: self._on_failed(missing, error),
            progressed=lambda _step: self._drain(),
        )

    def _drain(self) -> None:
        fresh: dict[str, Any] = {}
        while self._came:
            path, strip = self._came.popleft()
            fresh[path] = strip
        if fresh:
            self.strips.update(fresh)
            self.came.emit(fresh)

    def _on_done(self) -> None:
        self._work = None
        self._drain()
        self.done.emit()

    def _on_failed(self, wanted: Collection[str], error: BaseException) -> None:
        told = getattr(error, "problem", None)
        for path in wanted - self.strips.keys():
            problem = told or Problem("not_shown", path, f"it cannot be shown ({error})", "")
            self._came.append((path, replace(problem, where=path)))
        self._on_done()


def _make_strips(
    place: Place,
    run: FinishedRun,
    wanted: Collection[str],
    figures: FigureSettings,
    put: Callable[[tuple[str, Picture | Problem]], None],
    job: JobContext,
) -> None:
    from engine.figures.look import look_of  # noqa: PLC0415 - loads scipy
    from engine.pipeline import show_images  # noqa: PLC0415
    from engine.stages.gallery import strip_of  # noqa: PLC0415

    look = look_of(figures)
    rows = [result.agreement for result in run.run.images]
    found = show_images(place.study, run.prepared.run, rows, wanted, job)
    for done, (path, shown) in enumerate(found, start=1):
        job.cancel.check()
        if isinstance(shown, Problem):
            put((path, shown))
        else:
            put((path, job.executor.submit(Lane.CPU, strip_of, shown, look).result()))
        job.progress(Step("strips", done, len(wanted)))
