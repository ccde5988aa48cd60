"""What a lead says of images: sent back, asked of one more, adjudicated, boxed, labelled."""

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import (
    exit_with,
    print_json,
    print_problems,
    problem_json,
    told,
    usage_error,
)
from engine.domain.problem import Problem, Refusal, refuse

if TYPE_CHECKING:
    from engine.domain.grading import Adjudication
    from engine.domain.image import Image, PrivacyBox
    from engine.domain.polygon import Region
    from engine.study.protocol import Study

ImageName = Annotated[
    str, typer.Argument(metavar="IMAGE", help="Its path in the study, file name or stem.")
]
Grader = Annotated[str, typer.Argument(metavar="GRADER", help="Name of the grader.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, in your words.")]

NEGATIVE_NUMBERS = {"ignore_unknown_options": True}
"""Settings of a command whose arguments may be negative numbers, which look like options."""


@told
def send_back(
    study: StudyFile,
    image: ImageName,
    grader: Grader,
    reason: Reason,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Send a grader's reading back to be looked at again.

    It counts as incomplete until it is done again. Agreement between graders goes on counting
    the first reading. A reading that is not done is refused with exit status 1.
    """
    from engine.study.protocol import Conflict  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    _require_text(reason)
    with open_study(study) as opened:
        path = _find(opened, image).path
        try:
            sent = opened.send_back(path, grader, reason=reason, author=author)
        except Conflict as conflict:
            message = f"The grader went on meanwhile ({conflict})"
            raise refuse("reading_changed", path, message, "Look at it again") from conflict
    if as_json:
        print_json({"image": path, "grader": grader, "revision": sent.number, "problems": []})
    else:
        typer.echo(f"Sent {path} back to {grader} (revision {sent.number})")


@told
def ask_extra(
    study: StudyFile,
    image: ImageName,
    grader: Grader,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Ask one more grader to read an image.

    An extra reading enters the consensus, not the agreement between graders. Who reads the image
    already is refused with exit status 1.
    """
    from engine.domain.grading import Role  # noqa: PLC0415 - loads numpy
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    grader = grader.strip()
    if not grader:
        usage_error("GRADER: name the grader")
    with open_study(study) as opened:
        path = _find(opened, image).path
        if any(reading.grader == grader for reading in opened.readings_of(path)):
            message = "The grader reads this image already"
            raise refuse("already_asked", f"{path}, {grader}", message, "Ask another grader")
        opened.assign(path, grader, Role.EXTRA, author=author)
    if as_json:
        print_json({"image": path, "grader": grader, "role": "extra", "problems": []})
    else:
        typer.echo(f"Asked {grader} to read {path} as an extra grader")


@told
def adjudicate(
    study: StudyFile,
    image: ImageName,
    reason: Reason,
    grader: Annotated[
        str | None, typer.Option(metavar="NAME", help="Adopt this grader's region.")
    ] = None,
    majority: Annotated[
        bool, typer.Option("--majority", help="Adopt what most graders marked, as it is now.")
    ] = False,
    region: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Take a region edited in labelme.", exists=True, dir_okay=False
        ),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Let the adjudication count no longer.")
    ] = False,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Decide which region counts for an image, in place of the graders' consensus.

    The region is copied: later gradings never change it. Earlier decisions on the image are kept
    and count no longer. What cannot be adopted is refused with exit status 1.
    """
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    _require_text(reason)
    if [grader is not None, majority, region is not None, withdraw].count(True) != 1:
        usage_error("give one of --grader, --majority, --region and --withdraw")
    with open_study(study) as opened:
        found = _find(opened, image)
        if withdraw:
            opened.withdraw_adjudication(found.path, reason=reason, author=author)
            decision, problems = None, list[Problem]()
        else:
            decision, problems = _decide(
                opened, found, reason=reason, author=author, grader=grader, file=region
            )
            opened.adjudicate(decision, author=author)
    _tell_decision(found.path, decision, problems, as_json=as_json)


def _decide(
    study: "Study",
    image: "Image",
    *,
    reason: str,
    author: str,
    grader: str | None,
    file: Path | None,
) -> tuple["Adjudication", list[Problem]]:
    """Return the decision for a grader's region, a file's, or else the majority's."""
    from engine.domain.grading import Adopted  # noqa: PLC0415 - loads numpy
    from engine.formats.edited_region import read_edited_region  # noqa: PLC0415
    from engine.graders.adopting import decide  # noqa: PLC0415
    from engine.study.sqlite import utc_now  # noqa: PLC0415
    from engine.study.sqlite_study import iso_time  # noqa: PLC0415

    problems: list[Problem] = []
    region: Region = ()
    adopted = Adopted.GRADER if grader is not None else Adopted.MAJORITY
    if file is not None:
        adopted = Adopted.EDITED
        region, problems = read_edited_region(file, image)
    decision = decide(
        image,
        study.readings_of(image.path),
        study.options().settings.agreement,
        adopted,
        grader=grader or "",
        region=region,
        author=author,
        time=iso_time(utc_now()),
        reason=reason,
    )
    return decision, problems


def _tell_decision(
    image: str, decision: "Adjudication | None", problems: list[Problem], *, as_json: bool
) -> None:
    if as_json:
        document = {
            "image": image,
            "adopted": decision.adopted.value if decision else None,
            "grader": decision.grader if decision else "",
            "polygons": len(decision.region) if decision else 0,
            "problems": [problem_json(problem) for problem in problems],
        }
        print_json(document)
        return
    if decision is None:
        typer.echo(f"Withdrew the adjudication of {image}")
    else:
        whose = f"{decision.grader}'s" if decision.grader else f"the {decision.adopted.value}"
        count = len(decision.region)
        typer.echo(f"Adopted {whose} region for {image} ({count} polygon{'s' * (count != 1)})")
    print_problems(problems)


@told
def privacy_box(
    study: StudyFile,
    image: ImageName,
    corners: Annotated[
        list[float] | None,
        typer.Argument(
            metavar="[LEFT TOP RIGHT BOTTOM]", help="Pixels of the upright full-size image."
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all boxes of the image.")] = False,
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Cover a part of an image in all pictures that leave the study.

    The box joins those that the image has; the analysis sees the full image. A box that lies
    outside the image is refused with exit status 1.
    """
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    if clear == bool(corners) or len(corners or ()) not in (0, 4):
        usage_error("give LEFT TOP RIGHT BOTTOM, or --clear")
    with open_study(study) as opened:
        found = _find(opened, image)
        boxes: list[PrivacyBox] = []
        if corners:
            boxes = [*opened.privacy_boxes().get(found.path, ()), _box(corners, found)]
        opened.set_privacy_boxes(found.path, boxes, author=author)
    if as_json:
        listed = [[box.left, box.top, box.right, box.bottom] for box in boxes]
        print_json({"image": found.path, "boxes": listed, "problems": []})
    else:
        typer.echo(f"{found.path} has {len(boxes)} privacy box{'es' * (len(boxes) != 1)}")


def _box(corners: list[float], image: "Image") -> "PrivacyBox":
    """Return the part of a box that lies in the image."""
    from engine.domain.image import PrivacyBox  # noqa: PLC0415

    left, top, right, bottom = corners
    if not all(map(isfinite, corners)):
        usage_error("LEFT TOP RIGHT BOTTOM must be finite numbers")
    left, right = max(left, 0), min(right, image.width)
    top, bottom = max(top, 0), min(bottom, image.height)
    if left >= right or top >= bottom:
        size = f"{image.width} x {image.height} pixels"
        message = f"The box covers nothing of the image, which has {size}"
        raise refuse("empty_box", image.path, message, "Give LEFT < RIGHT and TOP < BOTTOM in it")
    return PrivacyBox(left, top, right, bottom)


@told
def label(
    study: StudyFile,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV with a column image, and a column parts or one with 0 and 1 for each part.",
            exists=True,
            dir_okay=False,
        ),
    ],
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Label which body parts images show, from a CSV file.

    Parts are separated by ';' and named as in resources/body_parts.toml; 'none' says that the
    image shows none of them. A later label replaces the image's earlier one. Rows that cannot be
    used are listed and left out, with exit status 1.
    """
    from engine.formats.body_parts import read_labels, read_vocabulary  # noqa: PLC0415
    from engine.formats.names import ImageNames  # noqa: PLC0415
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    with open_study(study) as opened:
        names = ImageNames(opened.images(), folder=opened.folder)
        labels, problems = read_labels(
            file, read_vocabulary(), lambda name: names.find(name, beside=file.parent)
        )
        changes = opened.label_body_parts(labels, author=author)
    problems += changes.problems
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
    }
    if as_json:
        print_json({**counts, "problems": [problem_json(problem) for problem in problems]})
    else:
        typer.echo("labels: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
        print_problems(problems)
    exit_with(problems)


def _require_text(reason: str) -> None:
    if not reason.strip():
        usage_error("--reason: say why")


def _find(study: "Study", name: str) -> "Image":
    """Return the image that a name on the command line means.

    Raises
    ------
    Refusal
        No image of the study is called so, or several are.
    """
    from engine.formats.names import ImageNames, ambiguous  # noqa: PLC0415 - loads numpy

    names = ImageNames(study.images(), folder=study.folder)
    found = names.find(name, beside=Path.cwd())
    if len(found) > 1:
        raise Refusal(ambiguous(name, name, found))
    if not found:
        message = "No image of the study is called so"
        raise refuse("image_unknown", name, message, "Give its path relative to the study")
    return found[0]
