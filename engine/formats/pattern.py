"""Grader and image as a file's name or path tells them, by a pattern such as {grader}_{image}."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

PLACES = ("grader", "image")


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name says; empty where the pattern does not ask for it."""

    grader: str = ""
    image: str = ""


@lru_cache(maxsize=32)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return the anchored expression of a name pattern.

    The grader is taken as short as possible and lies in one folder name; the image takes the
    rest, and may span folders where the pattern itself has a ``/``.

    Raises
    ------
    ValueError
        A place other than ``{grader}`` and ``{image}``, one of them twice, or no ``{image}``.
    """
    pieces = re.split(r"\{(\w*)\}", pattern)
    places = pieces[1::2]
    if "image" not in places:
        raise ValueError(f"the name pattern '{pattern}' must contain {{image}}")
    if len(set(places)) < len(places) or not set(places) <= set(PLACES):
        raise ValueError(
            f"the name pattern '{pattern}' may hold {{image}} and {{grader}} once each"
        )
    if any("{" in text or "}" in text for text in pieces[::2]):
        raise ValueError(f"the name pattern '{pattern}' has a brace that is not closed")
    image = r".+" if "/" in pattern else r"[^/]+"
    groups = {"grader": r"(?P<grader>[^/]+?)", "image": f"(?P<image>{image})"}
    parts = [groups[text] if at % 2 else re.escape(text) for at, text in enumerate(pieces)]
    return re.compile("".join(parts), re.DOTALL)


def read_name(pattern: str, label: str, inside: str) -> Named | None:
    """Read grader and image from where a file lies; None where the pattern does not fit.

    Parameters
    ----------
    pattern
        With a ``/`` it is held against the path, else against the file's stem.
    label
        Path of the file beginning with the given folder's own name, ``expert_1/seg_B01.png``.
    inside
        Path of the file inside the given folder, ``seg_B01.png``; tried first.
    """
    expression = compile_pattern(pattern)
    paths = (inside, label) if "/" in pattern else (PurePath(inside).name,)
    stems = [str(PurePath(path).with_suffix("").as_posix()) for path in paths]
    for text in (*stems, *paths):
        if match := expression.fullmatch(text):
            found = match.groupdict()
            return Named(found.get("grader", "").strip(), found["image"].strip())
    return None
