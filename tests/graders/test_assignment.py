"""Who reads which image: what assigning keeps, levels and refuses."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from engine.domain.grading import Role, Task
from engine.domain.problem import Refusal
from engine.graders.assignment import assign, balance

POOL = ["ada", "bo", "cy", "dee", "eve"]
IMAGES = [f"{n:03}.png" for n in range(60)]
ASSIGNED, EXTRA, REPEAT = Role.ASSIGNED, Role.EXTRA, Role.REPEAT


def give(images=IMAGES, pool=POOL, graders_per_image=3, seed=0, **options):
    return assign(images, pool, graders_per_image=graders_per_image, seed=seed, **options)


def graders_by_image(tasks, role=ASSIGNED):
    by_image = {}
    for task in tasks:
        if task.role is role:
            by_image.setdefault(task.image, []).append(task.grader)
    return by_image


def spread(numbers):
    return max(numbers) - min(numbers)


def test_a_small_draw_is_always_this_one():
    tasks = give(["a.png", "b.png"], ["ada", "bo", "cy"], graders_per_image=2, seed=3)
    assert tasks == (
        Task("b.png", "ada", ASSIGNED, 0),
        Task("a.png", "ada", ASSIGNED, 1),
        Task("b.png", "bo", ASSIGNED, 0),
        Task("a.png", "cy", ASSIGNED, 0),
    )


def test_another_process_with_another_hash_seed_draws_the_same():
    code = (
        "from engine.graders.assignment import assign\n"
        f"print(assign({IMAGES!r}, {POOL!r}, graders_per_image=3, seed=5, repeat_share=0.2))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] == f"{give(seed=5, repeat_share=0.2)}\n"


def test_the_order_in_which_names_are_given_is_of_no_matter():
    assert give(IMAGES[::-1], POOL[::-1], seed=4) == give(IMAGES, POOL, seed=4)


def test_another_seed_gives_other_graders_and_another_order():
    one, other = give(seed=1), give(seed=2)
    assert graders_by_image(one) != graders_by_image(other)
    assert [t.image for t in one[:20]] != [t.image for t in other[:20]]


def test_no_grader_reads_in_the_order_of_names_nor_in_another_grader_s_order():
    tasks = give(graders_per_image=5)
    orders = [[t.image for t in tasks if t.grader == grader] for grader in POOL]
    assert len({tuple(order) for order in [*orders, IMAGES]}) == 6


def test_pairs_share_evenly_in_a_pool_of_fifty():
    pool = [f"g{n:02}" for n in range(50)]
    images = [f"{n}.png" for n in range(1526)]
    found = balance(give(images, pool), pool)
    assert set(found.loads.values()) == {91, 92}
    assert (found.fewest_shared, found.most_shared) == (3, 5)  # 3.7 on average


def test_everybody_of_a_pool_may_read_every_image():
    found = balance(give(graders_per_image=5), POOL)
    assert set(found.loads.values()) == {60}
    assert (found.fewest_shared, found.most_shared) == (60, 60)


def test_a_pool_of_one_shares_with_nobody():
    found = balance(give(pool=["ada"], graders_per_image=1), ["ada"])
    assert (found.loads, found.fewest_shared, found.most_shared) == ({"ada": 60}, 0, 0)


def test_balance_counts_the_pool_s_own_tasks_only():
    tasks = [
        Task("a.png", "ada", ASSIGNED, 0),
        Task("a.png", "bo", ASSIGNED, 0),
        Task("a.png", "zoe", ASSIGNED, 0),
        Task("a.png", "cy", EXTRA, 0),
        Task("a.png", "ada", REPEAT, 1),
    ]
    found = balance(tasks, ["bo", "ada", "cy"])
    assert found.loads == {"ada": 1, "bo": 1, "cy": 0}
    assert found.repeats == {"ada": 1, "bo": 0, "cy": 0}
    assert (found.fewest_shared, found.most_shared) == (0, 1)


# topping up


def test_a_second_call_with_nothing_new_gives_the_same_tasks():
    tasks = give(repeat_share=0.1)
    assert give(repeat_share=0.1, existing=tasks) == tasks


def test_graders_who_join_catch_up_as_far_as_there_is_work():
    tasks = give(IMAGES[:30], POOL[:3])
    later = give(IMAGES, POOL, existing=tasks)
    assert balance(tasks, POOL[:3]).loads == {"ada": 30, "bo": 30, "cy": 30}
    assert balance(later, POOL).loads == {"ada": 40, "bo": 40, "cy": 40, "dee": 30, "eve": 30}
    further = give([*IMAGES, *(f"{n}.jpg" for n in range(20))], POOL, existing=later)
    assert spread(balance(further, POOL).loads.values()) <= 1


def test_images_gain_further_graders_beside_those_they_have():
    tasks = give(graders_per_image=2)
    later = give(graders_per_image=3, existing=tasks)
    before, after = graders_by_image(tasks), graders_by_image(later)
    assert all(len(set(after[i])) == 3 and set(before[i]) < set(after[i]) for i in IMAGES)
    assert spread(balance(later, POOL).loads.values()) <= 2


def test_who_joins_may_be_named_alone():
    tasks = give(pool=POOL[:3])
    later = give(pool=["dee"], graders_per_image=4, existing=tasks)
    assert balance(later, POOL).loads["dee"] == len(IMAGES)


def test_pairs_stay_even_where_images_gain_further_graders():
    images = [f"{n:03}.png" for n in range(300)]
    pool = [*POOL, "fay", "gus", "hal"]
    tasks = give(images, pool, graders_per_image=2)
    found = balance(give(images, pool, existing=tasks), pool)
    assert (found.fewest_shared, found.most_shared) == (31, 33)  # 32.1 on average


@pytest.mark.parametrize("seed", range(8))
def test_new_images_level_what_further_graders_of_earlier_ones_left_uneven(seed):
    tasks = give(IMAGES[:55], seed=seed)
    later = give(graders_per_image=4, seed=seed, existing=tasks)
    assert spread(balance(later, POOL).loads.values()) == 0


def test_an_image_with_enough_graders_gets_no_more():
    existing = [Task("a.png", name, ASSIGNED, 0) for name in ("x", "y", "z", "ada")]
    assert set(give(["a.png"], existing=existing)) == set(existing)


def test_who_reads_an_image_in_any_role_is_not_asked_for_it_again():
    existing = [Task(image, "ada", EXTRA, n) for n, image in enumerate(IMAGES)]
    assigned = graders_by_image(give(existing=existing, graders_per_image=4))
    assert all(sorted(names) == ["bo", "cy", "dee", "eve"] for names in assigned.values())


def test_new_tasks_follow_the_earlier_ones_of_any_role():
    existing = [Task("x.png", "ada", EXTRA, 0), Task("y.png", "ada", ASSIGNED, 1)]
    tasks = [t for t in give(graders_per_image=5, existing=existing) if t.grader == "ada"]
    assert tasks[:2] == existing
    assert [t.position for t in tasks] == list(range(62))


def test_tasks_of_graders_who_left_stay_as_they_are():
    tasks = give(IMAGES[:10])
    later = give(existing=tasks, pool=POOL[:3])
    assert [t for t in later if t.grader in POOL[3:]] == [t for t in tasks if t.grader in POOL[3:]]


# repeat readings


def test_so_large_a_share_is_read_again_by_the_same_grader():
    tasks = give(repeat_share=0.25)
    assert balance(tasks, POOL).repeats == dict.fromkeys(POOL, 9)
    first = {(t.image, t.grader) for t in tasks if t.role is ASSIGNED}
    again = [(t.image, t.grader) for t in tasks if t.role is REPEAT]
    assert len(set(again)) == len(again) == 45
    assert set(again) < first


def test_repeats_do_not_change_who_is_assigned():
    assert graders_by_image(give(repeat_share=0.25)) == graders_by_image(give())


def test_a_repeat_is_not_told_from_a_first_reading_by_its_place():
    tasks = [t for t in give(IMAGES, ["ada"], graders_per_image=1, repeat_share=0.3)]
    roles = [t.role for t in tasks]
    first_repeat = roles.index(REPEAT)
    assert ASSIGNED in roles[first_repeat:]
    assert REPEAT not in roles[: len(IMAGES) // 2]
    assert len(set(roles[first_repeat:][:6])) == 2


def test_repeats_may_be_asked_for_when_all_is_assigned_already():
    tasks = give()
    later = give(existing=tasks, repeat_share=0.25)
    assert balance(later, POOL).repeats == dict.fromkeys(POOL, 9)
    added = [t for t in later if t.role is REPEAT and t.grader == "ada"]
    assert sorted(t.position for t in added) == list(range(36, 45))


def test_a_top_up_adds_the_repeats_that_its_share_lacks():
    tasks = give(IMAGES[:40], repeat_share=0.25)
    later = give(existing=tasks, repeat_share=0.25)
    assert balance(tasks, POOL).repeats == dict.fromkeys(POOL, 6)
    assert balance(later, POOL).repeats == dict.fromkeys(POOL, 9)
    assert len({(t.image, t.grader) for t in later if t.role is REPEAT}) == 45
    assert give(existing=later, repeat_share=0.1) == later


# refusals


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    [
        ({"pool": []}, "empty_pool", "no grader"),
        ({"pool": ["ada", "bo", "ada"]}, "name_twice", "ada is named more than once"),
        ({"images": ["a.png", "a.png"]}, "name_twice", r"a\.png is named more than once"),
        ({"graders_per_image": 6}, "graders_per_image", "6 graders .* of 5"),
        ({"graders_per_image": 0}, "graders_per_image", "0 graders"),
        ({"repeat_share": 0.6}, "repeat_share", r"0\.6, not 0 to 0\.5"),
        ({"repeat_share": -0.1}, "repeat_share", r"-0\.1, not 0"),
        ({"repeat_share": float("nan")}, "repeat_share", "nan, not 0"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(wrong, code, told):
    with pytest.raises(Refusal, match=told) as refused:
        give(**wrong)
    assert refused.value.problem.code == code


def test_an_image_that_too_few_of_the_pool_may_read_is_named():
    existing = [Task("007.png", name, EXTRA, 0) for name in ("ada", "bo", "cy")]
    with pytest.raises(Refusal, match="3 more graders are needed, 2 of the pool") as refused:
        give(existing=existing)
    assert (refused.value.problem.code, refused.value.problem.where) == (
        "too_few_graders",
        "007.png",
    )


def test_no_images_are_no_tasks():
    assert Counter(give(images=[])) == Counter()
