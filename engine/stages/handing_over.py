"""What a grader has not begun goes to others: withdrawn, drawn by lot and assigned."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.grading import Task
from engine.domain.problem import Problem, Refusal, refuse
from engine.domain.queue import QueueState
from engine.graders.assignment import reassign
from engine.study.protocol import Conflict, Study

TRIES = 5
"""How often images are drawn anew where somebody else assigns some at the same moment."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What came of handing a grader's work over.

    Attributes
    ----------
    withdrawn
        Readings that the grader is asked for no longer.
    kept
        Readings of the grader that are begun or done.
    given
        The tasks that others got.
    problems
        Readings that look untouched and are begun: all was undone, or an outline is half drawn.
    """

    grader: str
    withdrawn: int
    kept: int
    given: tuple[Task, ...]
    problems: tuple[Problem, ...] = ()


def hand_over(
    study: Study, grader: str, pool: Sequence[str] | None, *, seed: int, author: str
) -> HandedOver:
    """Withdraw what a grader has not begun, and ask others of a pool for it; on the study's lane.

    Parameters
    ----------
    pool
        Names of graders; None for all others who read images of the study.

    Raises
    ------
    Refusal
        ``no_tasks``: the grader has nothing that is not begun. ``empty_pool``, ``name_twice``,
        ``too_few_graders``: as `engine.graders.assignment.reassign`. All before anything is
        written. ``tasks_changed``: the images are withdrawn, and others are being assigned again
        and again.
    """
    existing = study.tasks()
    away = _not_begun(study, grader)
    if pool is None:
        pool = sorted({task.grader for task in existing} - {grader})
    reassign(existing, away, pool, seed=seed)  # what cannot be given is refused before all else
    changes = study.withdraw_tasks(away, author=author)
    kept = study.tasks(grader)
    staying = {(task.image, task.role) for task in kept}
    withdrawn = [task for task in away if (task.image, task.role) not in staying]
    given = _give(study, withdrawn, pool, seed=seed, author=author)
    return HandedOver(grader, len(withdrawn), len(kept), given, changes.problems)


def _not_begun(study: Study, grader: str) -> list[Task]:
    begun = {
        (item.image, item.role)
        for item in study.queue(grader)
        if item.state is not QueueState.TO_DO
    }
    away = [task for task in study.tasks(grader) if (task.image, task.role) not in begun]
    if not away:
        message = "The grader has no reading that is not begun"
        raise refuse("no_tasks", grader, message, "Check the name; what is begun stays")
    return away


def _give(
    study: Study, away: Sequence[Task], pool: Sequence[str], *, seed: int, author: str
) -> tuple[Task, ...]:
    for _ in range(TRIES):
        new = reassign(study.tasks(), away, pool, seed=seed)
        try:
            study.assign_tasks(new, author=author, seed=seed)
        except Conflict:
            continue
        return new
    raise _others_assign(away)


def _others_assign(away: Sequence[Task]) -> Refusal:
    message = f"Others assign images all the time; {len(away)} readings are withdrawn, not given"
    remedy = "Run dermconcord assign, which asks graders for what is missing"
    return refuse("tasks_changed", "the study", message, remedy)
