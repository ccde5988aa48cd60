"""What a cell says: four significant digits, a dash with its reason, thousands apart."""

import math

import pytest

from desktop_app.tables.formats import (
    PLAIN,
    NumberStyle,
    cell_text,
    reason_text,
    style_of,
    title_of,
)
from engine.domain.measure import Reason, Undefined


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.1235"),
        (-0.5, "−0.5"),
        (12345.678, "12\u202f346"),
        (1234567, "1\u202f234\u202f567"),
        (-3, "−3"),
        (1.23e-7, "1.23e-07"),
        (True, "yes"),
        (False, "no"),
        (None, "–"),
        (Undefined(Reason.ROI_EMPTY), "–"),
        ("", ""),
        ("a - b, c", "a - b, c"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
    ],
)
def test_a_cell_is_written_for_people(value, text):
    assert cell_text(value, PLAIN) == text


def test_the_numbers_of_a_column_have_their_points_below_each_other():
    style = style_of([0.5, 0.123456, 1.0, -0.25])
    assert [style.text(n) for n in (0.5, 0.123456, 1.0, -0.25)] == [
        "0.5000",
        "0.1235",
        "1.0000",
        "−0.2500",
    ]


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [
        ([0.35, 0.4], 2),
        ([1.0, 2.0], 0),
        ([1.5, 2.0], 1),
        ([123.456, 200.0], 1),
        ([0.0123, 0.02345678], 5),
        ([], 0),
        ([0.0], 0),
        ([math.inf, math.nan, 0.25], 2),
        ([1e-12], 6),
    ],
)
def test_a_column_has_no_more_decimals_than_its_numbers_need(numbers, decimals):
    assert style_of(numbers).decimals == decimals


def test_a_number_too_small_for_its_column_keeps_two_digits():
    style = NumberStyle(4)
    assert style.text(0.0000123) == "1.2e-05"
    assert style.text(0.0001) == "0.0001"
    assert style.text(0.0) == "0.0000"


def test_a_number_that_needs_more_decimals_than_those_before_it_loses_none():
    style = style_of([0.5, 0.25])
    assert [style.text(n) for n in (0.5, 0.123456, 0.75)] == ["0.50", "0.1235", "0.75"]


def test_an_undefined_cell_says_why():
    assert reason_text(Undefined(Reason.FEWER_THAN_TWO_ANSWERS)) == (
        "Undefined: fewer than two answers"
    )
    assert reason_text(None) == "Does not apply to this row"
    assert reason_text(0.0) == reason_text("") == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("ds_above_chance", "DS above chance"),
        ("is_correct", "Correct"),
        ("gwet_ac1", "Gwet AC1"),
        ("mean_pairwise_dice", "Mean pairwise Dice"),
        ("skin type", "Skin type"),
        ("is", "Is"),
        ("_", "_"),
    ],
)
def test_a_heading_is_the_columns_name_in_words(name, title):
    assert title_of(name) == title
