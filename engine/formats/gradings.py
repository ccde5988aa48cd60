"""The outlines that one grader drew on one image, united to a grading."""

from collections.abc import Sequence

from engine.domain.grading import Grading, Origin, Status
from engine.domain.image import Image
from engine.domain.polygon import Region
from engine.domain.problem import Problem
from engine.formats.outlines import Answers, Outline, Unusable, repaired, united
from engine.regions.repair import clip


def grading_of(
    image: Image, grader: str, outlines: Sequence[Outline], answers: Answers, *, where: str
) -> tuple[Grading | None, tuple[Problem, ...]]:
    """Return the grading of all outlines, clipped to the image, and what was changed.

    Without an outline it is a grading with nothing drawn: it votes background everywhere and
    says nothing of visibility unless the file does. Where outlines were left out and none
    remains there is no grading, since an empty one would be a vote that nobody cast.
    """
    regions: list[Region] = []
    problems = [problem for outline in outlines for problem in outline.problems]
    is_lost = False
    for outline in outlines:
        region, is_clipped = clip(outline.region or (), width=image.width, height=image.height)
        if is_clipped:
            problems.append(_clipped(outline.where, region))
        if region:
            regions.append(region)
        elif outline.region is None or is_clipped:
            is_lost = True
    if is_lost and not regions:
        return None, (*problems, _nothing_left(where, image, grader))
    try:
        region = united(regions)
    except Unusable as reason:
        return None, (*problems, _tangled(where, image, grader, reason))
    return _grading(image, grader, region, answers), tuple(problems)


def _grading(image: Image, grader: str, region: Region, answers: Answers) -> Grading:
    """Return the grading; answers that a done region implies are filled in."""
    is_outlined = bool(region) and answers.status is Status.DONE
    visible, count = answers.visible, answers.roi_count
    return Grading(
        image=image.path,
        grader=grader,
        visible=True if visible is None and is_outlined else visible,
        roi_count=len(region) if count is None and is_outlined else count,
        region=region,
        status=answers.status,
        origin=Origin.IMPORTED,
        role=answers.role,
        note=answers.note,
        problem=answers.problem,
    )


def _clipped(where: str, rest: Region) -> Problem:
    if rest:
        return repaired(where, "what lay outside the image was cut off")
    message = "it lies outside the image altogether; it was left out"
    return Problem("annotation_left_out", where, message, "Check that it belongs to this image")


def _tangled(where: str, image: Image, grader: str, reason: Unusable) -> Problem:
    message = f"what {grader} drew on {image.path} cannot be united: {reason}"
    return Problem("grading_left_out", where, message, "Draw it again in fewer parts")


def _nothing_left(where: str, image: Image, grader: str) -> Problem:
    return Problem(
        "grading_left_out",
        where,
        f"nothing usable remains of what {grader} drew on {image.path}, so there is no grading",
        "Correct the annotations named above and import the file again",
    )
