"""What an import would bring, before it does: the same problems, and nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal
from engine.formats.body_parts import read_labels, read_vocabulary
from engine.formats.columns import ChosenColumns
from engine.formats.csv_text import CsvText, read_csv_text
from engine.formats.manifest import Manifest, read_manifest
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.saliency.predictions import read_rows
from engine.stages.given import find_maps, given_predictions
from engine.stages.importing import (
    Import,
    Imported,
    Photograph,
    import_sources,
    reader_of_photographs,
)
from engine.study.protocol import Changes, Study
from engine.tasks.context import JobContext

SAMPLE = 20
"""Rows of a table that are shown before it is imported."""

Rows = tuple[tuple[str, ...], ...]
Photographs = MutableMapping[Path, Image | Problem]
"""What is known of photographs' files; a preview adds to it, and a later one asks it first."""


@dataclass(frozen=True, slots=True)
class ManifestPreview:
    """What a manifest would bring.

    Attributes
    ----------
    header
        Column names as they stand in the file; none where it cannot be read.
    chosen
        The columns taken for ``image``, ``case`` and ``condition``; absent where none fits.
    metadata
        Columns that become metadata.
    sample
        The first 20 rows, malformed ones left out.
    usable
        Rows that would be taken.
    problems
        What is wrong with the file and its rows; of a manifest that would be refused, why.
    """

    path: Path
    header: tuple[str, ...]
    chosen: Mapping[str, str]
    metadata: tuple[str, ...]
    sample: Rows
    usable: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import of files and folders would bring.

    Attributes
    ----------
    photographs
        Files of photographs that were found.
    annotations
        Number of files of gradings by their kind: ``json``, ``xml``, ``csv`` or ``mask``.
    problems
        All that the import itself would tell, in its order; the refusal alone where it would be
        refused.
    imported
        What would be added and changed; None where the import would be refused.
    """

    photographs: int
    manifests: tuple[ManifestPreview, ...]
    annotations: Mapping[str, int]
    problems: tuple[Problem, ...]
    imported: Imported | None = None


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What a table of predictions or of labels would bring.

    Attributes
    ----------
    header
        Column names; none where the file cannot be read.
    sample
        The first 20 rows.
    usable
        Images that the table says something of.
    problems
        As the import would tell them; the refusal alone where it would be refused.
    """

    path: Path
    header: tuple[str, ...]
    sample: Rows
    usable: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MapsPreview:
    """Which images of the study a folder holds a map of.

    Attributes
    ----------
    matched, without_map
        Images with a map, and the others.
    problems
        Files that fit no image or several, and second maps of an image.
    """

    folder: Path
    matched: int
    without_map: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Manifests:
    """What became of each manifest in a rehearsal; of one that was read again, the last time."""

    previews: dict[Path, ManifestPreview] = field(default_factory=dict)

    def keep(self, path: Path, manifest: Manifest, changes: Changes) -> None:
        usable = changes.added + changes.changed + changes.unchanged
        self.previews[path] = _manifest_preview(path, manifest, usable, changes.problems)


def preview_import(
    study: Study,
    paths: Sequence[Path],
    options: ImportOptions,
    job: JobContext,
    *,
    known: Photographs | None = None,
) -> ImportPreview:
    """Return what `engine.pipeline.import_files` would bring, by importing into a copy.

    The study is only read. Photographs are decoded as the import decodes them.

    Parameters
    ----------
    known
        Photographs that an earlier preview has read, which are not read again; those that are
        read now join it.

    Raises
    ------
    Refusal
        A path does not exist.
    """
    sources = find_sources(paths, options)
    manifests = _Manifests()
    read = reader_of_photographs(study.folder, options)
    photograph = _remembering(read, known) if known is not None else read
    with _rehearsal(study, job) as copy:
        names = ImageNames(job.on_study(copy.images), folder=copy.folder)
        task = Import(copy, options, names, "preview", job, photograph, manifests.keep)
        try:
            imported: Imported | None = import_sources(task, sources)
            problems = imported.problems if imported else ()
        except Refusal as refusal:
            imported, problems = None, (refusal.problem,)
        for path in sources.manifests:
            if path not in manifests.previews:
                manifests.previews[path] = _not_imported(path, options, names)
    return ImportPreview(
        photographs=len(sources.images),
        manifests=tuple(manifests.previews[path] for path in sources.manifests),
        annotations=Counter(file.kind for file in sources.annotations),
        problems=problems,
        imported=imported,
    )


def preview_predictions(
    study: Study, path: Path, job: JobContext, *, classes: Collection[str] = ()
) -> TablePreview:
    """Return what a table of predictions would bring to a run.

    Parameters
    ----------
    classes
        Those of the model that is to be explained; none where there is no model.
    """
    header: tuple[str, ...] = ()
    sample: Rows = ()
    try:
        columns, rows = read_rows(path)
        header, sample = tuple(columns), _sample(cells for _, cells in rows)
        predictions, problems = given_predictions(path, _names(study, job), classes)
    except Refusal as refusal:
        return TablePreview(path, header, sample, 0, (refusal.problem,))
    return TablePreview(path, header, sample, len(predictions), tuple(problems))


def preview_labels(study: Study, path: Path, job: JobContext) -> TablePreview:
    """Return what a table of body parts would bring."""
    names = _names(study, job)
    text = CsvText((), ())
    try:
        text = read_csv_text(path)
        labels, problems = read_labels(
            path, read_vocabulary(), lambda name: names.find(name, beside=path.parent)
        )
    except Refusal as refusal:
        return TablePreview(path, text.header, _cells(text), 0, (refusal.problem,))
    return TablePreview(path, text.header, _cells(text), len(labels), tuple(problems))


def preview_maps(study: Study, folder: Path, job: JobContext) -> MapsPreview:
    """Return which images of the study a folder holds a map of; no map is opened."""
    names = _names(study, job)
    try:
        maps, problems = find_maps(folder, names)
    except Refusal as refusal:
        return MapsPreview(folder, 0, len(names), (refusal.problem,))
    return MapsPreview(folder, len(maps), len(names) - len(maps), tuple(problems))


@contextmanager
def _rehearsal(study: Study, job: JobContext) -> Iterator[Study]:
    """Make the copy on the study's lane; it goes with the job, whatever lanes are left."""
    rehearsal = study.rehearsal()
    copy = job.on_study(rehearsal.__enter__)
    try:
        yield copy
    finally:
        rehearsal.__exit__(None, None, None)


def _remembering(read: Photograph, known: Photographs) -> Photograph:
    def photograph(path: Path) -> Image | Problem:
        if path not in known:
            known[path] = read(path)
        return known[path]

    return photograph


def _names(study: Study, job: JobContext) -> ImageNames:
    return ImageNames(job.on_study(study.images), folder=study.folder)


def _not_imported(path: Path, options: ImportOptions, names: ImageNames) -> ManifestPreview:
    """Return the preview of a manifest that a refusal, its own or another's, kept out."""
    text = CsvText((), ())
    try:
        text = read_csv_text(path)
        manifest = read_manifest(path, options.columns, names, strict=options.strict)
    except Refusal as refusal:
        return ManifestPreview(path, text.header, {}, (), _cells(text), 0, (refusal.problem,))
    return _manifest_preview(path, manifest, len(manifest.rows), manifest.problems)


def _manifest_preview(
    path: Path, manifest: Manifest, usable: int, problems: tuple[Problem, ...]
) -> ManifestPreview:
    header, chosen = manifest.text.header, manifest.chosen
    return ManifestPreview(
        path=path,
        header=header,
        chosen=_named(header, chosen),
        metadata=tuple(name for name, _ in chosen.metadata),
        sample=_cells(manifest.text),
        usable=usable,
        problems=problems,
    )


def _named(header: Sequence[str], chosen: ChosenColumns) -> dict[str, str]:
    places = {"image": chosen.image, "case": chosen.case, "condition": chosen.condition}
    return {what: header[at] for what, at in places.items() if at is not None}


def _cells(text: CsvText) -> Rows:
    return _sample(row.cells for row in text.rows if row.cells)


def _sample(rows: Iterable[Iterable[str]]) -> Rows:
    return tuple(tuple(row) for row in islice(rows, SAMPLE))
