"""Names of exported files: inside their folder on every system, and no two the same."""

import re
import unicodedata
from os.path import splitext
from pathlib import PurePosixPath

from engine.domain.grading import Grading, Role

MAX_PART = 150
"""Bytes of one name; file systems take 255, and a number and a suffix are still to come."""

MAX_PATH = 180
"""Bytes of a name with its folders; beyond it the folders are dropped (Windows takes 260)."""

_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.I)
_UNWANTED = re.compile(r'[<>:"|?*\x00-\x1f\x7f]|^\.|\.(?=concord|manifest\b)', re.I)
"""What Windows does not take, and what would make a file hidden or one of the study's own."""


def safe_path(name: str) -> str:
    """Return a relative path with forward slashes that resembles a name and leads nowhere else.

    Root, ``.`` and ``..`` are dropped, letters that a system refuses, such as a drive's colon,
    become ``_``, names that Windows reserves get a ``_`` in front, and long ones are cut.
    """
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    parts = [_safe_part(part) for part in re.split(r"[/\\]", text) if part.strip(". ")]
    path = "/".join(parts) or "unnamed"
    return path if len(path.encode()) <= MAX_PATH else parts[-1]


def stem_of(path: str) -> str:
    """Return an image's path without the suffix of its file."""
    return splitext(path)[0]


def reader_name(grading: Grading) -> str:
    """Return what the file or folder of a grading's reader is called, itself in no folder.

    Readings in other roles than the usual one have their own.
    """
    role = "" if grading.role is Role.ASSIGNED else f"-{grading.role}"
    return re.sub(r"[/\\]", "_", f"{grading.grader}{role}")


def _safe_part(part: str) -> str:
    shown = _UNWANTED.sub("_", part.strip(" ")).encode()[:MAX_PART].decode(errors="ignore")
    kept = shown.rstrip(" .")
    return f"_{kept}" if _RESERVED.fullmatch(kept) else kept


class FreeNames:
    """Hands out paths inside one folder; no two are the same, also where letters' case is one."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._numbers: dict[str, int] = {}

    def take(self, name: str, suffix: str = "") -> str:
        """Return a free path for a name, with a number where an earlier name has taken it.

        Parameters
        ----------
        suffix
            Put behind the name, such as ``.json``.
        """
        path = safe_path(name)
        if not self._folders_of(f"{path}{suffix}").isdisjoint(self._files):
            path = path.replace("/", "_")
        number = self._numbers.get(_key(path), 1)
        candidate = f"{path}{suffix}" if number == 1 else f"{path}-{number}{suffix}"
        while _key(candidate) in self._files or _key(candidate) in self._folders:
            number += 1
            candidate = f"{path}-{number}{suffix}"
        self._numbers[_key(path)] = number
        self._files.add(_key(candidate))
        self._folders |= self._folders_of(candidate)
        return candidate

    def _folders_of(self, path: str) -> set[str]:
        return {_key(str(folder)) for folder in PurePosixPath(path).parents[:-1]}


class ReaderFolders:
    """Hands out paths in a folder for each grader in each role, none of them twice."""

    def __init__(self) -> None:
        self._folders = FreeNames()
        self._names: dict[tuple[str, Role], tuple[str, FreeNames]] = {}

    def take(self, grading: Grading, name: str, suffix: str) -> str:
        """Return a free path ``folder/name`` with its suffix."""
        reader = grading.grader, grading.role
        if reader not in self._names:
            self._names[reader] = (self._folders.take(reader_name(grading)), FreeNames())
        folder, names = self._names[reader]
        return f"{folder}/{names.take(name, suffix)}"


def _key(path: str) -> str:
    """Return what file systems that ignore the case of letters take a path for."""
    return unicodedata.normalize("NFC", path.casefold())
