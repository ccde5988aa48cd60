"""What a report of a bug says: where in the program it was, and nothing of the study.

It holds types, functions, files of the program, line numbers and versions. The words of an error
are left out unless Python itself wrote them, because they may name a photograph or a person.
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath

PACKAGES = ("desktop_app", "engine", "resources")
ITS_OWN_WORDS = (
    AttributeError,
    ImportError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ZeroDivisionError,
)
"""Errors whose words speak of the program; what is quoted in them is kept where it is a name."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,80}")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
LOOKS_LIKE_A_PATH = re.compile(r"\S*[/\\]\S*|\S+\.(?:concord|jpe?g|png|tiff?|csv|dcm|heic)\b", re.I)
LEFT_OUT = "…"
WORDS_LEFT_OUT = "(its words are left out: they may name files or people of the study)"


def report_of(
    error: BaseException,
    *,
    number: str,
    time: datetime,
    thread: str,
    versions: Mapping[str, str],
) -> str:
    """Return the text of a report.

    Parameters
    ----------
    number
        Identifies the report, so that a person can name it.
    """
    head = {
        "Report": number,
        "Time": time.isoformat(timespec="seconds"),
        **versions,
        "Thread": thread,
    }
    lines = [f"{what}: {value}" for what, value in head.items()]
    return "\n".join([*lines, "", *_chain(error), ""])


def place_of(error: BaseException) -> str:
    """Return where an error happened, the same for the same bug."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f"{_short(last.filename)}:{last.lineno}" if last else ""
    return f"{type(error).__qualname__} {where}"


def words_of(error: BaseException) -> str:
    """Return the words of an error as far as they cannot speak of the study."""
    if not isinstance(error, ITS_OWN_WORDS):
        return WORDS_LEFT_OUT
    without_paths = LOOKS_LIKE_A_PATH.sub(LEFT_OUT, str(error))
    return QUOTED.sub(_name_only, without_paths)


def _chain(error: BaseException) -> Iterator[str]:
    """Yield an error after the ones that led to it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before)
        yield ""
        yield "which led to"
        yield ""
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}, line {frame.lineno}, in {frame.name}"
        if frame.line and _is_ours(frame.filename):
            yield f"    {frame.line}"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {words_of(error)}"


def _name_only(quoted: re.Match[str]) -> str:
    inner = quoted.group()[1:-1]
    return quoted.group() if NAME.fullmatch(inner) else f"'{LEFT_OUT}'"


def _is_ours(filename: str) -> bool:
    return not _short(filename).startswith(("(", "site-packages"))


def _short(filename: str) -> str:
    """Return a file's path from its package on, so that nobody's folders are told."""
    parts = PurePath(filename).parts
    for at in range(len(parts) - 1, -1, -1):
        if parts[at] == "site-packages" or (parts[at] in PACKAGES and at < len(parts) - 1):
            return "/".join(parts[at:])
    return f"(outside) {PurePath(filename).name}"
