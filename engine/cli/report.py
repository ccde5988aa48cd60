"""``dermconcord report``: every table, every figure and one page of a study, in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    print_json,
    print_problems,
    problem_json,
    told,
    usage_error,
)
from engine.domain.settings import RunSettings

if TYPE_CHECKING:
    from engine.report.content import ReportContent
    from engine.saliency.trust import TrustStore
    from engine.stages.prepare import RunRequest


@told
def report(
    study: StudyFile,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for page, tables, figures.")
    ],
    model: Annotated[
        Path | None, typer.Option("--model", metavar="CARD.toml", help="Model card.")
    ] = None,
    maps: Annotated[
        Path | None, typer.Option(help="Folder of precomputed maps instead of a model.")
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="CSV of predictions to use instead of computing them.")
    ] = None,
    no_images: Annotated[
        bool, typer.Option("--no-images", help="Show no photograph, not even a small one.")
    ] = False,
    device: DeviceOption = "auto",
    trust: TrustOption = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    overwrite: Overwrite = False,
) -> None:
    """Write the whole analysis: report.html, a folder of tables, a folder of figures, manifests.

    With --model or --maps the report answers where maps and graders disagree and which cues look
    wrong; without either it is about the graders alone. Pictures carry no metadata and have the
    study's privacy boxes burnt in. Maps are taken from the cache that explain fills.
    """
    if model and maps:
        usage_error("give --model CARD.toml or --maps DIR, not both")
    if predictions and not (model or maps):
        usage_error("--predictions belongs to --model or --maps")

    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.report.folder import require_report_folder, write_report  # noqa: PLC0415
    from engine.report.manifest import with_problems  # noqa: PLC0415
    from engine.stages.prepare import RunRequest, trust_model  # noqa: PLC0415

    require_report_folder(out, overwrite=overwrite)
    store = results.trust_store(trust, may_ask=not as_json)
    chosen = chosen_settings(study, settings, assignments)
    if model:
        trust_model(model, store)
    request = RunRequest(model, maps, predictions, device=device)
    content = _content(study, request, chosen, store, as_json=as_json, with_images=not no_images)
    manifest = with_problems(content.manifest(), content.problems)
    write_report(content, manifest, out)
    _tell(content, out, as_json=as_json)
    exit_with(content.problems)
    if content.failures:
        raise typer.Exit(1)


def _content(
    study: Path,
    request: "RunRequest",
    settings: RunSettings,
    trust: "TrustStore",
    *,
    as_json: bool,
    with_images: bool,
) -> "ReportContent":
    from engine.cli.results import now  # noqa: PLC0415 - loads numpy and the database
    from engine.reporting import report_study  # noqa: PLC0415
    from engine.stages.prepare import prepare_run  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    with open_study(study) as opened, job_context(as_json=as_json) as job:
        prepared = prepare_run(opened, opened.file, request, settings, trust, job)
        return report_study(opened, prepared, job, with_images=with_images, clock=now)


def _tell(content: "ReportContent", out: Path, *, as_json: bool) -> None:
    cues = content.findings.cues if content.findings else ()
    if as_json:
        problems = [problem_json(problem) for problem in content.problems]
        sentences = [cue.sentence for cue in cues]
        print_json(
            {
                "report": str(out / "report.html"),
                "cues": sentences,
                "failures": dict(content.failures),
                "problems": problems,
            }
        )
        return
    print_problems(content.problems)
    if content.failures:
        counts = ", ".join(f"{count} {reason}" for reason, count in content.failures.items())
        typer.echo(f"Admitted images without a result: {counts}")
    for number, cue in enumerate(cues, start=1):
        typer.echo(f"{number:>3}. {cue.sentence}")
    if content.findings and not cues:
        typer.echo(f"No candidate wrong cue among {content.findings.tested} tested.")
    typer.echo(f"Wrote {out / 'report.html'}")
