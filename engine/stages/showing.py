"""One image of a run, large enough for a screen, with its map where it has one."""

from dataclasses import replace

from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.rows import Failure, ImageAgreement
from engine.domain.saliency_map import SaliencyMap
from engine.stages.casework import case_of, graded_images_of, image_work
from engine.stages.explain import explain_case
from engine.stages.gallery import Shown, shown_image
from engine.stages.load import load_case
from engine.stages.target import is_case_model, known_maps, map_keys
from engine.stages.work import CaseWork, ImageWork, LoadedCase, Run
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


def show_one(
    study: Study,
    run: Run,
    row: ImageAgreement,
    job: JobContext,
    *,
    predicted: str | None,
    side: int,
) -> Shown | Problem:
    """Return an image with its region and its map; see `engine.pipeline.show_image`."""
    (graded,), adjudications = job.on_study(graded_images_of, study, [row.image])
    settings = run.settings.agreement
    on_cpu = job.executor.submit
    item = on_cpu(Lane.CPU, image_work, graded, row, adjudications, settings).result()
    if isinstance(item.consensus, Undefined):
        return _nothing_to_show(item, item.consensus)
    saliency: SaliencyMap | Failure | None = None
    if row.admitted and run.has_maps:
        if predicted is not None:
            saliency = on_cpu(Lane.CPU, _cached, run, item, predicted).result()
        saliency = saliency or _made(study, run, row, job)
    drawn = on_cpu(Lane.CPU, shown_image, run, row.image, item.consensus, saliency, side=side)
    return drawn.result()


def _nothing_to_show(item: ImageWork, why: Undefined) -> Problem:
    return Problem(
        why.reason.value,
        item.agreement.image.path,
        "it has no region to compare a map with: too few graders answered where",
        "Let another grader outline the image, or adjudicate it",
    )


def _cached(run: Run, item: ImageWork, predicted: str) -> SaliencyMap | None:
    """Return the cached map for the class that the image's case was given, without the model.

    None where it takes more to know which map it is: a case model has others for other images
    beside this one, and the reference class may be in doubt.
    """
    image = item.agreement.image
    is_plain = run.classifier is not None and run.maps is None and not is_case_model(run)
    if not is_plain or run.settings.saliency.target != "predicted":
        return None
    alone = CaseWork(image.case, image.condition, (item,))
    (key,) = map_keys(run, alone, [image], predicted)
    return run.cache.get(key)


def _made(
    study: Study, run: Run, row: ImageAgreement, job: JobContext
) -> SaliencyMap | Failure | None:
    """Return the map as a run makes it: from the files, from the cache, or by the model."""
    run = refreshed(study, run, job)
    work = case_of(study, run, row.image.case, job)
    loaded, needs_model = job.executor.submit(Lane.CPU, _loaded, run, work).result()
    lane = Lane.GPU if needs_model else Lane.CPU
    explained = job.executor.submit(lane, explain_case, run, job.cancel, loaded).result()
    paths = [item.agreement.image.path for item in work.images]
    return dict(zip(paths, explained.maps, strict=True)).get(row.image.path)


def _loaded(run: Run, work: CaseWork) -> tuple[LoadedCase, bool]:
    """Return a case ready for the model, and whether the model has anything to do with it."""
    needs_model = run.classifier is not None and known_maps(run, work) is None
    return load_case(run, work), needs_model


def refreshed(study: Study, run: Run, job: JobContext) -> Run:
    """Return a run that knows what its model predicted since it was prepared."""
    if run.classifier is None or run.predictions_are_imported:
        return run
    predictions = job.on_study(study.predictions, run.classifier.digest)
    return replace(run, predictions=predictions)
