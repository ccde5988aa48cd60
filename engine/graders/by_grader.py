"""What each grader did, and how each agrees with the others and with itself, over a study."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median
from typing import Any

from engine.domain.agreement import (
    AgainstOthers,
    GraderRow,
    ImageGraders,
    Mean,
    Overlaps,
    PairRow,
    RepeatAgreement,
    StudyGraders,
    Work,
)
from engine.domain.grading import Grading, Origin, Reading, Role, Status
from engine.domain.image import Image
from engine.domain.measure import Measure, Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.consensus import voters_among, votes_of
from engine.graders.matrices import overlap_matrices
from engine.graders.others import against_others
from engine.graders.readings import (
    Answer,
    answer_of,
    assigned,
    counted,
    is_visible,
    status_of,
)
from engine.graders.repeats import repeat_agreement
from engine.regions.runs import Runs
from engine.regions.votes import vote_patterns

Known = dict[str, tuple[int, Overlaps]]
"""Overlaps of graders that were measured before, by path of the image, each with a hash of all
that it is made of; whoever measures a study again keeps it, and only what changed is measured."""


def measure_graders(
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    *,
    known: Known | None = None,
) -> ImageGraders:
    """Compare the graders of one image with each other and with their own repeat readings.

    Graders are compared by the completed reading that counts for agreement (`counted`), and only
    those who are assigned and say where the pathology is.

    Parameters
    ----------
    known
        Overlaps measured before; those of this image join them.

    References
    ----------
    Method, sections 3 and 5.
    """
    gradings = [counted(reading, settings) for reading in assigned(readings)]
    voters = voters_among(gradings, settings)
    votes = votes_of(image, gradings, settings)
    if not isinstance(votes, Undefined) and len(votes) < 2:
        votes = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
    overlaps = None if isinstance(votes, Undefined) else _overlaps(image, voters, votes, known)
    names, others = [grading.grader for grading in voters], _others(voters, votes, settings)
    return ImageGraders(
        image=image.path,
        work=tuple(_work(reading, settings) for reading in readings),
        overlaps=overlaps,
        others=dict(zip(names, others, strict=True)),
        repeats=repeat_agreement(image, readings, settings),
    )


def gather(
    images: Iterable[ImageGraders], activity: Mapping[tuple[str, str, Role], float] | None = None
) -> StudyGraders:
    """Sum up what images say of their graders; images are taken one by one and not kept.

    Parameters
    ----------
    activity
        Seconds at work on an image, by its path, grader and role, where they are known.

    Returns
    -------
    Graders by name, and pairs of graders by their names.
    """
    seconds = activity or {}
    graders: defaultdict[str, _Grader] = defaultdict(_Grader)
    pairs: defaultdict[tuple[str, str], _Pair] = defaultdict(_Pair)
    for image in images:
        for work in image.work:
            key = image.image, work.grader, work.role
            graders[work.grader].add_work(work, seconds.get(key))
        for grader, against in image.others.items():
            graders[grader].add_others(against)
        for repeat in image.repeats:
            graders[repeat.grader].add_repeat(repeat)
        if image.overlaps:
            _add_pairs(pairs, image.overlaps)
    return StudyGraders(
        tuple(graders[name].row(name) for name in sorted(graders)),
        tuple(pairs[names].row(*names) for names in sorted(pairs)),
    )


def _overlaps(
    image: Image, voters: Sequence[Grading], votes: Sequence[Runs], known: Known | None
) -> Overlaps:
    """Return what is known of the overlaps, where it was made of the very same regions."""
    names = tuple(grading.grader for grading in voters)
    if known is None:
        return overlap_matrices(names, votes)
    made_of = hash((image.width, image.height, names, tuple(g.region for g in voters)))
    found = known.get(image.path)
    if found is None or found[0] != made_of:
        found = known[image.path] = made_of, overlap_matrices(names, votes)
    return found[1]


def _others(
    voters: Sequence[Grading], votes: Sequence[Runs] | Undefined, settings: AgreementSettings
) -> Sequence[AgainstOthers]:
    if isinstance(votes, Undefined):
        return [AgainstOthers(votes, votes, votes)] * len(voters)
    counts = vote_patterns(votes)
    return against_others(counts, tie=settings.tie, rule=settings.consensus)


def _work(reading: Reading, settings: AgreementSettings) -> Work:
    grading, own = counted(reading, settings), reading.last
    answer = answer_of(grading, settings)
    is_done = answer is not Answer.INCOMPLETE
    return Work(
        grader=reading.grader,
        role=reading.role,
        status=status_of(reading, settings),
        visible=is_visible(grading) if grading and is_done else None,
        is_too_many=answer is Answer.TOO_MANY,
        is_drawn=reading.latest is not None and reading.latest.origin is Origin.DRAWN,
        has_note=bool(own and own.note),
        has_problem=bool(own and own.problem),
    )


def _add_pairs(pairs: Mapping[tuple[str, str], "_Pair"], overlaps: Overlaps) -> None:
    for a, b in combinations(range(len(overlaps.graders)), 2):
        first, second = sorted((overlaps.graders[a], overlaps.graders[b]))
        pair = pairs[first, second]
        pair.images += 1
        pair.dice.add(overlaps.dice[a][b])
        pair.iou.add(overlaps.iou[a][b])
        pair.hd95.add(overlaps.hd95[a][b])


@dataclass(slots=True)
class _Sum:
    """A mean while it is being summed."""

    total: float = 0.0
    n: int = 0
    undefined: int = 0

    def add(self, measure: Measure) -> None:
        if isinstance(measure, Undefined):
            self.undefined += 1
        else:
            self.total += measure
            self.n += 1

    def mean(self) -> Mean:
        value = self.total / self.n if self.n else Undefined(Reason.TOO_FEW_IMAGES)
        return Mean(value, self.n, self.undefined)


@dataclass(slots=True)
class _Pair:
    """A pair of graders while it is being summed."""

    images: int = 0
    dice: _Sum = field(default_factory=_Sum)
    iou: _Sum = field(default_factory=_Sum)
    hd95: _Sum = field(default_factory=_Sum)

    def row(self, first: str, second: str) -> PairRow:
        return PairRow(
            first, second, self.images, self.dice.mean(), self.iou.mean(), self.hd95.mean()
        )


_COUNTED = ("images", "done", "started", "sent_back", "too_many", "notes", "problems", "repeats")
_AVERAGED = (
    "sensitivity",
    "specificity",
    "dice",
    "visible",
    "repeat_dice",
    "repeat_kappa",
    "repeat_visible",
    "repeat_roi_count",
)
"""Fields of `GraderRow`."""


@dataclass(slots=True)
class _Grader:
    """A grader while the study is being summed up; entries are named as in `GraderRow`."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    sums: dict[str, _Sum] = field(default_factory=lambda: {name: _Sum() for name in _AVERAGED})
    seconds: list[float] = field(default_factory=list)

    def add_work(self, work: Work, seconds: float | None) -> None:
        self.counts["notes"] += work.has_note
        self.counts["problems"] += work.has_problem
        if work.role is Role.REPEAT:
            return
        self.counts["images"] += 1
        self.counts["too_many"] += work.is_too_many
        if work.status:
            self.counts[work.status.value] += 1
        if work.status is Status.DONE and work.is_drawn and seconds is not None:
            self.seconds.append(seconds)
        if work.visible is not None:
            self.sums["visible"].add(float(work.visible))
        elif work.status is Status.DONE:
            self.sums["visible"].undefined += 1

    def add_others(self, against: AgainstOthers) -> None:
        for name in ("sensitivity", "specificity", "dice"):
            self.sums[name].add(getattr(against, name))

    def add_repeat(self, repeat: RepeatAgreement) -> None:
        self.counts["repeats"] += 1
        for name in ("dice", "kappa", "visible", "roi_count"):
            self.sums[f"repeat_{name}"].add(getattr(repeat, name))

    def row(self, grader: str) -> GraderRow:
        means = {name: total.mean() for name, total in self.sums.items()}
        fields: dict[str, Any] = {**self.counts, **means}
        seconds = median(self.seconds) if self.seconds else Undefined(Reason.TOO_FEW_IMAGES)
        return GraderRow(grader=grader, timed=len(self.seconds), seconds=seconds, **fields)
