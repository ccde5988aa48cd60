"""What went wrong, to which file or row, and the one thing to do next."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem costs: nothing, a row that was left out or is in doubt, or the job."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person can act on.

    Attributes
    ----------
    code
        Stable machine-readable name, such as ``mask_size``.
    where
        File, and row or annotation in it, in the reader's words: ``manifest.csv, row 12``.
    message
        What happened, one sentence without a final full stop.
    remedy
        The one thing to do next, one sentence without a final full stop.
    severity
        ``note``: done, with a repair to know of; ``warning``: left out, or in doubt;
        ``error``: the job could not go on.
    """

    code: str
    where: str
    message: str
    remedy: str
    severity: Severity = Severity.WARNING

    def fields(self) -> dict[str, str]:
        """Return the problem as JSON fields, as every manifest and document lists it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        return f"{self.where}: {self.message}. {self.remedy}."


class Refusal(Exception):
    """An input or the environment prevents the work; the person can act on it, it is no bug."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refuse(code: str, where: str, message: str, remedy: str) -> Refusal:
    """Return a `Refusal` to raise, built from the four parts of its problem."""
    return Refusal(Problem(code, where, message, remedy, Severity.ERROR))
