"""Result rows: what each room says of an image or a case."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.image import Image, Metadata
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.saliency_map import MapFacts

NO_PREDICTION = Undefined(Reason.NO_PREDICTION)
NOT_MEASURED = Undefined(Reason.NOT_APPLICABLE)

CASE_METRICS = {
    "ds": "thresholded Dice score",
    "srcc": "Spearman correlation",
    "auc": "area under the ROC curve",
    "ds_above_chance": "DS above chance",
}
"""Measures that a case has of its images, with their names in words."""


@dataclass(frozen=True, slots=True)
class ImageAgreement:
    """How far the graders of one image agree, and whether it enters the analysis.

    Attributes
    ----------
    graders
        Number of graders assigned to the image.
    voters
        Number of graders whose answer says where the pathology is.
    visible
        Number of graders who answered that a condition is visible.
    roi_count
        Median of the graders' answers to how many regions there are; undefined without answers.
    fleiss_kappa, gwet_ac1
        Chance-corrected agreement over pixels, at most 1.
    pooled_dice, mean_pairwise_dice
        Overlap of the graders' regions, 0..1.
    foreground
        Mean share of the image that the graders outlined, 0..1.
    human_ceiling
        Mean over graders of the Dice of each grader's region with the consensus of the others;
        graders whose others mark nothing or everything are left out.
    admitted, reason
        Whether it enters the analysis, and if not why.
    notes, problems
        What graders last left on the image, their reading done or not: ``grader: text`` joined
        by ``; ``.
    fleiss_kappa_latest
        Fleiss kappa with each assigned grader's latest reading, redone ones among them; it is
        `fleiss_kappa` where nothing was redone.
    consensus_warning
        ``degenerate`` or ``not_converged`` where the consensus is STAPLE's and in doubt.
    done, started
        Number of assigned graders who have answered everything, and who have begun.
    sent_back
        Number of readings, assigned or extra, that were sent back and not redone.
    visible_agreement, count_agreement
        Share of the pairs of assigned graders who give the same answer to *visible*, and to how
        many regions there are (all above ``max_outlined_regions`` are one answer), 0..1; undefined
        for fewer than two answers.
    roi_area
        Share of the image in the region that counts, 0..1: the adjudicated one, else the
        consensus; undefined as that is.
    adjudicated
        Where a lead's decision on the region comes from: ``grader``, ``majority`` or ``edited``;
        empty where there is none. It is told also where the settings leave it aside.
    """

    image: Image
    graders: int
    voters: int
    visible: int
    roi_count: Measure
    fleiss_kappa: Measure
    gwet_ac1: Measure
    pooled_dice: Measure
    mean_pairwise_dice: Measure
    foreground: Measure
    human_ceiling: Measure
    admitted: bool
    reason: Reason | None
    notes: str = ""
    problems: str = ""
    fleiss_kappa_latest: Measure = NOT_MEASURED
    consensus_warning: str = ""
    done: int = 0
    started: int = 0
    sent_back: int = 0
    visible_agreement: Measure = NOT_MEASURED
    count_agreement: Measure = NOT_MEASURED
    roi_area: Measure = NOT_MEASURED
    adjudicated: str = ""

    @property
    def state(self) -> str:
        """How far the work on the image is; ``done`` once all assigned graders are.

        ``adjudicated``, ``sent_back``, ``done``, ``in_progress`` or ``to_do``, the first that
        applies.
        """
        if self.adjudicated:
            return "adjudicated"
        if self.sent_back:
            return "sent_back"
        if self.graders and self.done == self.graders:
            return "done"
        return "in_progress" if self.done or self.started else "to_do"


@dataclass(frozen=True, slots=True)
class ImageLocalisation:
    """How well one map finds one region (method 8); every number dimensionless.

    Attributes
    ----------
    ds, ds_threshold, ds_plateau
        Best thresholded Dice, its threshold k/100 (the lowest on ties), and its plateau: how
        many thresholds in a row, from that one on, reach it.
    ds_exact, ds_exact_threshold
        The optimum over all map values at or above 0.
    ds_chance, ds_above_chance
        2 f p / (f + p) with f the share of map values >= 0, and DS minus it.
    srcc, auc
        Spearman correlation of map and mask, and the area under the ROC curve.
    roi_area
        p, share of the compared pixels in the region.
    iou
        Intersection over union at the best threshold.
    pointing_game
        1 where the map's maximum lies in the region (share of tied maxima that do).
    rma, rra
        Relevance mass accuracy (positive part) and relevance rank accuracy.
    ground_truth_coverage, saliency_coverage
        Share of the region that is salient, and of the salient pixels in the region, at the
        best threshold.
    ds_half_a, ds_half_b, srcc_half_a, srcc_half_b
        The same from each half of the samples: their spread is Monte-Carlo noise.
    compared_pixels, unseen_pixels
        Pixels of the grid that were compared, and that the model never saw.
    """

    ds: Measure
    ds_threshold: Measure
    ds_plateau: Measure
    ds_exact: Measure
    ds_exact_threshold: Measure
    ds_chance: Measure
    ds_above_chance: Measure
    srcc: Measure
    auc: Measure
    roi_area: Measure
    iou: Measure
    pointing_game: Measure
    rma: Measure
    rra: Measure
    ground_truth_coverage: Measure
    saliency_coverage: Measure
    ds_half_a: Measure
    ds_half_b: Measure
    srcc_half_a: Measure
    srcc_half_b: Measure
    compared_pixels: int
    unseen_pixels: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an image has no result, as a code and in words."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class ImageResult:
    """Everything a run says of one image; what could not be had carries a reason.

    Attributes
    ----------
    agreement
        The graders' side, with the image itself and whether it was admitted.
    predicted
        Class predicted for the image's case; undefined where the case has no prediction.
    image_predicted
        Class predicted from this image alone.
    probability
        Probability of the case's predicted class on this image.
    is_correct
        Whether the case's prediction is the class of its condition.
    facts
        What is known of the map; None where there is none.
    localisation
        Map against region; None where there is no map.
    pattern
        Shared Interest pattern, or empty where correctness or coverage is undefined.
    failure
        Why an admitted image has no result, or None.
    region
        Where the region comes from that the map is compared with: ``majority``, ``staple`` or
        ``adjudicated``; empty for an image that was not admitted.
    """

    agreement: ImageAgreement
    predicted: str | Undefined = NO_PREDICTION
    image_predicted: str | Undefined = NO_PREDICTION
    probability: Measure = NO_PREDICTION
    is_correct: bool | Undefined = NO_PREDICTION
    facts: MapFacts | None = None
    localisation: ImageLocalisation | None = None
    pattern: str = ""
    failure: Failure | None = None
    region: str = ""

    @property
    def image(self) -> Image:
        """The image the row is about."""
        return self.agreement.image


@dataclass(frozen=True, slots=True)
class CaseMetric:
    """One metric of a case.

    Attributes
    ----------
    value
        The case's value by the case rule.
    image
        Path of the image it was taken from; empty where the rule takes none (mean, median).
    images
        Number of images with a defined value.
    """

    value: Measure
    image: str
    images: int


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: its admitted images become one value for each metric (section 3.5).

    Attributes
    ----------
    images
        Number of admitted images.
    metrics
        By the names in `CASE_METRICS`.
    """

    case: str
    condition: str | Undefined | None
    predicted: str | Undefined
    is_correct: bool | Undefined
    images: int
    metrics: Mapping[str, CaseMetric]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class UnlearnedMap:
    """How like the real map the map of an image is after some layers have forgotten.

    Attributes
    ----------
    layer, layers
        The deepest layer with random parameters, and how many have them by then, head first.
    signed, absolute
        Spearman correlation with the real map, of attributions and of their absolute values.
    depends_on_model
        Whether the map is another one once every parameter is random.
    """

    image: Image
    layer: str
    layers: int
    signed: Measure
    absolute: Measure
    depends_on_model: bool | Undefined
