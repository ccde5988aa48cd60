"""A lead's decision on the region of an image: one grader's, the majority's, or an edited one."""

from collections.abc import Sequence

from engine.domain.grading import Adjudication, Adopted, Reading, Role
from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.polygon import Region
from engine.domain.problem import refuse
from engine.domain.settings import AgreementSettings
from engine.graders.consensus import consensus
from engine.graders.readings import answer_of
from engine.regions.outline import region_of_mask


def decide(  # noqa: PLR0913 - a decision has so many parts
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    adopted: Adopted,
    *,
    grader: str = "",
    region: Region = (),
    author: str,
    time: str,
    reason: str,
) -> Adjudication:
    """Return a lead's decision with a copy of the region that it adopts.

    Parameters
    ----------
    adopted
        Whose region: what `grader` last outlined, what most graders marked, or `region` as the
        lead edited it.
    time
        ISO 8601, UTC.

    Raises
    ------
    Refusal
        ``nothing_to_adopt``: the grader says nowhere where the pathology is, or there is no
        majority.

    References
    ----------
    Method, section 4.
    """
    if adopted is Adopted.GRADER:
        region = region_of_grader(image, readings, grader, settings)
    elif adopted is Adopted.MAJORITY:
        region = region_of_majority(image, readings, settings)
    whose = grader if adopted is Adopted.GRADER else ""
    return Adjudication(image.path, adopted, region, author, time, reason, whose)


def region_of_grader(
    image: Image, readings: Sequence[Reading], grader: str, settings: AgreementSettings
) -> Region:
    """Return what a grader last outlined as done; empty where the grader sees no condition.

    Raises
    ------
    Refusal
        ``nothing_to_adopt``: the grader has done no reading that says where the pathology is.

    References
    ----------
    Method, section 4.
    """
    for reading in readings:
        is_the_one = reading.grader == grader and reading.role is not Role.REPEAT
        if is_the_one and reading.latest and answer_of(reading.latest, settings).says_where:
            return reading.latest.region
    raise refuse(
        "nothing_to_adopt",
        f"{image.path}, {grader}",
        "The grader has done no reading that says where the pathology is",
        "Adopt another grader's region, or check the name",
    )


def region_of_majority(
    image: Image, readings: Sequence[Reading], settings: AgreementSettings
) -> Region:
    """Return the pixels that most graders marked, as polygons that are exact to the pixel.

    Raises
    ------
    Refusal
        ``nothing_to_adopt``: fewer than two answers say where the pathology is, or too many do.

    References
    ----------
    Method, section 4.
    """
    found = consensus(image, readings, settings.model_copy(update={"consensus": "majority"}))
    if isinstance(found, Undefined):
        raise refuse(
            "nothing_to_adopt",
            image.path,
            f"There is no majority of its graders ({found.reason.value.replace('_', ' ')})",
            "Adopt a grader's region, or give one in a file",
        )
    return region_of_mask(found.to_mask())
