"""What the graders' program holds: what its window imports and reads, and nothing that is heavy."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contents(packaging):
    return packaging("contents")


def imported(folder):
    """Modules that a folder's files import anywhere, as (module, names taken from it)."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield node.module or "", {name.name for name in node.names}
            elif isinstance(node, ast.Import):
                yield from ((name.name, set()) for name in node.names)


def test_every_qt_module_of_the_window_is_in_the_program(contents):
    used = {
        part
        for module, names in imported(ROOT / "desktop_app")
        if module.split(".")[0] == "PySide6"
        for part in (module.split(".")[1:2] or names)
        if part.startswith("Qt")
    }
    assert used
    assert used <= contents.QT_MODULES


def test_nothing_of_the_window_stands_on_what_is_left_out(contents):
    used = {module for module, _ in imported(ROOT / "desktop_app")}
    own = {name for name in contents.LEFT_OUT if name.startswith("engine")}
    for name in own:
        users = {module for module in used if module == name or module.startswith(f"{name}.")}
        assert users <= {"engine.cli"}, "only the entry may name the command line"


def test_other_distributions_are_kept_out_by_the_names_of_their_modules(contents):
    brings = {
        "torch": ["torch"],
        "numpy": ["numpy"],
        "PIL": ["Pillow"],
        "pydantic_core": ["pydantic_core"],
        "engine": ["dermconcord"],
        "not-a-module": ["something"],
        "google": ["protobuf", "SQLAlchemy"],
    }
    unwanted = contents.unwanted_modules(brings, ["QtCore", "QtQml"])
    assert {"torch", "PySide6.QtQml", "engine.cli"} <= set(unwanted)
    kept = {"numpy", "PIL", "pydantic_core", "engine", "google", "not-a-module", "PySide6.QtCore"}
    assert kept.isdisjoint(unwanted)


@pytest.mark.parametrize(
    "spelt", ["PySide6_Essentials", "pyside6-essentials", "PySide6.Essentials"]
)
def test_a_distribution_is_the_same_however_it_is_spelt(contents, spelt):
    assert contents.normalised(spelt) == "pyside6-essentials"


def test_migrations_icons_themes_and_vocabularies_go_where_they_are_read(contents):
    files = {
        Path(source).relative_to(ROOT).as_posix(): to for source, to in contents.data_files(ROOT)
    }
    assert all(to == Path(source).parent.as_posix() for source, to in files.items())
    migrations = {path for path in files if path.startswith("engine/study/migrations/versions/0")}
    assert len(migrations) == len(list((ROOT / contents.MIGRATIONS / "versions").glob("0*.py")))
    assert {
        "engine/study/migrations/env.py",
        "resources/body_parts.toml",
        "resources/icons/app-256.png",
        "resources/themes/dark.toml",
        "resources/themes/window.qss",
    } <= files.keys()
    assert "resources/demo/weights.safetensors" not in files


def test_what_migrations_import_is_found(contents):
    names = contents.migration_modules(ROOT)
    assert "engine.study.migrations.env" in names
    assert sum(name.startswith("engine.study.migrations.versions.0") for name in names) >= 3


@pytest.mark.parametrize(
    "file",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\styles\\qmodernwindowsstyle.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "numpy/_core/_multiarray_umath.so",
        "resources/icons/draw.svg",
    ],
)
def test_what_a_window_needs_is_kept(contents, file):
    assert contents.keeps(file)


@pytest.mark.parametrize(
    "file",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6\\plugins\\imageformats\\qpdf.dll",
        "PySide6/Qt/translations/qtbase_de.qm",
        "libstdc++.so.6",
        "numpy-2.4.6.dist-info/RECORD",
        "dermconcord-0.1.0.dist-info/direct_url.json",
    ],
)
def test_what_it_does_not_need_is_not(contents, file):
    assert not contents.keeps(file)


def test_libraries_that_only_a_dropped_plugin_asked_for_go_with_it(contents):
    asks = {
        "/w/QtCore.abi3.so": {"libQt6Core.so.6", "libc.so.6"},
        "/w/libqxcb.so": {"libQt6XcbQpa.so.6"},
        "/w/libQt6XcbQpa.so.6": {"libQt6Core.so.6", "libxcb.so.1"},
        "/w/libQt6Core.so.6": set(),
        "/w/libxcb.so.1": set(),
        "/w/libpython3.11.so.1.0": {"libz.so.1"},
        "/w/libz.so.1": set(),
    }
    entries = [
        ("PySide6/QtCore.abi3.so", "/w/QtCore.abi3.so", "EXTENSION"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/w/libqxcb.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "/w/libQt6XcbQpa.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "/w/libQt6Core.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Qml.so.6", "/w/libQt6Qml.so.6", "BINARY"),
        ("libxcb.so.1", "/w/libxcb.so.1", "BINARY"),
        ("libgtk-3.so.0", "/w/libgtk-3.so.0", "BINARY"),
        ("libpython3.11.so.1.0", "/w/libpython3.11.so.1.0", "BINARY"),
        ("libz.so.1", "/w/libz.so.1", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
        ("resources/body_parts.toml", "/w/body_parts.toml", "DATA"),
    ]
    kept = contents.needed(entries, lambda file: asks[file])
    dropped = [entry[0] for entry in entries if entry not in kept]
    assert dropped == ["PySide6/Qt/lib/libQt6Qml.so.6", "libgtk-3.so.0", "libQt6Qml.so.6"]
