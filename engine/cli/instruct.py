"""``dermconcord instruct``: what a study lays down for its graders."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.options import AsJson, Author, StudyFile
from engine.cli.terminal import print_json, told, usage_error

if TYPE_CHECKING:
    from engine.domain.options import StudyOptions

SHOWN = ("instructions", "masks_names", "leads", "analysts")
"""The options that are told here; ``dermconcord settings`` tells of the settings."""


@told
def instruct(
    study: StudyFile,
    instructions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.md",
            help="What graders are to do, in Markdown; an empty file takes it back.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    masks_names: Annotated[
        bool | None,
        typer.Option(
            "--mask-names/--show-names", help="Whether graders see numbers for image names."
        ),
    ] = None,
    lead: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="Who may see the whole study in the window; may be repeated, and replaces those"
            " named before.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    analyst: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="Who may explain classifiers in the window, beside the leads; as --lead.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    author: Author = "unknown",
    as_json: AsJson = False,
) -> None:
    """Lay down what graders are told and shown, who leads the study, and who explains models.

    What is not given stays as it is; without an option the command only tells what holds. Packets
    take the instructions and the masking along as they are when the packet is made, no names.
    """
    from engine.study.sqlite import open_study  # noqa: PLC0415 - loads the database

    given = {
        "instructions": _text(instructions) if instructions else None,
        "masks_names": masks_names,
        "leads": _names("--lead", lead) or None,
        "analysts": _names("--analyst", analyst) or None,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with open_study(study, read_only=not changes) as opened:
        options = replace(opened.options(), **changes)
        if changes:
            opened.set_options(options, author=author)
    _tell(options, as_json=as_json)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        usage_error(f"--instructions {file}: the file is not in UTF-8; save it as UTF-8")
    except OSError as error:
        usage_error(f"--instructions {file}: the file cannot be read ({error.strerror})")


def _names(option: str, given: list[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in given))
    if "" in names:
        usage_error(f"{option}: name the person")
    return names


def _tell(options: "StudyOptions", *, as_json: bool) -> None:
    if as_json:
        told = {name: getattr(options, name) for name in SHOWN}
        print_json({**told, "problems": []})
        return
    lines = options.instructions.splitlines()
    typer.echo(f"instructions:  {len(lines)} lines" if lines else "instructions:  none")
    typer.echo(f"image names:   {'masked' if options.masks_names else 'shown'}")
    typer.echo(f"leads:         {', '.join(options.leads) or 'none named'}")
    typer.echo(f"analysts:      {', '.join(options.analysts) or 'none named'}")
