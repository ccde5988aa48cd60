"""How the engine's cells and columns are written on screen."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from engine.domain.measure import Undefined

NONE = "–"
"""Stands for a number that does not exist."""

THIN = "\u202f"
"""Keeps thousands apart, and never breaks a line."""

DIGITS = 4
MOST_DECIMALS = 6
ACRONYMS = {
    "ds": "DS",
    "srcc": "SRCC",
    "auc": "AUC",
    "roi": "ROI",
    "iou": "IoU",
    "rma": "RMA",
    "rra": "RRA",
    "ac1": "AC1",
    "gwet": "Gwet",
    "fleiss": "Fleiss",
    "dice": "Dice",
    "p": "p",
    "n": "n",
}
"""Words of a column's name that are not written as they are; the first two letters of a heading
are otherwise a capital and a small one."""


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of one column are written, so that their points stand below each other.

    Attributes
    ----------
    decimals
        Digits behind the point; None gives each number four significant digits of its own.
    is_exact
        The decimals say the numbers that were looked at exactly; another number, for which they
        are too few, has four significant digits.
    """

    decimals: int | None = None
    is_exact: bool = False

    def text(self, number: float) -> str:
        """Return a number as it is written in the column; one too small for it keeps two digits."""
        if not math.isfinite(number):
            return "∞" if number > 0 else "−∞" if number < 0 else NONE
        if self.decimals is None or (self.is_exact and not _says(number, self.decimals)):
            return signed(significant(number))
        if abs(number) < 10 ** (1 - self.decimals) / 2 and not _says(number, self.decimals):
            return signed(f"{number:.2g}")
        return signed(f"{number:,.{self.decimals}f}")


PLAIN = NumberStyle()


def style_of(numbers: Iterable[float]) -> NumberStyle:
    """Return the style of a column with such numbers: four significant digits, or fewer.

    The largest tenth of the numbers keeps four significant digits; where fewer decimals say all of
    them exactly, as for counts and thresholds, there are no more.
    """
    finite = [abs(number) for number in numbers if math.isfinite(number)]
    sizes = sorted(size for size in finite if size)
    if not sizes:
        return NumberStyle(0, is_exact=True)
    typical = sizes[len(sizes) * 9 // 10]
    most = min(max(DIGITS - math.ceil(math.log10(typical)), 0), MOST_DECIMALS)
    for decimals in range(most):
        if all(_says(size, decimals) for size in finite):
            return NumberStyle(decimals, is_exact=True)
    return NumberStyle(most)


def _says(number: float, decimals: int) -> bool:
    """Tell whether so many decimals say a number exactly."""
    return abs(number - round(number, decimals)) <= 1e-9 * abs(number)


def significant(number: float) -> str:
    """Return a number with four significant digits, its thousands apart."""
    if abs(number) >= 10 ** (DIGITS - 1):
        return f"{number:,.0f}"
    return f"{number:.{DIGITS}g}"


def signed(text: str) -> str:
    """Return a number's text with a real minus sign and thin spaces between thousands."""
    return text.replace("-", "−").replace(",", THIN) if "e" not in text else text


def cell_text(value: object, style: NumberStyle = PLAIN) -> str:
    """Return what a cell shows: a number in the style of its column, yes or no, or the text."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Undefined):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return whole(value)
    return style.text(value) if isinstance(value, float) else str(value)


def whole(number: int) -> str:
    """Return a count with its thousands apart."""
    return signed(f"{number:,}")


def reason_text(value: object) -> str:
    """Return why a cell shows no value, else an empty text."""
    if isinstance(value, Undefined):
        return f"Undefined: {value.reason.value.replace('_', ' ')}"
    return "Does not apply to this row" if value is None else ""


def title_of(name: str) -> str:
    """Return the heading of a column by its documented name: ``ds_chance`` is ``DS chance``."""
    words = [word for word in name.replace("_", " ").split(" ") if word]
    if len(words) > 1 and words[0] == "is":
        words = words[1:]
    first, *others = words or [name]
    start = ACRONYMS.get(first.lower(), first[:1].upper() + first[1:])
    return " ".join((start, *(ACRONYMS.get(word.lower(), word) for word in others)))
