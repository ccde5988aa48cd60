"""The image that a name in a file means: by path, then file name, then stem; never guessed."""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from engine.domain.image import Image
from engine.domain.problem import Problem
from engine.images.formats import IMAGE_SUFFIXES

SHOWN_CANDIDATES = 5


class ImageNames:
    """All images of a study by their names; images can be added while importing.

    Parameters
    ----------
    images
        What the study holds already.
    folder
        The study's folder, to which the images' paths are relative; with it, a name that a file
        gives relative to itself is found without doubt.
    """

    def __init__(self, images: Iterable[Image] = (), *, folder: Path | None = None) -> None:
        self.folder = folder
        self._by_path: dict[str, Image] = {}
        self._by_file: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for image in images:
            self.add(image)

    def add(self, image: Image) -> None:
        """Add an image, or bring the one of the same path up to date."""
        path = _composed(image.path)
        if path not in self._by_path:
            name = PurePosixPath(path).name
            self._by_file.setdefault(name, []).append(path)
            self._by_stem.setdefault(_stem(name), []).append(path)
        self._by_path[path] = image

    def __len__(self) -> int:
        return len(self._by_path)

    def __contains__(self, path: str) -> bool:
        """Return True where an image has exactly this path."""
        return _composed(path) in self._by_path

    def find(self, name: str, *, beside: Path | None = None) -> tuple[Image, ...]:
        """Return the images a name may mean: none, the one, or several that it does not tell apart.

        Letters are compared exactly. Where several images share a file name or a stem, the
        folders in `name` decide as far as they agree with the images' paths. An image without
        pixels is no more than what files call it: under other folders it is another image.

        Parameters
        ----------
        name
            A path, a file name or a stem, with slashes of either kind.
        beside
            Folder of the file that gives the name, to which it may be relative.
        """
        if image := self.exact(name, beside=beside):
            return (image,)
        plain = _plain(name)
        file_name = PurePosixPath(plain).name
        found = self._by_file.get(file_name) or self._by_file.get(_stem(file_name)) or []
        by_stem = self._by_stem.get(_stem(file_name), [])
        paths = self._fitting(found, plain) or self._fitting(by_stem, plain)
        return tuple(self._by_path[path] for path in paths)

    def _fitting(self, paths: Sequence[str], name: str) -> list[str]:
        """Keep the paths whose folders agree with those of the name, else those with pixels."""
        agreeing = [path for path in paths if _agree(path, name)]
        return agreeing or [path for path in paths if self._by_path[path].has_pixels]

    def without_pixels(self, path: str) -> tuple[Image, ...]:
        """Return the images by name only that a photograph of this path may be of.

        They are those whose folders agree with the path's, else all of its stem.
        """
        plain = _plain(path)
        found = self._by_stem.get(_stem(PurePosixPath(plain).name), [])
        paths = [other for other in found if not self._by_path[other].has_pixels]
        agreeing = [other for other in paths if _agree(other, plain)]
        return tuple(self._by_path[other] for other in agreeing or paths)

    def exact(self, name: str, *, beside: Path | None = None) -> Image | None:
        """Return the image of exactly this path, relative to `beside` or to the study, or None."""
        paths = (*self._relative(name, beside), _composed(name), _plain(name))
        return next((self._by_path[path] for path in paths if path in self._by_path), None)

    def at(self, file: Path) -> Image | None:
        """Return the image whose pixels are this very file, or None."""
        paths = self._relative(file.name, file.parent)
        return next((self._by_path[path] for path in paths if path in self._by_path), None)

    def _relative(self, name: str, beside: Path | None) -> tuple[str, ...]:
        if self.folder is None or beside is None or "\0" in name:
            return ()
        try:
            path = os.path.relpath(beside / name.replace("\\", "/"), self.folder)
        except ValueError:  # another drive of Windows
            return ()
        return (_composed(Path(path).as_posix()),)


def ambiguous(where: str, name: str, candidates: Iterable[Image]) -> Problem:
    """Return the problem of a name that fits more than one image."""
    paths = sorted(image.path for image in candidates)
    shown = ", ".join(paths[:SHOWN_CANDIDATES])
    more = f" and {len(paths) - SHOWN_CANDIDATES} more" if len(paths) > SHOWN_CANDIDATES else ""
    return Problem(
        "image_ambiguous",
        where,
        f"the name '{name}' fits {len(paths)} images: {shown}{more}",
        "Give the path of the image instead of its bare name",
    )


def proper_name(name: str) -> str:
    """Return the name under which an image without pixels enters the study.

    Folders are kept where the name is relative; of another computer's path only the file name.
    """
    plain = _plain(name)
    is_rooted = name.startswith("/") or "://" in name or PureWindowsPath(name).drive
    return PurePosixPath(plain).name if is_rooted else plain


def are_of_one_image(name: str, other: str) -> bool:
    """Return False for two names whose folders contradict each other.

    A path of another computer has no folders that count.
    """
    return _agree(proper_name(name), proper_name(other))


def _composed(name: str) -> str:
    """Return a name with letters and accents composed, as most systems but macOS write them."""
    return unicodedata.normalize("NFC", name)


def _plain(name: str) -> str:
    """Return a name with forward slashes and without ``.``, ``..`` and root."""
    parts = _composed(name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _stem(name: str) -> str:
    """Return a name without the suffix of an image; ``ISIC.001`` has none."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and f"{dot}{suffix}".lower() in IMAGE_SUFFIXES else name


def _agree(path: str, name: str) -> bool:
    """Return True where the folders of one end with all of the other's, who may have none."""
    one, other = (f"/{each}".rpartition("/")[0] for each in (path, name))
    return one.endswith(other) or other.endswith(one)
