"""How graders agree over a study: with each other, with themselves, and in their answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.grading import Role, Status
from engine.domain.measure import Measure

Matrix = tuple[tuple[Measure, ...], ...]
"""One number for each pair of graders; symmetric, G x G."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over images or readings.

    Attributes
    ----------
    value
        Undefined with `Reason.TOO_FEW_IMAGES` where nothing is averaged.
    n
        How many numbers are averaged.
    undefined
        How many more there would be were they defined.
    """

    value: Measure
    n: int
    undefined: int


@dataclass(frozen=True, slots=True)
class StapleFacts:
    """What STAPLE says of the graders of one image, and whether to believe it.

    Attributes
    ----------
    graders
        Who voted; the two tuples below are in this order.
    sensitivities, specificities
        Each grader's share of the estimated truth, and of the estimated background, that it
        judged so; undefined where the estimate has no truth or no background.
    is_degenerate
        Nobody or everybody marks every pixel, or a grader's sensitivity or specificity is at 0:
        the solution then says more about the start than about the graders.
    """

    graders: tuple[str, ...]
    sensitivities: tuple[Measure, ...]
    specificities: tuple[Measure, ...]
    iterations: int
    has_converged: bool
    is_degenerate: bool


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Each grader's region against each other's on one image.

    Attributes
    ----------
    graders
        Names, in the order of rows and columns.
    dice, iou
        Overlap, 0..1; undefined for two who both drew nothing.
    hd95
        95 % Hausdorff distance in pixels; undefined where either drew nothing.
    """

    graders: tuple[str, ...]
    dice: Matrix
    iou: Matrix
    hd95: Matrix


@dataclass(frozen=True, slots=True)
class AgainstOthers:
    """One grader's region against the consensus of the other graders of the image.

    Attributes
    ----------
    sensitivity
        Share of what the others see that the grader marks; undefined where they see nothing.
    specificity
        Share of what the others leave that the grader leaves; undefined where they leave nothing.
    dice
        Overlap, 0..1; undefined where the others see nothing, or nothing but pathology.
    """

    sensitivity: Measure
    specificity: Measure
    dice: Measure


@dataclass(frozen=True, slots=True)
class RepeatAgreement:
    """One grader's two readings of one image.

    Attributes
    ----------
    dice, kappa
        Overlap, and Fleiss kappa over pixels with the two readings as raters (Scott's pi).
    visible, roi_count
        1 where both readings give the same answer, 0 where they differ; undefined where either
        gives none.
    """

    grader: str
    dice: Measure
    kappa: Measure
    visible: Measure
    roi_count: Measure


@dataclass(frozen=True, slots=True)
class Work:
    """Where one reading stands and what it answers.

    Attributes
    ----------
    status
        None where nothing is begun. A reading marked as done that does not answer everything is
        only started.
    visible
        The answer that counts for agreement; None where there is none.
    is_too_many
        Whether that answer is *too many regions to outline*.
    is_drawn
        Whether what was last done was done in the window, and not imported.
    """

    grader: str
    role: Role
    status: Status | None
    visible: bool | None
    is_too_many: bool
    is_drawn: bool
    has_note: bool
    has_problem: bool


@dataclass(frozen=True, slots=True)
class ImageGraders:
    """What one image says of its graders.

    Attributes
    ----------
    image
        Its path.
    work
        One entry for each reading of any role.
    overlaps
        Of the assigned graders who say where the pathology is; none for fewer than two, or more
        than votes can be counted for.
    others
        The same graders against each other's consensus, by name; its numbers are undefined where
        there are no overlaps.
    repeats
        Completed repeat readings beside the same grader's assigned one.
    """

    image: str
    work: tuple[Work, ...]
    overlaps: Overlaps | None
    others: Mapping[str, AgainstOthers]
    repeats: tuple[RepeatAgreement, ...]


@dataclass(frozen=True, slots=True)
class GraderRow:
    """One grader over the study.

    Attributes
    ----------
    images
        Images the grader is asked to read, or did read: assigned and extra, repeats apart.
    done, started, sent_back
        How many of them stand so; the rest is not begun.
    timed
        Those done ones of which it is known how long they took.
    seconds
        The median of that time, without idle time.
    sensitivity, specificity, dice
        Against the consensus of the other graders, in the mean over images.
    visible
        Share of visibility answers that say visible.
    too_many
        Readings that answer *too many regions to outline*.
    notes, problems
        Readings, repeats among them, with a note, and with a problem, of the grader's own.
    repeats
        Completed repeat readings that are compared with the assigned one.
    repeat_dice, repeat_kappa, repeat_visible, repeat_roi_count
        Agreement of the grader with itself, in the mean over those.
    """

    grader: str
    images: int
    done: int
    started: int
    sent_back: int
    timed: int
    seconds: Measure
    sensitivity: Mean
    specificity: Mean
    dice: Mean
    visible: Mean
    too_many: int
    notes: int
    problems: int
    repeats: int
    repeat_dice: Mean
    repeat_kappa: Mean
    repeat_visible: Mean
    repeat_roi_count: Mean


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two graders over the images on which both say where the pathology is.

    Attributes
    ----------
    first, second
        Names, in alphabetical order.
    images
        Their common images.
    hd95
        In pixels.
    """

    first: str
    second: str
    images: int
    dice: Mean
    iou: Mean
    hd95: Mean


@dataclass(frozen=True, slots=True)
class StudyGraders:
    """All graders, and all pairs of graders with a common image, of a study."""

    graders: tuple[GraderRow, ...]
    pairs: tuple[PairRow, ...]


@dataclass(frozen=True, slots=True)
class AnswerAgreement:
    """How far graders give the same answer to one question, over a study.

    Graders differ from image to image unless `is_one_panel`: the coefficients then treat them as
    interchangeable and say nothing about any one of them.

    Attributes
    ----------
    question
        ``visible`` or ``roi_count``.
    categories
        Number of possible answers.
    images, compared
        Images with an answer, and with two or more.
    answers, missing
        Answers in all, and assigned readings that give none: not completed, not known, or, of the
        count, not asked because no condition is seen.
    graders
        Number of graders who give an answer.
    is_one_panel
        Whether all of them answered for each of the images.
    fleiss_kappa, gwet_ac1
        Nominal agreement beyond chance, at most 1.
    alpha_nominal, alpha_ordinal
        Krippendorff's alpha, at most 1; ordinal where answers have an order.
    """

    question: str
    categories: int
    images: int
    compared: int
    answers: int
    missing: int
    graders: int
    is_one_panel: bool
    fleiss_kappa: Measure
    gwet_ac1: Measure
    alpha_nominal: Measure
    alpha_ordinal: Measure
