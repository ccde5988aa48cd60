"""The graders as tables: each one, each pair, their answers to the two questions."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from engine.domain.agreement import AnswerAgreement, GraderRow, PairRow, StudyGraders
from engine.report.columns import named
from engine.report.table import Column, Table


def _mean(name: str, meaning: str, *, of: str = "images") -> tuple[Column[Any], ...]:
    return (
        Column(name, meaning, attrgetter(f"{name}.value")),
        Column(f"{name}_n", f"{of} that this is the mean of", attrgetter(f"{name}.n")),
        Column(f"{name}_undefined", "how many more are undefined", attrgetter(f"{name}.undefined")),
    )


GRADERS: tuple[Column[GraderRow], ...] = (
    *named(
        grader="the grader",
        images="images to read, repeats apart",
        done="of them, those that are done",
        started="those that are begun",
        sent_back="those that were sent back and not redone",
        timed="those done ones that were graded in the window, so that their time is known",
        seconds="median time at work on one of them, idle time left out",
    ),
    *_mean("sensitivity", "share of the others' consensus that the grader marks"),
    *_mean("specificity", "share of what the others leave that the grader leaves"),
    *_mean("dice", "Dice with the consensus of the others"),
    *_mean("visible", "share of the answers that say visible", of="answers"),
    *named(
        too_many="readings that find too many regions to outline",
        notes="readings with a note",
        problems="readings with a problem",
        repeats="repeat readings that are compared with the first",
    ),
    *_mean("repeat_dice", "Dice of the grader's two readings", of="repeats"),
    *_mean("repeat_kappa", "kappa over pixels of the two readings", of="repeats"),
    *_mean("repeat_visible", "share of repeats with the same visibility", of="repeats"),
    *_mean("repeat_roi_count", "share of repeats with the same count", of="repeats"),
)

PAIRS: tuple[Column[PairRow], ...] = (
    *named(first="one grader", second="the other", images="images on which both say where it is"),
    *_mean("dice", "Dice of the two graders"),
    *_mean("iou", "intersection over union of the two graders"),
    *_mean("hd95", "95 % Hausdorff distance, pixels"),
)

ANSWERS: tuple[Column[AnswerAgreement], ...] = named(
    question="visible, or roi_count",
    categories="number of possible answers",
    images="images with an answer",
    compared="images with two answers or more",
    answers="answers in all",
    missing="assigned readings that give none",
    graders="graders who give an answer",
    is_one_panel="whether all of them answered for each image",
    fleiss_kappa="Fleiss kappa over images",
    gwet_ac1="Gwet's AC1 over images",
    alpha_nominal="Krippendorff's alpha, nominal",
    alpha_ordinal="Krippendorff's alpha, ordinal",
)


def grader_tables(graders: StudyGraders, answers: Sequence[AnswerAgreement]) -> list[Table[Any]]:
    """Return the tables of graders, pairs of graders, and answers."""
    return [
        Table("graders", GRADERS, graders.graders),
        Table("pairs", PAIRS, graders.pairs),
        Table("answers", ANSWERS, answers),
    ]
