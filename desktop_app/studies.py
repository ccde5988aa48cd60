"""Studies made, filled and opened for the window: what its first page offers, without Qt."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.grading import Role, Task
from engine.domain.options import StudyOptions
from engine.domain.problem import Problem, refuse
from engine.study.protocol import PacketInfo, Study
from engine.tasks.cancel import CancelToken
from engine.tasks.context import JobContext
from engine.tasks.executors import Executor
from engine.tasks.progress import Progress

if TYPE_CHECKING:
    from engine.stages.packing import Packed
    from engine.study.packet_contents import WritePacket

SYNTHETIC = "SYNTHETIC.txt"
"""Lies beside a demo study and says what it is."""

DEMO_QUEUE = 12
"""Images of the demo study that its visitor is asked to grade."""


@dataclass(frozen=True, slots=True)
class Store:
    """How studies are made and opened; the window's entry chooses it.

    Attributes
    ----------
    create
        Takes the new file and its author.
    open
        Takes the file.
    open_packet
        Takes a packet that came back; it is only read.
    write_packet
        Takes the new file and what goes into it.
    trust_file
        Where the model code that this person trusts is listed.
    """

    create: Callable[[Path, str], Study]
    open: Callable[[Path], Study]
    open_packet: Callable[[Path], AbstractContextManager[Study]]
    write_packet: "WritePacket"
    trust_file: Path


@dataclass(frozen=True, slots=True)
class Opened:
    """An open study, and what the window must know before it shows a page.

    Attributes
    ----------
    people
        Names among which a person finds their own: graders and leads.
    problems
        What could not be brought in while the study was made.
    """

    study: Study
    file: Path
    id: str
    people: tuple[str, ...]
    options: StudyOptions
    packet: PacketInfo | None
    is_synthetic: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What a person wants a new study to be.

    Attributes
    ----------
    sources
        Folders and files to bring in: photographs, a CSV manifest.
    name
        The person's, who becomes lead and grader of everything.
    """

    file: Path
    sources: tuple[Path, ...]
    name: str
    instructions: str = ""
    masks_names: bool = False


def open_for_window(store: Store, file: Path) -> Opened:
    """Open a study on the study's lane and read who may work in it."""
    study = store.open(file)
    try:
        return _opened(study, file)
    except BaseException:
        study.close()
        raise


def make_study(
    store: Store, wanted: NewStudy, executor: Executor, cancel: CancelToken, progress: Progress
) -> Opened:
    """Make a study, bring its images in and ask its maker to grade all of them; runs as a job.

    What was brought in before a stop stays in the file.
    """
    from engine.formats.options import ImportOptions  # noqa: PLC0415 - loads numpy
    from engine.pipeline import begin_alone  # noqa: PLC0415 - loads numpy

    job = JobContext(executor, cancel, progress)
    study = job.on_study(store.create, wanted.file, wanted.name)
    try:
        imported = begin_alone(study, wanted.sources, ImportOptions(), job, grader=wanted.name)
        options = StudyOptions(wanted.instructions, wanted.masks_names, (wanted.name,))
        job.on_study(study.set_options, options, author=wanted.name)
        return job.on_study(_opened, study, wanted.file, imported.problems)
    except BaseException:
        job.on_study(study.close)
        raise


def make_demo(
    store: Store,
    folder: Path,
    name: str,
    executor: Executor,
    cancel: CancelToken,
    progress: Progress,
) -> Opened:
    """Make the synthetic demo study with its graders' work, and ask the visitor for a few images.

    A demo that is there already is opened as it was left.

    Raises
    ------
    Refusal
        ``demo_not_written``: the folder cannot be written to, or holds something else.
    """
    from engine.formats.options import ImportOptions  # noqa: PLC0415 - loads numpy
    from engine.pipeline import import_files  # noqa: PLC0415 - loads numpy
    from resources.demo.study import write_demo  # noqa: PLC0415 - draws with numpy

    job = JobContext(executor, cancel, progress)
    try:
        made = write_demo(folder)
    except OSError as error:
        raise refuse(
            "demo_not_written",
            str(error.filename or folder),
            f"The demo study cannot be written ({error.strerror or error})",
            "Make room there, or move away what has its name",
        ) from error
    file = folder / "demo.concord"
    is_new = not file.exists()
    study = job.on_study(store.create, file, "demo") if is_new else job.on_study(store.open, file)
    try:
        # asked last, so that a visitor who was asked says that all the rest is there
        if not job.on_study(study.tasks, name):
            sources = [made.photographs, made.manifest, made.gradings]
            import_files(study, sources, ImportOptions(), job, author="demo")
            job.on_study(_ask_visitor, study, name)
        return job.on_study(_opened, study, file)
    except BaseException:
        job.on_study(study.close)
        raise


DEMO_INSTRUCTIONS = """# Demo study

Everything here is **synthetic**: no person was photographed. Outline each spot of pathology as you
would on a real photograph.

- Nothing to see? Press **Q**, then **Ctrl+Enter**.
- Otherwise press **1** to **4** for the number of regions and outline each: click around it, or
  press and drag, and close with **Enter**.
- Five or more regions are only flagged: press **5**.

**F1** lists every key; **I** brings this page back.
"""


def pack(
    store: Store,
    study: Study,
    grader: str,
    target: Path,
    executor: Executor,
    cancel: CancelToken,
    progress: Progress,
) -> "Packed":
    """Write a grader's packet; runs as a job."""
    from engine.stages.packing import make_packet  # noqa: PLC0415 - loads numpy

    job = JobContext(executor, cancel, progress)
    return make_packet(study, grader, target, job, write=store.write_packet)


def merge(
    store: Store,
    study: Study,
    files: Sequence[Path],
    author: str,
    takes_packet: bool,
    executor: Executor,
    cancel: CancelToken,
    progress: Progress,
) -> tuple[int, tuple[Problem, ...]]:
    """Bring packets back into a study; runs as a job.

    Parameters
    ----------
    takes_packet
        Whether a packet's last state goes on top where a reading went on in the study too.

    Returns
    -------
    Readings that were merged, and what was left out: a packet that is refused does not keep the
    others from being merged.
    """
    from engine.stages.merging import merge_packets  # noqa: PLC0415 - loads numpy

    job = JobContext(executor, cancel, progress)
    readings = 0
    problems: list[Problem] = []
    merged = merge_packets(
        study,
        files,
        job,
        open_packet=store.open_packet,
        author=author,
        takes_packet=takes_packet,
    )
    for _, found in merged:
        if isinstance(found, Problem):
            problems.append(found)
        else:
            readings += found.readings
            problems += found.problems
    return readings, tuple(problems)


def _ask_visitor(study: Study, name: str) -> None:
    study.set_options(StudyOptions(DEMO_INSTRUCTIONS, leads=(name,)), author="demo")
    images = study.images()
    asked = images[:: max(1, len(images) // DEMO_QUEUE)][:DEMO_QUEUE]
    tasks = [Task(image.path, name, Role.EXTRA, place) for place, image in enumerate(asked)]
    study.assign_tasks(tasks, author="demo", seed=None)  # all in one step, or none


def people_of(study: Study) -> tuple[tuple[str, ...], StudyOptions]:
    """Return the names of graders, leads and analysts, and what the study lays down."""
    options = study.options()
    named = (*study.graders(), *options.leads, *options.analysts)
    return tuple(dict.fromkeys(named)), options


def _opened(study: Study, file: Path, problems: Sequence[Problem] = ()) -> Opened:
    packet = study.packet()
    people, options = people_of(study)
    return Opened(
        study=study,
        file=file,
        id=study.info().id,
        people=(packet.grader,) if packet else people,
        options=options,
        packet=packet,
        is_synthetic=(file.parent / SYNTHETIC).is_file(),
        problems=tuple(problems),
    )
