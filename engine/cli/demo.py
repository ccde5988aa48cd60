"""``dermconcord demo``: the whole flow on a synthetic study, in a few minutes."""

import io
import json
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from functools import partial
from inspect import unwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.agreement import agreement
from engine.cli.explain import Sampler, explain
from engine.cli.lead import label
from engine.cli.options import AsJson
from engine.cli.report import report
from engine.cli.studies import import_, new
from engine.cli.terminal import INTERRUPTED, print_json, told
from engine.domain.problem import refuse

if TYPE_CHECKING:
    from resources.demo.study import DemoPaths

STUDY = "demo.concord"
NOTICE = "SYNTHETIC.txt"
RESULTS = {
    "agreement": "agreement.csv",
    "images": "explain.csv",
    "cases": "explain.cases.csv",
    "panels": "panels",
    "report": "report",
}
"""What the demo makes beside the study, by its name in the JSON document."""


@told
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where the demo is put.")
    ] = Path("demo"),
    sampler: Annotated[
        Sampler, typer.Option(help="joint, or literal for the paper's recipe (slower).")
    ] = "joint",
    as_json: AsJson = False,
) -> None:
    """Make a synthetic study, run the whole flow on it and say what was found, and where it is.

    Photographs, graders and the classifier are synthetic: the classifier has learned to look at
    pen marks for one condition, and the report finds that. Nothing in it says anything about real
    skin. A second run finds everything made already and only repeats what changed. A folder that
    holds other work is refused with exit status 1.
    """
    is_earlier_demo = _is_earlier_demo(folder)
    if not as_json:
        typer.echo(f"Synthetic demo study in {folder}")
    made = _write(folder)
    study = folder / STUDY
    results = {name: folder / file for name, file in RESULTS.items()}
    steps = _Steps(as_json)
    if not study.exists():
        steps.run(partial(unwrap(new), study, author="demo"))
    sources = [made.photographs, made.manifest, made.gradings]
    steps.run(partial(unwrap(import_), study, sources, author="demo"))
    steps.run(partial(unwrap(label), study, made.body_parts, author="demo"))
    replace = {"overwrite": is_earlier_demo}
    steps.run(partial(unwrap(agreement), study, csv=results["agreement"], **replace))
    steps.run(
        partial(
            unwrap(explain),
            study,
            csv=results["images"],
            model=made.card,
            panels=results["panels"],
            sampler=sampler,
            **replace,
        )
    )
    reported = steps.run(
        partial(
            unwrap(report),
            study,
            out=results["report"],
            model=made.card,
            assignments=[f"saliency.sampler={sampler}"],
            **replace,
        )
    )
    if as_json:
        files = {name: str(path) for name, path in {"study": study, **results}.items()}
        found = {name: reported[name] for name in ("report", "cues")}
        print_json({**files, **found, "problems": steps.problems})
    if steps.has_problems:
        raise typer.Exit(1)


class _Steps:
    """The demo's commands in turn; problems in the data of one do not keep the next from running.

    Attributes
    ----------
    problems
        What the commands listed, each once, as JSON fields; only collected for a JSON document.
    """

    def __init__(self, as_json: bool) -> None:
        self.problems: list[dict[str, str]] = []
        self.has_problems = False
        self._as_json = as_json

    def run(self, command: Callable[..., None]) -> dict[str, Any]:
        """Run a command and return its JSON document, empty where none is wanted.

        A refusal passes through and ends the demo.
        """
        printed = io.StringIO()
        try:
            with redirect_stdout(printed) if self._as_json else nullcontext():
                command(as_json=self._as_json)
        except typer.Exit as end:
            if end.exit_code == INTERRUPTED:
                raise
            self.has_problems = True
        if not self._as_json:
            return {}
        document: dict[str, Any] = json.loads(printed.getvalue())
        self.problems += [p for p in document.get("problems", []) if p not in self.problems]
        return document


def _is_earlier_demo(folder: Path) -> bool:
    """Tell whether results in the folder are the demo's own and may be replaced.

    Raises
    ------
    Refusal
        They are somebody's work.
    """
    if (folder / NOTICE).is_file() and (folder / STUDY).is_file():
        return True
    foreign = [name for name in (STUDY, *RESULTS.values()) if (folder / name).exists()]
    if foreign:
        raise refuse(
            "no_demo_folder",
            str(folder),
            f"{foreign[0]} is there and is not the demo's",
            "Give another folder: dermconcord demo FOLDER",
        )
    return False


def _write(folder: Path) -> "DemoPaths":
    from resources.demo.study import write_demo  # noqa: PLC0415 - draws with numpy

    try:
        return write_demo(folder)
    except OSError as error:
        raise refuse(
            "demo_not_written",
            str(error.filename or folder),
            f"the demo cannot be written ({error.strerror or error})",
            "Give another folder: dermconcord demo FOLDER",
        ) from error
