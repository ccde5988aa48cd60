"""What a grader has not begun goes to others: drawn by lot, assigned, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.domain.grading import Task
from engine.domain.problem import Problem, refuse
from engine.domain.queue import QueueState
from engine.graders.assignment import reassign
from engine.study.protocol import Changes, Conflict, Study

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
    """Take from a grader what is not begun, and ask others of a pool for it; on the study's lane.

    Parameters
    ----------
    pool
        Names of graders, nobody where the readings are only taken back; None for all others who
        read images of the study.

    Raises
    ------
    Refusal
        ``no_tasks``: the grader has nothing that is not begun. ``name_twice``,
        ``too_few_graders``: as `engine.graders.assignment.reassign`. ``tasks_changed``: others
        assign images all the time. Nothing is written then.
    """
    for _ in range(TRIES):
        existing = study.tasks()
        away = _not_begun(study, grader)
        if pool is None:
            pool = sorted({task.grader for task in existing} - {grader})
        new = reassign(existing, away, pool, seed=seed) if pool else ()
        try:
            changes = exchange(study, new, away, seed=seed, author=author)
        except Conflict:
            continue
        kept = {(task.image, task.role) for task in study.tasks(grader)}
        withdrawn = {(task.image, task.role) for task in away} - kept
        given = tuple(task for task in new if (task.image, task.role) in withdrawn)
        return HandedOver(grader, len(withdrawn), len(kept), given, changes.problems)
    raise refuse(
        "tasks_changed",
        "the study",
        "Others assign images all the time; nothing was written",
        "Try again",
    )


def exchange(
    study: Study, new: Sequence[Task], away: Sequence[Task], *, seed: int, author: str
) -> Changes:
    """Ask for new readings, then take those back that they stand for; on the study's lane.

    So no image is ever without a reader. A reading that was begun meanwhile stays, is a problem,
    and what was asked for in its place is taken back.

    Raises
    ------
    Conflict
        The graders' tasks have changed since the new ones were drawn; nothing is written.
    """
    asked = study.assign_tasks(new, author=author, seed=seed)
    problems = study.withdraw_tasks(away, author=author).problems
    if problems:
        left = {(task.image, task.grader, task.role) for task in study.tasks()}
        kept = {(t.image, t.role) for t in away if (t.image, t.grader, t.role) in left}
        astray = [task for task in new if (task.image, task.role) in kept]
        study.withdraw_tasks(astray, author=author)
    return replace(asked, problems=problems)


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
