"""How long a run will take, told by one batch of it before anybody waits for the rest."""

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, starmap
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.saliency_map import SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.cache import MapCache, NoCache
from engine.saliency.samplers import effective
from engine.saliency.timing import passes_of, seconds_of_whole
from engine.stages.casework import case_of, condition_of, measure_images, with_known_answer
from engine.stages.explain import explain_case
from engine.stages.graded import graded_chunks
from engine.stages.load import load_case
from engine.stages.locate import locate_case
from engine.stages.prepare import PreparedRun
from engine.stages.showing import refreshed
from engine.stages.target import given_images, is_case_model, known_keys
from engine.stages.trying import device_in_words
from engine.stages.work import CaseWork, ExplainedCase, ImageWork, LoadedCase, Run
from engine.study.protocol import Study
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step

S = TypeVar("S")
T = TypeVar("T")

MOST_TRIED = 5
"""Cases whose maps are tried to be made before it is taken that none can be."""

NOT_DRAWN = Undefined(Reason.NO_MAP)
"""In place of a region that nobody looks at."""

OF_A_CACHED_MAP = 2
"""How often a run reads a map that was made before."""


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """What a run has before it.

    Attributes
    ----------
    images
        Admitted images that the model is given.
    cached
        Those whose maps were made before.
    gradients
        That each of the others takes; of Occlusion squares to be hidden, 0 for imported maps.
    seconds_per_image
        Of an image without a map, all steps of the run together; of a case model the share of the
        image in its case. 0 where every map is made, or none of the first can be.
    seconds
        Of the whole run.
    device
        Where the model runs, in words; empty for imported maps.
    """

    images: int
    cached: int
    gradients: int
    seconds_per_image: float
    seconds: float
    device: str


@dataclass(frozen=True, slots=True)
class _Times:
    """Seconds of one image."""

    anew: float
    cached: float


@dataclass(slots=True)
class _Ahead:
    """What is counted on the way through the cases, and the names of a few to be measured."""

    images: int = 0
    cached: int = 0
    to_make: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


def estimate_run(study: Study, prepared: PreparedRun, job: JobContext) -> RunEstimate:
    """Count what a run has to do and measure one batch of its method.

    Nothing is stored. Maps made before are counted by their keys alone. The time is that of this
    machine as busy as it is now.

    Raises
    ------
    Refusal
        The model cannot do the method, or the study's files cannot be used.
    """
    run = refreshed(study, prepared.run, job)
    ahead = _count(study, run, job)
    if run.classifier is None or run.maps is not None:
        return RunEstimate(ahead.images, 0, 0, 0.0, 0.0, "")
    settings = effective(run.settings.saliency, run.classifier.device.type)
    times = _times(study, run, ahead, job)
    return RunEstimate(
        images=ahead.images,
        cached=ahead.cached,
        gradients=passes_of(settings, run.classifier.card.input_size),
        seconds_per_image=times.anew,
        seconds=(ahead.images - ahead.cached) * times.anew + ahead.cached * times.cached,
        device=device_in_words(run.classifier),
    )


def _count(study: Study, run: Run, job: JobContext) -> _Ahead:
    rows = _measured(study, run, job)
    works = (with_known_answer(study, run, work, job) for work in _cases(rows))
    ahead = _Ahead()
    with closing(_on_cpu(works, partial(_with_cached, run), job)) as looked_up:
        for work, cached in looked_up:
            images = len(given_images(run, work) if run.classifier else work.images)
            ahead.images += images
            ahead.cached += images if cached else 0
            sample = ahead.made if cached else ahead.to_make
            if len(sample) < MOST_TRIED:
                sample.append(work.case)
    return ahead


def _cases(rows: Iterable[ImageAgreement]) -> Iterator[CaseWork]:
    """Yield each case with an admitted image, without its regions, which keys do not need."""
    for case, group in groupby(rows, key=lambda row: row.image.case):
        of_case = list(group)
        condition = condition_of(row.image for row in of_case)
        images = tuple(ImageWork(row, NOT_DRAWN) for row in of_case if row.admitted)
        if images:
            yield CaseWork(case, condition, images)


def _measured(study: Study, run: Run, job: JobContext) -> Generator[ImageAgreement]:
    adjudications = job.on_study(study.adjudications)
    measure = partial(measure_images, run.settings.agreement, adjudications)
    total, done = job.on_study(study.image_count), 0
    with closing(_on_cpu(graded_chunks(study, job), measure, job)) as measured:
        for some in measured:
            done += len(some)
            job.progress(Step("estimate", done, total, some[-1].image.path))
            yield from some


def _on_cpu(items: Iterable[T], task: Callable[[T], S], job: JobContext) -> Generator[S]:
    return in_order(items, task, lane=Lane.CPU, executor=job.executor, cancel=job.cancel)


def _with_cached(run: Run, work: CaseWork) -> tuple[CaseWork, bool]:
    keys = known_keys(run, work) if run.classifier else None
    return work, keys is not None and all(map(run.cache.holds, keys))


def _times(study: Study, run: Run, ahead: _Ahead, job: JobContext) -> _Times:
    """Return the seconds of an image, from the first cases of which there can be a map."""
    for is_made, cases in ((False, ahead.to_make), (True, ahead.made)):
        for case in cases:
            job.cancel.check()
            work = case_of(study, run, case, job)
            times = _times_of(run, work, job, is_made=is_made)
            if times is not None:
                return times
    return _Times(0.0, 0.0)


def _times_of(run: Run, work: CaseWork, job: JobContext, *, is_made: bool) -> _Times | None:
    submit, images = job.executor.submit, len(given_images(run, work))
    loading, loaded = submit(Lane.CPU, _timed, partial(load_case, run, work)).result()
    if is_made:
        making = 0.0
        explained = submit(Lane.CPU, explain_case, run, job.cancel, loaded).result()
    else:
        making, explained = submit(Lane.GPU, _made, run, job.cancel, loaded).result()
    if not any(isinstance(one, SaliencyMap) for one in explained.maps):
        return None
    keeping, reading = submit(Lane.CPU, _cache_times, explained).result()
    locating, _ = submit(Lane.CPU, _timed, partial(locate_case, run, explained)).result()
    beside = loading + locating
    cached = OF_A_CACHED_MAP * reading + locating
    if is_made:
        return _Times(0.0, cached / images)
    assert run.classifier is not None
    is_shared = run.classifier.device.type == "cpu"  # all steps take turns on one processor
    anew = beside + making + keeping if is_shared else max(making + keeping, beside)
    return _Times(anew / images, cached / images)


def _made(run: Run, cancel: CancelToken, loaded: LoadedCase) -> tuple[float, ExplainedCase]:
    """Return how long the maps of a case take, and maps of it made with less work."""
    assert run.classifier is not None
    uncached = replace(run, cache=NoCache())
    results: list[ExplainedCase] = []

    def seconds(settings: SaliencySettings) -> float:
        shorter = replace(uncached, settings=run.settings.model_copy(update={"saliency": settings}))
        taken, explained = _timed(partial(explain_case, shorter, cancel, loaded))
        results.append(explained)
        return taken

    moved = len(given_images(run, loaded.work)) if _moves_together(run) else 1
    whole = seconds_of_whole(
        run.settings.saliency,
        run.classifier.card.input_size,
        batch=replace(run.classifier, images=moved).gradients_at_once(),
        seconds=seconds,
    )
    return whole, results[-1]


def _moves_together(run: Run) -> bool:
    """Tell whether an input of the network holds a whole case."""
    return is_case_model(run) and run.settings.saliency.case_path == "together"


def _cache_times(explained: ExplainedCase) -> tuple[float, float]:
    """Return how long it takes to keep the maps of a case and to read them, all of them once."""
    maps = {str(n): m for n, m in enumerate(explained.maps) if isinstance(m, SaliencyMap)}
    with tempfile.TemporaryDirectory() as folder:
        cache = MapCache(Path(folder))
        keeping, _ = _timed(lambda: list(starmap(cache.put, maps.items())))
        reading, _ = _timed(lambda: list(map(cache.get, maps)))
    return keeping, reading


def _timed(task: Callable[[], T]) -> tuple[float, T]:
    started = perf_counter()
    result = task()
    return perf_counter() - started, result
