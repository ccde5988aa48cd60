"""The findings as tables: extremes, body parts, conditions, levels, tests, and candidate cues."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from engine.domain.findings import (
    BodyPartShare,
    Comparison,
    ConditionPoint,
    Cue,
    Estimate,
    Extremes,
    FindingMark,
    Findings,
    Level,
    Test,
)
from engine.domain.measure import Undefined
from engine.domain.rows import CASE_METRICS, ImageResult
from engine.domain.settings import FindingsSettings
from engine.findings.extremes import labelling_list
from engine.report.columns import named
from engine.report.table import Column, Table

MEANS = {**CASE_METRICS, "roi_area": "share of the image in the region"}
"""Measures that findings average over cases."""


GROUPS = ("lowest", "lowest_ds", "lowest_srcc", "highest", "control")
"""Groups of extreme images, as in `Extremes`."""


@dataclass(frozen=True, slots=True)
class ExtremeImage:
    """An image in a lowest or highest tenth, or in the control sample, with its result.

    Attributes
    ----------
    groups
        Which of `GROUPS` it is in.
    """

    path: str
    groups: frozenset[str]
    result: ImageResult | None


@dataclass(frozen=True, slots=True)
class ComparedLevel:
    """One level of a comparison."""

    comparison: Comparison
    level: Level


@dataclass(frozen=True, slots=True)
class TestOfComparison:
    """One test of a comparison; the one that decides carries the verdict."""

    __test__ = False  # no class of tests

    comparison: Comparison
    test: Test

    @property
    def decides(self) -> bool:
        """True for the test on which the verdict rests."""
        return self.test is self.comparison.test


def _of_estimate(
    prefix: str, meaning: str, reach: Callable[[Any], Estimate]
) -> tuple[Column[Any], ...]:
    """Return the columns of a mean: value, interval, standard deviation, counts."""

    def bound(name: str) -> Callable[[Any], Any]:
        def read(row: Any) -> Any:  # noqa: ANN401 - a cell
            interval = reach(row).interval
            return interval if isinstance(interval, Undefined) else getattr(interval, name)

        return read

    return (
        Column(prefix, f"mean over cases of {meaning}", lambda r: reach(r).value),
        Column(f"{prefix}_low", "lower end of its interval", bound("low")),
        Column(f"{prefix}_high", "upper end of its interval", bound("high")),
        Column(f"{prefix}_sd", "standard deviation over cases", lambda r: reach(r).sd),
        Column(f"{prefix}_n", "cases with a defined value", lambda r: reach(r).n),
        Column(f"{prefix}_missing", "cases without one", lambda r: reach(r).missing),
    )


def _is_in(name: str) -> Callable[[ExtremeImage], bool]:
    return lambda row: name in row.groups


def _of_result(read: Callable[[ImageResult], Any]) -> Callable[[ExtremeImage], Any]:
    return lambda row: None if row.result is None else read(row.result)


def _located(name: str) -> Callable[[ExtremeImage], Any]:
    return _of_result(lambda r: getattr(r.localisation, name) if r.localisation else None)


EXTREMES: tuple[Column[ExtremeImage], ...] = (
    Column("image", "path of the image in the study", attrgetter("path")),
    Column("condition", "reference label of the case", _of_result(lambda r: r.image.condition)),
    Column("predicted", "class predicted for the case", _of_result(attrgetter("predicted"))),
    Column("is_correct", "whether that is right", _of_result(attrgetter("is_correct"))),
    Column("ds", "thresholded Dice score", _located("ds")),
    Column("srcc", "Spearman correlation", _located("srcc")),
    Column("lowest", "in the lowest fraction by DS and by SRCC", _is_in("lowest")),
    Column("highest", "in the highest fraction by DS and by SRCC", _is_in("highest")),
    Column("lowest_ds", "in the lowest fraction by DS", _is_in("lowest_ds")),
    Column("lowest_srcc", "in the lowest fraction by SRCC", _is_in("lowest_srcc")),
    Column("control", "in the random control sample", _is_in("control")),
)

BODY_PARTS: tuple[Column[BodyPartShare], ...] = named(
    part="the body part",
    group="which images are compared with the control sample: lowest by ds, by srcc, or by both",
    shown="of these images, those that show the part",
    labelled="of these images, those whose body parts are labelled",
    control_shown="control images that show the part",
    control_labelled="control images whose body parts are labelled",
    odds_ratio="odds of showing it among the lowest over those among the control images",
    p="Fisher's exact test, two-sided",
    p_holm="the same after Holm's correction over the parts",
)

CONDITIONS: tuple[Column[ConditionPoint], ...] = (
    *named(
        condition="reference label",
        is_correct="among correctly, or among incorrectly, classified cases",
        cases="number of cases",
    ),
    *(
        column
        for name, meaning in MEANS.items()
        for column in _of_estimate(name, meaning, lambda r, name=name: r.means[name])  # type: ignore[misc]
    ),
    *named(
        is_compared="whether there are enough cases to compare",
        is_lowest="among the lowest conditions both in DS and in SRCC",
    ),
    Column("examples", "example images, the lowest DS first", lambda r: "; ".join(r.examples)),
)


def _compared(reach: Callable[[Any], Comparison]) -> tuple[Column[Any], ...]:
    return (
        Column("column", "the metadata column", lambda r: reach(r).column),
        Column("metric", "what is compared", lambda r: reach(r).metric),
        Column(
            "family",
            "paper: one of the paper's six; companion: the same for AUC and ROI area; stratum",
            lambda r: reach(r).family.value,
        ),
    )


LEVELS: tuple[Column[ComparedLevel], ...] = (
    *_compared(attrgetter("comparison")),
    Column("level", "the group of cases", attrgetter("level.name")),
    *_of_estimate("mean", "the metric", attrgetter("level.mean")),
)


def _verdict(name: str) -> Callable[[TestOfComparison], Any]:
    return lambda row: getattr(row.comparison, name) if row.decides else None


def _degree(place: int) -> Callable[[TestOfComparison], float | None]:
    def read(row: TestOfComparison) -> float | None:
        degrees = row.test.degrees
        return degrees[place] if place < len(degrees) else None

    return read


TESTS: tuple[Column[TestOfComparison], ...] = (
    *_compared(attrgetter("comparison")),
    Column("test", "the test", attrgetter("test.name")),
    Column("decides", "whether the verdict rests on this test", attrgetter("decides")),
    Column("statistic", "t, F, H or r", attrgetter("test.statistic")),
    Column("degrees_1", "degrees of freedom", _degree(0)),
    Column("degrees_2", "degrees of freedom of the denominator of F", _degree(1)),
    Column("p", "exact two-sided p", attrgetter("test.p")),
    Column("effect", "effect size", attrgetter("test.effect")),
    Column("effect_name", "which effect size", attrgetter("test.effect_name")),
    Column("note", "terms that a linear model dropped", attrgetter("test.note")),
    Column("n", "cases compared", attrgetter("comparison.n")),
    Column("missing", "cases without the column or the metric", attrgetter("comparison.missing")),
    Column(
        "left_out",
        "levels too small to be compared, with their cases",
        lambda r: "; ".join(f"{name}: {count}" for name, count in r.comparison.left_out),
    ),
    Column("alpha", "corrected level at which the verdict falls", _verdict("alpha")),
    Column("p_holm", "p after Holm's correction over the family", _verdict("p_holm")),
    Column(
        "p_benjamini_hochberg",
        "p after Benjamini and Hochberg over the family",
        _verdict("p_benjamini_hochberg"),
    ),
    Column("is_significant", "the verdict: p below alpha", _verdict("is_significant")),
)


def _end(name: str) -> Callable[[Cue], Any]:
    def read(cue: Cue) -> Any:  # noqa: ANN401 - a cell
        return cue.interval if isinstance(cue.interval, Undefined) else getattr(cue.interval, name)

    return read


CUES: tuple[Column[Cue], ...] = (
    *named(
        sentence="the finding in words",
        kind="condition, stratum or body_part",
        column="the metadata column of a stratum",
        level="the condition, level or body part",
        is_correct="among correctly, or among incorrectly, classified cases",
        metric="DS above chance or AUC, whichever is lower by less",
        effect="how much lower it is here than in the others, at equal ROI area and image count",
    ),
    Column("effect_low", "lower end of its interval", _end("low")),
    Column("effect_high", "upper end of its interval", _end("high")),
    *named(
        p="the larger of the one-sided permutation tests of both metrics",
        p_corrected="the same after Holm's correction over everything tested",
        n="cases of the candidate",
        rest="cases it was compared with",
    ),
    Column("images", "its images, the lowest first", lambda r: "; ".join(r.images)),
)

NO_MARKS: Mapping[str, FindingMark] = {}


def cue_columns(marks: Mapping[str, FindingMark]) -> tuple[Column[Cue], ...]:
    """Return the columns of a candidate, with what somebody noted of it, by `Cue.key`."""

    def noted(cue: Cue) -> FindingMark | None:
        return marks.get(cue.key)

    return (
        *CUES,
        Column(
            "starred",
            "whether somebody marked it as worth looking into",
            lambda cue: (mark := noted(cue)) is not None and mark.is_starred,
        ),
        Column("comment", "what somebody noted of it", lambda cue: _comment(noted(cue))),
    )


def _comment(mark: FindingMark | None) -> str | None:
    return mark.comment or None if mark else None


UNTESTED: tuple[Column[tuple[str, str]], ...] = (
    Column("candidate", "what was not tested for a wrong cue", lambda r: r[0]),
    Column("why", "why not", lambda r: r[1]),
)


TO_LABEL: tuple[Column[str], ...] = (
    Column("image", "path of the image in the study", lambda r: r),
    Column("parts", "to be filled in", lambda _: None),
)


def labelling_table(extremes: Extremes, settings: FindingsSettings) -> Table[str]:
    """Return the list of images whose body parts are to be labelled, blind to what they are."""
    return Table("to_label", TO_LABEL, labelling_list(extremes, settings))


def extremes_table(extremes: Extremes, images: Iterable[ImageResult]) -> Table[ExtremeImage]:
    """Return one row for each image that is extreme or in the control sample, lowest first."""
    results = {result.image.path: result for result in images}
    groups: dict[str, set[str]] = {}
    for group in GROUPS:
        for path in getattr(extremes, group):
            groups.setdefault(path, set()).add(group)
    rows = [ExtremeImage(path, frozenset(of), results.get(path)) for path, of in groups.items()]
    return Table("extremes", EXTREMES, rows)


def findings_tables(
    findings: Findings,
    images: Sequence[ImageResult],
    marks: Mapping[str, FindingMark] = NO_MARKS,
) -> list[Table[Any]]:
    """Return every table of the findings, the candidate cues first.

    Parameters
    ----------
    marks
        What the study holds of the candidates, by `Cue.key`.
    """
    compared = findings.comparisons
    return [
        Table("cues", cue_columns(marks), findings.cues),
        Table("untested", UNTESTED, findings.untested),
        extremes_table(findings.extremes, images),
        Table("body_parts", BODY_PARTS, findings.body_parts),
        Table("conditions", CONDITIONS, findings.conditions),
        Table("levels", LEVELS, [ComparedLevel(c, level) for c in compared for level in c.levels]),
        Table(
            "tests",
            TESTS,
            [TestOfComparison(c, test) for c in compared for test in (c.test, *c.beside)],
        ),
    ]
