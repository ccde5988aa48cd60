"""What a grader's answer makes of a grading, and why a grading may not be called done yet."""

from dataclasses import dataclass, replace

from engine.domain.grading import Grading, Origin, Status
from engine.domain.polygon import Region
from engine.domain.settings import AgreementSettings
from engine.graders.readings import is_complete, is_visible

DEFAULTS = AgreementSettings()


@dataclass(frozen=True, slots=True)
class Question:
    """An answer that would delete what is outlined: the grader is asked once.

    Attributes
    ----------
    text
        What the answer would do, in full sentences.
    confirm_text
        The grader's yes, as a button says it.
    result
        The grading after a yes; a no changes nothing.
    """

    text: str
    confirm_text: str
    result: Grading


def answered_not_visible(grading: Grading, _settings: AgreementSettings) -> Grading | Question:
    """Return the grading after *not visible*, or what to ask where regions would be deleted.

    The same answer again changes nothing.
    """
    answered = _edited(replace(grading, visible=False, roi_count=None, region=()))
    if grading.region:
        return _delete("Not visible", grading.region, answered)
    return grading if grading.visible is False else answered


def answered_visible(grading: Grading) -> Grading:
    """Return the grading after *visible*, the count still to be answered.

    The same answer again changes nothing.
    """
    is_same = grading.visible is True
    return grading if is_same else _edited(replace(grading, visible=True, roi_count=None))


def answered_count(grading: Grading, count: int, settings: AgreementSettings) -> Grading | Question:
    """Return the grading after a count, or what to ask where regions would be deleted.

    A count also says *visible*. One above ``max_outlined_regions`` is *too many to outline* and
    leaves no region. The same answer again changes nothing.
    """
    most = settings.max_outlined_regions
    answered = _edited(replace(grading, visible=True, roi_count=count))
    if count > most and grading.region:
        return _delete("Too many to outline", grading.region, replace(answered, region=()))
    is_same = (grading.visible, grading.roi_count) == (True, count)
    return grading if is_same else answered


def with_region(
    grading: Grading, region: Region, settings: AgreementSettings = DEFAULTS
) -> Grading:
    """Return the grading after its outlines changed; the same outlines change nothing.

    To outline says *visible*, and takes back *too many to outline*.
    """
    if region == grading.region:
        return grading
    if not region:
        return _edited(replace(grading, region=region))
    is_too_many = (grading.roi_count or 0) > settings.max_outlined_regions
    count = None if is_too_many else grading.roi_count
    return _edited(replace(grading, region=region, visible=True, roi_count=count))


def with_note(grading: Grading, note: str) -> Grading:
    """Return the grading with a note; it is no answer, so what is done stays done."""
    return grading if note == grading.note else replace(grading, note=note)


def with_problem(grading: Grading, problem: str) -> Grading:
    """Return the grading with a problem, or none where empty; what is done stays done."""
    return grading if problem == grading.problem else replace(grading, problem=problem)


def as_done(grading: Grading) -> Grading:
    """Return the grading as its grader has done it."""
    return replace(grading, status=Status.DONE, origin=Origin.DRAWN)


def why_not_done(grading: Grading, settings: AgreementSettings) -> str:
    """Return what is missing before a grading is done, in words for its grader; empty if nothing.

    References
    ----------
    Method, section 3.
    """
    if is_complete(as_done(grading), settings):
        return ""
    said, outlined = max(grading.roi_count or 0, 0), len(grading.region)
    if is_visible(grading) is None:
        return "Say whether a skin condition is clearly visible."
    if is_visible(grading) is False:
        return (
            f"You said not visible and outlined {regions(outlined)}."
            " Delete what you outlined, or say how many regions there are."
        )
    if said > settings.max_outlined_regions:
        return (
            f"You said too many to outline and outlined {regions(outlined)}."
            " Delete what you outlined, or say how many regions there are."
        )
    if not said:
        so_far = f"You outlined {regions(outlined)}. " if outlined else ""
        return f"{so_far}Say how many distinct regions there are."
    return f"You said {regions(said)} and outlined {outlined or 'none'}. {_mend(said, outlined)}"


def regions(count: int) -> str:
    """Return a number of regions in words, such as ``1 region`` or ``3 regions``."""
    return "1 region" if count == 1 else f"{count} regions"


def _edited(grading: Grading) -> Grading:
    return replace(grading, status=Status.STARTED, origin=Origin.DRAWN)


def _delete(answer: str, region: Region, result: Grading) -> Question:
    them = "it" if len(region) == 1 else "them"
    text = (
        f"You outlined {regions(len(region))}. “{answer}” deletes {them}; undo brings {them} back."
    )
    return Question(text, f"Delete {regions(len(region))}", result)


def _mend(said: int, outlined: int) -> str:
    if not outlined:
        step = f"Outline {'it' if said == 1 else 'them'}"
    elif said > outlined:
        step = f"Outline {_some(said - outlined)} more"
    else:
        step = f"Delete {_some(outlined - said)}"
    return f"{step}, or change the answer."


def _some(count: int) -> str:
    return "one" if count == 1 else str(count)
