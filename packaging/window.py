"""Where the graders' program starts: the window alone, with the file that it is given."""

import sys

from desktop_app.__main__ import main as open_window
from desktop_app.__main__ import opens_window

USAGE = """usage: dermconcord [FILE.concord]

Opens the window, with a packet or a study where one is given. This is the graders' program; the
other commands need the full installation.
"""


def main(arguments: list[str]) -> int:
    """Open the window and return the exit status."""
    if opens_window(arguments):
        return open_window(arguments)
    wanted = arguments in (["-h"], ["--help"])
    stream = sys.stdout if wanted else sys.stderr
    if stream is not None:  # there is none where the program was not started from a terminal
        stream.write(USAGE)
    return 0 if wanted else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
