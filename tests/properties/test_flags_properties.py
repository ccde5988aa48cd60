"""The window and the engine never disagree on whether a grading is complete."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.grading import Grading, Origin, Status
from engine.domain.polygon import Polygon, ring
from engine.domain.settings import AgreementSettings
from engine.graders import flags
from engine.graders.readings import Answer, answer_of, is_complete

SQUARES = [Polygon(ring([(x, 0), (x + 1, 0), (x + 1, 1)])) for x in range(6)]
REGIONS = st.integers(0, 6).map(lambda count: tuple(SQUARES[:count]))
GRADINGS = st.builds(
    Grading,
    image=st.just("a.jpg"),
    grader=st.just("Ada"),
    visible=st.sampled_from([None, True, False]),
    roi_count=st.none() | st.integers(0, 7),
    region=REGIONS,
    status=st.sampled_from(Status),
    origin=st.sampled_from(Origin),
)
SETTINGS = st.integers(1, 5).map(lambda most: AgreementSettings(max_outlined_regions=most))
STEPS = st.lists(
    st.tuples(st.just("count"), st.integers(1, 6))
    | st.tuples(st.just("not_visible"), st.none())
    | st.tuples(st.just("visible"), st.none())
    | st.tuples(st.just("region"), REGIONS),
    max_size=12,
)


@given(GRADINGS, SETTINGS)
def test_done_is_refused_exactly_where_the_engine_calls_the_grading_incomplete(grading, settings):
    may_be_done = flags.why_not_done(grading, settings) == ""
    assert may_be_done == is_complete(flags.as_done(grading), settings)


@given(STEPS, SETTINGS)
def test_answers_and_regions_never_contradict_each_other_whatever_is_pressed(steps, settings):
    grading = Grading("a.jpg", "Ada", status=Status.STARTED)
    for kind, value in steps:
        after = _after(grading, kind, value, settings)
        grading = after.result if isinstance(after, flags.Question) else after
        is_too_many = (grading.roi_count or 0) > settings.max_outlined_regions
        assert not (grading.region and (grading.visible is not True or is_too_many))
        assert not (grading.visible is False and grading.roi_count)
    if flags.why_not_done(grading, settings) == "":
        assert answer_of(flags.as_done(grading), settings) is not Answer.INCOMPLETE


@given(GRADINGS, st.integers(1, 6), SETTINGS)
def test_an_answer_given_twice_is_the_same_as_given_once(grading, count, settings):
    for kind, value in (("count", count), ("not_visible", None), ("visible", None)):
        once = _after(grading, kind, value, settings)
        once = once.result if isinstance(once, flags.Question) else once
        again = _after(once, kind, value, settings)
        assert again is once or again == replace(once)


def _after(grading, kind, value, settings):
    if kind == "count":
        return flags.answered_count(grading, value, settings)
    if kind == "not_visible":
        return flags.answered_not_visible(grading, settings)
    if kind == "visible":
        return flags.answered_visible(grading)
    return flags.with_region(grading, value, settings)
