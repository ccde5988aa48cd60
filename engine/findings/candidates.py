"""Which groups of cases may share a wrong cue, and with which cases each is compared."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.domain.rows import ImageResult
from engine.domain.settings import FindingsSettings
from engine.findings.case_table import CaseTable, Flags, Floats, Indices
from engine.findings.columns import columns_of, is_number, numbers_of

Kind = Literal["condition", "stratum", "body_part"]
Candidate = tuple[Kind, str, str, bool]
"""Kind, column, level and correctness, as in a `Cue`."""
Labels = Mapping[str, frozenset[str]]
"""Body parts shown, by path of labelled image; an empty set: none of them."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Cases of one correctness, among which candidate groups are compared with the others.

    Attributes
    ----------
    kind, column
        As in a `Cue`.
    cases
        Shape (n,), rows of the case table.
    strata
        Shape (n,), codes from 0: cases are compared with cases of the same stratum alone.
    levels
        Names of the k candidates.
    groups
        Shape (k, n), 1 for the members of a candidate.
    """

    kind: Kind
    column: str
    is_correct: bool
    cases: Indices
    strata: Indices
    levels: tuple[str, ...]
    groups: Floats

    def candidate(self, level: str) -> Candidate:
        """Return what identifies a candidate in all pools that have it."""
        return self.kind, self.column, level, self.is_correct


@dataclass(frozen=True, slots=True)
class _Grouping:
    """A way to group all cases: membership of each level, and the cases of which it is known."""

    kind: Kind
    column: str
    levels: tuple[str, ...]
    members: Flags
    known: Flags


def pools(
    table: CaseTable,
    usable: Flags,
    images: Sequence[ImageResult],
    body_parts: Labels,
    settings: FindingsSettings,
) -> list[Pool]:
    """Return every candidate: conditions, strata and body parts, among correct and incorrect.

    Levels of columns and body parts are compared within conditions. Conditions come several
    times: compared with all others, and within the levels of each column.

    Parameters
    ----------
    usable
        Cases that can be compared at all.
    """
    columns = [grouping for grouping in _columns(table, settings) if grouping.levels]
    conditions = _by_level("condition", "", table.conditions)
    _, condition = np.unique(table.conditions, return_inverse=True)
    everything = np.zeros(len(table), dtype=np.intp)
    compared = [(conditions, strata) for strata in (everything, *map(_codes, columns))]
    parts = _body_parts(table, images, body_parts)
    compared += [(grouping, condition) for grouping in (*columns, *parts)]
    return [
        _pool(grouping, usable & correct, strata, is_correct=is_correct)
        for is_correct, correct in ((True, table.is_correct), (False, table.is_incorrect))
        for grouping, strata in compared
        if grouping.levels
    ]


def _pool(grouping: _Grouping, usable: Flags, strata: Indices, *, is_correct: bool) -> Pool:
    cases = np.flatnonzero(usable & grouping.known)
    _, strata = np.unique(strata[cases], return_inverse=True)
    groups = grouping.members[:, cases].astype(np.float64)
    return Pool(grouping.kind, grouping.column, is_correct, cases, strata, grouping.levels, groups)


def _codes(grouping: _Grouping) -> Indices:
    """Return the level of each case as a number; cases of no known level are one more."""
    return np.where(grouping.known, grouping.members.argmax(axis=0), len(grouping.levels))


def _columns(table: CaseTable, settings: FindingsSettings) -> Iterator[_Grouping]:
    for column in columns_of(settings):
        texts = table.column(column)
        if is_number(column, texts, settings):
            yield _by_median(column, numbers_of(texts))
        else:
            yield _by_level("stratum", column, np.array(texts, dtype=np.str_))


def _by_level(kind: Kind, column: str, names: NDArray[np.str_]) -> _Grouping:
    levels = [name for name in np.unique(names).tolist() if name]
    members = np.array([names == level for level in levels]).reshape(len(levels), len(names))
    return _Grouping(kind, column, tuple(levels), members, names != "")


def _by_median(column: str, numbers: Floats) -> _Grouping:
    """Split a number at its median over all cases."""
    known = np.isfinite(numbers)
    middle = float(np.median(numbers[known]))
    members = np.stack([numbers < middle, numbers >= middle])
    return _Grouping("stratum", column, (f"< {middle:g}", f">= {middle:g}"), members, known)


def _body_parts(
    table: CaseTable, images: Sequence[ImageResult], body_parts: Labels
) -> Iterator[_Grouping]:
    """Group the cases with a labelled image: a case shows what any of its labelled images shows."""
    shown: dict[str, set[str]] = defaultdict(set)
    for result in images:
        if result.image.path in body_parts:
            shown[result.image.case] |= body_parts[result.image.path]
    of_case = [shown.get(case.case) for case in table.cases]
    parts = sorted(set().union(*shown.values()))
    if parts:
        members = np.array([[part in (here or ()) for here in of_case] for part in parts])
        known = np.array([here is not None for here in of_case])
        yield _Grouping("body_part", "", tuple(parts), members, known)
