"""Columns are read in the background in short slices, those somebody waits for first."""

from itertools import count

from desktop_app.tables.column_values import ColumnValues
from desktop_app.tables.warming import SLICE, STEP, Warming

ROWS = [f"row {number}" for number in range(2 * STEP + STEP // 2)]


def column():
    return ColumnValues(lambda row: row)


def test_the_window_has_its_turn_after_each_slice(qapp):
    warming = Warming(clock=count(step=SLICE).__next__)
    first = column()
    warming.restart(ROWS)
    warming.warm([first])
    seen = []
    while not warming.is_over:
        qapp.processEvents()
        seen.append(first.count)
    assert seen[:3] == [STEP, 2 * STEP, len(ROWS)]
    assert first.is_ranked


def test_a_column_that_somebody_waits_for_overtakes_the_others(qtbot):
    warming = Warming(clock=count(step=SLICE).__next__)
    others, wanted = [column(), column()], column()
    warming.restart(ROWS)
    warming.warm(others)
    warming.want([wanted])
    warming.want([wanted])
    with qtbot.waitSignal(warming.ready):
        pass
    assert wanted.count == len(ROWS)
    assert [other.count for other in others] == [0, 0]
    qtbot.waitUntil(lambda: warming.is_over)
    assert [other.count for other in others] == [len(ROWS)] * 2


def test_another_table_is_not_mixed_with_the_one_before(qtbot):
    warming = Warming()
    before, after = column(), column()
    warming.restart(ROWS)
    warming.want([before])
    warming.restart(ROWS[:10])
    warming.warm([after])
    qtbot.waitUntil(lambda: warming.is_over)
    assert before.count == 0
    assert list(after.texts) == ROWS[:10]
