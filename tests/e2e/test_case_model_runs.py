"""A case model from the command line: all images of a case, one answer, a map of each image."""

import csv
import json

import pytest

from engine.pipeline import explain_study, show_image, show_images
from engine.stages.estimating import estimate_run
from engine.stages.trying import check_model

FACTORY = """
import torch
from torch import nn

from engine.saliency.case_classifier import CaseClassifier


class Redness(nn.Module):
    def forward(self, x):
        red = torch.tanh(x[:, 0] - 0.5 * (x[:, 1] + x[:, 2])).mean(dim=(1, 2))
        return red[:, None]


def build():
    case = CaseClassifier(Redness(), features=1, metadata=2, classes=2)
    with torch.no_grad():
        case.head.weight.copy_(torch.tensor([[4.0, 0.0, 0.5], [0.0, 0.0, 0.0]]))
        case.head.bias.zero_()
    return case
"""

QUICK = ("--set", "saliency.joint_gradients=100")


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def study(files, run):
    """The small study with a column on which the images of a case agree: `site`."""
    header, *rows = files.manifest.read_text().splitlines()
    sites = ["arm", "arm", "leg", "leg", "foot", "foot"]
    told = [f"{row},{site}" for row, site in zip(rows, sites, strict=True)]
    files.manifest.write_text("\n".join([f"{header},site", *told]) + "\n")
    run("new", files.study)
    run("import", files.study, files.photographs, files.manifest, files.gradings)
    return files


def card_of(files, *, case_images=6, columns='site = ["arm", "leg"]'):
    """Write the card of a case model beside the study's files."""
    path = files.card()
    (path.parent / "cases.py").write_text(FACTORY)
    path.write_text(
        f'name = "redness of a case"\nkind = "python"\nfactory = "cases:build"\n'
        f'input_size = 32\nresize = "stretch"\n'
        f"mean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n"
        f'classes = ["lesion", "clear"]\noutput = "logits"\ncase_images = {case_images}\n'
        f'[metadata]\n{columns}\n[conditions]\nmelanoma = "lesion"\n'
    )
    return path


def of_case(rows, case):
    return [row for row in rows if row["case"] == case]


def test_a_case_gets_one_answer_and_each_of_its_images_a_map(study, explain):
    explain(study, card_of(study), *QUICK)
    rows = read_rows(study.folder / "out.csv")
    one, other = of_case(rows, "case_1")
    assert one["predicted"] == other["predicted"] == "lesion"
    assert one["image_predicted"] == other["image_predicted"] == ""
    assert one["probability"] == other["probability"] != ""
    assert one["completeness_gap"] == other["completeness_gap"] != ""
    assert one["map_peak"] != other["map_peak"]
    assert all(float(row["auc"]) > 0.7 for row in rows if row["admitted"] == "true")


def test_what_the_model_is_not_told_is_said_once_for_each_column(study, explain):
    columns = 'site = ["arm", "leg"]'
    result = explain(study, card_of(study, columns=columns), *QUICK)
    assert result.output.count("the model is told nothing") == 1
    assert "in 1 of 3 cases" in " ".join(result.output.split())


def test_a_second_run_answers_and_draws_from_what_is_stored(study, explain, run, monkeypatch):
    card = card_of(study)
    explain(study, card, *QUICK)

    def never(*arguments, **keywords):
        raise AssertionError("something was computed again")

    monkeypatch.setattr("engine.saliency.explain.explain_case", never)
    monkeypatch.setattr("engine.saliency.classifier.Classifier.predict_case", never)
    monkeypatch.setattr("engine.stages.pixels.decode", never)
    again = study.folder / "again.csv"
    run("explain", study.study, "--model", card, "--csv", again, *QUICK)
    assert again.read_bytes() == (study.folder / "out.csv").read_bytes()


def test_other_metadata_or_images_of_a_case_make_its_answer_and_maps_anew(study, explain, run):
    card = card_of(study)
    explain(study, card, *QUICK)
    before = read_rows(study.folder / "out.csv")

    text = study.manifest.read_text().replace("melanoma,F,42,leg", "melanoma,F,42,arm")
    study.manifest.write_text(text.replace("melanoma,M,43,leg", "melanoma,M,43,arm"))
    run("import", study.study, study.manifest)
    told = study.folder / "told.csv"
    run("explain", study.study, "--model", card, "--csv", told, *QUICK)
    after = read_rows(told)
    for column in ("probability", "map_peak"):
        changed = [a[column] != b[column] for a, b in zip(before[1:], after[1:], strict=True)]
        assert changed == [False, True, True, False, False]

    wider = study.folder / "wider.csv"
    settings = ("--set", "agreement.kappa_cut=-1")
    run("explain", study.study, "--model", card, "--csv", wider, *QUICK, *settings)
    (_, alone), (left_out, beside) = (
        of_case(rows, "case_0") for rows in (before, read_rows(wider))
    )
    assert left_out["admitted"] == "true"
    assert all(alone[column] != beside[column] for column in ("probability", "map_peak"))


def test_images_beyond_those_that_the_model_takes_are_told_in_their_rows(study, explain):
    explain(study, card_of(study, case_images=1), *QUICK, code=1)
    rows = read_rows(study.folder / "out.csv")
    one, other = of_case(rows, "case_1")
    assert (one["failure"], other["failure"]) == ("", "beyond_case_images")
    assert "takes 1 images of a case" in other["failure_detail"]
    assert other["predicted"] == "lesion"
    (case,) = of_case(read_rows(study.folder / "out.cases.csv"), "case_1")
    assert case["auc_image"] == one["image"]


def test_a_case_is_answered_by_the_images_that_can_be_read(study, explain, run):
    card = card_of(study)
    explain(study, card, *QUICK)
    before = of_case(read_rows(study.folder / "out.csv"), "case_1")
    (study.folder / before[1]["image"]).unlink()
    second = study.folder / "second.csv"
    run(
        "explain",
        study.study,
        "--model",
        card,
        "--csv",
        second,
        *QUICK,
        "--set",
        "saliency.seed=1",
        code=1,
    )
    one, other = of_case(read_rows(second), "case_1")
    assert other["failure"] == "pixels_missing"
    assert one["failure"] == ""
    assert one["probability"] != before[0]["probability"]


def test_images_move_one_by_one_where_that_is_asked_for(study, explain):
    explain(study, card_of(study), *QUICK, "--set", "saliency.case_path=separate")
    one, other = of_case(read_rows(study.folder / "out.csv"), "case_1")
    assert one["completeness_gap"] != other["completeness_gap"]
    assert one["score"] == other["score"]


def test_the_manifest_tells_of_the_case_model(study, explain):
    explain(study, card_of(study), *QUICK)
    manifest = json.loads((study.folder / "out.manifest.json").read_text())
    assert manifest["model"]["card"]["case_images"] == 6
    assert manifest["model"]["card"]["metadata"] == {"site": ["arm", "leg"]}
    assert manifest["settings"]["saliency"]["case_path"] == "together"


def test_imported_predictions_stand_for_the_case_models_own(study, explain):
    table = study.folder / "predictions.csv"
    rows = [f"photographs/img_{n:02}.png,clear" for n in range(6)]
    table.write_text("\n".join(["image,predicted", *rows]) + "\n")
    explain(study, card_of(study), *QUICK, "--predictions", table)
    one, other = of_case(read_rows(study.folder / "out.csv"), "case_1")
    assert one["predicted"] == one["image_predicted"] == one["target"] == "clear"
    assert one["completeness_gap"] == other["completeness_gap"] != ""


def test_a_case_model_is_tried_on_a_whole_case(bench):
    checked = check_model(bench.study, card_of(bench.files), bench.trust, bench.job)
    explain_study(bench.study, bench.prepare(card=card_of(bench.files)).run, bench.job)
    assert checked.image == "photographs/img_00.png"
    assert checked.predicted == "lesion"
    assert 0.5 < checked.probability < 1


@pytest.mark.parametrize("case_path", ["together", "separate"])
def test_the_run_of_a_case_model_is_estimated_by_cases(bench, case_path):
    prepared = bench.prepare(card=card_of(bench.files), case_path=case_path)
    before = bench.study.info()
    told = estimate_run(bench.study, prepared, bench.job)
    assert (told.images, told.cached, told.gradients) == (5, 0, 10)
    assert told.seconds > 0
    assert bench.study.info() == before
    explain_study(bench.study, prepared.run, bench.job)
    again = estimate_run(bench.study, prepared, bench.job)
    assert (again.images, again.cached) == (5, 5)


def test_images_that_a_case_model_is_not_given_are_not_counted(bench):
    prepared = bench.prepare(card=card_of(bench.files, case_images=1))
    assert estimate_run(bench.study, prepared, bench.job).images == 3


def test_the_map_of_one_image_of_a_case_is_shown_as_the_run_made_it(bench):
    prepared = bench.prepare(card=card_of(bench.files))
    explained = explain_study(bench.study, prepared.run, bench.job)
    located = [result for result in explained.images if result.localisation]
    rows = [result.agreement for result in located]
    paths = {row.image.path for row in rows}
    shown = dict(show_images(bench.study, prepared.run, rows, paths, bench.job))
    for result in located:
        alone = show_image(
            bench.study, prepared.run, result.agreement, bench.job, predicted=result.predicted
        )
        values = shown[result.image.path].saliency_map.values
        assert (alone.saliency_map.values == values).all()
