"""The runs that are there, side by side: which one is shown, what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from desktop_app.session.explaining.jobs import Jobs, Latest, Work
from desktop_app.session.explaining.tasks import FinishedRun
from engine.domain.measure import Undefined
from engine.domain.settings import RunSettings
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.findings.persistence import Persistence

SEPARATOR = " · "

METHODS = {
    "integrated_gradients": "Integrated Gradients",
    "gradients": "Gradients",
    "input_x_gradient": "Input x gradient",
    "grad_cam": "Grad-CAM",
    "occlusion": "Occlusion",
    "gradient_shap": "GradientSHAP",
}
"""Saliency methods by the names that the field gives them."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Ranks from 1, which agrees least, shape (runs, images), and the images' paths."""

    paths: tuple[str, ...]
    ranks: NDArray[np.int64]


@dataclass(eq=False, slots=True)
class KeptRun:
    """A finished run as it stands in the list; its name may be changed."""

    id: int
    name: str
    result: FinishedRun
    is_stale: bool = field(default=False)
    """True once readings of the study changed after it."""


class Runs(QObject):
    """Finished runs, kept in memory for as long as the study is open.

    Attributes
    ----------
    all
        In the order in which they ended.
    shown
        The one that tables and plots show, or None.
    persistence
        By metric how alike the runs rank the images; empty below two runs.
    ranks
        By metric the rank of each image in each run, with the images' paths.
    """

    changed = Signal()
    """Another run is there, one is gone, or one is called otherwise."""

    shown_changed = Signal(object)
    """The `KeptRun` that is shown from now on, or None."""

    result_changed = Signal(object)
    """The shown `KeptRun` has other findings or marks."""

    persistence_changed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._ids = count(1)
        self._latest = Latest(self._compare)
        self.all: list[KeptRun] = []
        self.shown: KeptRun | None = None
        self.persistence: Mapping[str, Persistence] = {}
        self.ranks: Mapping[str, Ranks] = {}

    def add(self, result: FinishedRun) -> KeptRun:
        """Keep a run that ended, and show it."""
        taken = {run.name for run in self.all}
        others = [run.result.settings for run in self.all]
        kept = KeptRun(next(self._ids), _free(run_name(result, others), taken), result)
        self.all.append(kept)
        self.changed.emit()
        self.show(kept)
        self._ask_persistence()
        return kept

    def show(self, run: KeptRun | None) -> None:
        """Show another run."""
        if run is not self.shown:
            self.shown = run
            self.shown_changed.emit(run)

    def rename(self, run: KeptRun, name: str) -> None:
        """Call a run otherwise; an empty name, or one of another run, changes nothing."""
        taken = {other.name for other in self.all if other is not run}
        name = " ".join(name.split())
        if name and name != run.name and name not in taken:
            run.name = name
            self.changed.emit()
            self._ask_persistence()

    def close(self, run: KeptRun) -> None:
        """Let a run go; its maps stay on disk."""
        if run not in self.all:
            return
        at = self.all.index(run)
        self.all.remove(run)
        self.changed.emit()
        if run is self.shown:
            rest = self.all[max(at - 1, 0) : max(at, 1)]
            self.show(rest[0] if rest else None)
        self._ask_persistence()

    def replace(self, run: KeptRun, result: FinishedRun) -> None:
        """Give a run other findings or marks; one that was closed meanwhile stays closed."""
        if run in self.all:
            run.result = result
            if run is self.shown:
                self.result_changed.emit(run)

    def mark_stale(self) -> None:
        """Take note that readings changed: what the runs say may be no longer so."""
        for run in self.all:
            run.is_stale = True
        if self.all:
            self.changed.emit()

    # Rank persistence

    def _ask_persistence(self) -> None:
        self.persistence, self.ranks = {}, {}
        if len(self.all) < 2:
            self._latest.forget()
            self.persistence_changed.emit()
            return
        names = distinct([run.name for run in self.all])
        images = {name: run.result.run.images for name, run in zip(names, self.all, strict=True)}
        fraction = self.all[-1].result.settings.findings.extreme_fraction
        self._latest.ask((images, fraction))
        self.persistence_changed.emit()

    def _compare(self, wish: tuple[Mapping[str, Any], float], done: "Callable[[], None]") -> Work:
        images, fraction = wish

        def on_compared(found: "tuple[Mapping[str, Persistence], Mapping[str, Ranks]]") -> None:
            if list(images) == distinct([run.name for run in self.all]):
                self.persistence, self.ranks = found
                self.persistence_changed.emit()
            done()

        task = partial(_persistence, images, fraction)
        return self._jobs.start(task, then=on_compared, stopped=done)


def _persistence(
    images: Mapping[str, Any], fraction: float, job: JobContext
) -> "tuple[Mapping[str, Persistence], Mapping[str, Ranks]]":
    return job.executor.submit(Lane.CPU, _compared, images, fraction).result()


def _compared(
    images: Mapping[str, Any], fraction: float
) -> "tuple[Mapping[str, Persistence], Mapping[str, Ranks]]":
    from engine.checking import persistence_of, values_of  # noqa: PLC0415 - loads scipy
    from engine.figures.persistence import ranks_of  # noqa: PLC0415

    persistence = persistence_of(images, fraction=fraction)
    ranks = {}
    for metric in persistence:
        values = values_of(images, metric)
        known = [
            {path for path, value in of_run.items() if not isinstance(value, Undefined)}
            for of_run in values.values()
        ]
        paths = tuple(sorted(set.intersection(*known)))
        ranks[metric] = Ranks(paths, ranks_of(values, tuple(images)))
    return persistence, ranks


def run_name(result: FinishedRun, others: Sequence[RunSettings] = ()) -> str:
    """Return what a run is called: its model, its method, and what sets it apart.

    Parameters
    ----------
    others
        Settings of the runs that are there already.
    """
    settings = result.settings
    if result.request.maps is not None:
        parts = [f"Maps in {result.request.maps.name}"]
    else:
        card = result.run.model.get("card") or {}
        parts = [str(card.get("name", "Model")), METHODS[settings.saliency.method]]
    base = others[-1] if others else RunSettings()
    if result.request.maps is not None:
        base = base.model_copy(update={"saliency": settings.saliency})
    return SEPARATOR.join([*parts, *differences(settings, base)])


def differences(settings: RunSettings, base: RunSettings) -> list[str]:
    """Return the settings that are not those of another run, as ``name value``."""
    now, then = settings.model_dump(), base.model_dump()
    return [
        f"{name.replace('_', ' ')} {value}"
        for table, values in now.items()
        for name, value in values.items()
        if value != then[table][name] and (table, name) != ("saliency", "method")
    ]


def distinct(names: Sequence[str]) -> list[str]:
    """Return names without the parts that all of them begin with, where something is left."""
    parts = [name.split(SEPARATOR) for name in names]
    shared = 0
    while all(len(one) > shared + 1 for one in parts) and len({one[shared] for one in parts}) == 1:
        shared += 1
    return [SEPARATOR.join(one[shared:]) for one in parts]


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name} ({n})" for n in count(2) if f"{name} ({n})" not in taken)
