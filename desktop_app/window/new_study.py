"""A new study from a folder of photographs or a CSV file: what it needs, and what is wrong yet."""

import os
from collections.abc import Callable
from pathlib import Path

from desktop_app.studies import NewStudy
from desktop_app.window.drop import STUDY_SUFFIX, TABLE_SUFFIXES

Faults = dict[str, str]
"""What is wrong, in full sentences, by the name of the field."""

Count = Callable[[Path, Callable[[int], None]], object]
"""Counts the photographs at a path, somewhere else, and calls back with the number."""


def suggested_file(source: Path) -> Path:
    """Return where a study of a folder, or of a table, would naturally lie."""
    folder = source.parent if is_table(source) else source
    return folder / f"{source.stem if is_table(source) else source.name}{STUDY_SUFFIX}"


def with_suffix(file: Path) -> Path:
    """Return the path of a study file, its suffix added where it is missing."""
    is_named = file.suffix.lower() == STUDY_SUFFIX
    return file if is_named or not file.name else file.with_name(file.name + STUDY_SUFFIX)


def is_table(source: Path) -> bool:
    """Tell whether a source is a table rather than a folder."""
    return source.suffix.lower() in TABLE_SUFFIXES


def faults_of(source: str, file: str, name: str) -> Faults:
    """Return what keeps a study from being made, as far as can be seen beforehand."""
    found = {
        "source": _fault_of_source(source.strip()),
        "file": _fault_of_file(file.strip()),
        "name": "" if name.strip() else "Write your name: it signs everything you grade.",
    }
    return {field: fault for field, fault in found.items() if fault}


def wanted(source: str, file: str, name: str, *, instructions: str, masks_names: bool) -> NewStudy:
    """Return the study that fields without faults ask for."""
    return NewStudy(
        file=with_suffix(_path(file)),
        sources=(_path(source),),
        name=name.strip(),
        instructions=instructions.strip(),
        masks_names=masks_names,
    )


def count_photographs(source: Path) -> int:
    """Count the files in a folder that look like photographs, or the rows of a table.

    It reads no picture. It walks a whole folder, so it runs on a lane.
    """
    from engine.images.formats import IMAGE_SUFFIXES  # noqa: PLC0415 - not before a folder is given

    if is_table(source):
        with source.open("rb") as lines:
            return max(sum(1 for line in lines if line.strip()) - 1, 0)
    return sum(
        Path(file).suffix.lower() in IMAGE_SUFFIXES and not file.startswith(".")
        for _, _, files in os.walk(source)
        for file in files
    )


def summary_of(source: str, count: int | None) -> str:
    """Say what will become of the source."""
    if not source.strip():
        return ""
    what = "rows" if is_table(_path(source)) else "photographs"
    if count == 0:
        return f"No {what} found there."
    found = "All" if count is None else f"{count:,}"
    return (
        f"{found} {what if count != 1 else what[:-1]} of {_path(source).name} will be in the study,"
        " and in your own queue. The files stay where they are and are never changed."
    )


def _fault_of_source(source: str) -> str:
    if not source:
        return "Choose a folder of photographs, or a CSV file that lists them."
    path = _path(source)
    if not path.exists():
        return f"There is no {path.name} at this place. Choose another, or check the spelling."
    if path.is_file() and not is_table(path):
        return "This is neither a folder nor a CSV file."
    return ""


def _fault_of_file(file: str) -> str:
    if not file:
        return "Say where the study goes."
    path = with_suffix(_path(file))
    if path.exists():
        return f"{path.name} exists already and is never overwritten. Choose another name."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}."
    if not os.access(path.parent, os.W_OK):
        return f"You may not write in {path.parent}. Choose another folder."
    return ""


def _path(text: str) -> Path:
    return Path(text.strip()).expanduser()
