"""Would another method say the same, and do maps depend on the model: by the commands."""

import csv
import json

import pytest

QUICK = ("--set", "saliency.joint_gradients=50", "--set", "saliency.shap_samples=10")


@pytest.fixture
def digest(imported, run):
    """What a person trusts of the small model's code."""
    refused = run("sanity", imported.study, "--model", imported.card(), "--csv", "x.csv", code=1)
    return refused.output.split("--trust ")[1].split()[0].strip(".")


def rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_methods_are_compared_image_by_image_and_in_pairs(imported, run, digest):
    out = imported.folder / "methods.csv"
    told = run("compare", imported.study, "--model", imported.card(), "--csv", out, *QUICK,
               "--method", "integrated_gradients", "--method", "gradients",
               "--method", "input_x_gradient", "--trust", digest)  # fmt: skip
    assert "Kendall's W" in told.output
    images = rows(out)
    assert len(images) == 5
    assert {"ds_gradients", "srcc_integrated_gradients"} <= set(images[0])
    pairs = rows(imported.folder / "methods.pairs.csv")
    assert [(r["metric"], r["one"], r["other"]) for r in pairs[:2]] == [
        ("ds", "integrated_gradients", "gradients"),
        ("ds", "integrated_gradients", "input_x_gradient"),
    ]
    assert len(pairs) == 6
    assert (imported.folder / "methods.srcc.svg").read_bytes().startswith(b"<?xml")
    manifest = json.loads((imported.folder / "methods.manifest.json").read_text())
    assert manifest["tables"]["methods"]["rows"] == 5


def test_values_of_a_comparison_are_those_of_explain(imported, run, digest):
    out = imported.folder / "methods.csv"
    run("compare", imported.study, "--model", imported.card(), "--csv", out, *QUICK,
        "--method", "integrated_gradients", "--method", "input_x_gradient", "--trust", digest)  # fmt: skip
    run("explain", imported.study, "--model", imported.card(), *QUICK,
        "--set", "saliency.method=input_x_gradient", "--csv", imported.folder / "g.csv")  # fmt: skip
    alone = {r["image"]: r["ds"] for r in rows(imported.folder / "g.csv") if r["ds"]}
    assert alone
    assert {r["image"]: r["ds_input_x_gradient"] for r in rows(out)} == alone


def test_one_method_cannot_be_compared(imported, run):
    run("compare", imported.study, "--model", imported.card(), "--csv", imported.folder / "m.csv",
        "--method", "gradients", code=2)  # fmt: skip


def test_an_unknown_method_is_wrong_usage_that_names_the_known_ones(imported, run):
    told = run("compare", imported.study, "--model", imported.card(), "--method", "magic",
               "--csv", imported.folder / "m.csv", code=2)  # fmt: skip
    assert "grad_cam" in told.output


def test_sanity_tells_of_each_map_whether_it_depends_on_the_model(imported, run, digest):
    out = imported.folder / "sanity.csv"
    cache = imported.study.with_name(f"{imported.study.name}.maps")
    told = run("sanity", imported.study, "--model", imported.card(), "--csv", out, *QUICK,
               "--cases", "2", "--trust", digest)  # fmt: skip
    found = rows(out)
    assert len({r["image"] for r in found}) == 2
    assert all(int(r["layers"]) >= 1 for r in found)
    assert told.output.count(": the map ") == 2
    assert not cache.exists() or not list(cache.iterdir())
