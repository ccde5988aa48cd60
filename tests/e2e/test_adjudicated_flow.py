"""A lead's decision is what maps are compared with, unless the settings leave it aside."""

import csv
import json

import pytest

QUICK = ("--set", "saliency.joint_gradients=50")
IMAGE = "photographs/img_02.png"


def rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return {row["image"]: row for row in csv.DictReader(stream)}


@pytest.fixture
def decided(imported, run):
    """The small study, where the lead drew a region of their own on one image."""
    region = imported.folder / "decision.json"
    points = [[2, 2], [30, 2], [30, 20], [2, 20]]
    shape = {"label": "lesion", "points": points, "shape_type": "polygon", "flags": {}}
    region.write_text(
        json.dumps(
            {
                "version": "5.5.0",
                "flags": {},
                "shapes": [shape],
                "imagePath": "img_02.png",
                "imageData": None,
                "imageWidth": 68,
                "imageHeight": 50,
            }
        )
    )
    run("adjudicate", imported.study, IMAGE, "--region", region, "--reason", "the edge was missed")
    return imported


def test_a_map_is_compared_with_the_adjudicated_region(decided, explain, run):
    explain(decided, decided.card(), *QUICK)
    used = rows(decided.folder / "out.csv")
    ignored = decided.folder / "ignored.csv"
    run("explain", decided.study, "--model", decided.card(), *QUICK, "--csv", ignored,
        "--set", "agreement.adjudication=ignored")  # fmt: skip
    left_aside = rows(ignored)
    assert used[IMAGE]["region"] == "adjudicated"
    assert left_aside[IMAGE]["region"] == "majority"
    assert float(used[IMAGE]["roi_area"]) == pytest.approx(28 * 18 / (68 * 50), rel=1e-9)
    assert left_aside[IMAGE]["roi_area"] != used[IMAGE]["roi_area"]
    others = set(used) - {IMAGE}
    assert all(used[image] == left_aside[image] for image in others)


def test_agreement_between_graders_does_not_know_of_the_decision(decided, imported, run):
    out = decided.folder / "agreement.csv"
    run("agreement", decided.study, "--csv", out)
    before = rows(out)[IMAGE]["fleiss_kappa"]
    run("adjudicate", decided.study, IMAGE, "--withdraw", "--reason", "mistaken")
    run("agreement", decided.study, "--csv", out, "--overwrite")
    assert rows(out)[IMAGE]["fleiss_kappa"] == before
