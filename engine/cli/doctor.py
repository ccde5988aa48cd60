"""``dermconcord doctor``: what is wrong with a study or with this machine, and what to do."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_json,
    print_problems,
    problem_json,
    told,
)

if TYPE_CHECKING:
    from engine.doctor import Diagnosis


@told
def doctor(
    study: Annotated[
        Path | None, typer.Argument(metavar="[STUDY]", help="Also check this study.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check this machine and, if given, a study; say what to do about what is found.

    Of a study it verifies the database, the audit log, every photograph against the digest it
    had when imported, and the stored saliency maps. Nothing is changed.
    """
    from engine.doctor import examine_machine, examine_study  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    machine = examine_machine()
    found: Diagnosis | None = None
    if study:
        with open_study(study, read_only=True) as opened, job_context(as_json=as_json) as job:
            found = examine_study(opened, study, job)
    problems = [*machine.problems, *(found.problems if found else ())]
    if as_json:
        document = {"machine": asdict(machine), "study": asdict(found) if found else None}
        for part in document.values():
            if part:
                part.pop("problems")
        print_json({**document, "problems": [problem_json(problem) for problem in problems]})
    else:
        _print_facts("This machine", {**machine.versions, "device": machine.device})
        if found:
            _print_facts(str(study), _facts(found))
        typer.echo(f"{len(problems)} problems" if problems else "No problems found")
        print_problems(problems)
    exit_with(problems)


def _print_facts(title: str, facts: dict[str, str]) -> None:
    typer.echo(title)
    width = max(map(len, facts))
    for name, value in facts.items():
        typer.echo(f"  {name:<{width}}  {value}")


def _facts(found: "Diagnosis") -> dict[str, str]:
    return {
        "study id": found.info.id,
        "schema": found.info.schema,
        "audit entries": str(found.info.revision),
        "audit head": found.info.audit_head,
        "images": f"{found.images} ({found.without_pixels} without pixels)",
        "graders": str(found.graders),
        "stored maps": f"{found.maps} ({found.map_bytes / 2**20:.1f} MiB),"
        f" {found.stale_maps} of no image of the study",
    }
