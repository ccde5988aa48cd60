"""The whole flow on real images, real graders and real weights, made by strangers."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import resources
from engine.images.probe import probe

pytestmark = pytest.mark.real
CARD = Path(resources.__file__).parent / "model_cards" / "lite0" / "card.toml"
QUICK = ("--set", "saliency.joint_gradients=100")


@pytest.fixture(autouse=True)
def own_trust(tmp_path, monkeypatch):
    """Keep what the test trusts out of the person's own list."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_eight_dermatologists_of_images_without_pixels(real_data, run, tmp_path):
    study, out = tmp_path / "dermx.concord", tmp_path / "dermx.csv"
    run("new", study)
    pattern = ("--name-pattern", "{grader}_{image}")
    first = json.loads(
        run("import", study, real_data / "dermxdb/annotations", *pattern, "--json").output
    )
    assert first["gradings"]["added"] == 112
    run("agreement", study, "--csv", out)
    rows = read_rows(out)
    assert len(rows) == 14
    assert {row["graders"] for row in rows} == {"8"}
    (undefined,) = (row for row in rows if not row["fleiss_kappa"])
    assert "fleiss_kappa=nothing_drawn" in undefined["undefined"]
    assert undefined["visible"] == "0"


def test_five_experts_and_a_real_network_to_csv(real_data, run, tmp_path):
    shutil.copytree(real_data / "bubil", tmp_path / "bubil")
    bubil = tmp_path / "bubil"
    study, out = bubil / "bubil.concord", tmp_path / "bubil.csv"
    run("new", study)
    run("import", study, bubil / "images")
    masks = sorted(bubil.glob("expert_*"))
    pattern = ("--mask-value", "dark", "--name-pattern", "{grader}/seg_{image}")
    run("import", study, *masks, *pattern)
    refused = json.loads(
        run("import", study, bubil / "crowd_wrong_size", *pattern, "--json", code=1).output
    )
    assert refused["gradings"]["added"] == 0
    assert len(refused["problems"]) == 3
    run("explain", study, "--model", CARD, "--csv", out, *QUICK)
    rows = read_rows(out)
    assert len(rows) == 10
    assert all(0.76 < float(row["fleiss_kappa"]) < 0.92 for row in rows)
    assert all(0 < float(row["ds"]) <= 1 for row in rows)
    assert all("is_correct=no_condition" in row["undefined"] for row in rows)


def test_smartphone_photographs_with_gaps_in_their_metadata(real_data, run, tmp_path):
    shutil.copytree(real_data / "pad_ufes20", tmp_path / "pad")
    pad = tmp_path / "pad"
    for grader in ("a", "b", "c"):
        (pad / "gradings" / grader).mkdir(parents=True)
        for photograph in sorted((pad / "images").iterdir()):
            write_ellipse(pad / "gradings" / grader / f"{photograph.stem}.json", photograph)
    study, out = pad / "pad.concord", tmp_path / "pad.csv"
    run("new", study)
    run("import", study, pad, "--column", "case=patient_id")
    run("explain", study, "--model", CARD, "--csv", out, *QUICK)
    rows = read_rows(out)
    assert len(rows) == 14
    assert all(row["method"] == "integrated_gradients" and row["ds"] for row in rows)
    assert sum(not row["gender"] for row in rows) == 2
    assert sum(not row["fitspatrick"] for row in rows) == 2
    assert all("is_correct=condition_not_mapped" in row["undefined"] for row in rows)


def write_ellipse(target, photograph):
    """Write an ellipse about the middle of a photograph as a labelme file."""
    width, height = probe(photograph)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    points = np.stack([width * (0.5 + 0.2 * np.cos(angles)), height * (0.5 + 0.2 * np.sin(angles))])
    shape = {"label": "lesion", "shape_type": "polygon", "points": points.T.tolist()}
    document = {"shapes": [shape], "imagePath": photograph.name}
    target.write_text(json.dumps({**document, "imageWidth": width, "imageHeight": height}))
