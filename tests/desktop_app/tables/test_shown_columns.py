"""The columns of the engine's tables are offered in groups; chips wrap where they are many."""

import subprocess
import sys

from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.tables.flow import FlowLayout
from desktop_app.tables.screen_column import ScreenColumn
from desktop_app.tables.shown_columns import METADATA, OTHERS, grouped
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement, ImageResult
from engine.report.columns import agreement_table, case_table, image_table

NONE = Undefined(Reason.NO_GRADINGS)
HEAVY = ("torch", "scipy", "pandas", "sqlalchemy", "shapely", "matplotlib", "pyqtgraph")


def screen(table):
    return [ScreenColumn(column) for column in table.columns]


def result():
    image = Image("a.jpg", 4, 3, metadata={"age": "40"})
    agreement = ImageAgreement(
        image, 0, 0, 0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, False, Reason.NO_GRADINGS
    )
    return ImageResult(agreement)


def test_every_column_of_a_run_is_offered_once_in_a_group_that_fits():
    groups = grouped(screen(image_table([result()])))
    names = [column.name for group in groups.values() for column in group]
    assert sorted(names) == sorted(column.name for column in image_table([result()]).columns)
    assert [column.name for column in groups[METADATA]] == ["age"]
    assert "ds" in [column.name for column in groups["Map against region"]]
    assert OTHERS not in groups


def test_a_name_that_means_something_else_elsewhere_is_in_the_group_of_its_meaning():
    groups = grouped(screen(agreement_table([])))
    assert "roi_area" in [column.name for column in groups["Progress"]]
    assert "Map against region" not in groups
    assert list(grouped(screen(case_table([])))) == [OTHERS]


def test_chips_go_on_in_the_next_line(qtbot):
    row = QWidget()
    qtbot.addWidget(row)
    flow = FlowLayout(row)
    for number in range(4):
        flow.addWidget(QPushButton(f"filter {number}"))
    wide, narrow = flow.heightForWidth(2_000), flow.heightForWidth(100)
    assert narrow >= 4 * (wide - 2 * flow.contentsMargins().top())
    row.resize(100, narrow)
    row.show()
    tops = [flow.itemAt(number).geometry().top() for number in range(4)]
    assert tops == sorted(set(tops))
    row.close()


def test_opening_a_table_loads_nothing_heavy():
    code = (
        "import sys, desktop_app.tables.table_view;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
