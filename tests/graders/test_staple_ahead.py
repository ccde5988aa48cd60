"""Many images solved together are solved as each by itself."""

from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.domain.image import Image
from engine.domain.settings import AgreementSettings
from engine.graders import staple as room
from engine.graders.agreement import measure_agreement
from engine.graders.by_grader import measure_graders
from engine.graders.staple import remember, solve_together, staple
from engine.graders.staple_ahead import solve_ahead
from tests.review_desks import random_readings

STAPLE = AgreementSettings(consensus="staple")
SOME = st.integers(1, 6).flatmap(
    lambda graders: arrays(
        np.int64, st.tuples(st.integers(1, 5), st.just(2**graders)), elements=st.integers(0, 900)
    )
)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """Each test begins with no solution at hand."""
    monkeypatch.setattr(room, "_SOLVED", {})


@settings(deadline=None, max_examples=60)
@given(
    SOME.filter(lambda some: some.any(axis=1).all()), st.sampled_from(["background", "foreground"])
)
def test_a_row_of_many_has_the_solution_it_has_alone_to_the_last_bit(some, tie):
    for counts, together in zip(some, solve_together(some, tie=tie), strict=True):
        alone = staple(counts, tie=tie)
        assert together.probability.tobytes() == alone.probability.tobytes()
        assert np.array_equal(together.chosen, alone.chosen)
        rest = attrgetter(
            "sensitivities", "specificities", "iterations", "has_converged", "is_degenerate"
        )
        assert rest(together) == rest(alone)


def _graded(count):
    images = [Image(f"{number}.jpg", 30, 20) for number in range(count)]
    return [(image, random_readings(number, image)) for number, image in enumerate(images)]


def test_measures_are_the_same_with_and_without_what_was_solved_ahead():
    graded = _graded(30)
    rows = [measure_agreement(*pair, STAPLE) for pair in graded]
    compared = [measure_graders(*pair, STAPLE) for pair in graded]
    solve_ahead(graded, STAPLE)
    assert len(room._SOLVED) > 10
    assert [measure_agreement(*pair, STAPLE) for pair in graded] == rows
    assert [measure_graders(*pair, STAPLE) for pair in graded] == compared


def test_nothing_is_left_to_solve_after_an_image_was_solved_ahead(monkeypatch):
    graded = _graded(30)
    solve_ahead(graded, STAPLE)
    monkeypatch.setattr(room, "_rates", None)  # without it nothing can be solved
    for pair in graded:
        measure_agreement(*pair, STAPLE)
        measure_graders(*pair, STAPLE)


def test_nothing_is_solved_ahead_for_a_majority():
    solve_ahead(_graded(3), AgreementSettings())
    assert room._SOLVED == {}


def test_no_more_solutions_are_kept_than_a_bounded_number(monkeypatch):
    monkeypatch.setattr(room, "MOST_REMEMBERED", 5)
    solution = staple(np.array([5, 1, 1, 4]), tie="background")
    for number in range(23):
        remember(np.array([5, 1, 1, number]), "background", solution)
        assert 1 <= len(room._SOLVED) <= 5
