"""The region that a lead has edited in labelme, for an adjudication."""

from dataclasses import replace
from pathlib import Path

from engine.domain.image import Image
from engine.domain.polygon import Region
from engine.domain.problem import Problem, Refusal, Severity, refuse
from engine.formats.document import mapping, read_json
from engine.formats.labelme import is_labelme, read_labelme
from engine.formats.outlines import Unusable, repaired, united
from engine.regions.repair import clip


def read_edited_region(path: Path, image: Image) -> tuple[Region, list[Problem]]:
    """Return the union of all shapes of a labelme file, and notes of what was repaired.

    Raises
    ------
    Refusal
        The file is no labelme JSON or of another image size, a shape of it cannot be taken, or
        all of it lies outside the image: a decision is taken whole or not at all.
    """
    document = mapping(read_json(path, path.name))
    if not is_labelme(document):
        raise refuse("not_labelme", path.name, "the file is no labelme JSON", "Draw it in labelme")
    (annotated,) = read_labelme(document, path.name).images
    if annotated.size not in (None, image.size):
        raise refuse(
            "image_size",
            path.name,
            f"the file is for {annotated.size} pixels, the image {image.path} has {image.size}",
            "Draw it on the upright full-size image",
        )
    problems = [problem for outline in annotated.outlines for problem in outline.problems]
    for problem in problems:
        if problem.severity is not Severity.NOTE:
            raise Refusal(replace(problem, severity=Severity.ERROR))
    try:
        drawn = united([outline.region or () for outline in annotated.outlines])
    except Unusable as reason:
        message = f"its shapes cannot be united: {reason}"
        raise refuse("region_tangled", path.name, message, "Draw it in fewer parts") from None
    region, is_clipped = clip(drawn, width=image.width, height=image.height)
    if is_clipped and not region:
        message = f"all of it lies outside the image {image.path}"
        raise refuse("region_outside", path.name, message, "Check that it belongs to this image")
    if is_clipped:
        problems.append(repaired(path.name, "what lay outside the image was cut off"))
    return region, problems
