"""The one look: readable in gray, literal text, nothing of matplotlib's own state changed."""

import matplotlib as mpl
import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.figures.style import (
    CORRECT,
    INCORRECT,
    UNKNOWN,
    broken,
    empty_figure,
    house_style,
    in_house_style,
    mark_of,
    printable,
    shown,
    text_width,
)
from tests.figures.made_up import ODD, UNSEEN


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, 0 for black and 1 for white."""
    shares = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_correct_and_incorrect_stay_apart_in_gray() -> None:
    assert contrast(CORRECT.colour, INCORRECT.colour) > 4


@pytest.mark.parametrize("mark", [CORRECT, INCORRECT, UNKNOWN])
def test_every_mark_stands_out_from_white_by_its_fill_or_its_edge(mark) -> None:
    assert max(contrast(mark.colour, "#ffffff"), contrast(mark.edge, "#ffffff")) > 3


def test_marks_differ_in_shape_too() -> None:
    assert len({mark.marker for mark in (CORRECT, INCORRECT, UNKNOWN)}) == 3
    assert CORRECT.hatch != INCORRECT.hatch


def test_correctness_has_three_marks() -> None:
    undefined = Undefined(Reason.NO_PREDICTION)
    assert [mark_of(one) for one in (True, False, undefined)] == [CORRECT, INCORRECT, UNKNOWN]


def test_drawing_leaves_the_settings_of_matplotlib_as_they_were() -> None:
    before = dict(mpl.rcParams)
    in_house_style(empty_figure)("title", "message")
    assert dict(mpl.rcParams) == before


def test_the_readers_own_settings_do_not_change_a_figure() -> None:
    with mpl.rc_context({"font.size": 30, "axes.grid": True}), house_style():
        assert mpl.rcParams["axes.grid"] is False
        assert mpl.rcParams["font.size"] < 10


@pytest.mark.parametrize("text", ["word " * 30, "x" * 200, ODD, "Größe " * 20])
def test_broken_lines_are_no_wider_than_asked(text: str) -> None:
    lines = broken(text, width=1.2, size=6.5)
    assert all(text_width(line, size=6.5) <= 1.2 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_is_beyond_the_last_line_is_cut_and_says_so() -> None:
    lines = broken("word " * 30, width=1.2, size=6.5, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert text_width(lines[1], size=6.5) <= 1.2


def test_text_is_printable_on_one_line() -> None:
    assert printable("a\nb\tc") == "a b c"
    assert printable("\x00\ud800") == "\N{REPLACEMENT CHARACTER}" * 2
    assert printable("a\u202eb\u200dc") == "abc"
    assert printable(ODD) == ODD
    assert printable(UNSEEN).startswith("漢字 ")


def test_an_undefined_number_is_never_printed_as_one() -> None:
    assert shown(Undefined(Reason.ROI_FULL)) == "undefined"
    assert shown(-0.256) == "−0.26"
