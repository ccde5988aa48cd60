"""What the Explain page asks of the engine, as jobs without Qt: check, estimate, run, findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop_app.session.explaining.linked import Linked, link
from engine.domain.findings import FindingMark, Findings
from engine.domain.measure import Undefined
from engine.domain.problem import Problem
from engine.domain.rows import ImageAgreement, ImageResult
from engine.domain.settings import RunSettings
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from engine.figures.reference import DsReference
    from engine.report.run import ExplainRun
    from engine.report.table import Table
    from engine.saliency.cards import ModelCard
    from engine.saliency.trust import TrustQuestion, TrustStore
    from engine.stages.estimating import RunEstimate
    from engine.stages.prepare import PreparedRun, RunRequest
    from engine.stages.trying import ModelCheck
    from engine.stages.work import LocatedCase

Floats = NDArray[np.float64]
CORRECT, INCORRECT, UNKNOWN = 0, 1, 2
"""Whether an image's prediction is right, as plots mark it."""

LOCATED = ("ds", "srcc", "auc", "ds_above_chance", "ds_chance", "roi_area", "iou", "pointing_game")
AGREED = ("fleiss_kappa", "gwet_ac1", "human_ceiling", "mean_pairwise_dice")
METRICS = {
    "ds": "DS",
    "srcc": "SRCC",
    "auc": "AUC",
    "ds_above_chance": "DS above chance",
    "ds_chance": "DS of chance",
    "roi_area": "ROI area",
    "iou": "IoU at the best threshold",
    "pointing_game": "Pointing game",
    "probability": "Probability of the predicted class",
    "fleiss_kappa": "Fleiss kappa of the graders",
    "gwet_ac1": "Gwet's AC1 of the graders",
    "human_ceiling": "Human ceiling",
    "mean_pairwise_dice": "Mean pairwise Dice of the graders",
}
"""What a histogram can be made of, with its title."""


def utc_now() -> str:
    """Return the time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run works: the study, its file beside which maps lie, and whose code is trusted."""

    study: Study
    file: Path
    trust_file: Path

    def trust(self) -> "TrustStore":
        """Return the digests that this person trusts; nobody is asked here."""
        from engine.saliency.trust import TrustStore  # noqa: PLC0415 - not before it is needed

        return TrustStore(self.trust_file)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a model card says before anything of it runs.

    Attributes
    ----------
    question
        What has to be asked before its code may run, or None.
    """

    card: "ModelCard"
    question: "TrustQuestion | None"


@dataclass(frozen=True, slots=True, eq=False)
class RunValues:
    """The rows of a run as numbers, for plots; each of shape (images,).

    Attributes
    ----------
    metrics
        By the names of `METRICS`, NaN where undefined.
    marks
        `CORRECT`, `INCORRECT` or `UNKNOWN`.
    names
        Paths of the images.
    numbers
        Row number by image path.
    reference
        Human ceiling and chance level of DS.
    explained, failed
        Images with a map, and admitted ones without a result.
    """

    metrics: Mapping[str, Floats]
    marks: NDArray[np.int8]
    names: tuple[str, ...]
    numbers: Mapping[str, int]
    reference: "DsReference"
    explained: int
    failed: int


@dataclass(frozen=True, slots=True, eq=False)
class FinishedRun:
    """A run that came to its end, with all that the page shows of it.

    Attributes
    ----------
    name
        Of its model: marks of findings belong to it.
    tables
        Every table of the run by name, the same values that the command line writes.
    linked
        The images behind each mark of the findings' plots.
    cases_of_rows
        For each image the place of its case among the run's cases, -1 for none; shape (images,).
    """

    request: "RunRequest"
    prepared: "PreparedRun"
    run: "ExplainRun"
    findings: Findings
    values: RunValues
    tables: "Mapping[str, Table[Any]]"
    linked: Linked
    problems: tuple[Problem, ...] = ()
    marks: Mapping[str, FindingMark] = field(default_factory=dict)
    cases_of_rows: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    @property
    def name(self) -> str:
        """Return the name under which the study keeps what belongs to this model."""
        return self.prepared.name

    @property
    def settings(self) -> RunSettings:
        """Return the settings of the run."""
        return self.run.settings


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told of rows as they come, from the job's own thread."""

    on_prepared: "Callable[[PreparedRun], None]"
    on_rows: "Callable[[tuple[ImageAgreement, ...]], None]"
    on_case: "Callable[[LocatedCase], None]"


def look_at_card(place: Place, card: Path) -> CardFacts:
    """Read a model card and what would have to be asked before its code runs.

    Raises
    ------
    Refusal
        The card cannot be used.
    """
    from engine.saliency.cards import read_card  # noqa: PLC0415 - loads pydantic models
    from engine.stages.trying import trust_question  # noqa: PLC0415

    return CardFacts(read_card(card), trust_question(card, place.trust()))


def trust_code(place: Place, question: "TrustQuestion") -> None:
    """Keep that this person trusts a model's code from now on."""
    place.trust().add(question.digest, question.description)


def check(place: Place, card: Path, device: Any, job: JobContext) -> "ModelCheck":  # noqa: ANN401
    """Load a model and let it predict one image of the study."""
    from engine.stages.trying import check_model  # noqa: PLC0415 - loads torch

    return check_model(place.study, card, place.trust(), job, device=device)


def prepare(
    place: Place, request: "RunRequest", settings: RunSettings, job: JobContext
) -> "PreparedRun":
    """Open the model and find predictions and maps."""
    from engine.stages.prepare import prepare_run  # noqa: PLC0415 - loads torch

    return prepare_run(place.study, place.file, request, settings, place.trust(), job)


def estimate(
    place: Place,
    request: "RunRequest",
    settings: RunSettings,
    known: "PreparedRun | None",
    job: JobContext,
) -> "tuple[PreparedRun, RunEstimate]":
    """Say how long a run would take, from one measured batch.

    Parameters
    ----------
    known
        The same request prepared before: its model is open already.
    """
    from engine.stages.estimating import estimate_run  # noqa: PLC0415 - loads torch
    from engine.stages.prepare import require_method  # noqa: PLC0415

    if known is None:
        prepared = prepare(place, request, settings, job)
    else:
        prepared = replace(known, run=replace(known.run, settings=settings))
        if prepared.run.classifier is not None and prepared.run.maps is None:
            require_method(prepared.run.classifier, settings.saliency.method)
    return prepared, estimate_run(place.study, prepared, job)


def explain(
    place: Place, request: "RunRequest", settings: RunSettings, hooks: Hooks, job: JobContext
) -> FinishedRun:
    """Run: prepare, explain every admitted image, ask the questions of the findings."""
    from engine.pipeline import explain_study  # noqa: PLC0415 - loads numpy and more
    from engine.report.run import ExplainRun, Span  # noqa: PLC0415

    started, info = utc_now(), job.on_study(place.study.info)
    prepared = prepare(place, request, settings, job)
    hooks.on_prepared(prepared)
    explained = explain_study(
        place.study, prepared.run, job, on_rows=hooks.on_rows, on_case=hooks.on_case
    )
    span = Span(started, utc_now())
    run = ExplainRun(info, settings, prepared.model, explained.images, explained.cases, span)
    problems = (*prepared.problems, *explained.problems)
    return _finished(place, request, prepared, run, problems, job)


def ask_again(place: Place, done: FinishedRun, job: JobContext) -> FinishedRun:
    """Ask the questions of a run again, as after more body parts were labelled."""
    return _finished(place, done.request, done.prepared, done.run, done.problems, job)


def _finished(
    place: Place,
    request: "RunRequest",
    prepared: "PreparedRun",
    run: "ExplainRun",
    problems: tuple[Problem, ...],
    job: JobContext,
) -> FinishedRun:
    from engine.reporting import find_in  # noqa: PLC0415 - loads scipy and matplotlib

    findings = find_in(place.study, run, job)
    marks = job.on_study(place.study.finding_marks, prepared.name)
    values = job.executor.submit(Lane.CPU, values_of, run.images).result()
    tables = job.executor.submit(Lane.CPU, tables_of, run, findings, marks).result()
    labels = job.on_study(place.study.body_parts)
    linked = job.executor.submit(Lane.CPU, link, run.images, run.cases, findings, labels).result()
    rows = job.executor.submit(Lane.CPU, _cases_of_rows, run).result()
    return FinishedRun(
        request, prepared, run, findings, values, tables, linked, problems, marks, rows
    )


def tables_of(
    run: "ExplainRun", findings: Findings, marks: Mapping[str, FindingMark]
) -> "dict[str, Table[Any]]":
    """Return every table of a run by name, the same that the command line writes."""
    from engine.report.findings_tables import (  # noqa: PLC0415 - loads the rooms of a report
        findings_tables,
        labelling_table,
    )

    found = findings_tables(findings, run.images, marks=marks)
    labelling = labelling_table(findings.extremes, run.settings.findings)
    tables: list[Table[Any]] = [run.image_table, run.case_table, *found, labelling]
    return {one.name: one for one in tables}


def with_marks(run: FinishedRun, marks: Mapping[str, FindingMark]) -> FinishedRun:
    """Return a run whose findings are marked otherwise."""
    from engine.report.findings_tables import cue_columns  # noqa: PLC0415
    from engine.report.table import Table  # noqa: PLC0415

    cues = Table("cues", cue_columns(marks), run.findings.cues)
    return replace(run, marks=marks, tables={**run.tables, "cues": cues})


def values_of(images: Sequence[ImageResult]) -> RunValues:
    """Return the rows of a run as numbers."""
    from engine.figures.reference import ds_reference  # noqa: PLC0415 - loads figures

    located = [result.localisation for result in images]
    metrics = {name: _numbers([getattr(one, name, None) for one in located]) for name in LOCATED}
    metrics["probability"] = _numbers([result.probability for result in images])
    metrics |= {
        name: _numbers([getattr(result.agreement, name) for result in images]) for name in AGREED
    }
    return RunValues(
        metrics={name: metrics[name] for name in METRICS},
        marks=np.array([mark_of(result) for result in images], dtype=np.int8),
        names=tuple(result.image.path for result in images),
        numbers={result.image.path: number for number, result in enumerate(images)},
        reference=ds_reference(images),
        explained=sum(one is not None for one in located),
        failed=sum(result.failure is not None for result in images),
    )


def mark_of(result: ImageResult) -> int:
    """Return whether the prediction of an image is right, as plots mark it."""
    if isinstance(result.is_correct, Undefined):
        return UNKNOWN
    return CORRECT if result.is_correct else INCORRECT


def _numbers(values: Sequence[Any]) -> Floats:
    return np.array(
        [np.nan if value is None or isinstance(value, Undefined) else value for value in values],
        dtype=np.float64,
    )


def _cases_of_rows(run: "ExplainRun") -> NDArray[np.intp]:
    places = {case.case: place for place, case in enumerate(run.cases)}
    rows = (places.get(result.image.case, -1) for result in run.images)
    return np.fromiter(rows, dtype=np.intp, count=len(run.images))


def label_from(place: Place, table: Path, author: str, job: JobContext) -> tuple[Problem, ...]:
    """Store the body parts that a table tells of, and return what was left out.

    Raises
    ------
    Refusal
        The table cannot be used.
    """
    from engine.formats.body_parts import read_labels, read_vocabulary  # noqa: PLC0415 - numpy
    from engine.formats.names import ImageNames  # noqa: PLC0415

    names = ImageNames(job.on_study(place.study.images), folder=place.study.folder)
    labels, problems = job.executor.submit(
        Lane.CPU, read_labels, table, read_vocabulary(), names.find
    ).result()
    changes = job.on_study(place.study.label_body_parts, labels, author=author)
    return (*problems, *changes.problems)
