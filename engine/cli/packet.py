"""``dermconcord packet``: one grader's images and work as a file of their own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson, StudyFile
from engine.cli.terminal import (
    exit_with,
    job_context,
    print_json,
    print_problems,
    problem_json,
    told,
)

if TYPE_CHECKING:
    from engine.stages.packing import Packed


@told
def packet(
    study: StudyFile,
    grader: Annotated[str, typer.Argument(metavar="GRADER", help="Whose packet it is.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The packet to be made.")],
    as_json: AsJson = False,
) -> None:
    """Make a packet: a file with one grader's images and work, to be graded elsewhere.

    Nothing of other graders, of conditions or of metadata is in it, and its photographs are
    encoded anew with privacy boxes burnt in. The grader opens it like a study; merge brings the
    work back. Images without their photograph are listed and left out, with exit status 1. A
    file that exists is never replaced. The study is only read.
    """
    from engine.stages.packing import make_packet  # noqa: PLC0415 - loads numpy
    from engine.study.packet_file import write_packet  # noqa: PLC0415 - loads the database
    from engine.study.sqlite import open_study  # noqa: PLC0415

    with open_study(study, read_only=True) as opened, job_context(as_json=as_json) as job:
        packed = make_packet(opened, grader, out, job, write=write_packet)
    _tell(packed, as_json=as_json)
    exit_with(packed.problems)


def _tell(packed: "Packed", *, as_json: bool) -> None:
    if as_json:
        document = {
            "packet": str(packed.file),
            "grader": packed.grader,
            "images": packed.images,
            "readings": packed.readings,
            "bytes": packed.file.stat().st_size,
            "problems": [problem_json(problem) for problem in packed.problems],
        }
        print_json(document)
        return
    size = packed.file.stat().st_size / 2**20
    counts = f"{packed.images} images, {packed.readings} readings"
    typer.echo(f"Made {packed.file} for {packed.grader}: {counts}, {size:.1f} MiB")
    print_problems(packed.problems)
