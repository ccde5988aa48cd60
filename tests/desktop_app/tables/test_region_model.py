"""The outlined regions as a table."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop_app.tables.regions import RegionModel, RegionRow, area_text, rows_of, share_text
from engine.domain.polygon import Polygon, ring


def box(left, top, right, bottom):
    return ring([(left, top), (right, top), (right, bottom), (left, bottom)])


SQUARE = Polygon(box(10, 10, 30, 30))
FRAME = Polygon(box(0, 0, 40, 20), (box(10, 5, 20, 15),))


@pytest.fixture
def model(qapp):
    model = RegionModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_region((SQUARE, FRAME), 100, 50)
    return model


def test_each_polygon_is_a_row_with_area_and_share(model):
    texts = [[model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert texts == [["Region 1", "400 px", "8.0 %"], ["Region 2", "700 px", "14.0 %"]]


def test_a_hole_does_not_count_and_the_direction_of_a_ring_does_not_matter():
    turned = Polygon(ring(FRAME.exterior[::-1]), (FRAME.holes[0],))
    assert [row.area for row in rows_of((FRAME, turned), 100, 50)] == [700.0, 700.0]


def test_large_areas_have_their_thousands_apart_and_small_shares_are_not_zero():
    assert area_text(RegionRow(1, 1_234_567.4, 0.2)) == "1\u202f234\u202f567 px"
    assert share_text(RegionRow(1, 3, 0.0002)) == "< 0.1 %"
    assert share_text(RegionRow(1, 3, 0.0014)) == "0.1 %"


def test_a_row_speaks_all_it_shows(model):
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Region 1, 400 px, 8.0 % of the image"


def test_moving_a_vertex_changes_one_row_and_no_index(model, qtbot):
    moved = Polygon(box(10, 10, 40, 30))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as told:
        model.set_region((moved, FRAME), 100, 50)
    assert told.args[0].row() == 0
    assert model.index(0, 1).data() == "600 px"


def test_another_number_of_regions_is_another_table(model, qtbot):
    with qtbot.waitSignal(model.modelReset):
        model.set_region((FRAME,), 100, 50)
    assert model.rowCount() == 1
