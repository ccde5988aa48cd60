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
from engine.domain.problem import Problem, Refusal

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
    had when imported, and the stored saliency maps. Nothing is changed. The exit status is 1
    where something is wrong.
    """
    from engine.doctor import examine_machine  # noqa: PLC0415 - loads numpy and the database

    machine = examine_machine()
    found, of_study = _examine(study, as_json=as_json) if study else (None, ())
    problems = [*machine.problems, *of_study]
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
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        typer.echo(count if problems else "No problems found")
        print_problems(problems)
    exit_with(problems)


def _examine(study: Path, *, as_json: bool) -> tuple["Diagnosis | None", tuple[Problem, ...]]:
    """Return what is found in a study, or only the reason why it cannot be looked into."""
    from engine.doctor import examine_study  # noqa: PLC0415 - loads numpy and the database
    from engine.study.sqlite import open_study  # noqa: PLC0415

    try:
        with open_study(study, read_only=True) as opened, job_context(as_json=as_json) as job:
            found = examine_study(opened, study, job)
    except Refusal as refusal:
        return None, (refusal.problem,)
    return found, found.problems


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
