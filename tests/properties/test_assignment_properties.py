"""Whatever is assigned: so many graders for each image, level loads, even pairs, fixed orders."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.grading import Role
from engine.graders.assignment import assign, balance

names = st.text(min_size=1, max_size=4)


@st.composite
def draws(draw):
    """Images, a pool, graders for each image and a seed."""
    pool = draw(st.lists(names, min_size=1, max_size=12, unique=True))
    images = draw(st.lists(names, max_size=40, unique=True))
    return images, pool, draw(st.integers(1, len(pool))), draw(st.integers(0, 2**63 - 1))


shares = st.sampled_from([0, 0.05, 0.25, 0.5])


def assigned(tasks):
    return [task for task in tasks if task.role is Role.ASSIGNED]


def spread(counts):
    return max(counts) - min(counts)


def require_orders(tasks):
    """Require every position of each grader once, from 0 on."""
    for grader in {task.grader for task in tasks}:
        positions = [task.position for task in tasks if task.grader == grader]
        assert positions == list(range(len(positions)))


@settings(max_examples=80, deadline=None)
@given(draws(), shares)
def test_each_image_has_so_many_different_graders_and_loads_are_level(drawn, share):
    images, pool, k, seed = drawn
    tasks = assign(images, pool, graders_per_image=k, seed=seed, repeat_share=share)
    pairs = Counter((task.image, task.grader) for task in assigned(tasks))
    assert set(pairs.values()) <= {1}
    assert Counter(image for image, _ in pairs) == dict.fromkeys(images, k)
    loads = Counter(grader for _, grader in pairs)
    assert spread([loads[grader] for grader in pool]) <= 1
    assert balance(tasks, pool).loads == {grader: loads[grader] for grader in pool}
    require_orders(tasks)
    again = assign(images[::-1], pool[::-1], graders_per_image=k, seed=seed, repeat_share=share)
    assert again == tasks


@settings(max_examples=80, deadline=None)
@given(draws(), st.integers(0, 400))
def test_no_pair_shares_many_more_images_than_another(drawn, count):
    _, pool, k, seed = drawn
    images = [f"{n}.png" for n in range(count)]
    tasks = assign(images, pool, graders_per_image=k, seed=seed)
    shared = Counter(dict.fromkeys(combinations(sorted(pool), 2), 0))
    by_image = {}
    for task in tasks:
        by_image.setdefault(task.image, []).append(task.grader)
    for graders in by_image.values():
        shared.update(combinations(sorted(graders), 2))
    found = balance(tasks, pool)
    counts = shared.values() or [0]
    assert (found.fewest_shared, found.most_shared) == (min(counts), max(counts))
    assert spread(counts) <= k + 1


@settings(max_examples=80, deadline=None)
@given(draws(), shares)
def test_a_repeat_comes_long_after_the_first_reading_of_the_same_grader(drawn, share):
    images, pool, k, seed = drawn
    tasks = assign(images, pool, graders_per_image=k, seed=seed, repeat_share=share)
    first = {(task.image, task.grader): task.position for task in assigned(tasks)}
    repeats = [task for task in tasks if task.role is Role.REPEAT]
    loads = Counter(task.grader for task in assigned(tasks))
    wanted = Counter(task.grader for task in repeats)
    assert len({(task.image, task.grader) for task in repeats}) == len(repeats)
    for grader in pool:
        asked = min(int(share * loads[grader] + 0.5), loads[grader] // 2)
        assert wanted[grader] == asked
    for task in repeats:
        between = task.position - first[task.image, task.grader]
        assert between > (loads[task.grader] - wanted[task.grader]) // 2


@settings(max_examples=80, deadline=None)
@given(draws(), st.data(), shares)
def test_topping_up_keeps_what_was_assigned_and_levels_the_total(drawn, data, share):
    images, pool, k, seed = drawn
    some = images[: data.draw(st.integers(0, len(images)))]
    earlier = assign(some, pool, graders_per_image=k, seed=seed, repeat_share=share)
    other_seed = data.draw(st.integers(0, 9))
    later = assign(
        images,
        pool,
        graders_per_image=k,
        seed=other_seed,
        existing=data.draw(st.permutations(earlier)),
        repeat_share=share,
    )
    assert set(earlier) <= set(later)
    assert Counter(task.image for task in assigned(later)) == dict.fromkeys(images, k)
    assert spread(list(balance(later, pool).loads.values())) <= 1
    require_orders(later)


@settings(max_examples=60, deadline=None)
@given(draws(), st.data())
def test_graders_who_join_take_nothing_from_others_and_loads_draw_no_further_apart(drawn, data):
    images, pool, k, seed = drawn
    joined = pool[: data.draw(st.integers(k, len(pool)))]
    half = images[: len(images) // 2]
    earlier = assign(half, joined, graders_per_image=k, seed=seed)
    later = assign(images, pool, graders_per_image=k, seed=seed, existing=earlier)
    assert set(earlier) <= set(later)
    before, after = balance(earlier, pool).loads, balance(later, pool).loads
    assert spread(list(after.values())) <= max(spread(list(before.values())), 1)
