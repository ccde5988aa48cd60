"""What the graders' program holds: what its window shows and nothing else, so no torch.

The names are PyInstaller's: an *entry* is (destination, source, kind), and a destination is
relative to the program's folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath

Entry = tuple[str, str, str]

DISTRIBUTIONS = frozenset({
    "alembic", "annotated-types", "defusedxml", "mako", "markupsafe", "numpy", "pillow",
    "pillow-heif", "platformdirs", "pydantic", "pydantic-core", "pydicom", "pyside6-essentials",
    "shapely", "shiboken6", "sqlalchemy", "typing-extensions", "typing-inspection",
})  # fmt: skip
"""Whose modules may be in the program; all others that are installed are kept out by name."""

QT_MODULES = frozenset({"QtCore", "QtGui", "QtWidgets", "QtSvg"})
"""What the window imports of PySide6."""

LEFT_OUT = (
    "desktop_app.explain",
    "desktop_app.plots",
    "desktop_app.review",
    "desktop_app.setup",
    "engine.cli",
    "PIL._imagingft",
    "numpy.f2py",
    "numpy.testing",
    "pydantic.mypy",
    "pydantic.v1",
    "_ssl",
    "_tkinter",
    "pydoc_data",
    "ssl",
    "tkinter",
    "unittest",
    "xmlrpc",
)
"""Parts of what is in the program that its window never calls."""

QT_PLUGINS = frozenset({
    "iconengines/qsvgicon",
    "imageformats/qsvg",
    "platforminputcontexts/composeplatforminputcontextplugin",
    "platforminputcontexts/ibusplatforminputcontextplugin",
    "platforms/qcocoa",
    "platforms/qoffscreen",
    "platforms/qwayland",
    "platforms/qwindows",
    "platforms/qxcb",
    "platformthemes/qxdgdesktopportal",
    "styles/qmacstyle",
    "styles/qmodernwindowsstyle",
    "wayland-decoration-client/adwaita",
    "wayland-decoration-client/bradient",
    "wayland-shell-integration/xdg-shell",
})  # fmt: skip
"""Qt plugins that the window uses on one system or another; photographs are not read by Qt."""

SYSTEM_LIBRARIES = frozenset({
    "libexpat.so.1",
    "libgcc_s.so.1",
    "libmvec.so.1",
    "libstdc++.so.6",
})  # fmt: skip
"""Libraries that every Linux desktop has, and that would ask for a newer C library than ours do."""

RESOURCES = ("body_parts.toml", "demo/card.toml", "icons/*", "mime/**/*", "themes/*")
"""Files of ``resources`` that the window reads."""

MIGRATIONS = "engine/study/migrations"
"""Scripts that the store reads as files, beside the module that runs them."""

_PLUGIN = re.compile(
    r"PySide6/(?:Qt/)?plugins/(?P<kind>[^/]+)/(?:lib)?(?P<name>[^/]+?)\.(?:so|dll|dylib)$"
)
_PRUNED = re.compile(
    r"PySide6/(?:Qt/)?(?:translations|resources)/|/INSTALLER$|/RECORD$|/direct_url\.json$"
)
_CODE = ("EXTENSION", "BINARY")


def unwanted_modules(
    distributions_of: Mapping[str, Sequence[str]], qt_modules: Iterable[str]
) -> list[str]:
    """Return the modules to keep out, whatever else is installed beside the program.

    Parameters
    ----------
    distributions_of
        For each module at the top, the distributions that bring it.
    qt_modules
        All modules of the PySide6 that is installed.
    """
    others = [
        module
        for module, names in distributions_of.items()
        if module.isidentifier() and DISTRIBUTIONS.isdisjoint(map(normalised, names))
    ]
    of_qt = [f"PySide6.{name}" for name in qt_modules if name not in QT_MODULES]
    return sorted({*others, *of_qt, *LEFT_OUT} - {"engine", "desktop_app", "resources"})


def normalised(distribution: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def data_files(root: Path) -> list[tuple[str, str]]:
    """Return what is read as files, each with the folder in the program that it goes to."""
    resources = [
        file
        for pattern in RESOURCES
        for file in sorted((root / "resources").glob(pattern))
        if file.is_file()
    ]
    migrations = sorted((root / MIGRATIONS).rglob("*.py"))
    files = [*resources, *migrations]
    return [(str(file), file.parent.relative_to(root).as_posix()) for file in files]


def migration_modules(root: Path) -> list[str]:
    """Return the migrations as modules, so that what they import is found."""
    scripts = sorted((root / MIGRATIONS).rglob("*.py"))
    names = [script.relative_to(root).with_suffix("").parts for script in scripts]
    return [".".join(parts) for parts in names if parts[-1] != "__init__"]


def keeps(destination: str) -> bool:
    """Tell whether a file that PyInstaller collected belongs into the program."""
    path = destination.replace("\\", "/")
    if path in SYSTEM_LIBRARIES:
        return False
    plugin = _PLUGIN.search(path)
    if plugin:
        return f"{plugin['kind']}/{plugin['name']}" in QT_PLUGINS
    return _PRUNED.search(path) is None


def needed(entries: Sequence[Entry], imports: Callable[[str], Collection[str]]) -> list[Entry]:
    """Return the entries without the libraries that nothing kept asks for any more.

    Parameters
    ----------
    entries
        Extension modules, libraries, links to them, and other files; what `keeps` refuses is gone
        already.
    imports
        Names of the libraries that a file asks for.
    """
    libraries: dict[str, list[Entry]] = {}
    for entry in filter(_is_library, entries):
        libraries.setdefault(PurePath(entry[0]).name.lower(), []).append(entry)
    reached: set[str] = set()
    kept = [entry for entry in entries if not _is_library(entry)]
    waiting = [entry for entry in kept if entry[2] in _CODE]
    while waiting:
        names = {PurePath(name).name.lower() for name in imports(waiting.pop()[1])}
        found = (names & libraries.keys()) - reached
        reached |= found
        added = [entry for name in sorted(found) for entry in libraries[name]]
        waiting += added
        kept += added
    there = {entry[0] for entry in kept}
    return [entry for entry in kept if entry[2] != "SYMLINK" or entry[1] in there]


def _is_library(entry: Entry) -> bool:
    """Tell whether an entry is there only for others; the interpreter is for the program itself."""
    destination, _, kind = entry
    name = PurePath(destination).name.lower()
    is_python = re.match(r"(lib)?python3?[\d.]*\.|python$", name) is not None
    return kind == "BINARY" and not is_python and not _PLUGIN.search(destination.replace("\\", "/"))
