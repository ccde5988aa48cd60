"""``dermconcord compare`` and ``sanity``: would another method, or another model, agree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_args

import typer

from engine.cli.options import (
    AsJson,
    Device,
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
from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.settings import Method, RunSettings

if TYPE_CHECKING:
    from engine.checking import MethodComparison
    from engine.report.run import Span
    from engine.report.table import Table
    from engine.stages.prepare import PreparedRun
    from engine.study.protocol import Study, StudyInfo
    from engine.tasks.context import JobContext

T = TypeVar("T")
Card = Annotated[Path, typer.Option("--model", metavar="CARD.toml", help="Model card.")]


@told
def compare(
    study: StudyFile,
    model: Card,
    csv: Annotated[
        Path, typer.Option("--csv", help="One row an image; NAME.pairs.csv: each two methods.")
    ],
    methods: Annotated[
        list[str],
        typer.Option("--method", help="A method, as in docs/settings.md; one option for each."),
    ] = ["integrated_gradients", "input_x_gradient", "gradient_shap"],  # noqa: B006 - typer copies
    device: DeviceOption = "auto",
    trust: TrustOption = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    overwrite: Overwrite = False,
) -> None:
    """Explain the study by several methods and say how far they rank its images alike.

    Kendall's W, and how many of the lowest images are lowest by every method, say whether what
    was found rests on the choice of a method. Ranks are drawn beside the CSV, NAME.ds.svg and
    NAME.srcc.svg. Maps come from the cache where they are there.
    """
    wanted = _methods(methods)
    chosen = chosen_settings(study, settings, assignments)

    from engine.checking import METRICS, compare_methods  # noqa: PLC0415 - loads numpy
    from engine.cli import results  # noqa: PLC0415
    from engine.report.files import write_whole  # noqa: PLC0415
    from engine.report.method_tables import method_table, pair_table  # noqa: PLC0415

    pairs = csv.with_name(f"{csv.stem}.pairs.csv")
    pictures = {metric: csv.with_name(f"{csv.stem}.{metric}.svg") for metric in METRICS}
    results.require_free([csv, pairs, *pictures.values()], overwrite=overwrite)
    done = _with_model(
        study, model, chosen, trust, device, as_json=as_json,
        job_of=lambda opened, run, job: compare_methods(opened, run, wanted, job),
    )  # fmt: skip
    found = done.found
    tables: dict[Path, Table[Any]] = {
        csv: method_table(wanted, found.rows),
        pairs: pair_table(found.persistence),
    }
    manifest = {**done.manifest(chosen, list(tables.values())), "failures": found.failures}
    results.write_tables(tables, manifest)
    for metric, path in pictures.items():
        write_whole(path, _ranks(found, metric))
    if as_json:
        rows = {table.name: results.records(table) for table in tables.values()}
        print_json({**manifest, "rows": rows})
    else:
        print_problems(done.problems)
        _tell_comparison(found)
        results.print_written(tables)
    exit_with(done.problems)
    if found.failures:
        raise typer.Exit(1)


def _methods(names: Sequence[str]) -> list[Method]:
    """Return the named methods, each once."""
    known = {name: name for name in get_args(Method)}
    unknown = [name for name in names if name not in known]
    if unknown:
        usage_error(f"--method {unknown[0]}: choose from {', '.join(known)}")
    if len(set(names)) < 2:
        usage_error("give --method at least twice, with different methods")
    return [known[name] for name in dict.fromkeys(names)]


def _ranks(found: "MethodComparison", metric: str) -> bytes:
    from engine.figures.persistence import persistence_lines  # noqa: PLC0415 - draws
    from engine.figures.write import svg_bytes  # noqa: PLC0415

    return svg_bytes(persistence_lines(found.values(metric), found.persistence[metric]))


def _tell_comparison(found: "MethodComparison") -> None:
    for metric, by_metric in found.persistence.items():
        w = by_metric.kendall_w
        shown = w.reason.value if isinstance(w, Undefined) else f"{w:.2f}"
        typer.echo(
            f"{metric.upper():<5}Kendall's W {shown} over {by_metric.images} images;"
            f" {len(by_metric.stay_lowest)} of the {by_metric.lowest} lowest are lowest by every"
            " method"
        )
    if found.failures:
        counts = ", ".join(f"{count} by {method}" for method, count in found.failures.items())
        typer.echo(f"Admitted images without a result: {counts}")


@told
def sanity(
    study: StudyFile,
    model: Card,
    csv: Annotated[Path, typer.Option("--csv", help="One row for each image and step.")],
    cases: Annotated[int, typer.Option(min=1, help="How many cases are looked at.")] = 3,
    steps: Annotated[int, typer.Option(min=1, help="How many maps of each, at most.")] = 5,
    device: DeviceOption = "auto",
    trust: TrustOption = None,
    as_json: AsJson = False,
    settings: SettingsFile = None,
    assignments: SetOption = [],  # noqa: B006 - typer copies it
    overwrite: Overwrite = False,
) -> None:
    """Make the model forget layer by layer and see whether its maps change.

    A map that looks the same once every parameter is random shows the image, not the model
    (Adebayo et al. 2018). The model itself is not touched.
    """
    chosen = chosen_settings(study, settings, assignments)

    from engine.checking import unlearn_model  # noqa: PLC0415 - loads numpy
    from engine.cli import results  # noqa: PLC0415
    from engine.domain.rows import UnlearnedMap  # noqa: PLC0415
    from engine.report.method_tables import sanity_table  # noqa: PLC0415

    results.require_free([csv], overwrite=overwrite)
    done = _with_model(
        study, model, chosen, trust, device, as_json=as_json,
        job_of=lambda opened, run, job: unlearn_model(opened, run, job, cases=cases, stages=steps),
    )  # fmt: skip
    rows = [row for row in done.found if isinstance(row, UnlearnedMap)]
    unchecked = tuple(row for row in done.found if isinstance(row, Problem))
    done = replace(done, problems=(*done.problems, *unchecked))
    table = sanity_table(rows)
    manifest = done.manifest(chosen, [table])
    results.write_tables({csv: table}, manifest)
    if as_json:
        print_json({**manifest, "rows": results.records(table)})
    else:
        print_problems(done.problems)
        verdicts = {row.image.path: row.depends_on_model for row in rows}
        for path, verdict in verdicts.items():
            words = {True: "depends on the model", False: "does NOT depend on the model"}
            told_ = "undefined" if isinstance(verdict, Undefined) else words[verdict]
            typer.echo(f"{path}: the map {told_}")
        results.print_written({csv: table})
    exit_with(done.problems)


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What a job with a model found, on which state of the study, when."""

    found: T
    info: "StudyInfo"
    model: Mapping[str, Any]
    span: "Span"
    problems: tuple[Problem, ...]

    def manifest(self, settings: RunSettings, tables: "Sequence[Table[Any]]") -> dict[str, Any]:
        """Return the manifest of its tables."""
        from engine.report.run import manifest_of_tables  # noqa: PLC0415 - loads numpy

        problems = [problem_json(problem) for problem in self.problems]
        common = manifest_of_tables(self.info, settings, self.model, self.span, tables)
        return {**common, "problems": problems}


def _with_model(
    study: Path,
    model: Path,
    settings: RunSettings,
    trust: str | None,
    device: Device,
    *,
    as_json: bool,
    job_of: "Callable[[Study, PreparedRun, JobContext], T]",
) -> _Done[T]:
    """Open study and model, do the job, and return what it found."""
    from engine.cli import results  # noqa: PLC0415 - loads numpy and the database
    from engine.report.run import Span  # noqa: PLC0415
    from engine.stages.prepare import RunRequest, prepare_run, trust_model  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415

    store = results.trust_store(trust, may_ask=not as_json)
    trust_model(model, store)
    request = RunRequest(model, device=device)
    with open_study(study) as opened, job_context(as_json=as_json) as job:
        started = results.now()
        info = job.on_study(opened.info)
        prepared = prepare_run(opened, opened.file, request, settings, store, job)
        found = job_of(opened, prepared, job)
    span = Span(started, results.now())
    return _Done(found, info, prepared.model, span, prepared.problems)
