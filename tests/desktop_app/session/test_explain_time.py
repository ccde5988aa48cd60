"""How far a run is and how long it takes still."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.session.explaining.time import Course, in_words
from engine.tasks.progress import Step


def told(*steps, start=0.0):
    course = Course()
    for at, step in steps:
        course = course.told(step, start + at)
    return course


def test_a_part_tells_how_long_it_takes_still_once_its_rate_is_known():
    course = told((0, Step("saliency", 0, 10)), (1, Step("saliency", 1, 10)))
    assert course.present.seconds_left is None, "one second says nothing"
    course = course.told(Step("saliency", 4, 10), 8.0)
    assert course.present.seconds_left == 12.0


def test_time_that_a_run_was_held_does_not_count():
    course = told((0, Step("saliency", 0, 10)), (4, Step("saliency", 4, 10)))
    course = course.held(4.0)
    assert course.is_held
    course = course.resumed(1000.0).told(Step("saliency", 5, 10), 1001.0)
    assert not course.is_held
    assert course.present.seconds == 5.0
    assert course.present.seconds_left == 5.0


def test_a_step_told_while_it_is_held_moves_no_clock():
    course = told((0, Step("saliency", 0, 10)), (4, Step("saliency", 4, 10))).held(4.0)
    course = course.told(Step("saliency", 5, 10), 50.0)
    assert course.present.done == 5
    assert course.present.seconds == 4.0


def test_parts_stand_in_the_order_in_which_they_came():
    course = told(
        (0, Step("agreement", 3, 3)), (1, Step("saliency", 1, 2)), (9, Step("findings", 0, 1))
    )
    assert [room.room for room in course.rooms] == ["agreement", "saliency", "findings"]
    assert [room.seconds for room in course.rooms] == [1.0, 8.0, 0.0]


def test_a_part_that_is_done_takes_no_time_any_more():
    assert told((0, Step("agreement", 3, 3))).present.seconds_left == 0.0


@given(
    st.lists(st.tuples(st.floats(0, 50), st.integers(0, 9)), min_size=1, max_size=20),
    st.booleans(),
)
def test_the_time_of_all_parts_is_the_time_that_passed(steps, is_held):
    course, now = Course(), 0.0
    for seconds, done in steps:
        now += seconds
        course = course.told(Step(("a", "b")[done % 2], done, 10), now)
    first = steps[0][0]
    if is_held:
        course = course.held(now).resumed(now + 7)
    assert abs(sum(room.seconds for room in course.rooms) - (now - first)) < 1e-6


def test_durations_read_as_one_says_them():
    assert [in_words(s) for s in (1, 32, 89, 300, 7800, 7200)] == [
        "under 5 s", "30 s", "90 s", "5 min", "2 h 10 min", "2 h",
    ]  # fmt: skip
