"""The four panels of an image, written beside the run's tables when asked for."""

from engine.domain.image import Image
from engine.domain.measure import Measure, Undefined
from engine.domain.problem import Problem
from engine.domain.rows import Failure, ImageResult
from engine.domain.saliency_map import SaliencyMap
from engine.figures.look import look_of
from engine.figures.panels import four_panels, write_panels
from engine.regions.runs import Runs
from engine.stages.pixels import read_shown_pixels
from engine.stages.work import Run

SUFFIX = ".panels.png"
LONGEST_NAME = 100


def panel_name(image: Image) -> str:
    """Return the file name of an image's panels: the end of its path, the start of its digest."""
    name = image.path.replace("/", "_")[-LONGEST_NAME:]
    return f"{name}-{(image.digest or '')[:12]}{SUFFIX}"


def draw_panels(
    run: Run, consensus: Runs, saliency: SaliencyMap, result: ImageResult
) -> Problem | None:
    """Write the four panels of one image where panels are asked for; return why it has none.

    Raises
    ------
    Refusal
        The folder cannot be written to, or the disk is full.
    """
    if run.panels is None or not result.image.has_pixels:
        return None
    boxes = run.privacy_boxes.get(result.image.path, ())
    pixels = read_shown_pixels(run.folder, result.image, boxes)
    if isinstance(pixels, Failure):
        message = f"its panels were not drawn: {pixels.detail}"
        remedy = "Put the file back as it was imported, then run the same command again"
        return Problem(pixels.reason.value, result.image.path, message, remedy)
    picture = four_panels(
        pixels=pixels,
        consensus=consensus,
        saliency_map=saliency,
        caption=_caption(result),
        look=look_of(run.settings.figures),
    )
    write_panels(run.panels / panel_name(result.image), picture)
    return None


def _caption(result: ImageResult) -> list[str]:
    located = result.localisation
    assert located is not None
    predicted = "none" if isinstance(result.predicted, Undefined) else result.predicted
    return [
        result.image.path,
        f"DS {_shown(located.ds)}   SRCC {_shown(located.srcc)}   AUC {_shown(located.auc)}"
        f"   kappa {_shown(result.agreement.fleiss_kappa)}",
        f"condition: {result.image.condition or 'unknown'}   predicted: {predicted}",
    ]


def _shown(measure: Measure) -> str:
    return measure.reason.value if isinstance(measure, Undefined) else f"{measure:.2f}"
