"""``dermconcord explain``: saliency maps of a classifier against the graders' regions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.cli.options import (
    AsJson,
    DeviceOption,
    Overwrite,
    SetOption,
    SettingsFile,
    StudyFile,
    TrustOption,
    chosen_settings,
)
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_problems,
    told,
    usage_error,
)
from engine.domain.problem import Problem
from engine.domain.settings import RunSettings

if TYPE_CHECKING:
    from engine.report.run import ExplainRun
    from engine.saliency.trust import TrustStore
    from engine.stages.prepare import RunRequest

Sampler = Literal["joint", "literal"]


@told
def explain(
    study: StudyFile,
    csv: Annotated[
        Path, typer.Option("--csv", help="One row an image; NAME.cases.csv gets one row a case.")
    ],
    model: Annotated[
        Path | None, typer.Option("--model", metavar="CARD.toml", help="Model card.")
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(help="Folder of precomputed maps (.npy, .npz, .png) instead of a model."),
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="CSV of predictions to use instead of computing them."),
    ] = None,
    panels: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the four panels of each image to this folder."),
    ] = None,
    sampler: Annotated[
        Sampler | None,
        typer.Option(help="joint needs far fewer gradients; literal is the paper's recipe."),
    ] = None,
    device: DeviceOption = "auto",
    trust: TrustOption = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    overwrite: Overwrite = False,
) -> None:
    """Explain a classifier on every admitted image and compare each map with the graders' region.

    Either --model or --maps is needed. Maps are kept in a folder beside the study: a run that was
    stopped goes on where it was, and a second run computes only what changed. An image that
    fails is a row with its reason; the exit status is then 1.
    """
    if (model is None) == (maps is None):
        usage_error("give either --model CARD.toml or --maps DIR")
    if sampler:
        assignments = [*assignments, f"saliency.sampler={sampler}"]

    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.stages.prepare import RunRequest, trust_model  # noqa: PLC0415

    cases = csv.with_name(f"{csv.stem}.cases.csv")
    results.require_free([csv, cases], panels=panels, overwrite=overwrite)
    store = results.trust_store(trust, may_ask=not as_json)
    chosen = chosen_settings(study, settings, assignments)
    if model:
        trust_model(model, store)
    request = RunRequest(model, maps, predictions, panels, device)
    run, problems = _run(study, request, chosen, store, as_json=as_json)
    written: dict[Path, Any] = {csv: run.image_table, cases: run.case_table}
    _write_and_tell(run, written, problems, panels=panels, as_json=as_json)
    exit_with(problems)
    if run.failures:
        raise typer.Exit(1)


def _run(
    study: Path,
    request: "RunRequest",
    settings: RunSettings,
    trust: "TrustStore",
    *,
    as_json: bool,
) -> tuple["ExplainRun", Sequence[Problem]]:
    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.pipeline import explain_study  # noqa: PLC0415
    from engine.report.run import ExplainRun, Span  # noqa: PLC0415
    from engine.stages.prepare import prepare_run  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    with open_study(study) as opened, job_context(as_json=as_json) as job:
        started = results.now()
        info = job.on_study(opened.info)
        prepared = prepare_run(opened, opened.file, request, settings, trust, job)
        results.make_empty(request.panels)
        explained = explain_study(opened, prepared.run, job)
    span = Span(started, results.now())
    run = ExplainRun(info, settings, prepared.model, explained.images, explained.cases, span)
    return run, (*prepared.problems, *explained.problems)


def _write_and_tell(
    run: "ExplainRun",
    tables: dict[Path, Any],
    problems: Sequence[Problem],
    *,
    panels: Path | None,
    as_json: bool,
) -> None:
    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.report.manifest import with_problems  # noqa: PLC0415

    manifest = with_problems(run.manifest(), problems)
    results.write_tables(tables, manifest, panels=panels)
    if as_json:
        results.print_run_json(run, manifest)
        return
    print_problems(problems)
    results.print_run(run)
    results.print_written(tables, panels=panels)
