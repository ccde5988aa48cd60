"""The builder of the graders' program, but for the building itself."""

import configparser
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
LISTING = """2 libs found in cache `/etc/ld.so.cache'
\tlibxcb.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libxcb.so.1
\tlibxcb.so.1 (libc6) => /lib/i386-linux-gnu/libxcb.so.1
\tlibEGL.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libEGL.so.1
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the Linux side of the program")


@pytest.fixture(scope="module")
def build(packaging):
    return packaging("build")


@pytest.fixture(scope="module")
def measure(packaging):
    return packaging("measure")


@pytest.fixture
def built(build, tmp_path):
    """A program's folder as it is after PyInstaller and the desktop files, with a tiny program."""
    folder = tmp_path / "place with spaces" / "dermconcord"
    folder.mkdir(parents=True)
    (folder / "dermconcord").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "dermconcord").chmod(0o755)
    build.add_linux_files(folder)
    return folder


def entry_of(file):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(file, encoding="utf-8")
    return parser["Desktop Entry"]


@linux_only
def test_installing_enters_the_program_its_icons_and_its_files_into_the_menu(built, tmp_path):
    data = tmp_path / "data home"
    environment = {**os.environ, "XDG_DATA_HOME": str(data)}
    subprocess.run([built / "install.sh"], env=environment, check=True, capture_output=True)
    entry = entry_of(data / "applications" / "dermconcord.desktop")
    assert entry["Exec"] == f'"{built}/dermconcord" %f'
    assert entry["MimeType"] == "application/x-dermconcord;"
    icons = {file.parts[-3] for file in (data / "icons").rglob("dermconcord.*")}
    assert {"16x16", "48x48", "256x256", "512x512", "scalable"} <= icons
    mime = ElementTree.parse(data / "mime" / "packages" / "dermconcord.xml").getroot()
    assert mime.find(".//{*}glob").get("pattern") == "*.concord"

    subprocess.run(
        [built / "install.sh", "--remove"], env=environment, check=True, capture_output=True
    )
    left = [file for file in data.rglob("dermconcord*") if file.is_file()]
    assert left == []


@linux_only
def test_a_folder_that_no_menu_could_name_is_refused(built, tmp_path):
    odd = tmp_path / "100%"
    built.rename(odd)
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    done = subprocess.run(
        [odd / "install.sh"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert str(odd) in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_desktop_entry_and_the_metainfo_agree(built):
    entry = entry_of(built / "share" / "applications" / "dermconcord.desktop")
    metainfo = ElementTree.parse(
        built / "share" / "metainfo" / "dermconcord.metainfo.xml"
    ).getroot()
    assert metainfo.findtext("launchable") == "dermconcord.desktop"
    assert metainfo.findtext("name") == entry["Name"]
    assert f"{metainfo.findtext('provides/mediatype')};" == entry["MimeType"]
    assert entry["Icon"] == "dermconcord"


def test_every_size_of_the_icon_is_drawn(build):
    from PIL import Image

    for size in build.ICON_SIZES:
        with Image.open(build.ICONS / f"app-{size}.png") as picture:
            assert picture.size == (size, size)


def test_every_distribution_in_the_program_comes_with_its_licence(build, tmp_path):
    build.add_licences(tmp_path / "licences")
    listed = (tmp_path / "licences" / "versions.txt").read_text(encoding="utf-8")
    for name in ("numpy", "pillow-heif", "shapely", "sqlalchemy", "pydantic"):
        assert f"{name} " in listed
        assert any(file.stat().st_size for file in (tmp_path / "licences" / name).iterdir())
    assert "Lesser General Public" in (tmp_path / "licences" / "qt.txt").read_text("utf-8")
    assert "Apache" in (tmp_path / "licences" / "dermconcord.txt").read_text(encoding="utf-8")


def test_the_archive_keeps_what_may_be_run_and_not_who_built_it(build, built, tmp_path):
    archive = build.pack(built, tmp_path / "made.tar.xz")
    with tarfile.open(archive) as tar:
        members = {member.name: member for member in tar.getmembers()}
    assert members["dermconcord/dermconcord"].mode & 0o111
    assert members["dermconcord/install.sh"].mode & 0o111
    assert {(member.uid, member.gid, member.uname) for member in members.values()} == {(0, 0, "")}


@pytest.mark.parametrize(
    ("file", "may"),
    [
        ("_internal/libpython3.11.so.1.0", True),
        ("_internal/sqlalchemy/util/_collections_cy.so", True),
        ("_internal/numpy.libs/libscipy_openblas64_.so", False),
        ("dermconcord", False),
    ],
)
def test_libraries_that_were_edited_after_linking_are_not_stripped(build, file, may):
    assert build.may_strip(Path(file)) is may


def test_what_is_missing_to_build_is_installed_in_the_tested_version(build, monkeypatch):
    lines = []
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(build.subprocess, "run", lambda line, **_: lines.append(line))
    build.require_pyinstaller()
    assert lines[0][-3:] == ["-c", str(PACKAGING / "constraints.txt"), "pyinstaller"]
    constraints = (PACKAGING / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("pyinstaller==") for line in constraints)


def test_a_size_counts_files_once_and_links_not_at_all(measure, tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a").write_bytes(b"x" * 1000)
    (tmp_path / "b").write_bytes(b"x" * 500)
    assert measure.size_of(tmp_path) == 1500
    if os.name == "posix":
        (tmp_path / "link").symlink_to(tmp_path / "inner" / "a")
        assert measure.size_of(tmp_path) == 1500
    assert measure.megabytes(1_499_999) == "1 MB"


def test_the_newest_c_library_that_is_asked_for_is_found(measure):
    tables = ["x GLIBC_2.4\n GLIBC_2.34 0x1", "GLIBC_2.9 GLIBCXX_3.4.30", "GLIBC_PRIVATE"]
    assert measure.newest_glibc(tables) == "2.34"
    assert measure.newest_glibc(["nothing"]) == ""


def test_the_loader_s_first_place_of_a_library_counts(measure):
    places = measure.loader_places(LISTING)
    assert places == {
        "libxcb.so.1": "/lib/x86_64-linux-gnu/libxcb.so.1",
        "libEGL.so.1": "/lib/x86_64-linux-gnu/libEGL.so.1",
    }


def test_what_no_package_here_brings_is_told_as_well(build, measure, monkeypatch):
    monkeypatch.setattr(measure, "debian_packages", lambda _: {"libc.so.6": "libc6"})
    needs = measure.Requirements(("libc.so.6", "libwayland-cursor.so.0"), "2.35")
    told = "\n".join(build.needs_lines(needs))
    assert "2.35 or newer" in told
    assert "1 Debian packages: libc6" in told
    assert "not installed here: libwayland-cursor.so.0" in told


def test_the_program_is_started_with_no_trace_of_this_python(measure, tmp_path):
    environment = measure.bare_environment(tmp_path, ":7")
    assert not [name for name in environment if name.startswith(("PYTHON", "VIRTUAL", "LD_"))]
    assert not Path(environment["PATH"]).exists()


@pytest.mark.parametrize(("arguments", "status"), [(["--help"], 0), (["agreement", "x"], 2)])
def test_the_program_opens_windows_and_runs_no_commands(packaging, capsys, arguments, status):
    assert packaging("window").main(arguments) == status
    told = capsys.readouterr()
    assert "FILE.concord" in (told.out if status == 0 else told.err)


def test_the_program_opens_the_file_that_it_is_given(packaging, monkeypatch):
    window = packaging("window")
    opened = []
    monkeypatch.setattr(window, "open_window", lambda arguments: opened.append(arguments) or 0)
    assert window.main(["mine.concord"]) == 0
    assert window.main([]) == 0
    assert opened == [["mine.concord"], []]
