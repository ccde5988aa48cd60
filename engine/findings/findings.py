"""All questions of method 10, asked of a finished run."""

from collections.abc import Sequence

from engine.domain.findings import Findings
from engine.domain.rows import CaseResult, ImageResult
from engine.domain.settings import FindingsSettings
from engine.findings.body_parts import body_part_shares
from engine.findings.candidates import Labels
from engine.findings.case_table import case_table
from engine.findings.conditions import condition_points
from engine.findings.cues import find_cues
from engine.findings.extremes import find_extremes
from engine.findings.groups import compare_columns


def find(
    images: Sequence[ImageResult],
    cases: Sequence[CaseResult],
    body_parts: Labels,
    settings: FindingsSettings,
) -> Findings:
    """Answer which images, conditions and groups agree least, and which cues look wrong.

    The same rows, in any order, and the same settings give the same findings.

    Parameters
    ----------
    images, cases
        Rows of a run; images without a map take no part.
    body_parts
        Body parts shown, by path of labelled image; an empty set: labelled, none of them shown.

    References
    ----------
    Sections 4.1 to 4.3; method, section 10.
    """
    table = case_table(images, cases)
    extremes = find_extremes(images, settings)
    search = find_cues(table, images, body_parts, settings)
    return Findings(
        extremes=extremes,
        body_parts=body_part_shares(extremes, body_parts),
        conditions=condition_points(table, images, settings),
        comparisons=compare_columns(table, settings),
        cues=search.cues,
        tested=search.tested,
        untested=search.untested,
    )
