"""What an export writes and what its format cannot hold, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.pipeline import WrittenExport
    from engine.stages.exporting import Foreseen

WHATS = (
    ("gradings", "What each grader outlined and answered"),
    ("consensus", "The graders’ consensus"),
    ("adjudicated", "What a lead decided"),
)
READINGS = (("latest", "Latest: after corrections"), ("first", "First: before any send-back"))
FORMATS = (
    ("csv", "Table of gradings (CSV)"),
    ("coco", "COCO"),
    ("cvat", "CVAT"),
    ("darwin", "Darwin (V7)"),
    ("label_studio", "Label Studio"),
    ("labelme", "labelme"),
    ("mask", "Masks (PNG)"),
    ("qupath", "QuPath (GeoJSON)"),
)
HOLDS: Mapping[str, str] = {
    "csv": "The table holds everything: outlines, holes, answers, notes.",
    "coco": "COCO holds outlines, answers and notes, but no holes.",
    "cvat": "CVAT holds outlines, answers and notes, but no holes, nor characters foreign to XML.",
    "darwin": "Darwin holds outlines, holes, answers and notes.",
    "label_studio": "Label Studio holds outlines, answers and notes, but no holes.",
    "labelme": "labelme holds outlines, answers and notes, but no holes.",
    "mask": "Masks hold pixels alone: answers, notes and roles are lost.",
    "qupath": "QuPath holds outlines, holes, answers and notes.",
}
"""What each format holds and loses, as docs/export.md says at length."""

CUTS_HOLES = frozenset({"coco", "cvat", "label_studio", "labelme"})
NAMED = "The files hold the graders’ names; the audit log will say that they left the study."
NAMELESS = "The files hold no grader’s name."
CONSENSUS: Mapping[Literal["majority", "staple"], str] = {
    "majority": "What more than half of them marked, as the Review page measures now.",
    "staple": "By STAPLE, as the Review page measures now.",
}


def foreseen(found: "Foreseen", what: str, format: str) -> str:
    """Say what an export would write, and what would be lost."""
    if what == "gradings":
        noun = counted(found.gradings, "grading")
        said = [f"Would be written: {noun} of {counted(found.images, 'image')}."]
    else:
        said = [f"Would be written: regions of {counted(found.images, 'image')}."]
    if found.without_consensus:
        count = counted(found.without_consensus, "image")
        said.append(f"Left out for want of a consensus: {count}.")
    said.append(HOLDS[format])
    if found.with_holes and format in CUTS_HOLES:
        said.append(f"Holes cut open: in {found.with_holes:,}.")
    return " ".join(said)


def written(export: "WrittenExport", folder: object) -> str:
    """Say what an export wrote, and how much was lost."""
    told = f"{counted(export.gradings, 'grading')} of {counted(export.images, 'image')}"
    lost = sum(export.losses.values())
    notes = f" {counted(lost, 'note')} below, also in losses.csv there." if lost else ""
    return f"Written: {told}, to {folder}.{notes}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
