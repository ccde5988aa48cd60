"""Files and folders sorted into photographs, manifests and annotations before any is read."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from engine.domain.problem import Problem, Severity, refuse
from engine.formats.csv_gradings import is_header_of_gradings
from engine.formats.csv_text import read_header
from engine.formats.cvat import is_cvat
from engine.formats.options import ImportOptions
from engine.images.formats import IMAGE_SUFFIXES

MANIFEST_SUFFIXES = frozenset({".csv", ".tsv"})
JSON_SUFFIXES = frozenset({".json", ".geojson"})
JSON_FORMATS = frozenset({"auto", "coco", "darwin", "label_studio", "labelme", "qupath"})
AnnotationKind = Literal["json", "xml", "csv", "mask"]
Kind = Literal["image", "manifest"] | AnnotationKind


@dataclass(frozen=True, slots=True)
class AnnotationFile:
    """One file of gradings.

    Attributes
    ----------
    root
        The folder that was given, or the folder of a file that was given by itself.
    kind
        ``mask`` for a raster, ``csv`` for a table of gradings; which JSON a ``json`` file is
        shows when it is read.
    """

    path: Path
    root: Path
    kind: AnnotationKind

    @property
    def inside(self) -> str:
        """Path inside the given folder, with forward slashes."""
        return self.path.relative_to(self.root).as_posix()

    @property
    def label(self) -> str:
        """The name to show: the given folder's name and the path inside it."""
        return f"{self.root.name}/{self.inside}".lstrip("/")


@dataclass(frozen=True, slots=True)
class Sources:
    """What lies at the given paths, each tuple in the order of the walk."""

    images: tuple[Path, ...] = ()
    manifests: tuple[Path, ...] = ()
    annotations: tuple[AnnotationFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_sources(paths: Iterable[Path], options: ImportOptions) -> Sources:
    """Sort all files at the given paths by what they are; of XML and CSV the head is read.

    Folders are walked in sorted order. Hidden files, a study's own files and results with a run
    manifest beside them are passed over; links to folders are not followed. A file of another
    kind is counted where a folder holds it, and a warning where it was given by itself.

    Raises
    ------
    Refusal
        A given path does not exist.
    """
    sorted_files: dict[Kind, list[tuple[Path, Path]]] = defaultdict(list)
    problems: list[Problem] = []
    ignored: Counter[str] = Counter()
    given = {_absolute(path): path for path in map(Path, paths)}
    for root, file in _files(given, problems):
        kind = _kind(file, options)
        if kind is not None:
            sorted_files[kind].append((file, root))
        elif file in given:
            problems.append(_of_no_use(given[file], options))
        else:
            ignored[file.suffix.lower() or "no suffix"] += 1
    if ignored:
        problems.append(_ignored(ignored))
    annotations = [
        AnnotationFile(file, root, kind)
        for kind in get_args(AnnotationKind)
        for file, root in sorted_files[kind]
    ]
    return Sources(
        tuple(file for file, _ in sorted_files["image"]),
        tuple(file for file, _ in sorted_files["manifest"]),
        tuple(annotations),
        tuple(problems),
    )


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _files(given: Mapping[Path, Path], problems: list[Problem]) -> Iterator[tuple[Path, Path]]:
    """Yield each file once with the root it was found under."""
    seen: set[Path] = set()
    for path, as_written in given.items():
        if path.is_dir():
            found: Iterable[tuple[Path, Path]] = ((path, file) for file in _walk(path, problems))
        elif path.is_file():
            found = [(path.parent, path)]
        else:
            raise refuse(
                "path_missing", str(as_written), "there is no such file or folder", "Check the path"
            )
        for root, file in found:
            if file not in seen:
                seen.add(file)
                yield root, file


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        where = str(error.filename or folder)
        message = f"the folder cannot be read ({error.strerror})"
        problems.append(Problem("folder_unreadable", where, message, "Check its permissions"))

    for parent, folders, files in os.walk(folder, onerror=report):
        folders[:] = sorted(name for name in folders if not _is_own(name, ()))
        for name in sorted(files):
            if not _is_text(name):
                problems.append(_no_text(folder, name))
            elif not _is_own(name, files):
                yield Path(parent, name)


def _is_text(name: str) -> bool:
    """Return False for a name of bytes that are no UTF-8, which no study can hold."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_text(folder: Path, name: str) -> Problem:
    shown = name.encode(errors="surrogateescape").decode(errors="replace")
    message = "the file's name holds bytes that are no letters of any language (not UTF-8)"
    return Problem("name_not_text", f"{folder.name}/{shown}", message, "Rename the file")


def _is_own(name: str, siblings: Sequence[str]) -> bool:
    """Return True for hidden files, parts of a study, run manifests and what they describe."""
    lower = name.lower()
    return (
        name.startswith(".")
        or ".concord" in lower
        or lower.endswith(".manifest.json")
        or (lower.endswith(".csv") and f"{Path(name).stem}.manifest.json" in siblings)
    )


def _kind(file: Path, options: ImportOptions) -> Kind | None:
    suffix = file.suffix.lower()
    wanted = options.format
    if suffix in MANIFEST_SUFFIXES and wanted in ("auto", "csv", "manifest"):
        return _table_kind(file) if wanted == "auto" else wanted
    if suffix in JSON_SUFFIXES and wanted in JSON_FORMATS:
        return "json"
    if suffix == ".xml" and wanted in ("auto", "cvat") and (wanted == "cvat" or is_cvat(file)):
        return "xml"
    if suffix in IMAGE_SUFFIXES and options.takes_rasters_as_masks:
        return "mask"
    if suffix in IMAGE_SUFFIXES and wanted in ("auto", "images"):
        return "image"
    return None


def _table_kind(file: Path) -> Literal["csv", "manifest"]:
    return "csv" if is_header_of_gradings(read_header(file)) else "manifest"


def _of_no_use(file: Path, options: ImportOptions) -> Problem:
    kind = f"a {file.suffix} file" if file.suffix else "a file without a suffix"
    if options.format == "auto":
        message, remedy = f"{kind} is nothing that can be imported", "Leave it out"
    else:
        message = f"{kind} is not read with --format {options.format}"
        remedy = "Leave it out, or import it with another --format"
    return Problem("file_ignored", str(file), message, remedy)


def _ignored(counts: Counter[str]) -> Problem:
    kinds = ", ".join(f"{count} {suffix}" for suffix, count in sorted(counts.items()))
    return Problem(
        "files_ignored",
        "import",
        f"files of other kinds were passed over ({kinds})",
        "Give --format where they should have been read",
        Severity.NOTE,
    )
