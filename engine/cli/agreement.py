"""``dermconcord agreement``: how far graders agree, before and after the cut."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import (
    AsJson,
    Overwrite,
    SetOption,
    SettingsFile,
    StudyFile,
    chosen_settings,
)
from engine.cli.terminal import job_context, print_json, told


@told
def agreement(
    study: StudyFile,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write one row an image to this file.")
    ] = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    overwrite: Overwrite = False,
) -> None:
    """Measure how far the graders of each image agree and which images are admitted.

    Prints mean and standard deviation of the per-image Fleiss kappa before and after images
    below the cut leave, and why images were left out. The study is only read.
    """
    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.pipeline import measure_study  # noqa: PLC0415
    from engine.report.run import AgreementRun, Span  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    results.require_free([csv] if csv else [], overwrite=overwrite)
    chosen = chosen_settings(study, settings, assignments, read_only=True)
    with open_study(study, read_only=True) as opened, job_context(as_json=as_json) as job:
        started = results.now()
        info = job.on_study(opened.info)
        rows = measure_study(opened, chosen.agreement, job)
    run = AgreementRun(info, chosen, rows, Span(started, results.now()))
    written = {csv: run.table} if csv else {}
    manifest = run.manifest()
    results.write_tables(written, manifest)
    if as_json:
        print_json({**manifest, "rows": results.records(run.table)})
    else:
        results.print_agreement(run)
        results.print_written(written)
