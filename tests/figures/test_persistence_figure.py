"""Ranks under several methods: a line for each image, the lowest marked."""

from engine.figures.persistence import persistence_lines
from engine.findings.persistence import rank_persistence
from tests.figures.made_up import UNDEFINED

BY_METHOD = {
    "one": {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4, "x": UNDEFINED},
    "two": {"a": 0.2, "b": 0.1, "c": 0.5, "d": 0.9, "x": 0.5},
    "three": {"a": 0.1, "b": 0.3, "c": 0.2, "d": 0.2, "y": 0.1},
}


def drawn(fraction):
    return persistence_lines(BY_METHOD, rank_persistence(BY_METHOD, fraction=fraction))


def test_each_image_is_a_line_through_its_ranks_the_lowest_last_and_on_top() -> None:
    lines = [line.get_ydata().tolist() for line in drawn(0.25).axes[0].lines]
    assert lines == [[2, 1, 4], [3, 3, 2], [4, 4, 3], [1, 2, 1]]


def test_kendalls_w_is_in_the_title_and_what_stays_lowest_in_the_note() -> None:
    said = " ".join(text.get_text() for text in drawn(0.5).texts)
    w = rank_persistence(BY_METHOD).kendall_w
    assert f"Kendall's W {w:.2f}" in said
    assert "one of 4 images. Dark: the 2 lowest under one; 1 of them lowest under every" in said
    assert "2 left out" in said
