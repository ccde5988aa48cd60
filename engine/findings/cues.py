"""Candidate wrong cues: groups of cases in which maps find the region less well (method 10.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.domain.findings import Cue, Interval
from engine.domain.measure import value_of
from engine.domain.rows import ImageLocalisation, ImageResult
from engine.domain.settings import FindingsSettings
from engine.findings.bootstrap import interval_of, resampled_means
from engine.findings.candidates import Candidate, Labels, Pool, pools
from engine.findings.case_table import CaseTable, Flags, Floats, located_images
from engine.findings.corrections import holm
from engine.findings.permutation import lowness, within

METRICS = ("ds_above_chance", "auc")
"""Both must be lower, the first by more than the margin."""

IN_WORDS = {"ds_above_chance": "DS above chance", "auc": "AUC"}

ROUNDING = 1e-12
"""Smaller differences are taken for roundings."""

SAME_VALUE = "all cases have the same value"


@dataclass(frozen=True, slots=True)
class CueSearch:
    """What came of all candidates, as in `Findings`."""

    cues: tuple[Cue, ...]
    tested: int
    untested: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Tested:
    """A candidate with its numbers: who is compared in the pool, differences by metric, p-value."""

    pool: Pool
    level: str
    members: Flags
    others: Flags
    differences: Floats
    p: float

    @property
    def smaller(self) -> int:
        """Index of the metric with the smaller difference."""
        return int(np.argmin(self.differences))


def find_cues(
    table: CaseTable,
    images: Sequence[ImageResult],
    body_parts: Labels,
    settings: FindingsSettings,
) -> CueSearch:
    """Test every candidate group and list those in which maps find the region less well.

    A classifier that goes by something beside the pathology (a ruler, a pen mark, hair, a body
    part) has maps that lie there instead of on the region the graders outlined, in those cases
    that show it. So each condition, each level of each metadata column (a number is split at its
    median over all cases) and each labelled body part is compared with the rest, among correctly
    and among incorrectly classified cases apart.

    *Values.* DS above chance and AUC of the case, each corrected for the logarithms of ROI area
    and number of images by the slopes within cells of condition x correctness: a condition of
    small lesions, or of many pictures, is no cue.

    *Compared with.* A stratum level or body part only with cases of the same condition, since a
    group that has more of one condition is no cue. A condition with all other conditions, and
    also within the levels of each column, since a condition that has more of one sex is no cue
    either: of these comparisons, where there are cases enough, the one with the largest p counts.

    *Test.* `lowness` of each metric: the difference divided by its standard error, one-sided, its
    distribution under the hypothesis from permutations of cases (within the stratum compared in).
    Sound classifiers too find some conditions and some skins better than others, while a cue
    takes most of the map away: DS above chance must fall short of the others' mean by more than
    the share ``cue_margin`` of it. AUC hardly feels a small mark, so it must only be lower. Both
    must be (intersection-union): p is the larger of the two, corrected by Holm over all
    candidates of the run. Candidates are left untested with fewer than
    ``min_cases_per_condition`` members or others to compare with.

    *Effect.* The smaller of the two differences, others minus members: so much lower are both.
    It has a percentile bootstrap interval over cases, resampled within members and others of each
    stratum, and orders the list.

    *Limits.* A cue that every case shows, or that lies on the lesion, moves no map away from its
    region and cannot be seen here. A listed group is where to look, not a proof: its lesions may
    be fainter or harder to outline, or its class one that the classifier tells by the absence of
    others' signs, whose maps miss the lesion without any cue (the fainter twin of another class,
    the class of little evidence). A group may stand in for another that is not recorded. What is
    not listed was not shown to be sound, least of all in small groups. Body parts are compared
    among labelled images, most of which were chosen for low agreement. Corrections hold for one
    run, not for many runs of which the best is shown.

    References
    ----------
    Method, section 10.4. Berger, "Multiparameter hypothesis testing and acceptance sampling",
    Technometrics 24, 1982 (intersection-union).
    """
    values = np.stack([_adjusted(table, metric) for metric in METRICS])
    usable = np.asarray(np.isfinite(values).all(axis=0))
    worst: dict[Candidate, _Tested] = {}
    untested: dict[Candidate, str] = {}
    for pool in pools(table, usable, images, body_parts, settings):
        found, left = _test(pool, values[:, pool.cases], settings)
        for candidate, one in found.items():
            worst[candidate] = max(worst.get(candidate, one), one, key=_weakness)
        untested = left | untested
    tested = list(worst.values())
    corrected = holm(np.array([one.p for one in tested])).tolist()
    image_names = located_images(images)
    cues = [
        _cue(one, p, values[:, one.pool.cases], _paths(one, table, image_names), settings)
        for one, p in zip(tested, corrected, strict=True)
        if p < settings.alpha
    ]
    cues.sort(key=lambda cue: (-cue.effect, cue.kind, cue.column, cue.level))
    left_out = [(_name(one), why) for one, why in untested.items() if one not in worst]
    return CueSearch(tuple(cues), len(tested), tuple(left_out))


def _weakness(one: _Tested) -> tuple[float, float]:
    """Return a key that is largest where a comparison says least."""
    return one.p, -float(one.differences.min())


def _adjusted(table: CaseTable, metric: str) -> Floats:
    """Return a metric at the mean ROI area and number of images; NaN where one is undefined."""
    area = np.where(table.areas[metric] > 0, table.areas[metric], np.nan)
    rows = np.stack([table.values[metric], np.log(area), np.log(table.images)])
    known = np.isfinite(rows).all(axis=0) & (table.is_correct | table.is_incorrect)
    adjusted = np.full(len(table), np.nan)
    if known.any():
        cells = np.char.add(table.conditions, np.where(table.is_correct, " +", " -"))
        _, cell = np.unique(cells[known], return_inverse=True)
        inside = within(rows[:, known], cell)
        inside[np.abs(inside) < ROUNDING] = 0  # a covariate that varies no more has no slope
        slopes, *_ = np.linalg.lstsq(inside[1:].T, inside[0], rcond=1e-6)
        covariate = rows[1:, known]
        centre = covariate.mean(axis=1, keepdims=True)
        adjusted[known] = rows[0, known] - slopes @ (covariate - centre)
    return adjusted


def _test(
    pool: Pool, values: Floats, settings: FindingsSettings
) -> tuple[dict[Candidate, _Tested], dict[Candidate, str]]:
    """Test the candidates of a pool that can be tested, and say why the others cannot."""
    compared = within(pool.groups, pool.strata) != 0
    members, others = compared & (pool.groups == 1), compared & (pool.groups == 0)
    sizes = members.sum(axis=1), others.sum(axis=1)
    varies = bool((np.abs(within(values, pool.strata)) > ROUNDING).any(axis=1).all())
    enough = np.minimum(*sizes) >= settings.min_cases_per_condition
    left = {
        pool.candidate(level): SAME_VALUE if large else _too_few(few, rest, settings)
        for level, large, few, rest in zip(pool.levels, enough, *sizes, strict=True)
        if not (large and varies)
    }
    if not (enough.any() and varies):
        return {}, left
    result = lowness(
        values,
        pool.groups[enough],
        pool.strata,
        margins=_margins(values, others[enough], settings.cue_margin),
        permutations=settings.permutations,
        rng=np.random.default_rng([settings.seed, *_identity(pool)]),
    )
    return {
        pool.candidate(pool.levels[k]): _Tested(
            pool, pool.levels[k], members[k], others[k], differences, p
        )
        for k, differences, p in zip(
            np.flatnonzero(enough), result.difference.T, result.p.max(axis=0).tolist(), strict=True
        )
    }, left


def _margins(values: Floats, others: Flags, share: float) -> Floats:
    """Return by how much groups may be lower, shape (2, k): DS by a share of the others' mean."""
    margins = np.zeros((len(METRICS), len(others)))
    margins[0] = [share * max(float(values[0, other].mean()), 0) for other in others]
    return margins


def _too_few(members: int, others: int, settings: FindingsSettings) -> str:
    fewest = settings.min_cases_per_condition
    return f"cases: {members}, to compare with: {others}; at least {fewest} of each are needed"


def _identity(pool: Pool) -> bytes:
    """Return what seeds the permutations of a pool, whatever other pools there are."""
    return f"{pool.kind} {pool.column} {pool.is_correct}".encode()


def _cue(
    one: _Tested,
    p_corrected: float,
    values: Floats,
    images: tuple[str, ...],
    settings: FindingsSettings,
) -> Cue:
    interval = _interval(one, values[one.smaller], settings)
    n, rest = int(one.members.sum()), int(one.others.sum())
    return Cue(
        kind=one.pool.kind,
        column=one.pool.column,
        level=one.level,
        is_correct=one.pool.is_correct,
        metric=METRICS[one.smaller],
        effect=float(one.differences[one.smaller]),
        interval=interval,
        p=one.p,
        p_corrected=p_corrected,
        n=n,
        rest=rest,
        images=images,
        sentence=_sentence(one, p_corrected, interval, n, rest),
    )


def _interval(one: _Tested, values: Floats, settings: FindingsSettings) -> Interval:
    """Return the bootstrap interval of a difference, strata weighted as in the test."""
    rng = np.random.default_rng(settings.seed)
    total, weights = np.zeros(settings.resamples), 0.0
    for stratum in np.unique(one.pool.strata[one.members]):
        here = one.pool.strata == stratum
        members, others = values[here & one.members], values[here & one.others]
        weight = len(members) * len(others) / (len(members) + len(others))
        means = (resampled_means(v, rng, resamples=settings.resamples) for v in (others, members))
        total += weight * np.subtract(*means)
        weights += weight
    return interval_of(total / weights, settings.confidence)


def _paths(
    one: _Tested, table: CaseTable, located: Mapping[str, list[tuple[str, ImageLocalisation]]]
) -> tuple[str, ...]:
    """Return the images of the members, the lowest by the metric of the effect first."""
    names = (table.cases[index].case for index in one.pool.cases[one.members])
    found = [
        (value, path)
        for name in names
        for path, image in located.get(name, ())
        if (value := value_of(getattr(image, METRICS[one.smaller]))) is not None
    ]
    return tuple(path for _, path in sorted(found))


def _name(candidate: Candidate) -> str:
    """Return the name of a candidate, such as ``sex: female, correct``."""
    kind, column, level, is_correct = candidate
    named = {
        "condition": level,
        "stratum": f"{column}: {level}",
        "body_part": f"body part: {level}",
    }
    return f"{named[kind]}, {'correct' if is_correct else 'incorrect'}"


def _sentence(one: _Tested, p_corrected: float, interval: Interval, n: int, rest: int) -> str:
    correctness = "correctly" if one.pool.is_correct else "incorrectly"
    group = {
        "condition": f"of {one.level}",
        "stratum": f"with {one.pool.column} {one.level}",
        "body_part": f"that show {one.level}",
    }[one.pool.kind]
    others = "the others" if one.pool.kind == "condition" else "others of the same condition"
    smaller, larger = METRICS[one.smaller], METRICS[1 - one.smaller]
    return (
        f"In {correctness} classified cases {group}, maps find the graders' region less well than"
        f" in {others}: at equal ROI area and number of images {IN_WORDS[smaller]} is lower by"
        f" {one.differences[one.smaller]:.2f} ({interval.level:.0%} interval {interval.low:.2f} to"
        f" {interval.high:.2f}) and {IN_WORDS[larger]} by {one.differences[1 - one.smaller]:.2f}"
        f" ({n} cases against {rest}, corrected p {p_corrected:.2g}); the classifier may go by"
        " something else that these pictures share."
    )
