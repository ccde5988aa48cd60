"""``dermconcord demo``: the whole flow on a synthetic study, in a few minutes."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.agreement import agreement
from engine.cli.explain import Sampler, explain
from engine.cli.studies import import_, new
from engine.cli.terminal import told

STUDY = "demo.concord"


@told
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where the demo is put.")
    ] = Path("demo"),
    sampler: Annotated[
        Sampler, typer.Option(help="joint, or literal for the paper's recipe (slower).")
    ] = "joint",
) -> None:
    """Make a synthetic study, then run the whole flow on it and say where the results are.

    Photographs, graders and the classifier are synthetic: the classifier has learned to look at
    pen marks for one condition. Nothing in it says anything about real skin. A second run finds
    everything made already and only repeats what changed.
    """
    from resources.demo.study import write_demo  # noqa: PLC0415 - draws with numpy

    typer.echo(f"Synthetic demo study in {folder}")
    made = write_demo(folder)
    study = folder / STUDY
    if not study.exists():
        new(study, author="demo")
    import_(study, [made.photographs, made.manifest, made.gradings], author="demo")
    agreement(study, csv=folder / "agreement.csv", overwrite=True)
    explain(
        study,
        csv=folder / "explain.csv",
        model=made.card,
        panels=folder / "panels",
        sampler=sampler,
        overwrite=True,
    )
