"""Tells file dialogs what a study is by its name, so that none of them opens one to find out."""

import sys
from collections.abc import MutableMapping

from desktop_app.window.tokens import RESOURCES

DATA_FOLDERS = "XDG_DATA_DIRS"
USUAL = "/usr/local/share:/usr/share"
"""What the variable means where it is not set."""


def name_study_files(environment: MutableMapping[str, str], platform: str = sys.platform) -> None:
    """Add the kinds of files in ``resources/mime`` to those that the desktop knows.

    A dialog looks into each file of a folder whose name tells it nothing. Where the file is the
    open study, closing it again takes SQLite's locks away from this whole process (POSIX record
    locks belong to a process, not to a connection). Another program that then opens and closes the
    study believes that nobody else has it, and removes the write-ahead log under the window: what
    is stored from then on would be lost.
    """
    if platform.startswith("linux"):
        before = environment.get(DATA_FOLDERS) or USUAL
        environment[DATA_FOLDERS] = f"{before}:{RESOURCES}"
