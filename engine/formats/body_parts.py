"""Body parts that images show: the vocabulary, and labels read from a CSV file."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from engine.domain.image import Image
from engine.domain.problem import Problem, Severity, refuse
from engine.formats.columns import IMAGE_NAMES
from engine.formats.csv_text import CsvText, Row, read_csv_text
from engine.formats.names import ambiguous

PARTS_NAMES = ("parts", "body_parts", "body_part", "bodyparts", "part")
"""Names of the column that lists the parts of an image."""

SEPARATOR = ";"
NOTHING = "none"
"""The cell of an image that somebody looked at and that shows no part of the vocabulary."""

FLAGS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "x"), True),
    **dict.fromkeys(("0", "0.0", "false", "no"), False),
}
"""What the cell of a part's own column may say."""

Vocabulary = Mapping[str, "BodyPart"]
"""Body parts by their keys, in the order in which they are offered."""

FindImages = Callable[[str], Sequence[Image]]
"""Takes a name; returns the images it may mean."""


class _Unusable(Exception):
    """A row cannot be taken; holds message and remedy."""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One entry of the vocabulary.

    Attributes
    ----------
    key
        What studies and tables hold; never changes its meaning.
    name, meaning
        What people are shown, and what counts as it.
    """

    key: str
    name: str
    meaning: str


def read_vocabulary() -> dict[str, BodyPart]:
    """Return the body parts that labels may name, in the order in which they are offered."""
    text = files("resources").joinpath("body_parts.toml").read_text(encoding="utf-8")
    return {key: BodyPart(key, **words) for key, words in tomllib.loads(text).items()}


def read_labels(
    path: Path, vocabulary: Vocabulary, find: FindImages
) -> tuple[dict[str, frozenset[str]], list[Problem]]:
    """Return the body parts that each image shows, by its path, and the rows left out.

    A column names the image. One column lists its parts, separated by ``;`` (``none`` where the
    image shows no part of the vocabulary), or each part has a column of its own with 0 and 1.
    Parts are given by key or name. A row that is in doubt is left out as a whole, since a set
    without one of its parts would say that the image does not show it.

    Parameters
    ----------
    find
        Returns the images that a name in the file may mean.

    Raises
    ------
    Refusal
        The file is no readable CSV, or has no column for images or for parts.
    """
    table = read_csv_text(path)
    image, read_parts = _columns(table, vocabulary, path.name)
    labels: dict[str, frozenset[str]] = {}
    numbers: dict[str, int] = {}
    problems = [*table.problems, *_unused_columns(table, vocabulary, image, path.name)]
    for row in table.rows:
        where = f"{path.name}, row {row.number}"
        found = _read_row(row, image, read_parts, find, where)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        name, parts = found
        if labels.setdefault(name, parts) != parts:
            problems.append(_differs(where, name, numbers[name]))
        numbers.setdefault(name, row.number)
    return labels, problems


ReadParts = Callable[[Row], frozenset[str]]


def _columns(table: CsvText, vocabulary: Vocabulary, where: str) -> tuple[int, ReadParts]:
    """Return the position of the image's column, and what reads the parts of a row."""
    header = [_plain(name) for name in table.header]
    keys = _keys_by_word(vocabulary)
    image = next((header.index(name) for name in IMAGE_NAMES if name in header), None)
    listing = next((header.index(name) for name in PARTS_NAMES if name in header), None)
    flags = {at: keys[name] for at, name in enumerate(header) if name in keys}
    if image is None or (listing is None and not flags):
        missing = "names the image" if image is None else "holds body parts"
        raise refuse(
            "label_columns",
            where,
            f"no column {missing}; there are {', '.join(filter(None, table.header))}",
            "Name the columns image and parts, or image and one for each body part",
        )
    if listing is not None:
        return image, lambda row: _listed(row.cells[listing], keys)
    twice = {key for key in flags.values() if [*flags.values()].count(key) > 1}
    if twice:
        message = f"several columns stand for {', '.join(sorted(twice))}"
        raise refuse("label_columns", where, message, "Keep one of them")
    return image, lambda row: _flagged(row, flags, table.header)


def _keys_by_word(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the keys by themselves and by the parts' names, in plain letters."""
    by_name = {_plain(part.name): key for key, part in vocabulary.items()}
    return {**by_name, **{_plain(key): key for key in vocabulary}}


def _plain(word: str) -> str:
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())


def _read_row(
    row: Row, image: int, read_parts: ReadParts, find: FindImages, where: str
) -> tuple[str, frozenset[str]] | Problem:
    if row.error:
        return Problem("row_malformed", where, row.error, "Correct the row")
    name = row.cells[image]
    if not name:
        return Problem("row_without_image", where, "the row names no image", "Fill in its name")
    found = find(name)
    if len(found) > 1:
        return ambiguous(where, name, found)
    if not found:
        message = f"no image of the study is called '{name}'"
        return Problem("image_unknown", where, message, "Correct its name, or import the image")
    try:
        return found[0].path, read_parts(row)
    except _Unusable as reason:
        message, remedy = reason.args
        return Problem("row_left_out", where, message, remedy)


def _listed(cell: str, keys: Mapping[str, str]) -> frozenset[str]:
    words = [word.strip() for word in cell.split(SEPARATOR) if word.strip()]
    if not words:
        raise _Unusable(
            "the row names no body parts; it was left out",
            f"Write {NOTHING} where the image shows none of them",
        )
    if [_plain(word) for word in words] == [NOTHING]:
        return frozenset()
    unknown = [word for word in words if _plain(word) not in keys]
    if unknown:
        raise _Unusable(
            f"there is no body part '{unknown[0]}'; the row was left out",
            f"Write {_closest(unknown[0], keys)}",
        )
    return frozenset(keys[_plain(word)] for word in words)


def _closest(word: str, keys: Mapping[str, str]) -> str:
    close = get_close_matches(_plain(word), keys, n=1)
    return keys[close[0]] if close else f"one of {', '.join(dict.fromkeys(keys.values()))}"


def _flagged(row: Row, flags: Mapping[int, str], header: Sequence[str]) -> frozenset[str]:
    cells = {at: row.cells[at] for at in flags}
    for at, cell in cells.items():
        if cell.casefold() not in FLAGS:
            raise _Unusable(
                f"'{cell}' in column {header[at]} is neither 0 nor 1; the row was left out",
                "Write 1 where the image shows the part, else 0",
            )
    return frozenset(flags[at] for at, cell in cells.items() if FLAGS[cell.casefold()])


def _unused_columns(
    table: CsvText, vocabulary: Vocabulary, image: int, where: str
) -> Iterator[Problem]:
    """Tell which columns hold no labels, since a misspelt part would go unseen."""
    known = {*_keys_by_word(vocabulary), *PARTS_NAMES}
    unused = [
        name
        for at, name in enumerate(table.header)
        if name and at != image and _plain(name) not in known
    ]
    if unused:
        message = f"columns without body parts were passed over: {', '.join(unused)}"
        remedy = "Give them the key of a body part where they were meant as one"
        yield Problem("columns_ignored", where, message, remedy, Severity.NOTE)


def _differs(where: str, image: str, earlier: int) -> Problem:
    message = f"the row says something else of {image} than row {earlier}; it was left out"
    return Problem("row_conflict", where, message, "Correct one of the two rows")
