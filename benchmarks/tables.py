"""Tables of 100,000 rows x 70 columns: shown, sorted, searched, scrolled and filled by a run.

The window is drawn by the processor, at 1600 x 1000. The peers are Qt's own proxy model over the
same rows, and pandas for the sorting alone.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import fields
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.measure import Figure, best_of
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement, ImageLocalisation, ImageResult
from engine.report.columns import image_table
from engine.report.table import Table

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QApplication

    from desktop_app.tables.table_view import TableView

SIZE = 1600, 1000
ROWS, BATCH, CHANGES, TIMES = 100_000, 1_000, 64, 5
CONDITIONS = ("acne", "eczema", "melanoma", "nevus", "psoriasis")
WORDS = ("m", "me", "mel", "mela", "visit-77", "visit-77 nev")
METADATA = ("age", "sex", "site", "camera", "skin type", "clinic", "visit", "itch")
FRAMES = 60


def measure() -> list[Figure]:
    """Measure the view of a run's table, then the peers on the same rows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    table = image_table(rows(ROWS))
    view = _view(application)
    figures = [
        _showing(view, table),
        *_sorting_cold(view, application),
        *_warming(view, application),
        *_sorting(view, table),
        *_filtering(view, table),
        *_scrolling(view),
        *_streaming(view),
    ]
    view.close()
    application.processEvents()
    return figures


def rows(count: int) -> list[ImageResult]:
    """Return rows of a run over so many images, some numbers undefined."""
    random = np.random.default_rng(0)
    numbers = random.random((count, 24))
    return [_row(number, numbers[number].tolist()) for number in range(count)]


def _row(number: int, some: list[float]) -> ImageResult:
    case = f"visit-{number // 3}"
    values = iter(cycle(some))
    metadata = {name: f"{name} {int(40 * next(values))}" for name in METADATA}
    image = Image(f"{case}/photo_{number % 3}.jpg", 640, 480, None, case,
                  CONDITIONS[number % 5], metadata)  # fmt: skip
    agreement = ImageAgreement(
        image, 3, 3, 3, 1.0, *(_measure(next(values)) for _ in range(6)), True, None
    )
    found = ImageLocalisation(
        *(_measure(next(values)) for _ in range(len(fields(ImageLocalisation)) - 2)), 250_000, 0
    )
    return ImageResult(
        agreement, predicted=CONDITIONS[number % 4], image_predicted=CONDITIONS[number % 5],
        probability=next(values), is_correct=number % 3 > 0, localisation=found,
        pattern="human aligned", region="majority",
    )  # fmt: skip


def _measure(number: float) -> float | Undefined:
    return Undefined(Reason.ROI_EMPTY) if number < 0.02 else number


def _view(application: "QApplication") -> "TableView":
    from desktop_app.tables.table_view import TableView
    from desktop_app.window.settings import Settings, open_store
    from desktop_app.window.theme import Theme

    with tempfile.TemporaryDirectory() as folder:
        theme = Theme(application, Settings(open_store(Path(folder) / "settings.ini")))
    view = TableView(theme, name="Images")
    view.resize(*SIZE)
    view.show()
    application.processEvents()
    return view


def _showing(view: "TableView", table: Table[Any]) -> Figure:
    def show() -> None:
        view.set_table(table)
        view.grid.viewport().repaint()

    milliseconds = 1000 * best_of(show, TIMES)
    what = f"show {len(table.rows):,} rows x {len(table.columns)} columns"
    return Figure(what, milliseconds, None, "", milliseconds, "< 300 ms", "ms", "painted")


def _warming(view: "TableView", application: "QApplication") -> list[Figure]:
    """Take how long the window is held while the columns are read in the background."""
    view.set_table(view.model.table)
    turns = []
    start = time.perf_counter()
    while not view.model.is_warm:
        turn = time.perf_counter()
        application.processEvents()
        turns.append(1000 * (time.perf_counter() - turn))
    seconds = time.perf_counter() - start
    return [
        Figure("read all columns in the background", seconds, None, "", seconds, "", "s"),
        Figure("... longest turn", max(turns), None, "", max(turns), "< 50 ms", "ms",
               f"median {median(turns):.1f} ms"),
    ]  # fmt: skip


def _sorting_cold(view: "TableView", application: "QApplication") -> list[Figure]:
    """Sort by columns that nobody has read yet, the window alive meanwhile."""
    figures = []
    for name in ("ds", "image"):
        view.set_table(view.model.table)
        start = time.perf_counter()
        turns = []
        view.sort_by(name)
        while not view.model.is_settled:
            turn = time.perf_counter()
            application.processEvents()
            turns.append(1000 * (time.perf_counter() - turn))
        view.grid.viewport().repaint()
        taken = 1000 * (time.perf_counter() - start)
        figures.append(
            Figure(f"sort by {name}, not read so far", taken, None, "", taken, "", "ms",
                   f"longest turn of the window {max(turns):.0f} ms")
        )  # fmt: skip
        view.sort_by("")
    return figures


def _sorting(view: "TableView", table: Table[Any]) -> list[Figure]:
    """Sort by a number and by a text, each time another way, and paint."""
    from desktop_app.tables.table_model import ASCENDING, DESCENDING

    ways = cycle((ASCENDING, DESCENDING))
    figures = []
    for name in ("ds", "image"):

        def sort(name: str = name) -> None:
            view.sort_by(name, next(ways))
            view.grid.viewport().repaint()

        milliseconds = 1000 * best_of(sort, TIMES)
        reach = "< 150 ms"
        what = f"sort by {name}"
        peer = 1000 * _proxy_sorting(view, name)
        figures.append(_beside(what, milliseconds, peer, "QSortFilterProxyModel", reach))
        peer = 1000 * _pandas_sorting(table, name)
        figures.append(_beside(what, milliseconds, peer, "pandas sort_values", reach))
    return figures


def _filtering(view: "TableView", table: Table[Any]) -> list[Figure]:
    """Type words letter by letter, and set a range, painting each time."""
    from desktop_app.tables.filters import NumberRange

    view.sort_by("ds")
    taken = []
    for words in WORDS:
        start = time.perf_counter()
        view.search.setText(words)
        view.grid.viewport().repaint()
        taken.append(1000 * (time.perf_counter() - start))
    view.search.clear()
    low = cycle((0.5, 0.6))

    def narrow() -> None:
        view.set_filter("auc", NumberRange(next(low), None))
        view.grid.viewport().repaint()

    milliseconds = 1000 * best_of(narrow, TIMES)
    view.clear_filters()
    peer = 1000 * _proxy_filtering(view)
    return [
        _beside("filter as one types, slowest letter", max(taken), peer, "QSortFilterProxyModel",
                "< 100 ms", "the peer looks at one column, one letter"),
        Figure("filter by a range", milliseconds, None, "", milliseconds, "< 100 ms", "ms"),
    ]  # fmt: skip


def _scrolling(view: "TableView") -> list[Figure]:
    """Scroll by the wheel, and by whole pages, sorted and with a row at hand."""
    view.sort_by("ds")
    bar = view.grid.verticalScrollBar()
    figures = []
    for what, step in (("scroll by 60 pixels", 60), ("scroll by a page", bar.pageStep())):
        taken = []
        for _ in range(FRAMES):
            start = time.perf_counter()
            bar.setValue(bar.value() + step)
            view.grid.viewport().repaint() if step > 60 else _paint()
            taken.append(1000 * (time.perf_counter() - start))
        figures.append(
            Figure(what, median(taken), None, "", 1000 / median(taken), ">= 60 frames/s", "ms",
                   f"slowest {max(taken):.1f} ms")
        )  # fmt: skip
    return figures


def _streaming(view: "TableView") -> list[Figure]:
    """Add rows as a run does, while the table is sorted and scrolled, with a row at hand."""
    batches: Iterator[list[ImageResult]] = (rows(BATCH) for _ in range(2 * TIMES))
    figures = []
    for what, name in (("by a number", "ds"), ("by a text", "image")):
        view.sort_by(name)
        taken = []
        for _ in range(TIMES):
            batch = next(batches)
            start = time.perf_counter()
            view.append_rows(batch)
            view.grid.viewport().repaint()
            taken.append(1000 * (time.perf_counter() - start))
        figures.append(
            Figure(f"append {BATCH:,} rows, sorted {what}", median(taken), None, "",
                   median(taken), "< 50 ms", "ms", f"slowest {max(taken):.1f} ms")
        )  # fmt: skip
    changed = [(number, view.model.rows[-1 - number]) for number in range(CHANGES)]
    milliseconds = 1000 * best_of(lambda: view.update_rows(changed), TIMES)
    what = f"change {CHANGES} rows at once, sorted by a text"
    return [*figures, Figure(what, milliseconds, None, "", milliseconds, "< 50 ms", "ms")]


def _paint() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.sendPostedEvents()
    QApplication.processEvents()


def _proxy(source: "QAbstractItemModel") -> Any:  # noqa: ANN401 - Qt is loaded when it runs
    from PySide6.QtCore import QSortFilterProxyModel

    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(source)
    return proxy


def _proxy_sorting(view: "TableView", name: str) -> float:
    """Return the seconds of Qt's proxy, which asks the model for two cells at each comparison."""
    from PySide6.QtCore import Qt

    from desktop_app.tables.table_model import TableModel

    source = TableModel()
    source.set_table(view.model.table)
    proxy = _proxy(source)
    proxy.setSortRole(Qt.ItemDataRole.DisplayRole)
    return best_of(lambda: proxy.sort(source.column_at(name)), 1)


def _proxy_filtering(view: "TableView") -> float:
    from desktop_app.tables.table_model import TableModel

    source = TableModel()
    source.set_table(view.model.table)
    proxy = _proxy(source)
    proxy.setFilterKeyColumn(source.column_at("image"))
    proxy.rowCount()
    letters = cycle("7788")
    return best_of(lambda: proxy.setFilterFixedString(next(letters)), 2)


def _pandas_sorting(table: Table[Any], name: str) -> float:
    """Return the seconds of pandas for the order of all rows, their values given as a frame."""
    import pandas

    at = next(at for at, column in enumerate(table.columns) if column.name == name)
    frame = pandas.DataFrame([table.cells(row) for row in table.rows], columns=table.header)
    column = table.columns[at].name
    return best_of(lambda: frame.sort_values(column, kind="stable"), TIMES)


def _beside(
    what: str, ours: float, peer: float, peer_name: str, reach: str, note: str = ""
) -> Figure:
    return Figure(what, ours, peer, peer_name, peer / ours, reach, "ms", note)
