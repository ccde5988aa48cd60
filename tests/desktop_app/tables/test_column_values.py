"""A column's values are read once, in any number of parts, and say the same however they came."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.tables.column_values import ColumnValues, Kind, all_of, natural_key
from engine.domain.measure import Reason, Undefined

NONE = Undefined(Reason.NO_MAP)


def column(values, *stops):
    read = ColumnValues(lambda value: value)
    for stop in (*stops, len(values)):
        read.extend(values, stop)
    return read


def test_texts_sort_as_people_count():
    texts = ["img10", "IMG2", "img1", "img02", "img", "im", "img2b", "img 2"]
    assert sorted(texts, key=natural_key) == [
        "im", "img", "img 2", "img1", "IMG2", "img02", "img2b", "img10",
    ]  # fmt: skip


@pytest.mark.parametrize("stops", [(), (1,), (1, 2, 2, 4)])
def test_a_column_read_in_parts_is_the_column_read_at_once(stops):
    values = ["b", None, "a10", "B", "a9", ""]
    read = column(values, *stops)
    keys = read.sort_keys
    assert read.kind is Kind.TEXT
    assert np.isnan(keys[[1, 5]]).all()
    assert keys[0] == keys[3] > keys[2] > keys[4]
    assert read.is_defined.tolist() == [True, False, True, True, True, False]


def test_numbers_that_turn_out_to_be_texts_are_read_again():
    read = column([1.5, NONE, 2.0, "many"], 2)
    assert read.kind is Kind.TEXT
    assert read.count == 4
    assert list(read.texts) == ["1.5", "2", "many"]
    assert read.is_defined.tolist() == [True, False, True, True]


def test_texts_that_are_all_numbers_sort_and_are_filtered_as_numbers():
    read = column(["7.5", "-2", None, "10"], 2)
    assert read.reads_as_numbers
    assert np.array_equal(read.sort_keys, [7.5, -2, np.nan, 10], equal_nan=True)
    read = column(["7.5", "about 8", "10"])
    assert not read.reads_as_numbers
    assert np.isnan(read.numbers).all()


def test_yes_and_no_are_counted_as_choices_and_no_value_with_them():
    read = column([True, NONE, False, True, None])
    assert read.kind is Kind.BOOL
    assert read.counts(np.ones(5, dtype=bool)) == {"no": 1, "yes": 2, "": 2}
    assert read.counts(np.array([True, True, False, False, False])) == {"no": 0, "yes": 1, "": 1}


def test_of_many_texts_the_most_frequent_are_told_and_those_asked_for():
    read = column(["a10", "a9", "a9", "b", "b", "b", "c", None])
    everywhere = np.ones(8, dtype=bool)
    assert read.counts(everywhere, most=2) == {"a9": 2, "b": 3, "": 1}
    told = read.counts(everywhere, most=2, also={"a10", "never"})
    assert list(told.items()) == [("a9", 2), ("a10", 1), ("b", 3), ("", 1)]


def test_a_part_of_a_text_is_found_in_any_case():
    read = column(["Left arm", "RIGHT ARM", None, "leg"])
    assert read.holding("arm").tolist() == [True, True, False, False]
    assert read.holding("ARM").tolist() == [True, True, False, False]
    assert column([1.0, 2.0]).holding("1").tolist() == [False, False]


def test_a_value_that_changes_is_read_again_even_into_another_kind():
    values = [1.0, 2.0, NONE]
    read = column(values)
    values[1] = NONE
    read.replace(1, values[1])
    assert np.isnan(read.numbers).tolist() == [False, True, True]
    values[0] = "one"
    read.replace(0, values[0])
    read.extend(values, 3)
    assert list(read.texts) == ["one"]
    values[2] = "two"
    read.replace(2, values[2])
    assert read.holding("two").tolist() == [False, False, True]
    read.replace(3, "never read")
    assert read.count == 3


def test_a_shorter_mask_leaves_out_what_lies_beyond_it():
    assert all_of([np.array([True, False])], 4).tolist() == [True, False, False, False]
    assert all_of([np.ones(3, dtype=bool)], 2).tolist() == [True, True]
    assert all_of([], 2).tolist() == [True, True]


TEXTS = st.text("ab01 ", max_size=4)
VALUES = st.lists(
    st.one_of(st.none(), st.just(NONE), TEXTS, st.floats(-2, 2), st.booleans()), max_size=12
)


@given(values=VALUES, data=st.data())
def test_how_a_column_came_in_never_shows(values, data):
    stops = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=3)))
    parts, whole = column(values, *stops), column(values)
    assert parts.kind == whole.kind
    assert np.array_equal(parts.sort_keys, whole.sort_keys, equal_nan=True)
    assert np.array_equal(parts.is_defined, whole.is_defined)
    assert parts.texts == whole.texts
