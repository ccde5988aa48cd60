"""Python factories: their source is found without importing it, and run as it was read."""

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import ExecutionLoader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import accumulate
from pathlib import Path, PurePosixPath
from types import ModuleType


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The code of a module, as it was read once.

    Attributes
    ----------
    module
        Its name, ``package.module``.
    root
        Folder that holds its top-level package, or the module itself.
    files
        Content of the module, or of every ``.py`` file of its top-level package, by path
        relative to `root`, with forward slashes.
    is_installed
        False where it lies in the card's own folder.
    """

    module: str
    root: Path
    files: Mapping[str, bytes]
    is_installed: bool


def find_source(module: str, folder: Path) -> Source | None:
    """Find a module's source in the card's folder, else among the installed packages.

    Nothing is imported, parent packages neither, so none of the code runs.

    Returns
    -------
    Source or None
        None where there is no such module, or it is not written in Python.
    """
    importlib.invalidate_caches()
    parts = module.split(".")
    for roots in ([str(folder)], None):
        origin = _origin(parts, roots)
        if origin is not None:
            return _read(module, origin, is_installed=roots is None)
    return None


def _origin(parts: Sequence[str], roots: list[str] | None) -> Path | None:
    """Return the file of a module below one of the roots (None: those of `sys.path`)."""
    spec = None
    for part in parts:
        spec = PathFinder.find_spec(part, roots)
        if spec is None:
            return None
        roots = list(spec.submodule_search_locations or [])
    is_source = spec is not None and isinstance(spec.loader, SourceFileLoader)
    return Path(spec.origin) if spec and spec.origin and is_source else None


def _read(module: str, origin: Path, *, is_installed: bool) -> Source:
    depth = module.count(".")
    is_package = origin.name == "__init__.py"
    root = origin.parents[depth + is_package]
    alone = depth == 0 and not is_package
    paths = [origin] if alone else (root / module.split(".", maxsplit=1)[0]).rglob("*.py")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}
    return Source(module, root, files, is_installed)


def load_source(source: Source) -> ModuleType:
    """Run a module and return it; whatever it raises passes through.

    One from a card's folder is run from the bytes that were read, under a name of its own, so
    cards with modules of one name do not collide and `sys.path` stays as it is. Files of a package
    must import each other relatively.
    """
    if source.is_installed:
        return importlib.import_module(source.module)
    prefix = f"dermconcord_card_{_fingerprint(source)}"
    if prefix not in sys.modules:
        sys.meta_path.insert(0, _AsRead(prefix, source))
    return importlib.import_module(f"{prefix}.{source.module}")


def _fingerprint(source: Source) -> str:
    told = repr((str(source.root), sorted(source.files.items())))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Module:
    file: Path
    content: bytes
    is_package: bool


class _AsRead(MetaPathFinder, ExecutionLoader):
    """Imports the modules below a prefix from the bytes that were read, and from nothing else."""

    def __init__(self, prefix: str, source: Source) -> None:
        self._modules = _modules(prefix, source)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._modules:
            return None
        spec = importlib.util.spec_from_loader(fullname, self)
        if spec is not None and spec.submodule_search_locations is not None:
            spec.submodule_search_locations = []  # nothing beside what was read may be imported
        return spec

    def get_filename(self, fullname: str) -> str:
        return str(self._modules[fullname].file)

    def get_source(self, fullname: str) -> str:
        return importlib.util.decode_source(self._modules[fullname].content)

    def is_package(self, fullname: str) -> bool:
        return self._modules[fullname].is_package


def _modules(prefix: str, source: Source) -> dict[str, _Module]:
    """Return the modules by full name, folders as packages and the prefix among them."""
    modules = {prefix: _Module(source.root, b"", is_package=True)}
    for file, content in source.files.items():
        parts = PurePosixPath(file).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        names = list(accumulate((prefix, *parts[: -1 if is_package else None]), "{}.{}".format))
        for name in names[1:-1]:
            modules.setdefault(name, _Module(source.root, b"", is_package=True))
        modules[names[-1]] = _Module(source.root / file, content, is_package)
    return modules
