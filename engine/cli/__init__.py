"""The command line: every headless job as a sub-command of ``dermconcord``."""

import io
import sys
from typing import Annotated

import typer

from engine.cli import (
    agreement,
    assign,
    conditions,
    demo,
    doctor,
    explain,
    export,
    instruct,
    lead,
    merge,
    methods,
    packet,
    reassign,
    report,
    settings,
    studies,
)

application = typer.Typer(
    name="dermconcord",
    help=(
        "Measure how far graders agree on where skin pathology is, and whether a classifier"
        " looks where they looked.\n\n"
        "Typical order: new, import, agreement, explain, report. Try demo first.\n\n"
        "Exit status: 0 done, 1 problems in the data (they are listed), 2 wrong usage,"
        " 130 stopped by Ctrl+C."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
application.command("new")(studies.new)
application.command("import")(studies.import_)
application.command("assign")(assign.assign)
application.command("reassign")(reassign.reassign)
application.command("instruct")(instruct.instruct)
application.command("settings")(settings.settings)
application.command("packet")(packet.packet)
application.command("merge")(merge.merge)
application.command("agreement")(agreement.agreement)
application.command("send-back")(lead.send_back)
application.command("ask-extra")(lead.ask_extra)
application.command("adjudicate")(lead.adjudicate)
application.command("privacy-box", context_settings=lead.NEGATIVE_NUMBERS)(lead.privacy_box)
application.command("label")(lead.label)
application.command("conditions")(conditions.conditions)
application.command("explain")(explain.explain)
application.command("report")(report.report)
application.command("compare")(methods.compare)
application.command("sanity")(methods.sanity)
application.command("export")(export.export)
application.command("demo")(demo.demo)
application.command("doctor")(doctor.doctor)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        typer.echo(f"dermconcord {version('dermconcord')}")
        raise typer.Exit


@application.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line; exit status 0, 1 (problems in the data, listed), 2 (usage) or 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a character that the terminal's encoding lacks is written as its code
            stream.reconfigure(errors="backslashreplace")
    application()
