"""``dermconcord explain``: saliency maps of a classifier against the graders' regions."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from engine.cli.options import AsJson, Overwrite, SetOption, SettingsFile, StudyFile, run_settings
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_problems,
    problem_json,
    told,
    usage_error,
)

Sampler = Literal["joint", "literal"]
Device = Literal["auto", "cpu", "cuda", "mps"]


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
    device: Annotated[Device, typer.Option(help="Where the model runs.")] = "auto",
    trust: Annotated[
        str | None,
        typer.Option(metavar="SHA256", help="Trust the model's code of this digest, once."),
    ] = None,
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
    chosen = run_settings(settings, assignments)

    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.pipeline import explain_study  # noqa: PLC0415
    from engine.report.run import ExplainRun, Span  # noqa: PLC0415
    from engine.stages.prepare import RunRequest, prepare_run, trust_model  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    cases = csv.with_name(f"{csv.stem}.cases.csv")
    results.require_free([csv, cases], panels=panels, overwrite=overwrite)
    request = RunRequest(model, maps, predictions, panels, device)
    store = results.trust_store(trust, may_ask=not as_json)
    if model:
        trust_model(model, store)
    with open_study(study) as opened, job_context(as_json=as_json) as job:
        started = results.now()
        info = job.on_study(opened.info)
        prepared = prepare_run(opened, opened.file, request, chosen, store, job)
        results.make_empty(panels)
        explained = explain_study(opened, prepared.run, job)
    span = Span(started, results.now())
    run = ExplainRun(info, chosen, prepared.model, explained.images, explained.cases, span)
    written: dict[Path, Any] = {csv: run.image_table, cases: run.case_table}
    problems = (*prepared.problems, *explained.problems)
    manifest = {**run.manifest(), "problems": [problem_json(problem) for problem in problems]}
    results.write_tables(written, manifest, panels=panels)
    if as_json:
        results.print_run_json(run, manifest)
    else:
        print_problems(problems)
        results.print_run(run)
        results.print_written(written, panels=panels)
    exit_with(problems)
    if run.failures:
        raise typer.Exit(1)
