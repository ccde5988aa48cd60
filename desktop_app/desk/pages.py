"""Which pages a person has in a study, and how each is made."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

from desktop_app.studies import Opened
from desktop_app.window.action_table import Place
from desktop_app.window.study_page import StudyPage
from desktop_app.window.workplace import Workplace
from engine.domain.options import StudyOptions


def is_lead(options: StudyOptions, person: str) -> bool:
    """Tell whether a person may see and decide everything; where no lead is named, all are."""
    return not options.leads or person in options.leads


def further_pages(opened: Opened, place: Workplace) -> dict[Place, Callable[[], StudyPage]]:
    """Return how the pages beside the Grade page are made, of those that the person has.

    The graders' program comes without what they are drawn with, and has the Grade page alone.
    """
    if opened.packet is not None or find_spec("pyqtgraph") is None:
        return {}
    leads = is_lead(opened.options, place.person)
    pages: dict[Place, Callable[[], StudyPage]] = {}
    if leads:
        pages[Place.REVIEW] = partial(_review, place)
    if leads or place.person in opened.options.analysts:
        pages[Place.EXPLAIN] = partial(_explain, place)
    return pages


def _review(place: Workplace) -> StudyPage:
    from desktop_app.review.page import ReviewPage  # noqa: PLC0415 - loads plots

    return ReviewPage(place)


def _explain(place: Workplace) -> StudyPage:
    from desktop_app.explain.page import ExplainPage  # noqa: PLC0415 - loads plots

    return ExplainPage(place)
