"""Other saliency methods from the command line."""

import csv

import pytest

QUICK = ("--set", "saliency.shap_samples=10")

LAYERED = """

class Layered(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Conv2d(3, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        return self.second(torch.tanh(self.first(x))).mean(dim=(2, 3))


def layered():
    return Layered()
"""


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("method", ["gradients", "input_x_gradient", "occlusion", "gradient_shap"])
def test_a_study_can_be_explained_by_another_method(imported, explain, method):
    explain(imported, imported.card(), *QUICK, "--set", f"saliency.method={method}")
    rows = [row for row in read_rows(imported.folder / "out.csv") if row["admitted"] == "true"]
    assert {row["method"] for row in rows} == {method}
    assert {row["sampler"] for row in rows} == {""}
    assert all(row["score"] and not row["failure"] for row in rows)
    has_samples = method == "gradient_shap"
    assert all((row["completeness_gap"] != "") == has_samples for row in rows)


def test_each_method_keeps_its_own_maps(imported, explain, run):
    card = imported.card()
    explain(imported, card, "--set", "saliency.method=gradients")
    maps = imported.study.with_name(f"{imported.study.name}.maps")
    assert len(list(maps.iterdir())) == 5
    out = imported.folder / "out.csv"
    again = ("explain", imported.study, "--model", card, "--csv", out, "--overwrite")
    run(*again, "--set", "saliency.method=input_x_gradient", "--set", "saliency.seed=7")
    assert len(list(maps.iterdir())) == 10
    run(*again, "--set", "saliency.method=gradients", "--set", "saliency.seed=7")
    assert len(list(maps.iterdir())) == 10


def test_grad_cam_without_a_layer_is_refused_before_the_run_starts(imported, explain):
    cam = ("--set", "saliency.method=grad_cam")
    refused = explain(imported, imported.card(), *cam, code=1)
    assert "needs `layer`" in " ".join(refused.output.split())
    assert not (imported.folder / "out.csv").exists()


def test_another_layer_for_grad_cam_makes_the_maps_anew(imported, explain, run):
    cam = ("--set", "saliency.method=grad_cam")
    card = imported.card()
    module = card.parent / "redness.py"
    module.write_text(module.read_text() + LAYERED)
    text = card.read_text().partition("[conditions]")[0].replace("redness:build", "redness:layered")
    text = text.replace('arguments = { mode = "red" }', "")
    card.write_text(text + 'layer = "first"\n')
    explain(imported, card, *cam)
    maps = imported.study.with_name(f"{imported.study.name}.maps")
    assert len(list(maps.iterdir())) == 5
    card.write_text(text + 'layer = "second"\n')
    run("explain", imported.study, "--model", card, *cam, "--csv", imported.folder / "b.csv")
    assert len(list(maps.iterdir())) == 10
