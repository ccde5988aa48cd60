"""A measured number, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a number is undefined, an image is left out, or a row has no result."""

    # agreement between graders
    FEWER_THAN_TWO_ANSWERS = "fewer_than_two_answers"
    TOO_MANY_GRADERS = "too_many_graders"
    NOT_ANSWERED = "not_answered"
    NOTHING_DRAWN = "nothing_drawn"
    EVERYTHING_IS_PATHOLOGY = "everything_is_pathology"
    # admission
    NO_GRADINGS = "no_gradings"
    INCOMPLETE = "incomplete"
    NOT_VISIBLE = "not_visible"
    TOO_MANY_REGIONS = "too_many_regions"
    NOT_OUTLINED = "not_outlined"
    KAPPA_UNDEFINED = "kappa_undefined"
    KAPPA_BELOW_CUT = "kappa_below_cut"
    TOO_FEW_IMAGES = "too_few_images"
    # findings
    TOO_FEW_CASES = "too_few_cases"
    ONE_GROUP = "one_group"
    NO_VARIATION = "no_variation"
    INFINITE = "infinite"
    NO_LABELS = "no_labels"
    # the classifier
    NO_CONDITION = "no_condition"
    CONDITIONS_DIFFER = "conditions_differ"
    CONDITION_NOT_MAPPED = "condition_not_mapped"
    NO_PREDICTION = "no_prediction"
    # map against region
    ROI_EMPTY = "roi_empty"
    ROI_FULL = "roi_full"
    CONSTANT_MAP = "constant_map"
    ZERO_MAP = "zero_map"
    SINGLE_SAMPLE = "single_sample"
    NO_POSITIVE_ATTRIBUTION = "no_positive_attribution"
    # failures that become rows
    NO_PIXELS = "no_pixels"
    PIXELS_MISSING = "pixels_missing"
    PIXELS_CHANGED = "pixels_changed"
    UNREADABLE_IMAGE = "unreadable_image"
    BEYOND_CASE_IMAGES = "beyond_case_images"
    NO_MAP = "no_map"
    NOT_FINITE = "not_finite"
    MODEL_FAILED = "model_failed"
    OUT_OF_MEMORY = "out_of_memory"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Undefined:
    """A number that does not exist, with the reason; left out of means and counted beside them."""

    reason: Reason


Measure = float | Undefined


def value_of(measure: Measure) -> float | None:
    """Return the number, or None where it is undefined."""
    return None if isinstance(measure, Undefined) else measure
