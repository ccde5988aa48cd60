"""First step: the pixels of a case's images, checked, upright, and at the model's size."""

from typing import TYPE_CHECKING

from engine.domain.image import Image
from engine.domain.rows import Failure
from engine.saliency.preprocess import prepare
from engine.stages.pixels import read_pixels, why_no_pixels
from engine.stages.target import known_maps
from engine.stages.work import CaseWork, LoadedCase, Run

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier
    from engine.saliency.preprocess import Prepared


def load_case(run: Run, work: CaseWork) -> LoadedCase:
    """Load the model inputs of a case, unless all that they are needed for is known already.

    Where maps are imported, the images are only checked to be those that were imported.
    """
    images = [item.agreement.image for item in work.images]
    if run.classifier is None:
        return LoadedCase(work, tuple(_changed(run, image) for image in images))
    if known_maps(run, work) is not None:
        return LoadedCase(work, (None,) * len(images))
    return LoadedCase(work, tuple(_load(run, run.classifier, image) for image in images))


def _changed(run: Run, image: Image) -> Failure | None:
    return why_no_pixels(run.folder, image) if image.has_pixels else None


def _load(run: Run, classifier: "Classifier", image: Image) -> "Prepared | Failure":
    pixels = read_pixels(run.folder, image)
    return pixels if isinstance(pixels, Failure) else prepare(pixels, classifier.card)
