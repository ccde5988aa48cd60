"""The figures that need only the numbers of a run: Figures 2, 6, 7 and 8, and the scatter."""

from collections.abc import Iterator

from engine.domain.findings import Family, Findings
from engine.figures.body_parts import body_part_shares
from engine.figures.conditions import condition_scatter
from engine.figures.drawn import DrawnFigure, drawn
from engine.figures.groups import group_comparisons
from engine.figures.kappa_histogram import kappa_histogram
from engine.figures.metric_scatter import metric_scatter
from engine.figures.reference import ds_reference
from engine.report.run import AgreementRun, ExplainRun


def charts(run: AgreementRun | ExplainRun, findings: Findings | None) -> Iterator[DrawnFigure]:
    """Yield each chart of a run in the order of the paper's figures."""
    rows = run.rows if isinstance(run, AgreementRun) else [r.agreement for r in run.images]
    yield drawn(
        "figure2-kappa",
        "Figure 2. Fleiss kappa of each image whose graders outlined, with the cut.",
        kappa_histogram(rows, cut=run.settings.agreement.kappa_cut, with_ac1=True),
    )
    if isinstance(run, ExplainRun) and findings:
        yield from _of_findings(run, findings)


def _of_findings(run: ExplainRun, findings: Findings) -> Iterator[DrawnFigure]:
    reference = ds_reference(run.images)
    yield drawn(
        "scatter",
        f"DS against SRCC, one point an image. {reference.caption}",
        metric_scatter(run.images, reference=reference),
    )
    yield drawn(
        "figure6-body-parts",
        "Figure 6. Share of images that show a body part, lowest images against a control sample.",
        body_part_shares(findings.body_parts, alpha=run.settings.findings.alpha),
    )
    yield drawn(
        "figure7-conditions",
        "Figure 7. Mean DS against mean SRCC of each condition, correct and incorrect cases apart;"
        " diamonds are lowest in both.",
        condition_scatter(findings.conditions, reference=reference),
    )
    families = (
        ("figure8-groups", Family.PAPER, "Figure 8. DS and SRCC across sex, skin tone and age."),
        ("figure8-companions", Family.COMPANION, "The same for AUC and the area of the region."),
        ("strata", Family.STRATUM, "The metadata columns that were asked for beside these."),
    )
    for name, family, caption in families:
        compared = [c for c in findings.comparisons if c.family is family]
        if compared or family is Family.PAPER:
            figure = group_comparisons(compared, run.images, run.cases, reference=reference)
            yield drawn(name, caption, figure)
