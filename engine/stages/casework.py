"""What goes into a run: each case with an admitted image, its regions and its known answers."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby

from engine.domain.grading import Adjudication
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.graders.consensus import region_of
from engine.graders.staple_ahead import solve_ahead
from engine.stages.graded import Graded, graded_chunks
from engine.stages.target import given_digest, given_images, is_case_model, prediction_name
from engine.stages.work import CaseWork, ImageWork, Run
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


def measure_images(
    settings: AgreementSettings,
    adjudications: Mapping[str, Adjudication],
    graded: Sequence[Graded],
) -> list[ImageAgreement]:
    """Return how far the graders of each image agree, and whether it is admitted."""
    solve_ahead(graded, settings)
    return [
        measure_agreement(image, readings, settings, adjudications.get(image.path))
        for image, readings in graded
    ]


def admitted_cases(
    study: Study, run: Run, admitted: Mapping[str, ImageAgreement], job: JobContext
) -> Generator[CaseWork]:
    """Yield each case that has an admitted image, with the regions its graders agreed on.

    Parameters
    ----------
    admitted
        What agreement says of the admitted images, by path.
    """
    adjudications = job.on_study(study.adjudications)
    graded = chain.from_iterable(graded_chunks(study, job))
    for case, group in groupby(graded, key=lambda pair: pair[0].case):
        work = case_work(case, group, admitted, adjudications, run.settings.agreement)
        if work.images:
            yield with_known_answer(study, run, work, job)


def case_of(study: Study, run: Run, case: str, job: JobContext) -> CaseWork:
    """Return one case as a run takes it, its agreement measured as it is now."""
    graded, adjudications = job.on_study(_graded_case, study, case)
    measured = job.executor.submit(Lane.CPU, _admitted_work, run, case, graded, adjudications)
    return with_known_answer(study, run, measured.result(), job)


def graded_images_of(
    study: Study, images: Sequence[Image]
) -> tuple[list[Graded], dict[str, Adjudication]]:
    """Return images with their readings, and the adjudications that count, by path.

    To be called on the study's own lane.
    """
    graded = [(image, study.readings_of(image.path)) for image in images]
    decided = {image.path: study.adjudication(image.path) for image in images}
    return graded, {path: one for path, one in decided.items() if one is not None}


def _graded_case(study: Study, case: str) -> tuple[list[Graded], dict[str, Adjudication]]:
    return graded_images_of(study, [image for image in study.images() if image.case == case])


def _admitted_work(
    run: Run, case: str, graded: list[Graded], adjudications: Mapping[str, Adjudication]
) -> CaseWork:
    settings = run.settings.agreement
    rows = measure_images(settings, adjudications, graded)
    admitted = {row.image.path: row for row in rows if row.admitted}
    return case_work(case, graded, admitted, adjudications, settings)


def case_work(
    case: str,
    graded: Iterable[Graded],
    admitted: Mapping[str, ImageAgreement],
    adjudications: Mapping[str, Adjudication],
    settings: AgreementSettings,
) -> CaseWork:
    """Return a case with its admitted images and the region of each.

    Parameters
    ----------
    graded
        All images of the case with their readings, ordered by path.
    """
    pairs = list(graded)
    images = tuple(
        image_work(pair, admitted[pair[0].path], adjudications, settings)
        for pair in pairs
        if pair[0].path in admitted
    )
    return CaseWork(case, condition_of(image for image, _ in pairs), images)


def image_work(
    graded: Graded,
    agreement: ImageAgreement,
    adjudications: Mapping[str, Adjudication],
    settings: AgreementSettings,
) -> ImageWork:
    """Return an image with the region that its graders, or a lead, decided on."""
    image, readings = graded
    adjudication = adjudications.get(image.path)
    region = region_of(image, readings, settings, adjudication)
    is_own = adjudication is not None and settings.adjudication == "used"
    return ImageWork(agreement, region, "adjudicated" if is_own else settings.consensus)


def with_known_answer(study: Study, run: Run, work: CaseWork, job: JobContext) -> CaseWork:
    """Return a case with what a case model said before of the same images and metadata."""
    if not is_case_model(run):
        return work
    given = given_digest(run, work, given_images(run, work))
    name = prediction_name(run, given)
    return replace(work, predictions=job.on_study(study.predictions, name))


def condition_of(images: Iterable[Image]) -> str | Undefined | None:
    """Return the one condition that the images of a case name, None where none names any."""
    named = {image.condition for image in images if image.condition is not None}
    if len(named) > 1:
        return Undefined(Reason.CONDITIONS_DIFFER)
    return named.pop() if named else None
