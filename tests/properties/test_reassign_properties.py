"""Whatever is given away: nobody is asked twice, loads stay level, what is begun stays."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.grading import Grading, Role, Status
from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.graders.assignment import assign, reassign
from engine.stages.handing_over import hand_over
from engine.study.sqlite import create_study

seeds = st.integers(0, 2**63 - 1)


@st.composite
def studies(draw):
    """Tasks of a study, some of one or two graders given away, and a pool of others."""
    names = [f"g{n}" for n in range(draw(st.integers(2, 7)))]
    images = [f"i{n}" for n in range(draw(st.integers(1, 25)))]
    k = draw(st.integers(1, len(names) - 1))
    existing = assign(
        images,
        names,
        graders_per_image=k,
        seed=draw(seeds),
        repeat_share=draw(st.sampled_from([0, 0.3])),
    )
    leaving = draw(st.sets(st.sampled_from(names), min_size=1, max_size=2))
    theirs = [task for task in existing if task.grader in leaving]
    away = [task for task in theirs if draw(st.booleans())]
    pool = [*names, *(f"new{n}" for n in range(draw(st.integers(0, 3))))]
    return existing, away, [name for name in pool if name not in leaving]


def key_of(task):
    return task.image, task.grader, task.role


def loads_of(tasks):
    return Counter(task.grader for task in tasks if task.role is Role.ASSIGNED)


@settings(max_examples=150, deadline=None)
@given(studies(), seeds)
def test_each_image_goes_to_somebody_who_was_not_asked_of_it_and_has_least_to_read(drawn, seed):
    existing, away, pool = drawn
    staying = [task for task in existing if task not in away]
    asked = {(task.image, task.grader) for task in existing}
    first = [task for task in away if task.role is Role.ASSIGNED]
    wanted = Counter(task.image for task in first)
    free = {image: sum((image, name) not in asked for name in pool) for image in wanted}
    if not pool or any(free[image] < count for image, count in wanted.items()):
        with pytest.raises(Refusal, match=r"no grader to ask|was asked of it already"):
            reassign(existing, away, pool, seed=seed)
        return
    new = reassign(existing, away, pool, seed=seed)
    assert Counter(task.image for task in new) == Counter(task.image for task in first)
    given = [(task.image, task.grader) for task in new]
    assert len(set(given)) == len(given)
    assert not asked & set(given)
    assert {task.grader for task in new} <= set(pool)
    loads = loads_of([*staying, *new])
    for grader in {task.grader for task in new}:
        mine = [task for task in new if task.grader == grader]
        assert any(is_fair(task, loads, pool, asked | set(given)) for task in mine)


def is_fair(task, loads, pool, asked):
    """Tell whether nobody else who might have read the image has less to read now by two."""
    others = [name for name in pool if (task.image, name) not in asked]
    return all(loads[task.grader] <= loads[name] + 1 for name in others)


@settings(max_examples=100, deadline=None)
@given(studies(), seeds)
def test_new_tasks_follow_the_earlier_ones_and_depend_on_names_and_seed_alone(drawn, seed):
    existing, away, pool = drawn
    try:
        new = reassign(existing, away, pool, seed=seed)
    except Refusal:
        return
    assert list(new) == sorted(new, key=lambda task: (task.grader, task.position))
    for grader in {task.grader for task in new}:
        last = max((t.position for t in existing if t.grader == grader), default=-1)
        places = [task.position for task in new if task.grader == grader]
        assert places == list(range(last + 1, last + 1 + len(places)))
    assert reassign(existing[::-1], away[::-1], pool[::-1], seed=seed) == new
    without = [task for task in existing if task not in away]
    assert {key_of(task) for task in reassign(without, away, pool, seed=seed)} == {
        key_of(task) for task in new
    }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(studies(), seeds, st.data())
def test_nothing_that_was_begun_is_moved_when_a_grader_leaves(tmp_path_factory, drawn, seed, data):
    existing, _, pool = drawn
    leaving = existing[0].grader
    theirs = [task for task in existing if task.grader == leaving]
    begun = [task for task in theirs if data.draw(st.booleans())]
    with create_study(tmp_path_factory.mktemp("s") / "s", author="lead") as study:
        study.add_images([Image(f"i{n}", 9, 9) for n in range(25)], author="lead")
        study.assign_tasks(existing, author="lead", seed=1)
        for task in begun:
            said = Grading(task.image, leaving, True, role=task.role, status=Status.STARTED)
            study.append(said, author=leaving, parent=None, gesture="answer visible")
        before = study.info()
        pool = [name for name in pool if name != leaving]
        try:
            done = hand_over(study, leaving, pool, seed=seed, author="lead")
        except Refusal:
            assert study.info() == before
            return
        kept = {key_of(task) for task in study.tasks(leaving)}
        assert kept == {key_of(task) for task in begun}
        assert (done.withdrawn, done.kept) == (len(theirs) - len(begun), len(begun))
        others = {key_of(task) for task in study.tasks() if task.grader != leaving}
        stayed = {key_of(task) for task in existing if task.grader != leaving}
        assert others == stayed | {key_of(task) for task in done.given}
        assert study.check() == []
