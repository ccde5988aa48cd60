"""Body parts shown in the images that agree least, against a control sample (Figure 6)."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from engine.domain.findings import BodyPartShare, Extremes
from engine.domain.measure import Measure, Reason, Undefined
from engine.findings.candidates import Labels
from engine.findings.corrections import holm


def body_part_shares(extremes: Extremes, labels: Labels) -> tuple[BodyPartShare, ...]:
    """Count body parts in the lowest images and in the control sample, and test for enrichment.

    Only labelled images count. Every part that any of them shows is tested in each group: by DS,
    by SRCC, and by both.

    Parameters
    ----------
    labels
        Body parts shown, by path of labelled image; an empty set: none of them.

    Returns
    -------
    One row for each group and part, parts in the order of the alphabet; none without labels.

    References
    ----------
    Section 4.1 and Figure 6; method, section 10.1.
    """
    groups = {"ds": extremes.lowest_ds, "srcc": extremes.lowest_srcc, "both": extremes.lowest}
    seen = {*extremes.lowest_ds, *extremes.lowest_srcc, *extremes.control} & set(labels)
    parts = sorted(set().union(*(labels[path] for path in seen)))
    shares: list[BodyPartShare] = []
    for group, paths in groups.items():
        shares += _shares(group, parts, paths, extremes.control, labels)
    return tuple(shares)


def _shares(
    group: str, parts: Sequence[str], paths: Sequence[str], control: Sequence[str], labels: Labels
) -> list[BodyPartShare]:
    lowest = [labels[path] for path in paths if path in labels]
    others = [labels[path] for path in control if path in labels]
    shown = Counter(part for some in lowest for part in some)
    control_shown = Counter(part for some in others for part in some)
    tests = [_fisher(shown[p], len(lowest), control_shown[p], len(others)) for p in parts]
    corrected = iter(holm(np.array([p for _, p in tests if isinstance(p, float)])).tolist())
    return [
        BodyPartShare(
            part=part,
            group=group,
            shown=shown[part],
            labelled=len(lowest),
            control_shown=control_shown[part],
            control_labelled=len(others),
            odds_ratio=odds_ratio,
            p=p,
            p_holm=next(corrected) if isinstance(p, float) else p,
        )
        for part, (odds_ratio, p) in zip(parts, tests, strict=True)
    ]


def _fisher(shown: int, labelled: int, control: int, others: int) -> tuple[Measure, Measure]:
    """Return the sample odds ratio and Fisher's exact p-value, two-sided."""
    from scipy.stats import fisher_exact  # noqa: PLC0415 - a second that few commands need

    if not labelled or not others:
        return Undefined(Reason.NO_LABELS), Undefined(Reason.NO_LABELS)
    table = np.array([[shown, labelled - shown], [control, others - control]])
    p = float(fisher_exact(table).pvalue)
    if shown + control in (0, labelled + others):
        return Undefined(Reason.NO_VARIATION), p
    if not (labelled - shown) * control:
        return Undefined(Reason.INFINITE), p
    return shown * (others - control) / ((labelled - shown) * control), p
