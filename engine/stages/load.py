"""First step: the pixels of a case's images, checked, upright, and at the model's size."""

from typing import TYPE_CHECKING

from engine.domain.image import Image
from engine.domain.measure import Reason
from engine.domain.problem import Refusal
from engine.domain.rows import Failure
from engine.images.decode import decode
from engine.images.digest import digest_of
from engine.saliency.preprocess import prepare
from engine.stages.target import known_maps
from engine.stages.work import CaseWork, LoadedCase, Run

if TYPE_CHECKING:
    from engine.saliency.preprocess import Prepared


def load_case(run: Run, work: CaseWork) -> LoadedCase:
    """Load the model inputs of a case, unless all that they are needed for is known already."""
    if run.classifier is None or known_maps(run, work) is not None:
        return LoadedCase(work, (None,) * len(work.images))
    return LoadedCase(work, tuple(_load(run, item.agreement.image) for item in work.images))


def _load(run: Run, image: Image) -> "Prepared | Failure":
    assert run.classifier is not None
    if not image.has_pixels:
        return Failure(Reason.NO_PIXELS, "the image is known by name and size only")
    path = run.folder / image.path
    if not path.is_file():
        return Failure(Reason.PIXELS_MISSING, "the file is not where it was when imported")
    try:
        if digest_of(path) != image.digest:
            return Failure(Reason.PIXELS_CHANGED, "the file is not the one that was imported")
        return prepare(decode(path), run.classifier.card)
    except Refusal as refusal:
        return Failure(Reason.UNREADABLE_IMAGE, str(refusal))
