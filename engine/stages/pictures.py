"""The four panels of an image, written beside the run's tables when asked for."""

from engine.domain.measure import Measure, Undefined
from engine.domain.problem import Refusal
from engine.domain.rows import ImageResult
from engine.domain.saliency_map import SaliencyMap
from engine.figures.panels import four_panels, write_panels
from engine.images.decode import decode
from engine.regions.runs import Runs
from engine.stages.work import Run


def panel_name(image: str) -> str:
    """Return the file name of an image's panels: its path with ``__`` for each slash."""
    return image.strip("./").replace("../", "").replace("/", "__") + ".panels.png"


def draw_panels(run: Run, consensus: Runs, saliency: SaliencyMap, result: ImageResult) -> None:
    """Write the four panels of one image where panels are asked for and its pixels are at hand."""
    if run.panels is None or not result.image.has_pixels:
        return
    try:
        pixels = decode(run.folder / result.image.path)
    except Refusal:
        return
    picture = four_panels(
        pixels=pixels,
        consensus=consensus,
        saliency_map=saliency,
        caption=_caption(result),
    )
    write_panels(run.panels / panel_name(result.image.path), picture)


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
