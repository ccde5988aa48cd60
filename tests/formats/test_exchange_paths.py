"""Names made to lead out of a folder lead nowhere, neither when files are written nor when read."""

import json
from pathlib import Path

import pytest

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.problem import Severity
from engine.formats.writers import WRITERS
from tests.round_trip import polygon
from tests.round_trip import write as export

OUT = ("../../etc/x.jpg", "/etc/x.jpg", "C:\\x.jpg", "..\\..\\x.jpg", "a/../../x.jpg", "x\0.jpg")
SQUARE = polygon((1, 1), (5, 1), (5, 4))


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("way", OUT)
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str, way: str) -> None:
    inner = tmp_path / "one" / "two" / "three"
    inner.mkdir(parents=True)
    image = Image(way, 10, 8)
    export(name, [Grading(way, way, True, 1, (SQUARE,))], inner, image)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and inner not in path.parents]
    assert outside == []
    assert any(path.is_file() for path in inner.rglob("*"))


def documents(way: str) -> dict[str, object]:
    annotations = [{"completed_by": 1, "result": []}]
    return {
        "f.xml": f'<annotations><image name="{way}" width="10" height="8"/></annotations>',
        "t.json": [{"data": {"image": way, "width": 10, "height": 8}, "annotations": annotations}],
        "d.json": {"image": {"filename": way, "width": 10, "height": 8}, "annotations": []},
        "q.geojson": {
            "type": "FeatureCollection",
            "features": [],
            "grading": {"image": way, "width": 10, "height": 8},
        },
    }


@pytest.mark.parametrize("file", ["f.xml", "t.json", "d.json", "q.geojson"])
@pytest.mark.parametrize("way", [way for way in OUT if "\0" not in way])
def test_an_image_that_a_file_names_outside_is_a_name_only(
    tmp_path: Path, write, read, file: str, way: str
) -> None:
    secret = tmp_path.parent / "x.jpg"
    secret.write_text("never read")
    content = documents(way)[file]
    write(file, content if isinstance(content, str) else json.dumps(content))
    (parsed,) = read(grader="ann")
    (image,) = parsed.new_images
    assert ".." not in image.path.replace("\\", "/").split("/")
    assert not image.path.startswith(("/", "C:"))
    assert image.digest is None
    assert {problem.severity for problem in parsed.problems} == {Severity.NOTE}
    assert len(parsed.gradings) == 1
