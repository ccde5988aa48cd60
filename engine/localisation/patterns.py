"""The eight Shared Interest patterns: does the model look where graders looked, and is it right."""

from enum import StrEnum

from engine.domain.measure import Undefined
from engine.domain.rows import ImageLocalisation
from engine.domain.settings import LocalisationSettings


class Pattern(StrEnum):
    """What a prediction rests on; the first four are correct predictions, the last four wrong."""

    HUMAN_ALIGNED = "human_aligned"
    SUFFICIENT_SUBSET = "sufficient_subset"
    SUFFICIENT_CONTEXT = "sufficient_context"
    CONTEXT_DEPENDENT = "context_dependent"
    CONFUSER = "confuser"
    INSUFFICIENT_SUBSET = "insufficient_subset"
    CONTEXT_CONFUSION = "context_confusion"
    DISTRACTOR = "distractor"


PATTERNS = {
    # correct, high ground-truth coverage, high saliency coverage
    (True, True, True): Pattern.HUMAN_ALIGNED,
    (True, False, True): Pattern.SUFFICIENT_SUBSET,
    (True, True, False): Pattern.SUFFICIENT_CONTEXT,
    (True, False, False): Pattern.CONTEXT_DEPENDENT,
    (False, True, True): Pattern.CONFUSER,
    (False, False, True): Pattern.INSUFFICIENT_SUBSET,
    (False, True, False): Pattern.CONTEXT_CONFUSION,
    (False, False, False): Pattern.DISTRACTOR,
}


def shared_interest_pattern(
    row: ImageLocalisation, *, is_correct: bool | None, settings: LocalisationSettings
) -> Pattern | None:
    """Return the pattern of one image, or None where a coverage or the correctness is undefined.

    Ground-truth coverage is the share of the region that is salient, saliency coverage the share
    of the salient pixels in the region, both at the best threshold; a coverage at or above its
    cut is high.

    Parameters
    ----------
    is_correct
        Whether the prediction is right; None where that is undefined.

    References
    ----------
    Boggust et al., "Shared Interest", CHI 2022.
    """
    of_region, of_saliency = row.ground_truth_coverage, row.saliency_coverage
    if is_correct is None or isinstance(of_region, Undefined) or isinstance(of_saliency, Undefined):
        return None
    covers_region = of_region >= settings.ground_truth_cut
    stays_inside = of_saliency >= settings.saliency_cut
    return PATTERNS[is_correct, covers_region, stays_inside]
