"""Whether findings rest on the saliency method, and whether maps rest on the model at all."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

from engine.domain.measure import Measure
from engine.domain.problem import Problem
from engine.domain.rows import Failure, ImageResult, UnlearnedMap
from engine.domain.settings import Method
from engine.findings.persistence import Persistence, rank_persistence
from engine.pipeline import Explained, explain_study, measure_study
from engine.stages.casework import admitted_cases
from engine.stages.prepare import PreparedRun, require_method
from engine.stages.sanity import unlearn_case
from engine.stages.work import CaseWork, Run
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step

METRICS = ("ds", "srcc")
"""What images are ranked by."""


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """One study explained by several methods.

    Attributes
    ----------
    explained
        What the run of each method found, in the order given.
    persistence
        By metric, how far the methods rank the images alike.
    """

    explained: Mapping[str, Explained]
    persistence: Mapping[str, Persistence]

    def values(self, metric: str) -> dict[str, dict[str, Measure]]:
        """Return, for each method, the metric of each image that has a map, by path."""
        return values_of({name: one.images for name, one in self.explained.items()}, metric)

    @property
    def rows(self) -> list[tuple[ImageResult, ...]]:
        """For each admitted image its result under each method."""
        by_method = [explained.images for explained in self.explained.values()]
        return [row for row in zip(*by_method, strict=True) if row[0].agreement.admitted]

    @property
    def failures(self) -> Mapping[str, int]:
        """How many admitted images have no result, by method; methods without any are left out."""
        counts = {
            method: sum(result.failure is not None for result in explained.images)
            for method, explained in self.explained.items()
        }
        return {method: count for method, count in counts.items() if count}


def compare_methods(
    study: Study, prepared: PreparedRun, methods: Sequence[Method], job: JobContext
) -> MethodComparison:
    """Explain a study by each method and compare how they rank its images (section 5).

    Raises
    ------
    Refusal
        The model cannot do one of the methods.
    ValueError
        There are fewer than two methods.
    """
    assert prepared.run.classifier is not None
    for method in methods:
        require_method(prepared.run.classifier, method)
    explained: dict[str, Explained] = {}
    for method in methods:
        explained[method] = explain_study(study, _by(prepared.run, method), job)
    images = {method: one.images for method, one in explained.items()}
    fraction = prepared.run.settings.findings.extreme_fraction
    return MethodComparison(explained, persistence_of(images, fraction=fraction))


def persistence_of(
    runs: Mapping[str, Sequence[ImageResult]], *, fraction: float
) -> Mapping[str, Persistence]:
    """Tell, for each of `METRICS`, how far runs of one study rank its images alike (section 5).

    Parameters
    ----------
    runs
        The images of each run, at least two, by a name for the run: of several methods, models,
        or settings. An image without a value in one of them is left out.
    fraction
        Which part of the images counts as lowest.

    Raises
    ------
    ValueError
        There are fewer than two runs.
    """
    return {
        metric: rank_persistence(values_of(runs, metric), fraction=fraction) for metric in METRICS
    }


def values_of(
    runs: Mapping[str, Sequence[ImageResult]], metric: str
) -> dict[str, dict[str, Measure]]:
    """Return, for each run, the metric of each image that has a map, by path."""
    return {
        name: {
            result.image.path: getattr(result.localisation, metric)
            for result in images
            if result.localisation
        }
        for name, images in runs.items()
    }


def unlearn_model(
    study: Study, prepared: PreparedRun, job: JobContext, *, cases: int, stages: int
) -> tuple[UnlearnedMap | Problem, ...]:
    """Check on a study's first cases that maps depend on what the model learned.

    Cascading randomisation of the model's parameters (Adebayo et al. 2018).

    Parameters
    ----------
    cases
        How many cases are looked at, each by its first image.
    stages
        At most so many maps of each, with more and more parameters random.

    Returns
    -------
    The steps of each case, or why it has none.
    """
    run = prepared.run
    rows = measure_study(study, run.settings.agreement, job)
    admitted = {row.image.path: row for row in rows if row.admitted}
    seed = run.settings.saliency.seed
    unlearned: list[UnlearnedMap | Problem] = []
    with closing(admitted_cases(study, run, admitted, job)) as works:
        for done, work in enumerate(islice(works, cases), start=1):
            task = job.executor.submit(Lane.GPU, unlearn_case, run, job.cancel, seed, stages, work)
            found = task.result()
            unlearned += [_unchecked(work, found)] if isinstance(found, Failure) else found
            job.progress(Step("sanity", done, cases, work.case))
    return tuple(unlearned)


def _unchecked(work: CaseWork, failure: Failure) -> Problem:
    return Problem(
        failure.reason.value,
        work.images[0].agreement.image.path,
        f"its map cannot be checked: {failure.detail.rstrip('.')}",
        "Look at more cases, or mend it, then run the same command again",
    )


def _by(run: Run, method: Method) -> Run:
    """Return the same run with another method."""
    saliency = run.settings.saliency.model_copy(update={"method": method})
    return replace(run, settings=run.settings.model_copy(update={"saliency": saliency}))
