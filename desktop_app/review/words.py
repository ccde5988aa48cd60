"""What states, answers and reasons are called on the page."""

from engine.domain.measure import Measure, Undefined
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings

STATES = {
    "to_do": "Not begun",
    "in_progress": "In progress",
    "sent_back": "Sent back",
    "done": "Done",
    "adjudicated": "Decided by a lead",
}

ANSWERS = {
    "outlined": "outlined",
    "not_visible": "sees no condition",
    "nothing_drawn": "outlined nothing",
    "too_many": "too many to outline",
    "incomplete": "not finished",
}

REASONS = {
    "no_gradings": "nobody is asked to grade it",
    "incomplete": "a grader has not finished",
    "not_visible": "a grader sees no condition",
    "too_many_regions": "a grader finds too many regions",
    "not_outlined": "a grader, or all but one, outlined nothing",
    "too_many_graders": "more graders answered than votes can be counted for",
    "kappa_undefined": "kappa is undefined",
    "kappa_below_cut": "kappa is below the cut",
}
"""Why images are left out."""

DECISIONS = {
    "grader": "a grader’s region",
    "majority": "the majority",
    "edited": "an edited region",
}

WARNINGS = {
    "degenerate": "STAPLE is degenerate here: it says more of its start than of the graders",
    "not_converged": "STAPLE has not converged here",
}

PROBLEMS = {
    "blurred": "blurred",
    "wrong_picture": "wrong picture",
    "identifying_detail": "identifying detail",
}


def number(measure: Measure, decimals: int = 2) -> str:
    """Return a number in words, a dash where there is none."""
    return "–" if isinstance(measure, Undefined) else f"{measure:.{decimals}f}".replace("-", "−")


def percent(measure: Measure) -> str:
    """Return a share in percent, a dash where there is none."""
    return "–" if isinstance(measure, Undefined) else f"{100 * measure:.1f} %"


def why_undefined(measure: Measure) -> str:
    """Return why there is no number, empty where there is one."""
    if isinstance(measure, Undefined):
        return f"Undefined: {measure.reason.value.replace('_', ' ')}"
    return ""


def admission(row: ImageAgreement, settings: AgreementSettings) -> str:
    """Return whether an image enters the analysis, and if not why."""
    if row.reason is None:
        return "Admitted"
    why = REASONS.get(row.reason.value, row.reason.value.replace("_", " "))
    if row.reason.value == "kappa_below_cut":
        why = f"kappa is below the cut of {settings.kappa_cut:g}"
    return f"Left out: {why}"
