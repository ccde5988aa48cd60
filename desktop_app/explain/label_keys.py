"""One key for each body part: a letter of its name where one is free, else a digit."""

from collections.abc import Iterable, Mapping
from string import ascii_lowercase

DIGITS = "123456789"


def keys_of(names: Mapping[str, str]) -> dict[str, str]:
    """Return a key for each part, in capital letters or digits; the same parts have the same keys.

    First letters are given first, in the order of the parts, then other letters of the names,
    then whatever is free. Parts beyond the last key have none.

    Parameters
    ----------
    names
        What parts are called, by what tables call them.
    """
    keys: dict[str, str] = {}
    for part, name in names.items():
        _take(keys, part, name[:1])
    for part, name in names.items():
        if part not in keys:
            _take(keys, part, name)
    for part in names:
        if part not in keys:
            _take(keys, part, DIGITS + ascii_lowercase)
    return keys


def _take(keys: dict[str, str], part: str, wanted: Iterable[str]) -> None:
    taken = set(keys.values())
    for letter in wanted:
        key = letter.upper()
        if key.isascii() and key.isalnum() and key not in taken:
            keys[part] = key
            return
