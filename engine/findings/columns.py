"""What a metadata column is: a number, or levels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.domain.settings import FindingsSettings


def columns_of(settings: FindingsSettings) -> tuple[str, ...]:
    """Return every column that cases are compared by, each once."""
    named = (settings.sex_column, settings.skin_tone_column, settings.age_column)
    return tuple(dict.fromkeys((*named, *settings.strata)))


def is_number(column: str, texts: Sequence[str], settings: FindingsSettings) -> bool:
    """Return whether a column counts as a number.

    Sex and skin tone are levels however they are coded. Age is a number where any of its values
    is one (the others count as missing); a further column only where all are.
    """
    if column in (settings.sex_column, settings.skin_tone_column):
        return False
    finite = np.isfinite(numbers_of([text for text in texts if text]))
    return bool(finite.any() if column == settings.age_column else finite.size and finite.all())


def numbers_of(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return texts as numbers, NaN where a text is none."""
    return np.array([_number(text) for text in texts], dtype=np.float64)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan
