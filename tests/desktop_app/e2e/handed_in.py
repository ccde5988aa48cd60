"""What lies on a lead's disk before there is a study: photographs, a manifest, graders' regions."""

import csv
import io
import json

from PIL import Image as Picture

LEAD = "Lena"
SIZE = (400, 300)
ALIKE, NEAR, APART, TWO_OF_THREE, NOTHING, WAITING = (f"skin-{k}.png" for k in range(6))
"""All draw the same; nearly; elsewhere each; two the same; nothing to see; one has not read it."""

IMAGES = (ALIKE, NEAR, APART, TWO_OF_THREE, NOTHING, WAITING)
CONDITIONS = ("acne", "acne", "psoriasis", "psoriasis", "rosacea", "rosacea")
GRADERS = ("Ada", "Bo", LEAD)


def box(left, top, width=120, height=90):
    """Return the corners of a rectangle in pixels."""
    right, bottom = left + width, top + height
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


SAID = {
    ALIKE: (box(60, 60), box(60, 60), box(60, 60)),
    NEAR: (box(60, 60), box(66, 60), box(80, 70)),
    APART: (box(20, 20), box(200, 30), box(230, 180)),
    TWO_OF_THREE: (box(100, 100), box(100, 100), box(170, 130)),
    NOTHING: ([], [], []),
    WAITING: (box(50, 50), None, box(52, 50)),
}
"""The corners that each of the graders drew, none where the image was not read."""


def colour(image):
    """Return the one colour of a photograph, far from that of every other."""
    number = IMAGES.index(image)
    return (225 - 20 * number, 120 + 10 * (number % 3), 60 + 18 * number)


def write(folder):
    """Write everything; return the folder of photographs and what was handed in, two paths."""
    photographs, handed_in = folder / "photographs", folder / "handed-in"
    photographs.mkdir(parents=True)
    handed_in.mkdir()
    for image in IMAGES:
        Picture.new("RGB", SIZE, colour(image)).save(photographs / image)
    rows = [("image", "case", "condition", "site")]
    for number, (image, condition) in enumerate(zip(IMAGES, CONDITIONS, strict=True)):
        rows.append((image, f"case-{number}", condition, "arm" if number % 2 else "leg"))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (handed_in / "manifest.csv").write_text(text.getvalue(), encoding="utf-8")
    for image, drawn in SAID.items():
        for grader, corners in zip(GRADERS, drawn, strict=True):
            if corners is not None:
                file = handed_in / "regions" / grader / image.replace(".png", ".json")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(labelme(image, grader, corners)), encoding="utf-8")
    return photographs, handed_in


def labelme(image, grader, corners):
    """Return a labelme document of one grader's reading."""
    shape = {"label": "pathology", "points": corners, "shape_type": "polygon", "flags": {}}
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": [shape] if corners else [],
        "imagePath": image,
        "imageData": None,
        "imageWidth": SIZE[0],
        "imageHeight": SIZE[1],
        "grading": {
            "grader": grader,
            "role": "assigned",
            "visible": bool(corners),
            "roi_count": 1 if corners else None,
        },
    }
