"""From a study to its report: the whole flow, then findings, figures and pictures.

A report is gathered first and written afterwards (`engine.report.folder`), so that what a window
shows and what a file holds come from the same values.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from engine.domain.findings import Findings
from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.settings import AgreementSettings
from engine.figures.drawn import DrawnFigure, DrawnPicture
from engine.findings.findings import find
from engine.graders.consensus import votes_of
from engine.graders.readings import assigned, counted
from engine.pipeline import (
    explain_study,
    graded_images,
    measure_graders,
    measure_study,
    show_images,
)
from engine.regions.runs import Runs
from engine.report.charts import charts
from engine.report.content import ReportContent
from engine.report.gallery import GalleryGroup, choose_gallery, typical
from engine.report.grader_tables import grader_tables
from engine.report.run import AgreementRun, ExplainRun, Span
from engine.stages.gallery import (
    Shown,
    figure_of_extremes,
    figures_of_one,
    look_of_all,
    picture_of,
    strip_of,
)
from engine.stages.prepare import PreparedRun
from engine.stages.work import Run
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.progress import Step


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures of a report, and the figures that show photographs."""

    groups: tuple[GalleryGroup, ...] = ()
    pictures: Mapping[str, DrawnPicture] = field(default_factory=dict)
    figures: tuple[DrawnFigure, ...] = ()
    problems: tuple[Problem, ...] = ()


def report_study(
    study: Study,
    prepared: PreparedRun,
    job: JobContext,
    *,
    with_images: bool,
    clock: Callable[[], str],
) -> ReportContent:
    """Ask every question of a study and gather the answers, with their figures and pictures.

    Parameters
    ----------
    with_images
        False where no photograph may be shown.
    clock
        Returns the time, ISO 8601, UTC.
    """
    started, info = clock(), job.on_study(study.info)
    settings = prepared.run.settings
    if not prepared.run.has_maps:
        tables = tuple(grader_tables(*measure_graders(study, settings.agreement, job)))
        rows = measure_study(study, settings.agreement, job)
        graders = AgreementRun(info, settings, rows, Span(started, clock()))
        figures = tuple(charts(graders, None))
        problems = tuple(map(_without_folder, prepared.problems))
        return ReportContent(graders, None, tables, figures, problems=problems)
    explained = explain_study(study, prepared.run, job)
    span = Span(started, clock())
    run = ExplainRun(info, settings, prepared.model, explained.images, explained.cases, span)
    return report_of(
        study,
        prepared,
        run,
        job,
        with_images=with_images,
        clock=clock,
        problems=explained.problems,
    )


def report_of(
    study: Study,
    prepared: PreparedRun,
    run: ExplainRun,
    job: JobContext,
    *,
    with_images: bool,
    clock: Callable[[], str],
    problems: Sequence[Problem] = (),
) -> ReportContent:
    """Gather the report of a run that is finished; `report_study` is both at once.

    The run is taken as it was: what graders answered since is in the tables about graders alone.

    Parameters
    ----------
    prepared
        What the run was started from; its maps come from the cache.
    with_images
        False where no photograph may be shown.
    clock
        Returns the time, ISO 8601, UTC; the report is finished when it is asked last.
    problems
        What went wrong in the run itself.
    """
    settings = run.settings.agreement
    tables = tuple(grader_tables(*measure_graders(study, settings, job)))
    findings = find_in(study, run, job)
    marks = job.on_study(study.finding_marks, prepared.name) if prepared.name else {}
    gallery = draw_gallery(study, prepared.run, run, findings, job) if with_images else Gallery()
    return ReportContent(
        replace(run, span=Span(run.span.started, clock())),
        findings,
        tables,
        figures=(*charts(run, findings), *gallery.figures),
        groups=gallery.groups,
        pictures=gallery.pictures,
        problems=tuple(map(_without_folder, (*prepared.problems, *problems, *gallery.problems))),
        marks=marks,
    )


def _without_folder(problem: Problem) -> Problem:
    """Return a problem without the place where a file lies on this machine."""
    where = PurePath(problem.where)
    return replace(problem, where=where.name) if where.is_absolute() else problem


def find_in(study: Study, run: ExplainRun, job: JobContext) -> Findings:
    """Ask every question of a finished run, with the body parts that the study knows of.

    They are asked all at once, on the lane of computations.
    """
    job.progress(Step("findings", 0, 1))
    labels = job.on_study(study.body_parts)
    asked = job.executor.submit(
        Lane.CPU, find, run.images, run.cases, labels, run.settings.findings
    )
    found = asked.result()
    job.progress(Step("findings", 1, 1))
    return found


def draw_gallery(
    study: Study, run: Run, done: ExplainRun, findings: Findings, job: JobContext
) -> Gallery:
    """Draw the images behind the findings, and how the image with the median DS comes to it."""
    groups = choose_gallery(findings, done.images)
    one = typical(done.images)
    extremes = (*findings.extremes.lowest, *findings.extremes.highest)
    results = {result.image.path: result for result in done.images}
    wanted = {path for group in groups for path in group.images} | ({one} if one else set())
    rows = [result.agreement for result in done.images]
    found = dict(show_images(study, run, rows, wanted, job))
    shown = {path: image for path, image in found.items() if isinstance(image, Shown)}
    look = look_of_all(shown.values(), done.settings.figures)
    strips = {path: strip_of(image, look(image)) for path, image in shown.items()}
    figures: tuple[DrawnFigure, ...] = ()
    if one and one in shown:
        regions = _regions(study, one, done.settings.agreement, job)
        figures = figures_of_one(shown[one], results[one], regions, look(shown[one]))
    of_extremes = {path: strips[path] for path in extremes if path in strips}
    extreme = figure_of_extremes(of_extremes, results, findings.extremes.lowest)
    pictures = {path: picture_of(results[path].image, strip) for path, strip in strips.items()}
    problems = tuple(problem for problem in found.values() if isinstance(problem, Problem))
    return Gallery(groups, pictures, (*figures, extreme), problems)


def _regions(study: Study, path: str, settings: AgreementSettings, job: JobContext) -> list[Runs]:
    """Return the region of each grader of one image, as it counts for agreement."""
    image, readings = next(pair for pair in graded_images(study, job) if pair[0].path == path)
    gradings = [counted(reading, settings) for reading in assigned(readings)]
    votes = votes_of(image, gradings, settings)
    return [] if isinstance(votes, Undefined) else votes
