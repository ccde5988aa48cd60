"""What sorting, filtering and searching need of one column, read off its rows once and kept."""

import re
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_app.tables.formats import cell_text
from engine.domain.measure import Undefined
from engine.report.csv_file import NUMBER

Numbers = NDArray[np.float64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

NO_CODE = -1
DIGIT_RUN = re.compile(r"\d+")
YES_NO = ("no", "yes")


class Kind(IntEnum):
    """What a column holds; of several kinds the last one tells how all its values are read."""

    EMPTY = 0
    BOOL = 1
    NUMBER = 2
    TEXT = 3


def kind_of(values: Sequence[object]) -> Kind:
    """Return what such values make a column; undefined ones say nothing."""
    return max((_kind(kind) for kind in set(map(type, values))), default=Kind.EMPTY)


def _kind(kind: type) -> Kind:
    if kind is type(None) or kind is Undefined:
        return Kind.EMPTY
    if kind is bool:
        return Kind.BOOL
    return Kind.NUMBER if issubclass(kind, int | float) else Kind.TEXT


def natural_key(text: str) -> str:
    """Return a text by which texts sort as people count: ``a2`` before ``a10``, A like a."""
    return DIGIT_RUN.sub(_counted, text.casefold())


def _counted(run: re.Match[str]) -> str:
    digits = run[0].lstrip("0")
    # the longer of two numbers without leading zeros is the larger one
    return f"0{chr(len(digits))}{digits}"


class ColumnValues:
    """The values of a column as arrays, as far as the rows have been read.

    Numbers, and yes or no as 1 and 0, lie in one array with NaN for undefined; texts are numbered
    in the order they came in, so that a search looks at each text once however often it occurs.
    """

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self._read = read
        self._clear(Kind.EMPTY)

    def _clear(self, kind: Kind) -> None:
        self.kind = kind
        self.count = 0
        self._parts: list[NDArray[Any]] = []
        self._whole: NDArray[Any] | None = None
        self._numbers_of: dict[str, int] = {}
        self._keys: list[str] = []
        self._folded: list[str] = []
        self._sorted_keys: list[str] = []
        self._ranks: Numbers | None = None
        self._as_numbers: list[float] | None = []

    def extend(self, rows: Sequence[Any], stop: int) -> None:
        """Read the rows from where the last call ended up to `stop`."""
        values = [self._read(row) for row in rows[self.count : stop]]
        kind = max(self.kind, kind_of(values))
        if kind is Kind.TEXT and self.kind is not Kind.TEXT:
            # what looked like numbers are texts: read them again
            values = [self._read(row) for row in rows[:stop]]
            self._clear(kind)
        self.kind = kind
        self._parts.append(self._encoded(values))
        self._whole = None
        self.count = stop

    def replace(self, number: int, row: object) -> None:
        """Read one row again; a row that has not been read yet is none of this one's."""
        if number >= self.count:
            return
        value = self._read(row)
        kind = max(self.kind, kind_of([value]))
        if kind is Kind.TEXT and self.kind is not Kind.TEXT:
            self._clear(kind)  # extended again before it is used
            return
        self.kind = kind
        self._array()[number] = self._encoded([value])[0]

    @property
    def reads_as_numbers(self) -> bool:
        """True for texts of which each is written as a number, as an age in a manifest is."""
        return self.kind is Kind.TEXT and bool(self._as_numbers)

    @property
    def numbers(self) -> Numbers:
        """One number for each row read, NaN where there is none; all NaN for other texts."""
        if self.kind is not Kind.TEXT:
            return self._array()
        if not self._as_numbers:
            return np.full(self.count, np.nan)
        numbers: Numbers = np.array([*self._as_numbers, np.nan])[self._array()]
        return numbers

    @property
    def codes(self) -> Codes:
        """For each row read the place of its text in `texts`, -1 where it has none."""
        if self.kind is Kind.TEXT:
            return self._array()
        if self.kind is not Kind.BOOL:
            return np.full(self.count, NO_CODE, dtype=np.int32)
        numbers = self._array()
        return np.where(np.isnan(numbers), NO_CODE, numbers).astype(np.int32)

    @property
    def texts(self) -> Sequence[str]:
        """The texts that occur; of a column of yes and no, those two."""
        if self.kind is Kind.TEXT:
            return tuple(self._numbers_of)
        return YES_NO if self.kind is Kind.BOOL else ()

    @property
    def is_defined(self) -> Mask:
        """Which rows have a value; an empty text is none."""
        if self.kind is Kind.TEXT:
            has_text: Mask = self._array() != NO_CODE
            return has_text
        has_number: Mask = ~np.isnan(self._array())
        return has_number

    @property
    def sort_keys(self) -> Numbers:
        """One number for each row read, by which rows sort; NaN where there is no value."""
        if self.kind is not Kind.TEXT or self.reads_as_numbers:
            return self.numbers
        keys: Numbers = np.append(self.ranks, np.nan)[self._array()]
        return keys

    @property
    def is_ranked(self) -> bool:
        """True where nothing is left to be done before rows can be sorted."""
        is_older = self._ranks is None or len(self._ranks) < len(self._keys)
        return self.kind is not Kind.TEXT or self.reads_as_numbers or not is_older

    @property
    def ranks(self) -> Numbers:
        """Place of each text in natural order; texts that differ in case alone share theirs."""
        if self._ranks is None or len(self._ranks) < len(self._keys):
            # runs that are in order already cost the sort next to nothing
            self._sorted_keys.sort()
            places = {key: float(place) for place, key in enumerate(self._sorted_keys)}
            self._ranks = np.fromiter(map(places.__getitem__, self._keys), float, len(self._keys))
        return self._ranks

    def holding(self, part: str) -> Mask:
        """Tell which rows have a text that holds a part, in any case."""
        folded = part.casefold()
        hits = [folded in text for text in self._searchable()]
        return np.append(np.array(hits, dtype=bool), False)[self.codes]

    def counts(
        self, mask: Mask, *, most: int = 1_000, also: Collection[str] = ()
    ) -> dict[str, int]:
        """Return how many rows of a mask have each text, in natural order; ``""`` for none.

        Parameters
        ----------
        most
            Of more texts than this, only those are told that most rows have.
        also
            Texts that are told however few rows have them.
        """
        texts = self.texts
        counts = np.bincount(self.codes[mask] + 1, minlength=len(texts) + 1)
        frequent = np.argsort(-counts[1:], kind="stable")[:most].tolist()
        told = {*frequent, *(code for code, text in enumerate(texts) if text in also)}
        ranks = self.ranks if self.kind is Kind.TEXT else np.arange(len(texts))
        in_order = sorted(told, key=lambda code: float(ranks[code]))
        return {texts[code]: int(counts[code + 1]) for code in in_order} | {"": int(counts[0])}

    def _searchable(self) -> Sequence[str]:
        return self._folded if self.kind is Kind.TEXT else self.texts

    def _array(self) -> NDArray[Any]:
        if self._whole is None:
            empty = np.empty(0, np.int32 if self.kind is Kind.TEXT else float)
            self._whole = np.concatenate(self._parts) if self._parts else empty
            self._parts = [self._whole]
        return self._whole

    def _encoded(self, values: Sequence[Any]) -> NDArray[Any]:
        if self.kind is not Kind.TEXT:
            numbers = [np.nan if v is None or type(v) is Undefined else v for v in values]
            return np.array(numbers, dtype=float)
        return np.fromiter(map(self._code, values), np.int32, len(values))

    def _code(self, value: object) -> int:
        if value is None or value == "" or type(value) is Undefined:
            return NO_CODE
        text = cell_text(value)
        code = self._numbers_of.setdefault(text, len(self._keys))
        if code == len(self._keys):
            key = natural_key(text)
            self._keys.append(key)
            self._folded.append(text.casefold())
            self._sorted_keys.append(key)
            self._note_number(text)
        return code

    def _note_number(self, text: str) -> None:
        """Take a text as a number too; the first that is none makes all of them mere texts."""
        if self._as_numbers is not None and NUMBER.fullmatch(text):
            self._as_numbers.append(float(text))
        else:
            self._as_numbers = None


def all_of(masks: Sequence[Mask], count: int) -> Mask:
    """Tell which of `count` rows are in every mask; rows beyond a shorter mask are not."""
    kept = np.ones(count, dtype=bool)
    for mask in masks:
        kept[: len(mask)] &= mask[:count]
        kept[len(mask) :] = False
    return kept
