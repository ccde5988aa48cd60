"""A report as a folder: the page, every table, every figure, each with its manifest."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.domain.problem import Refusal, refuse
from engine.report.content import ReportContent
from engine.report.csv_file import csv_bytes
from engine.report.files import write_whole
from engine.report.html import html_page
from engine.report.manifest import versions, write_manifest

PAGE = "report.html"
MANIFEST = "report.manifest.json"
OF_A_REPORT = {PAGE, MANIFEST, "tables", "figures"}
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave in a folder that somebody looked into."""

BRIEF = ("study", "started", "finished", "settings", "admission")
"""What the manifest of each table and figure repeats; the report's own holds everything."""


def require_report_folder(out: Path, *, overwrite: bool) -> None:
    """Refuse before any work a folder that a report could not be put into.

    Raises
    ------
    Refusal
        The place is a file, or a folder that holds anything but an earlier report, or holds one
        and `overwrite` is false; or nothing can be written there.
    """
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise _refused(out, "this is a file, not a folder", "Give the name of a new folder")
    if out.is_dir() and (held := {path.name for path in out.iterdir()}):
        if MANIFEST not in held or not held <= OF_A_REPORT | LITTER:
            raise _refused(out, "the folder holds other files", "Give the name of a new folder")
        if not overwrite:
            remedy = "Give another folder, or add --overwrite to replace the report"
            raise _refused(out, "there is a report already", remedy)
    _make_parent(out)
    try:
        tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent).cleanup()
    except OSError as error:
        raise _not_written(out, error) from error


def write_report(content: ReportContent, manifest: Mapping[str, Any], out: Path) -> None:
    """Write a report whole or not at all; an earlier report at its place is replaced.

    Parameters
    ----------
    manifest
        Run manifest of the report; each table and figure gets one that leads to it.

    Raises
    ------
    Refusal
        The folder cannot be written, or the disk is full.
    """
    out = out.resolve()
    _make_parent(out)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
            unfinished = Path(beside) / out.name
            unfinished.mkdir()
            _fill(content, manifest, unfinished)
            _put_in_place(unfinished, out)
    except OSError as error:
        raise _not_written(out, error) from error


def _fill(content: ReportContent, manifest: Mapping[str, Any], folder: Path) -> None:
    digests = {}
    for name, data in _parts(content):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        write_whole(path, data)
        digests[name] = hashlib.sha256(data).hexdigest()
    brief = {name: manifest[name] for name in BRIEF} | {"everything_else": f"../{MANIFEST}"}
    for name in digests:
        facts = {"table": manifest["tables"][Path(name).stem]} if name.endswith(".csv") else {}
        write_manifest(folder / name, {**brief, **facts})
    page = html_page(content, {**manifest, "versions": versions()}).encode()
    write_whole(folder / PAGE, page)
    digests[PAGE] = hashlib.sha256(page).hexdigest()
    write_manifest(folder / PAGE, {**manifest, "files": digests})


def _parts(content: ReportContent) -> Iterator[tuple[str, bytes]]:
    for table in content.all_tables():
        yield f"tables/{table.name}.csv", csv_bytes(table)
    for figure in content.figures:
        if figure.svg:
            yield f"figures/{figure.name}.svg", figure.svg
        yield f"figures/{figure.name}.png", figure.png


def _put_in_place(unfinished: Path, out: Path) -> None:
    """Rename the finished folder into place; the earlier report is moved aside first."""
    earlier = unfinished.with_name("earlier")
    if out.exists():
        os.replace(out, earlier)
    try:
        os.replace(unfinished, out)
    except OSError:
        if earlier.exists():
            os.replace(earlier, out)
        raise


def _make_parent(out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder cannot be made ({error.strerror})"
        raise _refused(out, message, "Choose another folder") from error


def _not_written(out: Path, error: OSError) -> Refusal:
    message = f"the report cannot be written ({error.strerror or error})"
    return _refused(out, message, "Free space, or choose a folder you may write to")


def _refused(out: Path, message: str, remedy: str) -> Refusal:
    return refuse("report_folder", str(out), message, remedy)
