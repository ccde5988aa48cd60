"""What a finished run says to the three questions, and which cues look wrong (method 10)."""

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.measure import Measure, Reason, Undefined

TOO_FEW_CASES = Undefined(Reason.TOO_FEW_CASES)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a stated level, such as 0.95."""

    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over cases, or why there is none.

    Attributes
    ----------
    n
        Cases with a defined value.
    missing
        Cases without one.
    sd
        Standard deviation, n - 1 in the denominator.
    """

    value: Measure
    interval: Interval | Undefined
    n: int
    missing: int = 0
    sd: Measure = TOO_FEW_CASES


@dataclass(frozen=True, slots=True)
class Extremes:
    """Question 1: the images where map and graders agree least, and most.

    Each tuple holds image paths, the most extreme first.

    Attributes
    ----------
    ranked
        Images with both metrics defined, among which the tenths are taken.
    lowest, highest
        Images in the lowest (highest) fraction by DS and by SRCC (Figure 5).
    lowest_ds, lowest_srcc
        Images in the lowest fraction by one metric.
    control
        A random sample of the ranked images that are lowest by neither metric, of the size of
        one lowest fraction.
    """

    fraction: float
    ranked: int
    lowest: tuple[str, ...]
    highest: tuple[str, ...]
    lowest_ds: tuple[str, ...]
    lowest_srcc: tuple[str, ...]
    control: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyPartShare:
    """How often a body part is shown in the lowest images and in the control sample (Figure 6).

    Attributes
    ----------
    group
        ``ds``, ``srcc`` or ``both``: by which metric the images are lowest.
    shown, labelled
        Lowest images that show the part, and that are labelled at all.
    control_shown, control_labelled
        The same of the control sample.
    odds_ratio
        Sample odds ratio; undefined without labelled images, where all or none show the part,
        and where it is infinite.
    p, p_holm
        Fisher's exact test, two-sided, and Holm's correction over the parts of the group.
    """

    part: str
    group: str
    shown: int
    labelled: int
    control_shown: int
    control_labelled: int
    odds_ratio: Measure
    p: Measure
    p_holm: Measure


@dataclass(frozen=True, slots=True)
class ConditionPoint:
    """Question 2: one condition among correct, or among incorrect, cases (Figure 7).

    Attributes
    ----------
    cases
        Cases of the condition with this correctness.
    means
        Estimates by metric: the names in `CASE_METRICS`, and ``roi_area``.
    is_compared
        False where there are fewer cases than the setting asks for.
    is_lowest
        Among the lowest conditions of its correctness in DS and in SRCC.
    examples
        Paths of a few example images, the lowest DS first.
    """

    condition: str
    is_correct: bool
    cases: int
    means: dict[str, Estimate]
    is_compared: bool
    is_lowest: bool
    examples: tuple[str, ...]


class Scale(StrEnum):
    """What kind of column a comparison is by."""

    TWO_GROUPS = "two_groups"
    GROUPS = "groups"
    NUMBER = "number"


class Family(StrEnum):
    """To which family of tests a comparison belongs.

    ``paper`` are the six of the paper; ``companion`` the same for AUC and ROI area; ``stratum``
    what the user asked for beside them.
    """

    PAPER = "paper"
    COMPANION = "companion"
    STRATUM = "stratum"


@dataclass(frozen=True, slots=True)
class Test:
    """One test of one comparison.

    Attributes
    ----------
    name
        ``t``, ``welch_t``, ``anova``, ``kruskal_wallis``, ``pearson`` or ``linear_model``.
    degrees
        Degrees of freedom: one number, or two for F.
    effect, effect_name
        Effect size: Cohen's d, Hedges' g, eta squared, epsilon squared, r or partial eta squared.
    note
        What a reader must know of this test, or empty: terms that a linear model dropped.
    """

    __test__ = False  # no class of tests, whatever pytest makes of the name

    name: str
    statistic: Measure
    degrees: tuple[float, ...]
    p: Measure
    effect: Measure
    effect_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a grouping column."""

    name: str
    mean: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """Question 3: one metric across the levels of one metadata column (Figure 8).

    Attributes
    ----------
    column, metric
        The metadata column, and one of `CASE_METRICS` or ``roi_area``.
    levels
        Means of each level in natural order; empty for a number.
    n, missing
        Cases compared, and cases without a value of the column or of the metric.
    left_out
        Levels of fewer than two cases, which are not compared, with their number of cases.
    test
        The test that decides: t, ANOVA or Pearson.
    beside
        Welch's t (two groups), Kruskal-Wallis (groups), and the linear model with number of
        images, ROI area and condition.
    alpha
        The level at which the verdict falls: that of the family over its number of comparisons.
    p_holm, p_benjamini_hochberg
        Corrected over the defined tests of the comparison's family.
    is_significant
        The verdict, applied mechanically; undefined where the test is.
    """

    column: str
    metric: str
    scale: Scale
    family: Family
    levels: tuple[Level, ...]
    n: int
    missing: int
    left_out: tuple[tuple[str, int], ...]
    test: Test
    beside: tuple[Test, ...]
    alpha: float
    p_holm: Measure
    p_benjamini_hochberg: Measure
    is_significant: bool | Undefined


@dataclass(frozen=True, slots=True)
class Cue:
    """A candidate wrong cue: where maps find the region less well than elsewhere (method 10.4).

    Attributes
    ----------
    kind
        ``condition``, ``stratum`` or ``body_part``.
    column, level
        The metadata column (empty for a condition), and the condition, level or part.
    is_correct
        Among correct, or among incorrect, cases.
    metric
        ``ds_above_chance`` or ``auc``, whichever is lower by less.
    effect, interval
        How much lower that metric is than in the rest, at equal ROI area and number of images
        (for strata and body parts in the same condition), with its bootstrap interval.
    p, p_corrected
        Permutation test, the larger p of the two metrics, and Holm over everything tested in the
        run.
    n, rest
        Cases of the candidate, and the others of the same correctness it was compared with.
    images
        Paths of its images, the lowest first.
    sentence
        The finding in words.
    """

    kind: str
    column: str
    level: str
    is_correct: bool
    metric: str
    effect: float
    interval: Interval | Undefined
    p: float
    p_corrected: float
    n: int
    rest: int
    images: tuple[str, ...]
    sentence: str

    @property
    def key(self) -> str:
        """The name of the candidate in every run, such as ``condition||melanoma|correct``."""
        verdict = "correct" if self.is_correct else "incorrect"
        names = (self.kind, self.column, self.level)
        escaped = (name.replace("\\", r"\\").replace("|", r"\|") for name in names)
        return "|".join((*escaped, verdict))


@dataclass(frozen=True, slots=True)
class FindingMark:
    """What somebody notes of a candidate wrong cue, in whichever run of the model it is found.

    Attributes
    ----------
    model
        `Classifier.digest`, or the name under which a run with given maps stands.
    key
        `Cue.key`.
    author, time
        Who marked it last, and when (ISO 8601, UTC); the store writes both.
    """

    model: str
    key: str
    is_starred: bool = False
    comment: str = ""
    author: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """All answers of a run.

    Attributes
    ----------
    cues
        Only what stays significant after correction, the largest effect first.
    tested
        Number of candidate cues that were tested.
    untested
        Candidates that were not, with the reason, by name.
    """

    extremes: Extremes
    body_parts: tuple[BodyPartShare, ...]
    conditions: tuple[ConditionPoint, ...]
    comparisons: tuple[Comparison, ...]
    cues: tuple[Cue, ...]
    tested: int
    untested: tuple[tuple[str, str], ...]
