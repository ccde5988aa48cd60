"""Steps of an import: photographs, manifests, and gradings become what a study stores."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Problem, Refusal, Severity
from engine.formats.annotations import read_each
from engine.formats.manifest import Manifest, ManifestRow, read_manifest
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.photographs import read_photograph
from engine.formats.sources import Sources
from engine.study.protocol import Changes, Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane
from engine.tasks.ordered import in_order
from engine.tasks.progress import Step

CHUNK = 256
"""Items that are written to the study in one transaction."""

T = TypeVar("T")
Item = Image | Grading


Photograph = Callable[[Path], Image | Problem]
"""Takes a photograph's file; returns its image, or why it is none."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed, and what it could not use.

    Attributes
    ----------
    photographs, rows, gradings
        Images from their own files, rows of manifests, and graders' answers.
    """

    photographs: Changes
    rows: Changes
    gradings: Changes
    problems: tuple[Problem, ...]


def _pass_over(_path: Path, _manifest: Manifest, _changes: Changes) -> None:
    """Take what became of a manifest and do nothing."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is the same for all steps of one import.

    Attributes
    ----------
    names
        The images of the study by their names; images join it as they are imported.
    photograph
        Reads a photograph, from any thread.
    on_manifest
        Called with each manifest when its rows are stored, and again where it is read again.
    """

    study: Study
    options: ImportOptions
    names: ImageNames
    author: str
    job: JobContext
    photograph: Photograph
    on_manifest: Callable[[Path, Manifest, Changes], None] = _pass_over

    def store(self, items: Sequence[Item]) -> Changes:
        """Write images, then gradings, each in one transaction; return what became of the last."""
        changes = Changes()
        if images := [item for item in items if isinstance(item, Image)]:
            changes = self.job.on_study(self.study.add_images, images, author=self.author)
            for image in images:
                self.names.add(image)
        if gradings := [item for item in items if isinstance(item, Grading)]:
            changes = self.job.on_study(self.study.record_gradings, gradings, author=self.author)
        return changes


def reader_of_photographs(folder: Path, options: ImportOptions) -> Photograph:
    """Return what reads the photographs of a study that lies in a folder."""
    return partial(_photograph, folder, options.verify)


def import_sources(task: Import, sources: Sources) -> Imported:
    """Bring photographs, then manifests, then graders' regions into a study.

    Raises
    ------
    Refusal
        A manifest is refused as a whole.
    """
    photographs = import_photographs(task, sources)
    rows = import_manifests(task, sources)
    known = len(task.names)
    gradings = import_gradings(task, sources)
    if len(task.names) > known:
        rows = import_manifests_again(task, sources, rows)
    problems = (sources.problems, photographs.problems, rows.problems, gradings.problems)
    return Imported(photographs, rows, gradings, tuple(chain.from_iterable(problems)))


def import_photographs(task: Import, sources: Sources) -> Changes:
    """Add the photographs that can be read; the others become problems."""
    read = in_order(
        sources.images,
        task.photograph,
        lane=Lane.CPU,
        executor=task.job.executor,
        cancel=task.job.cancel,
        ahead=4,
    )
    counted = _counted(read, task.job, room="photographs", total=len(sources.images))
    known = {i.digest: i.path for i in task.job.on_study(task.study.images) if i.has_pixels}
    told = chain.from_iterable(_with_doubts(task.names, known, item) for item in counted)
    return _stored(task, told)


def _with_doubts(
    names: ImageNames, known: dict[str | None, str], item: Image | Problem
) -> Iterator[Image | Problem]:
    """Yield the item, and a problem where the study seems to have that photograph already."""
    yield item
    if isinstance(item, Problem) or item.path in names:
        return
    first = known.setdefault(item.digest, item.path)
    if first != item.path:
        message = f"the very same picture is in the study as '{first}'; both are kept"
        remedy = "Begin a new study with one of them, if they were not meant to count twice"
        yield Problem("image_twice", item.path, message, remedy)
    for other in names.without_pixels(item.path):
        yield Problem(
            "image_without_pixels",
            item.path,
            f"its gradings belong to '{other.path}', which came by name before the photograph",
            "Begin a new study and import the photographs before, or with, the gradings",
        )


def import_manifests(task: Import, sources: Sources) -> Changes:
    """Add what manifests say of images, and images that only they know."""
    changes = Changes()
    for path in sources.manifests:
        task.job.cancel.check()
        manifest = read_manifest(path, task.options.columns, task.names, strict=task.options.strict)
        described = in_order(
            manifest.rows,
            partial(_described, task, path),
            lane=Lane.CPU,
            executor=task.job.executor,
            cancel=task.job.cancel,
        )
        counted = _counted(described, task.job, room="manifest", total=len(manifest.rows))
        of_file = _sum(Changes(problems=manifest.problems), _stored(task, counted))
        task.on_manifest(path, manifest, of_file)
        changes = _sum(changes, of_file)
    return changes


def import_gradings(task: Import, sources: Sources) -> Changes:
    """Append the gradings of every annotation file, and add images that only they know."""

    def parts() -> Iterator[Item | Problem]:
        files = read_each(sources.annotations, task.options, task.names)
        for parsed in _counted(files, task.job, room="gradings", total=len(sources.annotations)):
            yield from parsed.new_images
            yield from parsed.problems
            yield from parsed.gradings

    changes = _stored(task, parts())
    return _sum(changes, Changes(problems=_replaced(changes.changed)))


def _replaced(count: int) -> tuple[Problem, ...]:
    """Say which reading counts where gradings of the same grader and image came again."""
    if not count:
        return ()
    problem = Problem(
        "gradings_replaced",
        "import",
        f"{count} gradings differ from earlier ones of the same grader and image; they enter the"
        " consensus, but agreement between graders goes on counting each first reading",
        "If the earlier import was a mistake, begin a new study, or set agreement.reading=latest",
    )
    return (problem,)


def _photograph(folder: Path, verify: bool, path: Path) -> Image | Problem:
    try:
        return read_photograph(path, study_folder=folder, verify=verify)
    except Refusal as refusal:
        return replace(refusal.problem, severity=Severity.WARNING)


def _described(task: Import, manifest: Path, row: ManifestRow) -> Image | Problem:
    """Return the image of a row with what the row says of it."""
    known = task.names.exact(row.path)
    if known:
        return row.describe(known)
    if row.size:
        return row.describe(Image(row.path, *row.size))
    assert row.file is not None
    image = task.photograph(row.file)
    if isinstance(image, Problem):
        return replace(image, where=f"{manifest.name}, row {row.number}: {image.where}")
    return row.describe(image)


def _counted(items: Iterable[T], job: JobContext, *, room: str, total: int) -> Iterator[T]:
    """Pass items on, telling progress and heeding the cancel token."""
    for done, item in enumerate(items, start=1):
        job.cancel.check()
        job.progress(Step(room, done, total))
        yield item


def _stored(task: Import, items: Iterable[Item | Problem]) -> Changes:
    """Store the items a chunk at a time, each in one transaction, and gather the problems."""
    changes = Changes()
    stream = iter(items)
    while chunk := list(islice(stream, CHUNK)):
        problems = tuple(item for item in chunk if isinstance(item, Problem))
        changes = _sum(changes, Changes(problems=problems))
        if good := [item for item in chunk if not isinstance(item, Problem)]:
            changes = _sum(changes, task.store(good))
    return changes


def import_manifests_again(task: Import, sources: Sources, first: Changes) -> Changes:
    """Read the manifests once more, now that gradings have brought images that they speak of."""
    again = import_manifests(task, sources)
    return replace(again, added=first.added + again.added, changed=first.changed + again.changed)


def _sum(first: Changes, second: Changes) -> Changes:
    return Changes(
        first.added + second.added,
        first.changed + second.changed,
        first.unchanged + second.unchanged,
        (*first.problems, *second.problems),
    )
