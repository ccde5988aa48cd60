"""What travels from step to step of a run: one case with its images."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.image import PrivacyBox
from engine.domain.measure import Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem
from engine.domain.rows import CaseResult, Failure, ImageAgreement, ImageResult
from engine.domain.saliency_map import SaliencyMap
from engine.domain.settings import RunSettings
from engine.regions.runs import Runs
from engine.saliency.cache import MapCache

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier
    from engine.saliency.preprocess import Prepared


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for all cases of a run.

    Attributes
    ----------
    folder
        The study's folder, to which image paths are relative.
    classifier
        The open model, or None where maps and predictions are imported.
    cache
        Where maps are kept, beside the study.
    predictions
        Known predictions of this model, or imported ones, by image path.
    predictions_are_imported
        True where predictions come from a table alone and none is computed.
    conditions
        Condition-to-class map of the model.
    maps
        Files of precomputed maps by image path, or None where maps are computed.
    panels
        Folder for the four panels of each image, or None.
    privacy_boxes
        Parts of images, by path, that no picture may show; the analysis sees below them.
    """

    folder: Path
    settings: RunSettings
    classifier: "Classifier | None"
    cache: MapCache
    predictions: Mapping[str, Prediction] = field(default_factory=dict)
    predictions_are_imported: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)
    maps: Mapping[str, Path] | None = None
    panels: Path | None = None
    privacy_boxes: Mapping[str, tuple[PrivacyBox, ...]] = field(default_factory=dict)

    @property
    def has_maps(self) -> bool:
        """True where maps are computed or imported; without, a run is about graders alone."""
        return self.classifier is not None or self.maps is not None


@dataclass(frozen=True, slots=True)
class ImageWork:
    """An admitted image with the region its graders agreed on, or why there is none.

    Attributes
    ----------
    source
        Where the region comes from: ``majority``, ``staple`` or ``adjudicated``.
    """

    agreement: ImageAgreement
    consensus: Runs | Undefined
    source: str = "majority"


@dataclass(frozen=True, slots=True)
class CaseWork:
    """The admitted images of one case.

    Attributes
    ----------
    condition
        What all images of the case, admitted or not, say of its condition; None where none says,
        undefined where they contradict each other.
    predictions
        Of a case model: what it said before, when it was given exactly this case, by image path.
    """

    case: str
    condition: str | Undefined | None
    images: tuple[ImageWork, ...]
    predictions: Mapping[str, Prediction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case whose images are ready for the model.

    Attributes
    ----------
    inputs
        For each image the model input, why there is none, or None where it is not needed because
        prediction and map are known already.
    """

    work: CaseWork
    inputs: tuple["Prepared | Failure | None", ...]


@dataclass(frozen=True, slots=True)
class ExplainedCase:
    """A case with what the classifier says of it and the map of each image."""

    work: CaseWork
    predictions: tuple[Prediction | None, ...]
    maps: tuple[SaliencyMap | Failure, ...]


@dataclass(frozen=True, slots=True)
class LocatedCase:
    """A finished case: its rows, the predictions computed for it, and pictures not drawn."""

    images: tuple[ImageResult, ...]
    case: CaseResult
    computed: tuple[Prediction, ...]
    problems: tuple[Problem, ...] = ()
