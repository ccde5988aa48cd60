"""Which columns of a manifest hold image, case and condition: as mapped, else by common names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.domain.problem import refuse
from engine.formats.options import Columns

IMAGE_NAMES = (
    "image", "image_path", "path", "file_path", "filepath", "file", "filename", "file_name",
    "image_file", "image_name", "photo", "picture", "image_id", "isic_id", "img_id",
    "original_filename", "current_filename", "id", "name",
)  # fmt: skip
CASE_NAMES = ("case", "case_id", "case_name")
CONDITION_NAMES = (
    "condition", "diagnosis", "diagnostic", "disease", "dx", "reference_label", "label",
)  # fmt: skip
SIZE_NAMES = ("width", "height")


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """Positions of the columns in a row; None where the manifest has none.

    Attributes
    ----------
    size
        Positions of width and height.
    metadata
        Name and position of every other column that is not left out.
    """

    image: int
    case: int | None
    condition: int | None
    size: tuple[int, int] | None
    metadata: tuple[tuple[str, int], ...]


def choose_columns(
    header: Sequence[str], columns: Columns, *, matches: Callable[[int], int], where: str
) -> ChosenColumns:
    """Return which column holds what.

    Parameters
    ----------
    columns
        The columns that a person named; they go before the common names.
    matches
        Number of rows whose cell in a column names a known image or file; of several columns
        with a common name for the image the one with the most is taken, the most common on ties.

    Raises
    ------
    Refusal
        A named column is absent, a name occurs twice, or no column can hold the image.
    """
    _refuse_twins(header, where)
    candidates = _positions(header, columns.image, IMAGE_NAMES, where)
    if not candidates:
        raise refuse(
            "manifest_columns",
            where,
            f"no column is known to name the image; there are {', '.join(filter(None, header))}",
            "Name it with --column image=NAME",
        )
    image = max(candidates, key=matches) if len(candidates) > 1 else candidates[0]
    case = _first(_positions(header, columns.case, CASE_NAMES, where))
    condition = _first(_positions(header, columns.condition, CONDITION_NAMES, where))
    width, height = (_first(_positions(header, None, (name,), where)) for name in SIZE_NAMES)
    size = (width, height) if width is not None and height is not None else None
    used = {image, case, condition, *(size or ())}
    others = ((name, at) for at, name in enumerate(header) if name and at not in used)
    metadata = tuple((name, at) for name, at in others if name not in columns.left_out)
    return ChosenColumns(image, case, condition, size, metadata)


def _positions(
    header: Sequence[str], wanted: str | None, common: Sequence[str], where: str
) -> list[int]:
    """Return the positions of the wanted column, else of all with a common name in its order."""
    if wanted == "":
        return []
    if wanted is not None:
        if wanted not in header:
            message = f"there is no column '{wanted}'; there are {', '.join(filter(None, header))}"
            raise refuse("manifest_columns", where, message, "Check the name of the column")
        return [header.index(wanted)]
    lower = [name.lower().replace(" ", "_") for name in header]
    return [lower.index(name) for name in common if name in lower]


def _first(positions: Sequence[int]) -> int | None:
    return positions[0] if positions else None


def _refuse_twins(header: Sequence[str], where: str) -> None:
    twins = sorted({name for name in header if name and header.count(name) > 1})
    if twins:
        message = f"the header names {', '.join(twins)} more than once"
        raise refuse("manifest_columns", where, message, "Give every column a name of its own")
