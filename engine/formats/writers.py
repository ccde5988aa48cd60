"""The formats to which gradings are exported, by name."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.domain.problem import Problem
from engine.formats.coco_export import write_coco
from engine.formats.csv_gradings import write_csv_gradings
from engine.formats.cvat_export import write_cvat
from engine.formats.darwin import write_darwin
from engine.formats.exporting import GradedImage, Writer
from engine.formats.label_studio_export import write_label_studio
from engine.formats.labelme import write_labelme
from engine.formats.mask import write_masks
from engine.formats.qupath import write_qupath

WRITERS: Mapping[str, Writer] = {
    "csv": write_csv_gradings,
    "coco": write_coco,
    "cvat": write_cvat,
    "darwin": write_darwin,
    "label_studio": write_label_studio,
    "labelme": write_labelme,
    "mask": write_masks,
    "qupath": write_qupath,
}


def export_gradings(
    items: Iterable[GradedImage], folder: Path, *, format: str
) -> Iterator[Problem]:
    """Write gradings in a format while yielding a note for everything that it could not hold.

    Parameters
    ----------
    items
        Drawn one by one, as the notes are.
    folder
        An empty folder.
    format
        A name in `WRITERS`.
    """
    return WRITERS[format](items, folder)
