"""``dermconcord merge``: what graders did in their packets, back into the study."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_json,
    print_problems,
    problem_json,
    told,
)
from engine.domain.problem import Problem

if TYPE_CHECKING:
    from engine.study.packet_contents import Merged


@told
def merge(
    study: StudyFile,
    packets: Annotated[
        list[Path], typer.Argument(metavar="PACKET...", help="Files that graders sent back.")
    ],
    take_packet: Annotated[
        bool,
        typer.Option(
            "--take-packet",
            help="Where a reading went on in the study too, append the packet's last state,"
            " behind what was last done there.",
        ),
    ] = False,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Bring the work in graders' packets back into the study they were made from.

    Each packet is one step in the log. Merging again brings only what is new, and nothing is
    ever overwritten: a reading that went on both in the study and in the packet is listed and
    left as it is. A packet that is damaged or of another study is refused as a whole, the others
    are merged. Whatever is left out is told with exit status 1.
    """
    from engine.stages.merging import merge_packets  # noqa: PLC0415 - loads numpy
    from engine.study.packet_file import open_packet  # noqa: PLC0415 - loads the database
    from engine.study.sqlite import open_study  # noqa: PLC0415

    with open_study(study) as opened, job_context(as_json=as_json) as job:
        found = merge_packets(
            opened,
            packets,
            job,
            open_packet=open_packet,
            author=author,
            takes_packet=take_packet,
        )
    problems = [problem for _, one in found for problem in _problems(one)]
    if as_json:
        documents = [_document(file, one) for file, one in found]
        print_json({"packets": documents, "problems": [problem_json(p) for p in problems]})
    else:
        for file, one in found:
            typer.echo(f"{file}: {_said(one)}")
        print_problems(problems)
    exit_with(problems)


def _problems(found: "Merged | Problem") -> tuple[Problem, ...]:
    return (found,) if isinstance(found, Problem) else found.problems


def _document(file: Path, found: "Merged | Problem") -> dict[str, object]:
    if isinstance(found, Problem):
        return {"packet": str(file), "refused": found.code}
    counts = asdict(found)
    counts.pop("problems")
    return {"packet": str(file), "refused": None, **counts, "left_out": len(found.problems)}


def _said(found: "Merged | Problem") -> str:
    if isinstance(found, Problem):
        return "refused"
    return (
        f"{found.grader}, readings: {found.readings} merged ({found.revisions} states),"
        f" {found.unchanged} unchanged, {len(found.problems)} left out"
    )
