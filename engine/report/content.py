"""Everything that a report shows, gathered before a word of it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.domain.findings import FindingMark, Findings
from engine.domain.problem import Problem
from engine.domain.rows import ImageAgreement
from engine.figures.drawn import DrawnFigure, DrawnPicture
from engine.figures.reference import DsReference, ds_reference
from engine.report.findings_tables import findings_tables, labelling_table
from engine.report.gallery import GalleryGroup
from engine.report.run import AgreementRun, ExplainRun, plain, table_facts
from engine.report.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class ReportContent:
    """A report before it is written.

    Attributes
    ----------
    run
        The run it is about; agreement alone where there was neither model nor map.
    tables
        Tables beside those of the run and the findings: graders, pairs, answers.
    marks
        What somebody noted of the candidate cues, by `Cue.key`.
    groups, pictures
        The gallery, and the picture of each image in it, by path; none with ``--no-images``.
    """

    run: AgreementRun | ExplainRun
    findings: Findings | None
    tables: tuple[Table[Any], ...] = ()
    figures: tuple[DrawnFigure, ...] = ()
    groups: tuple[GalleryGroup, ...] = ()
    pictures: Mapping[str, DrawnPicture] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    marks: Mapping[str, FindingMark] = field(default_factory=dict)

    @property
    def agreement_rows(self) -> Sequence[ImageAgreement]:
        """The graders' side of every image."""
        if isinstance(self.run, AgreementRun):
            return self.run.rows
        return [result.agreement for result in self.run.images]

    @property
    def failures(self) -> Mapping[str, int]:
        """How many admitted images have no result, by reason."""
        return self.run.failures if isinstance(self.run, ExplainRun) else {}

    def manifest(self) -> dict[str, Any]:
        """Return the run manifest with what the report adds to it."""
        tables = {table.name: table_facts(table) for table in self.all_tables()}
        common = {**self.run.manifest(), "tables": tables}
        if self.findings is None:
            return common
        return {
            **common,
            "cues": {
                "listed": len(self.findings.cues),
                "tested": self.findings.tested,
                "untested": len(self.findings.untested),
            },
            "reference": plain(asdict(self.reference)),
        }

    @property
    def reference(self) -> DsReference:
        """Human ceiling and chance level of DS."""
        return ds_reference(self.run.images if isinstance(self.run, ExplainRun) else ())

    def all_tables(self) -> list[Table[Any]]:
        """Return every table, each a CSV of the report."""
        if isinstance(self.run, AgreementRun):
            return [self.run.table, *self.tables]
        found: list[Table[Any]] = []
        if self.findings:
            settings = self.run.settings.findings
            found = findings_tables(self.findings, self.run.images, self.marks)
            found.append(labelling_table(self.findings.extremes, settings))
        return [self.run.image_table, self.run.case_table, *found, *self.tables]
