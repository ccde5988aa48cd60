"""The whole flow: files -> study -> agreement -> admission -> saliency -> localisation -> rows.

Each function is a long job: it runs on the JOB lane (or in the main thread), hands work to the
other lanes, and touches the study on the STUDY lane alone. Whatever was finished when a job is
stopped or killed stays finished; the same call goes on from there.
"""

from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from engine.domain.agreement import AnswerAgreement, ImageGraders, StudyGraders
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem
from engine.domain.rows import CaseResult, ImageAgreement, ImageResult
from engine.domain.settings import AgreementSettings
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.graders.answers import StudyAnswers
from engine.graders.assignment import assign
from engine.graders.by_grader import Known, gather
from engine.graders.by_grader import measure_graders as measure_graders_of
from engine.graders.staple_ahead import solve_ahead
from engine.report.losses import LOSSES, Losses
from engine.report.manifest import write_manifest
from engine.stages.casework import admitted_cases, measure_images
from engine.stages.explain import explain_case
from engine.stages.exporting import Exported, ExportRequest, export_study, new_folder
from engine.stages.gallery import Shown, show_case
from engine.stages.graded import Graded, graded_chunks
from engine.stages.importing import (
    Import,
    Imported,
    import_sources,
    reader_of_photographs,
)
from engine.stages.load import load_case
from engine.stages.locate import locate_case
from engine.stages.showing import show_one
from engine.stages.work import LocatedCase, Run
from engine.study.protocol import Study, StudyInfo
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step

SCREEN_SIDE = 1024
"""Longest side of an image that is looked at by itself, pixels."""

KEPT_BACK = 16
"""Predictions that are computed before they are stored: so many a killed run repeats."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Result of a run: every image of the study, admitted or not, and every case with one."""

    images: tuple[ImageResult, ...]
    cases: tuple[CaseResult, ...]
    problems: tuple[Problem, ...]


def import_files(
    study: Study,
    paths: Sequence[Path],
    options: ImportOptions,
    job: JobContext,
    *,
    author: str,
) -> Imported:
    """Bring photographs, then manifests, then graders' regions into a study.

    Raises
    ------
    Refusal
        A path does not exist, or a manifest is refused as a whole.
    """
    sources = find_sources(paths, options)
    names = ImageNames(job.on_study(study.images), folder=study.folder)
    photograph = reader_of_photographs(study.folder, options)
    return import_sources(Import(study, options, names, author, job, photograph), sources)


def begin_alone(
    study: Study,
    paths: Sequence[Path],
    options: ImportOptions,
    job: JobContext,
    *,
    grader: str,
) -> Imported:
    """Bring files into a study and ask one person to grade all of its images, shuffled.

    Raises
    ------
    Refusal
        As for `import_files`.
    """
    imported = import_files(study, paths, options, job, author=grader)
    images = [image.path for image in job.on_study(study.images)]
    existing = job.on_study(study.tasks, grader)
    tasks = assign(images, [grader], graders_per_image=1, seed=0, existing=existing)
    job.on_study(study.assign_tasks, tasks, author=grader, seed=0)
    return imported


def measure_study(
    study: Study, settings: AgreementSettings, job: JobContext
) -> tuple[ImageAgreement, ...]:
    """Measure how far the graders of each image agree, and decide which images are admitted.

    Returns
    -------
    One row for each image, ordered by case, then path.
    """
    total = job.on_study(study.image_count)
    adjudications = job.on_study(study.adjudications)
    measured = in_order(
        graded_chunks(study, job),
        partial(measure_images, settings, adjudications),
        lane=Lane.CPU,
        executor=job.executor,
        cancel=job.cancel,
    )
    rows: list[ImageAgreement] = []
    for some in measured:
        rows += some
        job.progress(Step("agreement", len(rows), total, rows[-1].image.path))
    return tuple(rows)


def explain_study(
    study: Study,
    run: Run,
    job: JobContext,
    *,
    on_rows: Callable[[tuple[ImageAgreement, ...]], None] = lambda _: None,
    on_case: Callable[[LocatedCase], None] = lambda _: None,
) -> Explained:
    """Explain the classifier on each admitted image and compare the map with the graders' region.

    Parameters
    ----------
    on_rows
        Called once, before the first case, with what agreement says of every image.
    on_case
        Called with each case as it is finished, from the thread of the job as `on_rows` is.

    Returns
    -------
    One row for each image of the study and one for each case with an admitted image.
    """
    rows = measure_study(study, run.settings.agreement, job)
    on_rows(rows)
    admitted = {row.image.path: row for row in rows if row.admitted}
    results = {row.image.path: ImageResult(row) for row in rows}
    cases: list[CaseResult] = []
    problems: list[Problem] = []
    done = 0
    stage = partial(in_order, executor=job.executor, cancel=job.cancel, ahead=1)
    with (
        closing(admitted_cases(study, run, admitted, job)) as works,
        closing(stage(works, partial(load_case, run), lane=Lane.CPU)) as loaded,
        closing(stage(loaded, partial(explain_case, run, job.cancel), lane=Lane.GPU)) as explained,
        closing(stage(explained, partial(locate_case, run), lane=Lane.CPU)) as located,
        closing(_with_stored_predictions(located, study, job)) as finished,
    ):
        for case in finished:
            cases.append(case.case)
            problems += case.problems
            results.update((result.image.path, result) for result in case.images)
            done += len(case.images)
            job.progress(Step("saliency", done, len(admitted), case.case.case))
            on_case(case)
    return Explained(tuple(results.values()), tuple(cases), tuple(problems))


def measure_graders(
    study: Study, settings: AgreementSettings, job: JobContext, *, known: Known | None = None
) -> tuple[StudyGraders, tuple[AnswerAgreement, ...]]:
    """Compare graders with each other, with themselves, and in their answers, over a study.

    Parameters
    ----------
    known
        What an earlier call measured of pairs of graders, which is the greater part of the work;
        what this one measures joins it.
    """
    answers = StudyAnswers(settings)

    def told() -> Iterator[list[Graded]]:
        for some in graded_chunks(study, job):
            for _, readings in some:
                answers.add(readings)
            yield some

    compared = in_order(
        told(),
        partial(_compare, settings, known, job.cancel),
        lane=Lane.CPU,
        executor=job.executor,
        cancel=job.cancel,
    )
    graders = gather(chain.from_iterable(compared), job.on_study(study.activity))
    return graders, answers.agreement()


def show_images(
    study: Study,
    run: Run,
    rows: Iterable[ImageAgreement],
    wanted: Collection[str],
    job: JobContext,
) -> Iterator[tuple[str, Shown | Problem]]:
    """Yield admitted images, by path, as a report may show them, with their maps where it has any.

    Parameters
    ----------
    rows
        What `measure_study` says of the images.
    wanted
        Paths of the images to be shown.
    """
    run = _with_present_boxes(study, run, job)
    cases = {row.image.case for row in rows if row.image.path in wanted}
    admitted = {row.image.path: row for row in rows if row.admitted and row.image.case in cases}
    stage = partial(in_order, executor=job.executor, cancel=job.cancel, ahead=1)
    with (
        closing(admitted_cases(study, run, admitted, job)) as works,
        closing(stage(works, partial(load_case, run), lane=Lane.CPU)) as loaded,
        closing(stage(loaded, partial(explain_case, run, job.cancel), lane=Lane.GPU)) as explained,
        closing(stage(explained, partial(show_case, run, wanted), lane=Lane.CPU)) as shown,
    ):
        for done, of_case in enumerate(shown, start=1):
            job.progress(Step("pictures", done, len(cases)))
            yield from of_case.items()


def show_image(
    study: Study,
    run: Run,
    row: ImageAgreement,
    job: JobContext,
    *,
    predicted: str | None = None,
    side: int = SCREEN_SIDE,
) -> Shown | Problem:
    """Return one image as a screen shows it, admitted or not, with its map where it has one.

    A map that was made before comes from the cache and does not wait for the model, so an image
    can be looked at while a run is at work, or paused. A map that is not there is made.

    Parameters
    ----------
    row
        What `measure_study` says of the image.
    predicted
        Class that a run gave the image's case. With it the map of an image model is found at
        once, and without another look at the other images of the case.
    side
        Longest side of the picture, pixels.

    Returns
    -------
    A problem where nobody decided on a region, or the photograph is not as imported.
    """
    run = _with_present_boxes(study, run, job)
    return show_one(study, run, row, job, predicted=predicted, side=side)


def _with_present_boxes(study: Study, run: Run, job: JobContext) -> Run:
    """Return a run with the privacy boxes of now: some may have been drawn since it began."""
    return replace(run, privacy_boxes=job.on_study(study.privacy_boxes))


def graded_images(study: Study, job: JobContext) -> Iterator[Graded]:
    """Stream every image with its readings, ordered by case, then path."""
    return chain.from_iterable(graded_chunks(study, job))


def _compare(
    settings: AgreementSettings, known: Known | None, cancel: CancelToken, graded: Sequence[Graded]
) -> list[ImageGraders]:
    solve_ahead(graded, settings)
    compared = []
    for image, readings in graded:
        cancel.check()
        compared.append(measure_graders_of(image, readings, settings, known=known))
    return compared


def _with_stored_predictions(
    located: Iterable[LocatedCase], study: Study, job: JobContext
) -> Generator[LocatedCase]:
    """Pass cases on, storing the predictions computed for them, also of a run cut short."""
    waiting: list[Prediction] = []
    try:
        for case in located:
            waiting += case.computed
            if len(waiting) >= KEPT_BACK:
                job.on_study(study.record_predictions, waiting, author="classifier")
                waiting = []
            yield case
    finally:
        if waiting:
            job.on_study(study.record_predictions, waiting, author="classifier")


@dataclass(frozen=True, slots=True)
class WrittenExport:
    """What an export has put into its folder.

    Attributes
    ----------
    facts
        What its manifest states, but for the times and the images.
    losses, examples
        By code: how much the format could not hold, and the first of it.
    """

    images: int
    gradings: int
    losses: Mapping[str, int]
    examples: Mapping[str, Problem]
    facts: Mapping[str, Any]


def write_export(
    study: Study,
    out: Path,
    request: ExportRequest,
    job: JobContext,
    *,
    clock: Callable[[], str],
    on_loss: Callable[[Problem], None],
) -> WrittenExport:
    """Write gradings to a new folder, with the table of losses and its manifest beside them.

    Parameters
    ----------
    out
        Appears whole or not at all.
    clock
        The time, ISO 8601, as the manifest states it.
    on_loss
        Called with each note that the table of losses holds.

    Raises
    ------
    Refusal
        There is nothing to export, or the folder has something in it or cannot be written.
    """
    with new_folder(out) as folder:
        started = clock()
        info = job.on_study(study.info)
        with (folder / LOSSES).open("w", encoding="utf-8", newline="") as stream:
            losses = Losses(stream, on_loss)
            exported = export_study(study, folder, request, job, on_loss=losses.add)
        facts = _export_facts(info, request, exported, losses)
        times = {"started": started, "finished": clock()}
        write_manifest(folder / LOSSES, {**facts, **times, "images": dict(exported.images)})
    return WrittenExport(
        len(exported.images), exported.gradings, losses.counts, losses.examples, facts
    )


def _export_facts(
    info: StudyInfo, request: ExportRequest, exported: Exported, losses: Losses
) -> dict[str, Any]:
    return {
        "study": asdict(info),
        "format": request.format,
        "what": request.what,
        "reading": request.reading,
        "settings": {"agreement": request.agreement.model_dump(mode="json")},
        "gradings": exported.gradings,
        "images_exported": len(exported.images),
        "losses": dict(sorted(losses.counts.items())),
    }
