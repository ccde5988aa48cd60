"""Who would read what: images drawn for a pool of graders before anything is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.domain.grading import Role, Task
from engine.domain.problem import refuse
from engine.domain.queue import QueueState
from engine.study.protocol import Changes, Conflict, Study


@dataclass(frozen=True, slots=True)
class Roster:
    """What a study has asked of whom so far.

    Attributes
    ----------
    images
        Paths of all images.
    graders
        Names of everybody who reads, ordered.
    tasks
        All readings that were asked for.
    idle
        Readings among them that nobody has begun.
    idle_counts
        Their number by grader, ordered by name.
    """

    images: tuple[str, ...] = ()
    graders: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    idle: tuple[Task, ...] = ()
    idle_counts: Mapping[str, int] = field(default_factory=dict)

    def idle_of(self, grader: str) -> tuple[Task, ...]:
        """Return the readings that a grader has not begun."""
        return tuple(task for task in self.idle if task.grader == grader)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants of an assignment.

    Attributes
    ----------
    repeats
        Share of each grader's images, 0 to 0.5, that is read twice.
    giver
        Whose readings that are not begun go to the pool; empty where images are newly assigned.
    """

    pool: tuple[str, ...]
    per_image: int = 3
    repeats: float = 0.0
    seed: int = 0
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What a grader would have to read.

    Attributes
    ----------
    before, after
        Images as an assigned grader, now and then.
    again
        Images to be read twice, then.
    """

    grader: str
    before: int
    after: int
    again: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What would come of a wish.

    Attributes
    ----------
    before
        All readings that were asked for when it was drawn.
    new, away
        Readings that would be asked for, and be taken back.
    shared
        Images that two graders of the pool share, fewest and most.
    """

    wish: Wish
    before: tuple[Task, ...]
    new: tuple[Task, ...]
    away: tuple[Task, ...]
    loads: tuple[Load, ...]
    shared: tuple[int, int]


def read_roster(study: Study) -> Roster:
    """Return what was asked of whom; runs on the study's lane."""
    tasks = tuple(study.tasks())
    graders = tuple(study.graders())
    begun = {
        (item.image, grader, item.role)
        for grader in graders
        for item in study.queue(grader)
        if item.state is not QueueState.TO_DO
    }
    idle = tuple(task for task in tasks if (task.image, task.grader, task.role) not in begun)
    return Roster(
        images=tuple(image.path for image in study.images()),
        graders=graders,
        tasks=tasks,
        idle=idle,
        idle_counts=dict(sorted(Counter(task.grader for task in idle).items())),
    )


def draw(roster: Roster, wish: Wish) -> Drawn:
    """Draw images for the pool, as the command line does; nothing is written.

    Raises
    ------
    Refusal
        As `engine.graders.assignment.assign`; ``no_images`` where the study has none.
    """
    if not roster.images:
        raise refuse("no_images", "study", "The study has no images", "Import them first")
    if wish.giver:
        return _given_away(roster, wish)
    from engine.graders.assignment import assign  # noqa: PLC0415 - loads numpy

    tasks = assign(
        roster.images,
        wish.pool,
        graders_per_image=wish.per_image,
        seed=wish.seed,
        existing=roster.tasks,
        repeat_share=wish.repeats,
    )
    known = set(roster.tasks)
    new = tuple(task for task in tasks if task not in known)
    return _drawn(roster, wish, new=new, away=(), people=wish.pool)


def _given_away(roster: Roster, wish: Wish) -> Drawn:
    from engine.graders.assignment import reassign  # noqa: PLC0415 - loads numpy

    away = roster.idle_of(wish.giver)
    is_given = away and wish.pool
    new = reassign(roster.tasks, away, wish.pool, seed=wish.seed) if is_given else ()
    return _drawn(roster, wish, new=new, away=away, people=(wish.giver, *wish.pool))


def _drawn(
    roster: Roster,
    wish: Wish,
    *,
    new: tuple[Task, ...],
    away: tuple[Task, ...],
    people: Sequence[str],
) -> Drawn:
    from engine.graders.assignment import balance  # noqa: PLC0415 - loads numpy

    gone = set(away)
    after = (*(task for task in roster.tasks if task not in gone), *new)
    then, now = balance(after, people), _assigned(roster.tasks)
    loads = tuple(Load(g, now[g], then.loads[g], then.repeats[g]) for g in sorted(people))
    return Drawn(wish, roster.tasks, new, away, loads, (then.fewest_shared, then.most_shared))


def _assigned(tasks: Sequence[Task]) -> Counter[str]:
    return Counter(task.grader for task in tasks if task.role is Role.ASSIGNED)


def store(study: Study, drawn: Drawn, *, author: str) -> Changes:
    """Write what was drawn; runs on the study's lane.

    Returns
    -------
    What was asked of whom; a reading that was begun meanwhile stays, and is a problem.

    Raises
    ------
    Conflict
        The tasks are others than those that were drawn from; nothing is written.
    """
    if tuple(study.tasks()) != drawn.before:
        raise Conflict("tasks")
    from engine.stages.handing_over import exchange  # noqa: PLC0415 - loads numpy

    return exchange(study, drawn.new, drawn.away, seed=drawn.wish.seed, author=author)
