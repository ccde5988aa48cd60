"""Gradings as COCO JSON, one file for each grader, written as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from engine.domain.grading import Grading, Role
from engine.domain.image import Image
from engine.domain.polygon import Polygon
from engine.domain.problem import Problem
from engine.formats.answers import answers_json
from engine.formats.coco import ANSWERS_KEY
from engine.formats.exporting import GradedImage, holes_cut, json_text, regions_united
from engine.formats.file_names import FreeNames, reader_name
from engine.formats.holes import without_holes

CATEGORY = 1


def write_coco(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write one file for each grader, with one annotation for each polygon.

    The answers stand in the images' entries under a key of their own. COCO's polygons have no
    holes: a polygon with holes becomes several parts of one annotation that leave the holes
    free, and is told.
    """
    names = FreeNames()
    files: dict[tuple[str, Role], _GraderFile] = {}
    for number, item in enumerate(items, start=1):
        for grading in item.gradings:
            reader = grading.grader, grading.role
            if reader not in files:
                path = folder / names.take(reader_name(grading), ".json")
                files[reader] = _GraderFile(path, grading.grader)
            files[reader].add(number, item.image, grading)
            yield from holes_cut(grading)
            yield from regions_united(grading)
    for file in files.values():
        file.finish()


@dataclass(slots=True)
class _GraderFile:
    """One file in the making: its two lists grow in files of their own, joined at the end."""

    path: Path
    grader: str
    annotations: int = 0

    def add(self, number: int, image: Image, grading: Grading) -> None:
        """Write an image's entry and its annotations behind those written before."""
        entry = {
            "id": number,
            "file_name": image.path,
            "width": image.width,
            "height": image.height,
            ANSWERS_KEY: answers_json(grading),
        }
        self._append("images", [entry])
        first = self.annotations + 1
        self.annotations += len(grading.region)
        self._append(
            "annotations",
            [_entry(first + at, number, polygon) for at, polygon in enumerate(grading.region)],
        )

    def finish(self) -> None:
        """Join the lists to one document."""
        head = {
            "info": {"description": "DermConcord", "annotator": self.grader},
            "licenses": [],
            "categories": [{"id": CATEGORY, "name": "pathology", "supercategory": ""}],
        }
        with self.path.open("w", encoding="utf-8") as target:
            target.write(json_text(head)[:-1])
            for name in ("images", "annotations"):
                target.write(f',"{name}":[')
                part = self._part(name)
                with part.open(encoding="utf-8") as lines:
                    target.writelines(lines)
                part.unlink()
                target.write("\n]")
            target.write("}\n")

    def _append(self, name: str, entries: list[dict[str, Any]]) -> None:
        part = self._part(name)
        separator = ",\n" if part.exists() and part.stat().st_size else "\n"
        with part.open("a", encoding="utf-8") as stream:
            for entry in entries:
                stream.write(f"{separator}{json_text(entry)}")
                separator = ",\n"

    def _part(self, name: str) -> Path:
        return self.path.with_name(f".{self.path.name}.{name}")


def _entry(number: int, image: int, polygon: Polygon) -> dict[str, Any]:
    left, top = polygon.exterior.min(axis=0).tolist()
    right, bottom = polygon.exterior.max(axis=0).tolist()
    return {
        "id": number,
        "image_id": image,
        "category_id": CATEGORY,
        "iscrowd": 0,
        "area": shapely.Polygon(polygon.exterior, polygon.holes).area,
        "bbox": [left, top, right - left, bottom - top],
        "segmentation": [part.exterior.ravel().tolist() for part in without_holes(polygon)],
    }
