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
        "--method", "integrated_gradients", "--method", "input_x_gradient",
        "--trust", digest)  # fmt: skip
    run("explain", imported.study, "--model", imported.card(), *QUICK,
        "--set", "saliency.method=input_x_gradient",
        "--csv", imported.folder / "g.csv")  # fmt: skip
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


def test_a_case_that_cannot_be_checked_is_named_with_its_reason(imported, run, digest):
    (imported.photographs / "img_02.png").unlink()
    told = run("sanity", imported.study, "--model", imported.card(), "--json", *QUICK,
               "--csv", imported.folder / "sanity.csv", "--cases", "2", "--trust", digest,
               code=1)  # fmt: skip
    document = json.loads(told.stdout)
    (problem,) = document["problems"]
    assert (problem["code"], problem["where"]) == ("pixels_missing", "photographs/img_02.png")
    assert {row["image"] for row in document["rows"]} == {"photographs/img_01.png"}


def test_a_model_that_fails_once_it_has_forgotten_is_a_problem_and_no_bug(imported, run):
    card = imported.card("fragile")
    module = card.parent / "redness.py"
    text = module.read_text().replace("torch.tensor(4.0)", "torch.tensor([4.0, 5.0])")
    broken = "* self.scale[0] * (1.0 if self.scale[1] == 5 else float('nan'))"
    module.write_text(text.replace("* self.scale", broken))
    arguments = ("sanity", imported.study, "--model", card, *QUICK, "--cases", "1",
                 "--csv", imported.folder / "sanity.csv")  # fmt: skip
    digest = run(*arguments, code=1).output.split("--trust ")[1].split()[0].strip(".")
    told = run(*arguments, "--trust", digest, code=1).output
    assert "img_01.png: its map cannot be checked: the model redness returns NaN" in told


def test_a_comparison_tells_of_images_without_a_result(imported, run, digest):
    (imported.photographs / "img_02.png").unlink()
    told = run("compare", imported.study, "--model", imported.card(), *QUICK,
               "--method", "gradients", "--method", "input_x_gradient",
               "--csv", imported.folder / "methods.csv", "--trust", digest, code=1)  # fmt: skip
    assert "without a result: 1 by gradients, 1 by input_x_gradient" in told.output
    manifest = json.loads((imported.folder / "methods.manifest.json").read_text())
    assert manifest["failures"] == {"gradients": 1, "input_x_gradient": 1}


def test_a_method_that_the_model_cannot_do_is_refused_before_the_work(imported, run, digest):
    told = run("compare", imported.study, "--model", imported.card(), *QUICK,
               "--method", "gradients", "--method", "grad_cam",
               "--csv", imported.folder / "methods.csv", "--trust", digest, code=1)  # fmt: skip
    assert "Grad-CAM needs `layer`" in told.output
    assert not imported.study.with_name(f"{imported.study.name}.maps").exists()
