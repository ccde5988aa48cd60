"""The queue's model keeps Qt's rules and lists what the grader asked for."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView

from desktop_app.tables.queue import POSITION_ROLE, STATE_ROLE, QueueFilter, QueueModel
from engine.domain.grading import Role
from engine.domain.queue import QueueItem, QueueState

STATES = list(QueueState)


def item(position, state=QueueState.TO_DO):
    name = f"visit_{position // 3}/photo_{position}.jpg"
    return QueueItem(position, name, Role.ASSIGNED, 40, 30, "d" * 64, state)


def by_path(item):
    return item.image


def by_number(item):
    return f"Image {item.position + 1}"


def queue(count):
    return [item(k, STATES[k % 4]) for k in range(count)]


@pytest.fixture
def model(qapp):
    model = QueueModel()
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model
    model.set_queue(queue(12), by_path)
    return model


def shown(model):
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_each_image_is_listed_by_its_path_and_speaks_its_state(model):
    first = model.index(3, 0)
    assert first.data() == "visit_1/photo_3.jpg"
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "visit_1/photo_3.jpg, sent back"
    assert first.data(STATE_ROLE) == QueueState.SENT_BACK
    assert first.data(POSITION_ROLE) == 3
    assert first.data(Qt.ItemDataRole.DecorationRole) is None


def test_masked_names_are_numbers_from_one_and_no_role_tells_the_path(model):
    model.set_queue(queue(12), by_number)
    roles = [Qt.ItemDataRole(role) for role in range(15)] + [STATE_ROLE, POSITION_ROLE]
    assert shown(model)[:2] == ["Image 1", "Image 2"]
    assert not any("photo" in str(model.index(0, 0).data(role)) for role in roles)


def test_a_masked_path_cannot_be_found_by_its_text(model):
    model.set_queue(queue(12), by_number)
    model.set_filter(QueueFilter(text="photo"))
    assert shown(model) == []
    model.set_filter(QueueFilter(text="image 12"))
    assert shown(model) == ["Image 12"]


def test_a_filter_shows_one_state_or_one_text_or_both(model):
    model.set_filter(QueueFilter(QueueState.DONE))
    assert [model.index(row, 0).data(POSITION_ROLE) for row in range(3)] == [2, 6, 10]
    model.set_filter(QueueFilter(QueueState.DONE, "VISIT_2"))
    assert shown(model) == ["visit_2/photo_6.jpg"]
    model.set_filter(QueueFilter())
    assert model.rowCount() == 12


def test_the_image_at_hand_stays_listed_until_another_one_is(model):
    model.set_filter(QueueFilter(QueueState.TO_DO))
    model.set_at(4)
    model.replace_item(item(4, QueueState.DONE))
    assert "visit_1/photo_4.jpg" in shown(model)
    model.set_at(8)
    assert "visit_1/photo_4.jpg" not in shown(model)


def test_a_changed_item_is_told_where_it_is_shown_and_counted(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as told:
        model.replace_item(item(0, QueueState.DONE))
    assert told.args[0].row() == 0
    assert model.counts[QueueState.DONE] == 4
    assert model.counts[QueueState.TO_DO] == 2


def test_walking_what_is_shown_skips_what_is_filtered_away(model):
    model.set_filter(QueueFilter(QueueState.DONE))
    assert model.shown_after(2) == 6
    assert model.shown_after(3) == 6
    assert model.shown_after(10) is None
    assert model.shown_before(6) == 2
    assert model.shown_before(2) is None


def test_rows_and_indices_belong_together_with_and_without_a_filter(model):
    assert model.number_of(model.index_of(5)) == 5
    model.set_filter(QueueFilter(QueueState.STARTED))
    assert model.number_of(model.index_of(5)) == 5
    assert not model.index_of(4).isValid()
    assert model.number_of(QModelIndex()) is None


def test_the_heading_names_the_column(model):
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Image"
    assert model.headerData(0, Qt.Orientation.Vertical) == 1


def test_a_hundred_thousand_images_are_listed_and_walked_without_asking_for_each(qtbot):
    asked = []

    class Counting(QueueModel):
        def data(self, index, role=Qt.ItemDataRole.DisplayRole):
            asked.append(index.row())
            return super().data(index, role)

    view, model = QTableView(), Counting()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(200, 600)
    model.set_queue(queue(100_000), by_path)
    with qtbot.waitExposed(view):
        view.show()
    view.setCurrentIndex(model.index_of(99_999))
    model.set_filter(QueueFilter(QueueState.DONE, "99"))
    view.repaint()
    assert model.rowCount() > 1_000
    assert len(set(asked)) < 200
