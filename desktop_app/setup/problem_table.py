"""Problems as a table: to be sorted, searched and saved."""

from collections.abc import Iterable

from engine.domain.problem import Problem, Severity
from engine.report.table import Column, Table

WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}

COLUMNS: tuple[Column[Problem], ...] = (
    Column("severity", "how much it costs: note, warning, error", lambda p: p.severity.value),
    Column("where", "file, and row or annotation in it", lambda p: p.where),
    Column("problem", "what happened", lambda p: p.message),
    Column("remedy", "the one thing to do next", lambda p: p.remedy),
    Column("code", "stable name of the kind of problem", lambda p: p.code),
)


def problem_table(problems: Iterable[Problem]) -> Table[Problem]:
    """Return problems as a table, the gravest first, else in their order."""
    return Table("problems", COLUMNS, sorted(problems, key=lambda p: WEIGHT[p.severity]))
