"""Who reads which image: some of a pool of graders, evenly, each in an order of their own."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import chain, combinations, islice
from operator import attrgetter

import numpy as np

from engine.domain.grading import Role, Task
from engine.domain.problem import refuse

MAX_REPEAT_SHARE = 0.5
"""Above it no first half would be left whose images can be read again in the second."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How evenly images are spread over the graders of a pool.

    Attributes
    ----------
    loads, repeats
        Images that each grader reads as an assigned one, and reads again.
    fewest_shared, most_shared
        Images that the two graders share who share fewest, and most; 0 in a pool of one.
    """

    loads: Mapping[str, int]
    repeats: Mapping[str, int]
    fewest_shared: int
    most_shared: int


def assign(
    images: Sequence[str],
    pool: Sequence[str],
    *,
    graders_per_image: int,
    seed: int,
    existing: Sequence[Task] = (),
    repeat_share: float = 0.0,
) -> tuple[Task, ...]:
    """Ask `graders_per_image` of a pool to read each image, and put each grader's work in order.

    Each image goes to those with the least to read, among them to those who have shared the
    fewest images so far, then by lot. So loads differ by at most 1. Of any two pairs of graders
    one shares at most ``graders_per_image + 1`` images more than the other (the most seen in
    trials with pools of up to 50, not proved). What exists stays and counts: later images level
    the loads with those of graders who join, as far as there is work to give; where images get
    further graders than before, loads were seen to differ by 2.

    A grader's new images follow the earlier ones, shuffled. Repeat readings, of the grader's
    first images, are mixed into the last new ones: of N images with T repeat readings, at least
    (N - T) / 2 tasks lie from the first reading to the second.

    The result depends only on the names and the seed: not on their order, nor on the machine.

    Parameters
    ----------
    images
        Paths of all images to be read.
    existing
        Tasks given earlier. Who reads an image in any role is not asked to read it again; only
        assigned graders count towards `graders_per_image`.
    repeat_share
        Share of each grader's images, 0 to 0.5, that is read a second time.

    Returns
    -------
    The existing tasks and the new ones, ordered by grader, then position.

    Raises
    ------
    Refusal
        ``empty_pool``, ``name_twice``, ``graders_per_image``, ``repeat_share``,
        ``too_few_graders``.

    References
    ----------
    Section 3.3; method, section 3.
    """
    everybody = {*pool, *(task.grader for task in existing if task.role is Role.ASSIGNED)}
    _refuse_what_cannot_be(images, pool, graders_per_image, repeat_share, known=len(everybody))
    draw = _Draw(sorted(pool), existing, seed=seed)
    given: dict[str, list[str]] = {grader: [] for grader in pool}
    # images that some have read already leave the least choice, so they come first
    for image in sorted(images, key=lambda name: (not draw.is_begun(name), _lot(seed, name))):
        for grader in draw.give(image, graders_per_image):
            given[grader].append(image)
    earlier: dict[str, list[Task]] = {}
    for task in existing:
        earlier.setdefault(task.grader, []).append(task)
    new = chain.from_iterable(
        _in_order(grader, mine, earlier.get(grader, ()), seed=seed, repeat_share=repeat_share)
        for grader, mine in given.items()
    )
    return tuple(sorted((*existing, *new), key=attrgetter("grader", "position")))


def reassign(
    existing: Sequence[Task], away: Collection[Task], pool: Sequence[str], *, seed: int
) -> tuple[Task, ...]:
    """Give tasks that their graders give away to others of a pool, as evenly as can be.

    Each image goes to who has the least to read, among them to who has shared the fewest images
    so far with its other graders, then by lot; never to who was asked of it in any role, nor back
    to who gives it away. Assigned and extra readings stay what they are. A repeat reading is
    given to nobody: it tells of its own grader alone. The new tasks follow each grader's earlier
    ones, shuffled.

    The result depends only on the names and the seed: not on their order, nor on the machine.

    Parameters
    ----------
    existing
        All tasks of the study; those given away may be among them or not.
    away
        Tasks that nobody has begun.
    pool
        Names of graders; who gives tasks away may be among them.

    Returns
    -------
    The new tasks alone, ordered by grader, then position.

    Raises
    ------
    Refusal
        ``empty_pool``, ``name_twice``; ``too_few_graders``: all of the pool were asked of an
        image that is given away.
    """
    _refuse_a_pool(pool)
    leaving = {(task.image, task.grader, task.role) for task in away}
    staying = [task for task in existing if (task.image, task.grader, task.role) not in leaving]
    barred: dict[str, set[str]] = {}
    for task in away:
        barred.setdefault(task.image, set()).add(task.grader)
    draw = _Draw(sorted(pool), staying, seed=seed)
    wanted = sorted(
        (task for task in away if task.role is not Role.REPEAT),
        key=lambda task: (_lot(seed, task.image), task.role, task.grader),
    )
    given: dict[str, list[Task]] = {grader: [] for grader in sorted(pool)}
    for task in wanted:
        given[draw.give_on(task, barred[task.image])].append(task)
    ends = {
        task.grader: task.position + 1
        for task in sorted((*existing, *away), key=attrgetter("position"))
    }
    return tuple(
        Task(task.image, grader, task.role, position)
        for grader, mine in given.items()
        for position, task in enumerate(
            sorted(mine, key=partial(_lot_of, seed, grader)), start=ends.get(grader, 0)
        )
    )


def balance(tasks: Sequence[Task], pool: Sequence[str]) -> Balance:
    """Return how evenly tasks are spread over the graders of a pool."""
    draw = _Draw(sorted(pool), tasks)
    shared = draw.shared[np.triu_indices(len(pool), 1)].tolist() or [0]
    repeats = Counter(task.grader for task in tasks if task.role is Role.REPEAT)
    return Balance(
        loads=dict(zip(draw.pool, draw.loads.tolist(), strict=True)),
        repeats={grader: repeats[grader] for grader in draw.pool},
        fewest_shared=min(shared),
        most_shared=max(shared),
    )


class _Draw:
    """How much each grader of the pool has to read, and with whom, while images are given out.

    Attributes
    ----------
    loads
        Images of each grader as an assigned one, shape (graders,).
    shared
        Images that two graders share, shape (graders, graders), 0 on the diagonal.
    """

    def __init__(self, pool: Sequence[str], existing: Sequence[Task], *, seed: int = 0) -> None:
        self.pool = pool
        self.loads = np.zeros(len(pool), np.int64)
        self.shared = np.zeros((len(pool), len(pool)), np.int64)
        self._numbers = {grader: number for number, grader in enumerate(pool)}
        # of numpy's random numbers only the raw ones are the same in all versions
        self._lots = np.random.PCG64(seed)
        self._asked: dict[str, set[str]] = {}
        self._assigned: dict[str, set[str]] = {}
        for task in existing:
            self._asked.setdefault(task.image, set()).add(task.grader)
            if task.role is Role.ASSIGNED:
                self._assigned.setdefault(task.image, set()).add(task.grader)
        for graders in self._assigned.values():
            self._count(self._numbers_of(graders), new=self._numbers_of(graders))

    def is_begun(self, image: str) -> bool:
        """Tell whether somebody was asked to read the image earlier."""
        return image in self._asked

    def give(self, image: str, graders_per_image: int) -> list[str]:
        """Choose who else reads an image, and count it as theirs."""
        assigned = self._assigned.get(image, set())
        asked = self._numbers_of(self._asked.get(image, ()))
        missing = graders_per_image - len(assigned)
        if missing > len(self.pool) - len(asked):
            raise refuse(
                "too_few_graders",
                image,
                f"{missing} more graders are needed, {len(self.pool) - len(asked)} of the pool"
                " have not been asked yet",
                "Name more graders, or fewer for each image",
            )
        members = self._numbers_of(assigned)
        new: list[int] = []
        while len(new) < missing:
            new.append(self._next([*members, *new], barred=[*asked, *new]))
        self._count([*members, *new], new=new)
        return [self.pool[number] for number in new]

    def give_on(self, task: Task, barred: Collection[str]) -> str:
        """Choose who reads an image in place of who gives the task away, and count it as theirs."""
        asked = self._asked.setdefault(task.image, set())
        out = self._numbers_of(asked.union(barred))
        if len(out) == len(self.pool):
            raise refuse(
                "too_few_graders",
                task.image,
                "Everybody of the pool was asked of it already",
                "Name more graders",
            )
        assigned = self._assigned.setdefault(task.image, set())
        members = self._numbers_of(assigned)
        new = self._next(members, barred=out)
        grader = self.pool[new]
        asked.add(grader)
        if task.role is Role.ASSIGNED:
            assigned.add(grader)
            self._count([*members, new], new=[new])
        else:
            self.loads[new] += 1  # so that extra readings are spread, too
        return grader

    def _next(self, members: list[int], *, barred: list[int]) -> int:
        """Return whom a further reading burdens least: by load, by shared images, by lot."""
        loads = self.loads.astype(np.float64)
        loads[barred] = np.inf
        lots = self._lots.random_raw(len(self.pool))
        return int(np.lexsort((lots, self.shared[members].sum(axis=0), loads))[0])

    def _count(self, members: list[int], *, new: list[int]) -> None:
        """Count one image, read by these members, as read by the new ones among them."""
        self.loads[new] += 1
        for one, other in combinations(members, 2):
            if one in new or other in new:
                self.shared[[one, other], [other, one]] += 1

    def _numbers_of(self, graders: Iterable[str]) -> list[int]:
        """Return the places in the pool, in order, of those who are in it."""
        return sorted(self._numbers[grader] for grader in graders if grader in self._numbers)


def _in_order(
    grader: str, given: Sequence[str], existing: Sequence[Task], *, seed: int, repeat_share: float
) -> Iterator[Task]:
    """Yield a grader's new tasks at their positions: first readings, repeats mixed in later."""
    earlier = sorted(existing, key=attrgetter("position"))
    first = [task.image for task in earlier if task.role is Role.ASSIGNED]
    read_again = {task.image for task in earlier if task.role is Role.REPEAT}
    new = sorted(given, key=lambda image: _lot(seed, grader, image))
    images = [*first, *new]
    wanted = min(int(repeat_share * len(images) + 0.5), len(images) // 2)
    unrepeated = (image for image in images if image not in read_again)
    repeats = list(islice(unrepeated, max(wanted - len(read_again), 0)))
    cut = max(len(first), (len(images) + wanted) // 2)
    late = [(image, Role.ASSIGNED) for image in images[cut:]]
    late += [(image, Role.REPEAT) for image in repeats]
    late.sort(key=lambda reading: _lot(seed, grader, *reading))
    order = [*((image, Role.ASSIGNED) for image in images[len(first) : cut]), *late]
    start = earlier[-1].position + 1 if earlier else 0
    for position, (image, role) in enumerate(order, start=start):
        yield Task(image, grader, role, position)


def _lot_of(seed: int, grader: str, task: Task) -> bytes:
    return _lot(seed, grader, task.image)


def _lot(seed: int, *names: str) -> bytes:
    """Return a name's place in a shuffled order, the same on every machine."""
    return sha256("\0".join((str(seed), *names)).encode("utf-8", "surrogatepass")).digest()


def _refuse_what_cannot_be(
    images: Sequence[str],
    pool: Sequence[str],
    graders_per_image: int,
    repeat_share: float,
    *,
    known: int,
) -> None:
    _refuse_a_pool(pool)
    _refuse_names_twice("images", images)
    if not 1 <= graders_per_image <= known:
        message = f"{graders_per_image} graders for each image cannot be had of {known}"
        raise refuse("graders_per_image", "graders", message, "Ask for fewer, or name more")
    if not 0 <= repeat_share <= MAX_REPEAT_SHARE:
        message = f"the share of repeat readings is {repeat_share:g}, not 0 to {MAX_REPEAT_SHARE}"
        raise refuse("repeat_share", "graders", message, "Ask for half of the images at most")


def _refuse_a_pool(pool: Sequence[str]) -> None:
    if not pool:
        raise refuse("empty_pool", "graders", "There is no grader to ask", "Name the graders")
    _refuse_names_twice("graders", pool)


def _refuse_names_twice(what: str, names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        message = f"{', '.join(twice[:5])} is named more than once"
        raise refuse("name_twice", what, message, "Name each once")
