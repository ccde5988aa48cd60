"""Gradings as tasks of Label Studio, polygons in percent, with the setup to import them with."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from urllib.parse import quote

from engine.domain.grading import Grading
from engine.domain.image import Image
from engine.domain.polygon import Polygon
from engine.domain.problem import Problem
from engine.formats.answers import CHOICES, words_of
from engine.formats.exporting import GradedImage, holes_cut, json_text, regions_united
from engine.formats.file_names import FreeNames
from engine.formats.holes import without_holes
from engine.formats.label_studio import GRADER, LOCAL_FILES, Entry

LABEL = "pathology"
TASKS_PER_FILE = 5_000
"""So that a large study's files stay of a size that can be imported."""


def write_label_studio(items: Iterable[GradedImage], folder: Path) -> Iterator[Problem]:
    """Write the images as tasks, and the labelling setup to import them with.

    Label Studio refuses annotations of people that it does not know, so a text of the annotation
    holds the grader. Its polygons have no holes: one with holes is written in parts that leave
    the holes free, and told. The images' addresses are those of its local storage.

    Parameters
    ----------
    items
        Images with their gradings, taken one at a time.
    folder
        An empty folder, for ``config.xml``, ``tasks.json`` and, of many images, ``tasks-2.json``
        and so on.

    Yields
    ------
    Problem
        A note for everything that the files could not hold.
    """
    (folder / "config.xml").write_text(_config(), encoding="utf-8")
    names = FreeNames()
    for _, part in groupby(enumerate(items), lambda numbered: numbered[0] // TASKS_PER_FILE):
        path = folder / names.take("tasks", ".json")
        yield from _write_tasks((item for _, item in part), path)


def _write_tasks(items: Iterable[GradedImage], path: Path) -> Iterator[Problem]:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("[")
        for number, item in enumerate(items):
            stream.write(",\n" if number else "\n")
            stream.write(json_text(_task(item)))
            for grading in item.gradings:
                yield from holes_cut(grading)
                yield from regions_united(grading)
        stream.write("\n]\n")


def _task(item: GradedImage) -> Entry:
    image = item.image
    address = f"{LOCAL_FILES}{quote(image.path)}"
    return {
        "data": {"image": address, "width": image.width, "height": image.height},
        "annotations": [{"result": _results(image, grading)} for grading in item.gradings],
    }


def _results(image: Image, grading: Grading) -> list[Entry]:
    parts = chain.from_iterable(map(without_holes, grading.region))
    regions = [_region(part, image) for part in parts]
    sayings = [_saying(*said) for said in ((GRADER, grading.grader), *words_of(grading).items())]
    return [
        {"id": f"result-{number}", "to_name": "image", **result}
        for number, result in enumerate([*regions, *sayings], start=1)
    ]


def _region(polygon: Polygon, image: Image) -> Entry:
    whole = {"original_width": image.width, "original_height": image.height, "image_rotation": 0}
    points = (polygon.exterior * 100 / image.size).tolist()
    value = {"points": points, "closed": True, "polygonlabels": [LABEL]}
    return {"type": "polygonlabels", "from_name": "outline", **whole, "value": value}


def _saying(name: str, word: str) -> Entry:
    if name in CHOICES:
        return {"type": "choices", "from_name": name, "value": {"choices": [word]}}
    if name == "roi_count":
        return {"type": "number", "from_name": name, "value": {"number": int(word)}}
    return {"type": "textarea", "from_name": name, "value": {"text": [word]}}


def _config() -> str:
    """Return the labelling setup whose names the results use."""
    choices = [
        f'  <Choices name="{name}" toName="image" choice="single">\n'
        + "".join(f'    <Choice value="{word}"/>\n' for word in words)
        + "  </Choices>\n"
        for name, words in CHOICES.items()
    ]
    label = f'<Label value="{LABEL}"/>'
    return (
        '<View>\n  <Image name="image" value="$image" zoom="true"/>\n'
        f'  <PolygonLabels name="outline" toName="image">{label}</PolygonLabels>\n'
        f'{"".join(choices)}  <Number name="roi_count" toName="image" min="0"/>\n'
        '  <TextArea name="note" toName="image"/>\n'
        f'  <TextArea name="{GRADER}" toName="image"/>\n</View>\n'
    )
