"""First step: the pixels of a case's images, checked, upright, and at the model's size."""

from typing import TYPE_CHECKING

from engine.domain.image import Image
from engine.domain.measure import Reason
from engine.domain.rows import Failure
from engine.saliency.preprocess import prepare
from engine.stages.pixels import read_pixels, why_no_pixels
from engine.stages.target import given_images, known_maps
from engine.stages.work import CaseWork, LoadedCase, Run

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier
    from engine.saliency.preprocess import Prepared


def load_case(run: Run, work: CaseWork) -> LoadedCase:
    """Load the model inputs of a case, unless all that they are needed for is known already.

    Where maps are imported, the images are only checked to be those that were imported.
    """
    images = given_images(run, work)
    inputs: list[Prepared | Failure | None]
    if run.classifier is None:
        inputs = [_changed(run, image) for image in images]
    elif known_maps(run, work) is not None:
        inputs = [None] * len(images)
    else:
        inputs = [_load(run, run.classifier, image) for image in images]
    beyond = Failure(
        Reason.BEYOND_CASE_IMAGES,
        f"the model takes {len(images)} images of a case, and this one comes after them",
    )
    return LoadedCase(work, (*inputs, *[beyond] * (len(work.images) - len(images))))


def _changed(run: Run, image: Image) -> Failure | None:
    return why_no_pixels(run.folder, image) if image.has_pixels else None


def _load(run: Run, classifier: "Classifier", image: Image) -> "Prepared | Failure":
    pixels = read_pixels(run.folder, image)
    return pixels if isinstance(pixels, Failure) else prepare(pixels, classifier.card)
