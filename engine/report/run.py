"""A finished run as tables and as the manifest that lies beside each of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from engine.domain.findings import Interval
from engine.domain.measure import Undefined
from engine.domain.rows import CaseResult, ImageAgreement, ImageResult
from engine.domain.settings import RunSettings
from engine.findings.kappa import kappa_interval
from engine.graders.summary import AgreementSummary, summarise
from engine.report.columns import agreement_table, case_table, image_table
from engine.report.table import Table
from engine.study.protocol import StudyInfo


@dataclass(frozen=True, slots=True)
class Span:
    """When a run began and ended: ISO 8601, UTC."""

    started: str
    finished: str


@dataclass(frozen=True)
class AgreementRun:
    """What an agreement run found, on which state of the study, when."""

    info: StudyInfo
    settings: RunSettings
    rows: Sequence[ImageAgreement]
    span: Span

    @property
    def summary(self) -> AgreementSummary:
        """Kappa and counts before and after the cut."""
        return summarise(self.rows)

    @cached_property
    def kappa_interval(self) -> Interval | Undefined:
        """Bootstrap interval over cases of the admitted images' mean kappa."""
        return kappa_interval([row for row in self.rows if row.admitted], self.settings.findings)

    @property
    def table(self) -> Table[ImageAgreement]:
        """One row an image."""
        return agreement_table(self.rows)

    def manifest(self) -> dict[str, Any]:
        """Return the run manifest."""
        settings = self.settings.model_dump(mode="json", include={"agreement", "findings"})
        common = _manifest(self.info, settings, self.rows, self.span, [self.table])
        return {**common, "kappa_interval": plain(asdict(self.kappa_interval))}


@dataclass(frozen=True)
class ExplainRun:
    """What an explain run found, on which state of the study, with which model, when.

    Attributes
    ----------
    model
        Card, digest and device of the classifier, or where imported maps came from.
    """

    info: StudyInfo
    settings: RunSettings
    model: Mapping[str, Any]
    images: Sequence[ImageResult]
    cases: Sequence[CaseResult]
    span: Span

    @property
    def summary(self) -> AgreementSummary:
        """Kappa and counts before and after the cut."""
        return summarise(result.agreement for result in self.images)

    @cached_property
    def kappa_interval(self) -> Interval | Undefined:
        """Bootstrap interval over cases of the admitted images' mean kappa."""
        rows = [result.agreement for result in self.images if result.agreement.admitted]
        return kappa_interval(rows, self.settings.findings)

    @property
    def image_table(self) -> Table[ImageResult]:
        """One row an image, admitted or not."""
        return image_table(self.images)

    @property
    def case_table(self) -> Table[CaseResult]:
        """One row a case with an admitted image."""
        return case_table(self.cases)

    @property
    def failures(self) -> Mapping[str, int]:
        """How many admitted images have no result, by reason."""
        counts = Counter(r.failure.reason.value for r in self.images if r.failure)
        return dict(sorted(counts.items()))

    def manifest(self) -> dict[str, Any]:
        """Return the run manifest."""
        rows = [result.agreement for result in self.images]
        tables: list[Table[Any]] = [self.image_table, self.case_table]
        settings = self.settings.model_dump(mode="json")
        common = _manifest(self.info, settings, rows, self.span, tables)
        return {
            **common,
            "kappa_interval": plain(asdict(self.kappa_interval)),
            "model": dict(self.model),
            "failures": self.failures,
        }


def manifest_of_tables(
    info: StudyInfo,
    settings: RunSettings,
    model: Mapping[str, Any],
    span: Span,
    tables: Sequence[Table[Any]],
) -> dict[str, Any]:
    """Return the manifest of tables that are about a model and no run of their own."""
    return {
        "study": asdict(info),
        **asdict(span),
        "settings": settings.model_dump(mode="json"),
        "model": dict(model),
        "tables": {table.name: table_facts(table) for table in tables},
    }


def _manifest(
    info: StudyInfo,
    settings: Mapping[str, Any],
    rows: Sequence[ImageAgreement],
    span: Span,
    tables: Sequence[Table[Any]],
) -> dict[str, Any]:
    return {
        "study": asdict(info),
        **asdict(span),
        "settings": dict(settings),
        "admission": _admission(rows),
        "agreement": plain(asdict(summarise(rows))),
        "tables": {table.name: table_facts(table) for table in tables},
        "images": {row.image.path: row.image.digest for row in rows},
    }


def _admission(rows: Sequence[ImageAgreement]) -> dict[str, Any]:
    """Return how many images and cases there are, enter, and leave for each reason."""
    reasons = Counter(row.reason.value for row in rows if row.reason)
    return {
        "images": len(rows),
        "cases": len({row.image.case for row in rows}),
        "admitted_images": sum(row.admitted for row in rows),
        "admitted_cases": len({row.image.case for row in rows if row.admitted}),
        "left_out": dict(sorted(reasons.items())),
    }


def table_facts(table: Table[Any]) -> dict[str, Any]:
    """Return what a manifest says of a table: rows, columns, what is undefined and why."""
    return {
        "rows": len(table.rows),
        "columns": {column.name: column.meaning for column in table.columns},
        "undefined": table.undefined_counts(),
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return JSON values; an undefined number becomes ``{"undefined": reason}``."""
    if isinstance(value, Mapping):
        if set(value) == {"reason"}:
            return {"undefined": value["reason"]}
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
