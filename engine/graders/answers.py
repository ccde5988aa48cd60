"""How far graders agree over a study: is a condition visible, and how many regions are there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.domain.agreement import AnswerAgreement
from engine.domain.grading import Reading
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.coefficients import fleiss_kappa, gwet_ac1, krippendorff_alpha
from engine.graders.readings import (
    Answer,
    answer_of,
    assigned,
    count_category,
    counted,
    is_visible,
)


def answer_agreement(
    graded: Iterable[tuple[Image, Sequence[Reading]]], settings: AgreementSettings
) -> tuple[AnswerAgreement, AnswerAgreement]:
    """Measure agreement on the two questions that graders answer without drawing.

    The completed reading that counts (`counted`) of each assigned grader enters. Graders differ
    from image to image, so the coefficients are those for interchangeable graders in varying
    number; images with one answer tell only how common an answer is. For the count, categories
    are 0 to ``max_outlined_regions`` and *too many*; who sees no condition is not asked for a
    count, and gives none. *Too many* has a rank and no value, so beside the nominal coefficients
    stands the ordinal alpha.

    Parameters
    ----------
    graded
        Images with all their readings; taken one by one and not kept.

    Returns
    -------
    Agreement on *visible*, and on the count of regions. Coefficients are undefined where no image
    has two answers; kappa and alpha also where only one answer was ever given.

    References
    ----------
    Method, section 5.
    """
    answers = StudyAnswers(settings)
    for _, readings in graded:
        answers.add(readings)
    return answers.agreement()


class StudyAnswers:
    """The answers to both questions while they are gathered, image by image."""

    def __init__(self, settings: AgreementSettings) -> None:
        self._settings = settings
        self._visible = _Tally("visible", 2)
        self._roi_count = _Tally("roi_count", settings.max_outlined_regions + 2)

    def add(self, readings: Sequence[Reading]) -> None:
        """Take what the readings of one more image answer."""
        members = assigned(readings)
        answers = {reading.grader: given_answers(reading, self._settings) for reading in members}
        self._visible.add({grader: given for grader, (given, _) in answers.items()})
        self._roi_count.add({grader: given for grader, (_, given) in answers.items()})

    def agreement(self) -> tuple[AnswerAgreement, AnswerAgreement]:
        """Return the agreement so far, as `answer_agreement` does."""
        return self._visible.agreement(is_ordinal=False), self._roi_count.agreement(is_ordinal=True)


def given_answers(reading: Reading, settings: AgreementSettings) -> tuple[int | None, int | None]:
    """Return what a reading answers to *visible* and, as a category, to the count of regions.

    None where it does not answer, or is not complete.
    """
    grading = counted(reading, settings)
    if grading is None or answer_of(grading, settings) is Answer.INCOMPLETE:
        return None, None
    return is_visible(grading), count_category(grading, settings)


@dataclass(slots=True)
class _Tally:
    """One question while its answers are counted: how often each row of counts occurs."""

    question: str
    categories: int
    rows: Counter[tuple[int, ...]] = field(default_factory=Counter)
    graders: set[str] = field(default_factory=set)
    missing: int = 0

    def add(self, answers: dict[str, int | None]) -> None:
        given = {grader: answer for grader, answer in answers.items() if answer is not None}
        self.missing += len(answers) - len(given)
        self.graders.update(given)
        if given:
            row = np.bincount(list(given.values()), minlength=self.categories)
            self.rows[tuple(row.tolist())] += 1

    def agreement(self, *, is_ordinal: bool) -> AnswerAgreement:
        # Sorted, so that sums do not depend on the order of images.
        rows = sorted(self.rows)
        counts = np.array(rows, dtype=np.int64).reshape(-1, self.categories)
        images = np.array([self.rows[row] for row in rows], dtype=np.int64)
        answers = counts.sum(axis=1)
        ordinal = (
            krippendorff_alpha(counts, images, is_ordinal=True)
            if is_ordinal
            else Undefined(Reason.NOT_APPLICABLE)
        )
        return AnswerAgreement(
            question=self.question,
            categories=self.categories,
            images=int(images.sum()),
            compared=int(images[answers > 1].sum()),
            answers=int(answers @ images),
            missing=self.missing,
            graders=len(self.graders),
            is_one_panel=bool((answers == len(self.graders)).all()),
            fleiss_kappa=fleiss_kappa(counts, images),
            gwet_ac1=gwet_ac1(counts, images),
            alpha_nominal=krippendorff_alpha(counts, images),
            alpha_ordinal=ordinal,
        )
