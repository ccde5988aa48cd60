"""Small files of every format, made in a temporary folder."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.image import Image
from engine.formats.annotations import ParsedFile, read_each
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a JSON document, text, bytes or a mask under the temporary folder."""

    def write_to(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, np.ndarray):
            Picture.fromarray(content).save(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            path.write_text(text, encoding="utf-8")
        return path

    return write_to


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[ParsedFile]]:
    """Read all annotations under the temporary folder."""

    def read_all(*images: Image, **options: object) -> list[ParsedFile]:
        chosen = ImportOptions(**options)
        names = ImageNames(images, folder=tmp_path)
        files = find_sources([tmp_path], chosen).annotations
        return list(read_each(files, chosen, names))

    return read_all


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Builders of documents in each format."""
    return SimpleNamespace(labelme=labelme, shape=shape, coco=coco, darwin=darwin, xy=xy)


def labelme(*shapes: object, image: str = "a.jpg", size: tuple = (10, 8)) -> dict:
    return {
        "version": "5.0", "flags": {}, "shapes": list(shapes), "imagePath": image,
        "imageData": None, "imageWidth": size[0], "imageHeight": size[1],
    }  # fmt: skip


def shape(points: object, kind: str = "polygon") -> dict:
    return {"label": "lesion", "points": points, "shape_type": kind, "group_id": None}


def coco(images: list, annotations: list, **more: object) -> dict:
    return {"images": images, "annotations": annotations, "categories": [], **more}


def darwin(
    *annotations: object, name: str = "a.jpg", size: tuple = (10, 8), path: str = "/"
) -> dict:
    image = {"width": size[0], "height": size[1], "filename": name, "path": path}
    return {"dataset": "d", "image": image, "annotations": list(annotations)}


def xy(points: list) -> list:
    return [{"x": x, "y": y} for x, y in points]
