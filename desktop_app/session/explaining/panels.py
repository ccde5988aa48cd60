"""The four panels of each image of a run, as files in a folder of their own."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from desktop_app.session.explaining.tasks import FinishedRun, Place, utc_now
from engine.domain.problem import Problem, refuse
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


def write_panels(
    place: Place, run: FinishedRun, folder: Path, job: JobContext, *, problems: tuple[Problem, ...]
) -> Path:
    """Write what ``explain --panels`` writes; a stopped job takes its pictures away.

    Parameters
    ----------
    problems
        What the manifest says beside what went wrong with images.

    Raises
    ------
    Refusal
        The folder holds something already, or cannot be written to.
    """
    job.executor.submit(Lane.CPU, _make_empty, folder).result()
    try:
        _draw(place, run, folder, job, problems)
    except BaseException:
        job.executor.submit(Lane.CPU, _clear, folder).result()
        raise
    return folder


def _draw(
    place: Place, run: FinishedRun, folder: Path, job: JobContext, problems: tuple[Problem, ...]
) -> None:
    from engine.pipeline import explain_study  # noqa: PLC0415 - loads numpy and more
    from engine.report.manifest import with_problems, write_manifest  # noqa: PLC0415
    from engine.report.run import ExplainRun, Span  # noqa: PLC0415

    study, prepared = place.study, run.prepared
    started, info = utc_now(), job.on_study(study.info)
    drawn = replace(prepared.run, panels=folder, privacy_boxes=job.on_study(study.privacy_boxes))
    if drawn.classifier is not None and not drawn.predictions_are_imported:
        # those that the run itself computed are known by now
        predictions = job.on_study(study.predictions, drawn.classifier.digest)
        drawn = replace(drawn, predictions=predictions)
    found = explain_study(study, drawn, job)
    span = Span(started, utc_now())
    now = ExplainRun(info, run.settings, prepared.model, found.images, found.cases, span)
    told = (*prepared.problems, *found.problems, *problems)
    manifest = with_problems(now.manifest(), told)
    job.executor.submit(Lane.CPU, write_manifest, folder / "panels.png", manifest).result()


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        message = f"the folder cannot be made or read ({error.strerror})"
        raise refuse("no_folder", str(folder), message, "Choose another folder") from error
    if not is_empty:
        message = "the folder for panels is not empty"
        raise refuse("folder_not_empty", str(folder), message, "Choose an empty folder")


def _clear(folder: Path) -> None:
    """Take away what was drawn into a folder that was empty."""
    from engine.stages.pictures import SUFFIX  # noqa: PLC0415 - draws

    with suppress(OSError):
        for panels in folder.glob(f"*{SUFFIX}"):
            panels.unlink()
