"""The columns of every table: name, meaning, and where the number comes from."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from engine.domain.measure import Undefined
from engine.domain.rows import (
    CASE_METRICS,
    CaseResult,
    ImageAgreement,
    ImageLocalisation,
    ImageResult,
)
from engine.domain.saliency_map import MapFacts
from engine.report.table import UNDEFINED_COLUMN, Column, Table

R = TypeVar("R")
S = TypeVar("S")


def _reached(columns: Iterable[Column[S]], reach: Callable[[R], S | None]) -> tuple[Column[R], ...]:
    """Return columns over rows that hold, or lack, the object the given columns read."""

    def through(read: Callable[[S], Any]) -> Callable[[R], Any]:
        def read_row(row: R) -> Any:  # noqa: ANN401 - a cell of whatever the column holds
            inner = reach(row)
            return None if inner is None else read(inner)

        return read_row

    return tuple(Column(c.name, c.meaning, through(c.read)) for c in columns)


def named(**meanings: str) -> tuple[Column[Any], ...]:
    """Return columns that read the attribute of their own name."""
    return tuple(Column(name, meaning, attrgetter(name)) for name, meaning in meanings.items())


IMAGE: tuple[Column[ImageAgreement], ...] = (
    Column("image", "path of the image in the study, its identity", lambda r: r.image.path),
    Column("case", "case the image belongs to", lambda r: r.image.case),
    Column("condition", "reference label of the case", lambda r: r.image.condition),
)

AGREEMENT: tuple[Column[ImageAgreement], ...] = (
    *named(
        graders="graders assigned to the image",
        voters="graders whose answer says where the pathology is",
        visible="graders who answered that a condition is visible",
        roi_count="median of the answers to how many regions there are",
        fleiss_kappa="Fleiss kappa over pixels",
        gwet_ac1="Gwet's AC1 over pixels",
        pooled_dice="Dice pooled over all pairs of graders",
        mean_pairwise_dice="mean over pairs of graders of their Dice",
        foreground="mean share of the image that the graders outlined",
        human_ceiling="mean Dice of each grader with the consensus of the others",
        fleiss_kappa_latest="Fleiss kappa with latest readings, redone ones among them",
        consensus_warning="why a STAPLE consensus is in doubt: degenerate or not_converged",
    ),
)

ADMISSION: tuple[Column[ImageAgreement], ...] = (
    *named(admitted="whether the image enters the analysis"),
    Column("reason", "why it does not", lambda r: r.reason.value if r.reason else ""),
)

NOTES: tuple[Column[ImageAgreement], ...] = named(
    notes="what graders noted", problems="what graders found wrong with the image"
)

STANDING: tuple[Column[ImageAgreement], ...] = named(
    state="how far it is: to_do, in_progress, sent_back, done or adjudicated",
    done="assigned graders who have answered everything",
    visible_agreement="share of pairs of assigned graders who answer visible alike",
    count_agreement="share of pairs of assigned graders who count the regions alike",
    roi_area="share of the image in the region that counts: adjudicated, else the consensus",
    adjudicated="where a lead's decision on the region is from: grader, majority or edited",
)

FACTS: tuple[Column[MapFacts], ...] = (
    Column("method", "saliency method", attrgetter("method")),
    Column("sampler", "how noise and path were averaged", attrgetter("sampler")),
    Column("target", "class that was explained", attrgetter("target")),
    Column("gradients", "number of gradients taken", attrgetter("gradients")),
    Column("map_peak", "largest |attribution| before normalisation", attrgetter("peak")),
    *named(
        monte_carlo_error="relative L2 error of the map from its two halves",
        completeness_gap="sum of attributions minus what they should sum to",
        score="F of the clean image",
        noisy_score="mean F of the noisy copies",
        kept_target_share="share of noisy copies that keep the target class",
    ),
    Column(
        "target_mostly_lost",
        "true where fewer than half of the noisy copies have the target class",
        lambda f: None if isinstance(f.kept_target_share, Undefined) else f.kept_target_share < 0.5,
    ),
    *named(
        autocast_rank_correlation="rank correlation of a few gradients with and without autocast"
    ),
    Column("zero_map", "every attribution was 0", attrgetter("is_zero")),
)

LOCALISATION: tuple[Column[ImageLocalisation], ...] = named(
    ds="thresholded Dice score at its best threshold",
    ds_threshold="that threshold, k/100",
    ds_plateau="number of thresholds in a row, from that one on, that reach it",
    ds_exact="best Dice over all map values at or above 0",
    ds_exact_threshold="the map value where it is reached",
    ds_chance="DS expected of a map that knows nothing",
    ds_above_chance="DS minus ds_chance",
    srcc="Spearman correlation of map and region",
    auc="area under the ROC curve of map against region",
    roi_area="share of the compared pixels in the region",
    iou="intersection over union at the best threshold",
    pointing_game="1 where the map's maximum lies in the region",
    rma="relevance mass accuracy",
    rra="relevance rank accuracy",
    ground_truth_coverage="share of the region that is salient",
    saliency_coverage="share of the salient pixels in the region",
    ds_half_a="DS of the first half of the samples",
    ds_half_b="DS of the second half",
    srcc_half_a="SRCC of the first half of the samples",
    srcc_half_b="SRCC of the second half",
    compared_pixels="pixels compared",
    unseen_pixels="pixels the model never saw",
)

PREDICTION: tuple[Column[ImageResult], ...] = named(
    predicted="class predicted for the case",
    image_predicted="class predicted from this image alone",
    probability="probability of the case's predicted class on this image",
    is_correct="whether the prediction is the class of the condition",
)

OUTCOME: tuple[Column[ImageResult], ...] = (
    Column("region", "which region: majority, staple or adjudicated", attrgetter("region")),
    Column("pattern", "Shared Interest pattern", attrgetter("pattern")),
    Column(
        "failure",
        "why an admitted image has no result",
        lambda r: r.failure.reason.value if r.failure else "",
    ),
    Column("failure_detail", "the same in words", lambda r: r.failure.detail if r.failure else ""),
)

CASE: tuple[Column[CaseResult], ...] = named(
    case="the case",
    condition="its reference label",
    predicted="class predicted for it",
    is_correct="whether that is the class of the condition",
    images="admitted images",
)


def _case_metric(name: str, meaning: str) -> tuple[Column[CaseResult], ...]:
    return (
        Column(name, f"{meaning} of the case", lambda r: r.metrics[name].value),
        Column(f"{name}_image", "image it was taken from", lambda r: r.metrics[name].image),
        Column(f"{name}_images", "images with a defined value", lambda r: r.metrics[name].images),
    )


def _metadata(
    names: Iterable[str], mapping: Callable[[R], Any], taken: Iterable[str]
) -> tuple[Column[R], ...]:
    """Return a column for each metadata name; one that is taken gets ``meta_`` before it."""
    used = {*taken, UNDEFINED_COLUMN}
    columns = []
    for name in sorted(set(names)):
        shown = name
        while shown in used:
            shown = f"meta_{shown}"
        used.add(shown)
        columns.append(Column(shown, "from the manifest", _reader(mapping, name)))
    return tuple(columns)


def _reader(mapping: Callable[[R], Any], name: str) -> Callable[[R], Any]:
    return lambda row: mapping(row).get(name)


def agreement_table(rows: Sequence[ImageAgreement]) -> Table[ImageAgreement]:
    """Return the table of graders' agreement, one row an image."""
    return Table("agreement", (*IMAGE, *AGREEMENT, *STANDING, *ADMISSION, *NOTES), rows)


def image_table(rows: Sequence[ImageResult]) -> Table[ImageResult]:
    """Return the table of a run, one row an image."""
    fixed: tuple[Column[ImageResult], ...] = (
        *_reached((*IMAGE, *ADMISSION), attrgetter("agreement")),
        *PREDICTION,
        *_reached(LOCALISATION, attrgetter("localisation")),
        *OUTCOME,
        *_reached(FACTS, attrgetter("facts")),
        *_reached((*AGREEMENT, *NOTES), attrgetter("agreement")),
    )
    names = {name for row in rows for name in row.image.metadata}
    extra: tuple[Column[ImageResult], ...] = _metadata(
        names, lambda row: row.image.metadata, [c.name for c in fixed]
    )
    return Table("images", (*fixed, *extra), rows)


def case_table(rows: Sequence[CaseResult]) -> Table[CaseResult]:
    """Return the table of a run, one row a case."""
    metrics = (c for name, meaning in CASE_METRICS.items() for c in _case_metric(name, meaning))
    fixed = (*CASE, *metrics)
    names = {name for row in rows for name in row.metadata}
    extra: tuple[Column[CaseResult], ...] = _metadata(
        names, lambda row: row.metadata, [c.name for c in fixed]
    )
    return Table("cases", (*fixed, *extra), rows)
