"""``dermconcord reassign``: what a grader has not begun goes to others."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import (
    exit_with,
    print_json,
    print_problems,
    problem_json,
    told,
    usage_error,
)

if TYPE_CHECKING:
    from engine.stages.handing_over import HandedOver


@told
def reassign(
    study: StudyFile,
    from_: Annotated[str, typer.Option("--from", metavar="NAME", help="Who gives images away.")],
    graders: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Who may get them, names separated by commas.",
            show_default="all others who read images of the study",
        ),
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="Take the readings back and give them to nobody.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of the lots.")] = 0,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Give what a grader has not begun to others, as when somebody leaves.

    Each image goes to who has the least to read and was not asked of it yet. What the grader has
    begun or done stays theirs and counts; repeat readings are taken back and given to nobody. Work
    that lies in a packet is not known here: merge it first. What cannot be given is refused with
    exit status 1, before anything is changed.
    """
    from engine.stages.handing_over import hand_over  # noqa: PLC0415 - loads numpy
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    grader = from_.strip()
    if not grader:
        usage_error("--from: name the grader")
    if nobody and graders is not None:
        usage_error("give either --graders or --nobody")
    pool = None if graders is None else [n.strip() for n in graders.split(",") if n.strip()]
    if pool == []:
        usage_error("--graders: name the graders, or give --nobody")
    pool = [] if nobody else pool
    with open_study(study) as opened:
        done = hand_over(opened, grader, pool, seed=seed, author=author)
    _tell(done, as_json=as_json)
    exit_with(done.problems)


def _tell(done: "HandedOver", *, as_json: bool) -> None:
    given = Counter(task.grader for task in done.given)
    if as_json:
        document = {
            "from": done.grader,
            "withdrawn": done.withdrawn,
            "kept": done.kept,
            "given": dict(given),
            "problems": [problem_json(problem) for problem in done.problems],
        }
        print_json(document)
        return
    typer.echo(
        f"Withdrew {done.withdrawn} readings from {done.grader}; {done.kept} that are begun stay"
    )
    for grader, count in given.items():
        typer.echo(f"  {grader}: {count} more images")
    print_problems(done.problems)
