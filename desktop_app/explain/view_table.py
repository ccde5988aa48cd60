"""The one table of views: their tabs in order, and how each is made when it is first gone to."""

from collections.abc import Callable

from desktop_app.explain.table_views import CasesView, FindingsTablesView, ImagesView
from desktop_app.explain.view import View
from desktop_app.session.explaining.session import ExplainSession
from desktop_app.window.workplace import Workplace

TABS = {
    "images": "Images",
    "cases": "Cases",
    "scatter": "Scatter",
    "histogram": "Histogram",
    "conditions": "Conditions",
    "groups": "Groups",
    "body_parts": "Body parts",
    "gallery": "Gallery",
    "runs": "Runs",
    "tables": "Tables",
}


def view_makers(session: ExplainSession, place: Workplace) -> dict[str, Callable[[], View]]:
    """Return what makes each view; plots load their library when the first of them is made."""
    selection, theme, store = session.selection, place.theme, place.settings.store

    def scatter() -> View:
        from desktop_app.explain.plot_views import ScatterView  # noqa: PLC0415 - plots

        return ScatterView(selection, theme)

    def histogram() -> View:
        from desktop_app.explain.plot_views import HistogramView  # noqa: PLC0415 - plots

        return HistogramView(selection, theme)

    def conditions() -> View:
        from desktop_app.explain.findings_views import ConditionsView  # noqa: PLC0415 - plots

        return ConditionsView(selection, theme)

    def groups() -> View:
        from desktop_app.explain.findings_views import GroupsView  # noqa: PLC0415 - plots

        return GroupsView(selection, theme)

    def body_parts() -> View:
        from desktop_app.explain.findings_views import BodyPartsView  # noqa: PLC0415 - plots

        return BodyPartsView(selection, theme)

    def gallery() -> View:
        from desktop_app.explain.gallery_view import GalleryView  # noqa: PLC0415 - not at first

        return GalleryView(session.strips, selection, theme)

    def runs() -> View:
        from desktop_app.explain.runs_view import RunsView  # noqa: PLC0415 - plots

        return RunsView(session.runs, selection, theme)

    return {
        "images": lambda: ImagesView(selection, theme, store),
        "cases": lambda: CasesView(selection, theme, store),
        "scatter": scatter,
        "histogram": histogram,
        "conditions": conditions,
        "groups": groups,
        "body_parts": body_parts,
        "gallery": gallery,
        "runs": runs,
        "tables": lambda: FindingsTablesView(theme, store),
    }
