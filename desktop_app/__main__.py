"""``dermconcord``: the window where nothing, one study or the demo is named, else a command."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STUDY_SUFFIX = ".concord"
DEMO = ["demo"]
"""Opens the demo study where somebody sees it; with a folder, or without a screen, a command."""

NO_SCREEN = (
    "dermconcord: there is no screen to show a window on. The commands need none:"
    " dermconcord --help"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window or run a command; return the exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    shows_demo = arguments == DEMO and has_display(os.environ, sys.platform)
    if not shows_demo and not opens_window(arguments):
        return _run_command(arguments)
    if not has_screen(os.environ, sys.platform):
        print(NO_SCREEN, file=sys.stderr)
        return 2
    from desktop_app.main import run  # noqa: PLC0415 - commands load no Qt

    if shows_demo:
        return run(None, shows_demo=True)
    return run(Path(arguments[0]) if arguments else None)


def opens_window(arguments: Sequence[str]) -> bool:
    """Tell whether arguments ask for the window: none, or one study."""
    if not arguments:
        return True
    return len(arguments) == 1 and arguments[0].lower().endswith(STUDY_SUFFIX)


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether a window can be shown; without one, Qt would end the program."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether somebody sits before a screen; Qt's offscreen platform is none."""
    if not platform.startswith("linux"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _run_command(arguments: list[str]) -> int:
    from engine.cli import main as run_command  # noqa: PLC0415 - the window loads no commands

    sys.argv[1:] = arguments
    run_command()
    return 0


if __name__ == "__main__":
    sys.exit(main())
