"""Each grader's region against each other's: Dice, IoU and 95 % Hausdorff distance."""

from collections.abc import Sequence

from engine.domain.agreement import Matrix, Overlaps
from engine.domain.measure import Measure, Undefined
from engine.graders.hausdorff import hd95_matrix
from engine.graders.kappa import pairwise_dice
from engine.regions.runs import Runs
from engine.regions.votes import vote_patterns


def overlap_matrices(graders: Sequence[str], regions: Sequence[Runs]) -> Overlaps:
    """Compare the regions of one image pair by pair.

    Parameters
    ----------
    graders, regions
        Name and region of each grader; one to `MAX_GRADERS` of them.

    References
    ----------
    Method, section 5.
    """
    dice = pairwise_dice(vote_patterns(regions))
    return Overlaps(tuple(graders), dice, _iou_matrix(dice), hd95_matrix(regions))


def _iou_matrix(dice: Matrix) -> Matrix:
    return tuple(tuple(map(_iou, row)) for row in dice)


def _iou(dice: Measure) -> Measure:
    return dice if isinstance(dice, Undefined) else dice / (2 - dice)
