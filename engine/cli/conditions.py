"""``dermconcord conditions``: which class of a model stands for each condition of a study."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from engine.cli.options import AsJson, Author, StudyFile, TrustOption
from engine.cli.terminal import job_context, print_json, told, usage_error

if TYPE_CHECKING:
    from engine.saliency.classifier import Classifier
    from engine.stages.mapping import MappedCondition

SOURCES = {
    "map": "the map",
    "same_name": "the class of this name",
    "other": "the class for all others",
    "none": "no class: correctness is undefined",
}
"""Who says which class stands for a condition, in words."""


@told
def conditions(
    study: StudyFile,
    model: Annotated[Path, typer.Option("--model", metavar="CARD.toml", help="Model card.")],
    assignments: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="CONDITION=CLASS",
            help="The class that stands for a condition; without a class, CONDITION= takes it out"
            " of the map. May be repeated.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    clear: Annotated[
        bool, typer.Option("--clear", help="Forget the study's map: the card's holds again.")
    ] = False,
    trust: TrustOption = None,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Show or change which class of a model stands for each condition of the study.

    The map of the model card holds until the study has one of its own, which begins as a copy of
    the card's. A condition that is in no map stands for the class of its own name, else for the
    class Other where the model has one. Every later run of the study with this model counts by
    the map, in the window and here.
    """
    if clear and assignments:
        usage_error("give --set or --clear, not both")

    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.saliency.cards import conditions_in_force  # noqa: PLC0415
    from engine.stages.mapping import mapped_conditions  # noqa: PLC0415
    from engine.stages.prepare import open_model, trust_model  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    store = results.trust_store(trust, may_ask=not as_json)
    trust_model(model, store)
    with open_study(study) as opened, job_context(as_json=as_json) as job:
        classifier = open_model(model, store, job, device="cpu")
        stored = job.on_study(opened.condition_map, classifier.digest)
        if assignments:
            in_force = conditions_in_force(classifier.card, stored)
            stored = _assigned(in_force, assignments, classifier.classes)
        if clear:
            stored = None
        if assignments or clear:
            job.on_study(opened.set_condition_map, classifier.digest, stored or {}, author=author)
        in_force = conditions_in_force(classifier.card, stored)
        rows = mapped_conditions(job.on_study(opened.images), classifier.classes, in_force)
    _tell(classifier, rows, is_own=stored is not None, as_json=as_json)


def _assigned(
    before: Mapping[str, str], assignments: Sequence[str], classes: Collection[str]
) -> dict[str, str]:
    """Return a map with each assignment done in turn."""
    after = dict(before)
    for assignment in assignments:
        condition, equals, name = (part.strip() for part in assignment.rpartition("="))
        if not (equals and condition):
            usage_error(f"--set {assignment}: write CONDITION=CLASS")
        if name and name not in classes:
            usage_error(f"--set {assignment}: choose a class from {', '.join(classes)}")
        if name:
            after[condition] = name
        else:
            after.pop(condition, None)
    if not after:
        usage_error("the map would hold no condition; --clear lets the card's hold again")
    return after


def _tell(
    classifier: "Classifier", rows: "Sequence[MappedCondition]", *, is_own: bool, as_json: bool
) -> None:
    if as_json:
        document = {"model": classifier.digest, "map": "study" if is_own else "card"}
        print_json({**document, "conditions": [asdict(row) for row in rows], "problems": []})
        return
    console = Console()
    owner = "the study's own" if is_own else "the model card's"
    grid = Grid(title=f"Condition-to-class map: {owner}", title_justify="left")
    for name in ("condition", "images", "class", "by"):
        grid.add_column(name, justify="right" if name == "images" else "left")
    for row in rows:
        shown = map(escape, (row.condition, str(row.images), row.becomes or "–"))
        grid.add_row(*shown, SOURCES[row.source])
    console.print(grid)
