"""The command line: every headless job as a sub-command of ``dermconcord``."""

import typer

from engine.cli import agreement, demo, doctor, explain, studies

application = typer.Typer(
    name="dermconcord",
    help=(
        "Measure how far graders agree on where skin pathology is, and whether a classifier"
        " looks where they looked.\n\n"
        "Typical order: new, import, agreement, explain. Try demo first."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
application.command("new")(studies.new)
application.command("import")(studies.import_)
application.command("agreement")(agreement.agreement)
application.command("explain")(explain.explain)
application.command("demo")(demo.demo)
application.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; exit status 0, 1 (problems in the data, listed) or 2 (usage)."""
    application()
