"""``dermconcord assign``: who reads which image, evenly and in an order of their own."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import print_json, told, usage_error
from engine.domain.problem import refuse

if TYPE_CHECKING:
    from engine.graders.assignment import Balance


@told
def assign(
    study: StudyFile,
    graders: Annotated[
        str | None, typer.Option(metavar="NAMES", help="The pool, names separated by commas.")
    ] = None,
    graders_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The pool, one name on each line.", exists=True, dir_okay=False
        ),
    ] = None,
    per_image: Annotated[int, typer.Option(metavar="K", min=1, help="Graders for each image.")] = 3,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of the lots.")] = 0,
    repeats: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            min=0,
            max=0.5,
            help="Share of each grader's images that is read again, late in the order, to see how"
            " far graders agree with themselves.",
        ),
    ] = 0.0,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Ask some of a pool of graders to read each image of the study.

    Loads differ by at most one image and pairs of graders share images evenly; every grader has
    a fixed shuffled order. The same names and seed always give the same tasks. A second call
    keeps what was assigned and adds what is missing: for new images, for more graders an image,
    or for repeats. What cannot be assigned is refused with exit status 1.
    """
    from engine.graders.assignment import assign as draw  # noqa: PLC0415 - loads numpy
    from engine.graders.assignment import balance  # noqa: PLC0415
    from engine.study.protocol import Conflict  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    pool = _pool(graders, graders_file)
    with open_study(study) as opened:
        images = [image.path for image in opened.images()]
        if not images:
            raise refuse("no_images", str(study), "The study has no images", "Import them first")
        existing = opened.tasks()
        tasks = draw(
            images,
            pool,
            graders_per_image=per_image,
            seed=seed,
            existing=existing,
            repeat_share=repeats,
        )
        try:
            opened.assign_tasks(tasks, author=author, seed=seed)
        except Conflict as conflict:
            message = f"Somebody else assigned images meanwhile ({conflict})"
            raise refuse(
                "tasks_changed", str(study), message, "Run the command again"
            ) from conflict
    counts = {
        "images": len(images),
        "added": len(tasks) - len(existing),
        "unchanged": len(existing),
    }
    _tell(counts, balance(tasks, pool), as_json=as_json)


def _pool(graders: str | None, file: Path | None) -> list[str]:
    if (graders is None) == (file is None):
        usage_error("give the graders once, with --graders or with --graders-file")
    names = graders.split(",") if graders is not None else _lines(file)
    return [name.strip() for name in names if name.strip()]


def _lines(file: Path | None) -> list[str]:
    assert file is not None
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        usage_error(f"--graders-file {file}: the file is not in UTF-8; save it as UTF-8")
    except OSError as error:
        usage_error(f"--graders-file {file}: the file cannot be read ({error.strerror})")


def _tell(counts: dict[str, int], found: "Balance", *, as_json: bool) -> None:
    if as_json:
        print_json({**counts, **asdict(found), "problems": []})
        return
    typer.echo(f"Assigned {counts['added']} readings; {counts['unchanged']} were there already")
    width = max(map(len, found.loads))
    for grader, load in found.loads.items():
        again = found.repeats[grader]
        typer.echo(f"  {grader:<{width}}  {load:>6} images" + f", {again} twice" * bool(again))
    if len(found.loads) > 1:
        typer.echo(f"Two graders share {found.fewest_shared} to {found.most_shared} images")
