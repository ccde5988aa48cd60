"""The main job from the command line: files in, tables with a manifest out."""

import csv
import hashlib
import json

import pytest


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def digests(folder):
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


QUICK = ("--set", "saliency.joint_gradients=100")


def test_files_become_agreement_with_a_reason_for_each_image_left_out(imported, run):
    out = imported.folder / "agreement.csv"
    run("agreement", imported.study, "--csv", out)
    rows = read_rows(out)
    assert [row["image"] for row in rows] == [f"photographs/img_{n:02}.png" for n in range(6)]
    assert rows[0]["admitted"] == "false"
    assert rows[0]["reason"] == "kappa_below_cut"
    assert all(row["admitted"] == "true" and float(row["fleiss_kappa"]) > 0.8 for row in rows[1:])
    assert {row["graders"] for row in rows} == {"3"}


def test_importing_the_same_files_twice_changes_nothing(imported, run):
    before = json.loads(run("doctor", imported.study, "--json").output)["study"]["info"]
    again = run("import", imported.study, imported.photographs, imported.gradings, "--json")
    counts = json.loads(again.output)
    assert counts["gradings"] == {"added": 0, "changed": 0, "unchanged": 18}
    assert counts["photographs"]["unchanged"] == 6
    after = json.loads(run("doctor", imported.study, "--json").output)["study"]["info"]
    assert after == before


def test_a_run_writes_images_cases_panels_and_a_manifest_beside_each(imported, explain):
    panels = imported.folder / "panels"
    explain(imported, imported.card(), *QUICK, "--panels", panels)
    images = read_rows(imported.folder / "out.csv")
    cases = read_rows(imported.folder / "out.cases.csv")
    assert len(images) == 6
    assert images[0]["reason"] == "kappa_below_cut"
    assert images[0]["ds"] == ""
    assert all(0 < float(row["ds"]) <= 1 for row in images[1:])
    assert all(row["predicted"] == "lesion" and row["is_correct"] == "true" for row in images[1:])
    assert [row["case"] for row in cases] == ["case_0", "case_1", "case_2"]
    assert [row["images"] for row in cases] == ["1", "2", "2"]
    assert len(list(panels.glob("*.png"))) == 5
    for name in ("out", "out.cases"):
        manifest = json.loads((imported.folder / f"{name}.manifest.json").read_text())
        assert manifest["settings"]["saliency"]["joint_gradients"] == 100
        assert manifest["settings"]["agreement"]["kappa_cut"] == 0.4
        assert manifest["admission"]["admitted_images"] == 5
        assert manifest["admission"]["left_out"] == {"kappa_below_cut": 1}
        assert manifest["study"]["audit_head"]
        assert len(manifest["images"]) == 6
        assert manifest["model"]["digest"]


def test_the_map_finds_the_red_disc_that_the_classifier_looks_at(imported, explain):
    explain(imported, imported.card(), "--set", "saliency.noise_level=0.02")
    rows = read_rows(imported.folder / "out.csv")[1:]
    assert min(float(row["auc"]) for row in rows) > 0.9
    assert min(float(row["ds_above_chance"]) for row in rows) > 0.3


def test_the_case_takes_its_best_image_for_each_metric(imported, explain):
    explain(imported, imported.card(), *QUICK)
    images = read_rows(imported.folder / "out.csv")
    for case in read_rows(imported.folder / "out.cases.csv"):
        own = [row for row in images if row["case"] == case["case"] and row["ds"]]
        for metric in ("ds", "srcc", "auc", "ds_above_chance"):
            best = max(own, key=lambda row: float(row[metric]))
            assert case[metric] == best[metric]
            assert case[f"{metric}_image"] == best["image"]


def test_the_same_inputs_give_the_same_bytes(imported, explain, run):
    card = imported.card()
    explain(imported, card, *QUICK)
    first = (imported.folder / "out.csv").read_bytes()
    for file in (imported.folder / "small.concord.maps").rglob("*"):
        if file.is_file():
            file.unlink()
    again = imported.folder / "again.csv"
    run("explain", imported.study, "--model", card, "--csv", again, *QUICK)
    assert again.read_bytes() == first


def test_a_second_run_takes_every_map_from_the_cache(imported, explain, run, monkeypatch):
    card = imported.card()
    explain(imported, card, *QUICK)

    def never(*arguments, **keywords):
        raise AssertionError("a map was computed again")

    monkeypatch.setattr("engine.saliency.explain.explain", never)
    monkeypatch.setattr("engine.stages.pixels.decode", never)
    again = imported.folder / "again.csv"
    run("explain", imported.study, "--model", card, "--csv", again, *QUICK)
    assert again.read_bytes() == (imported.folder / "out.csv").read_bytes()


def test_both_samplers_agree_on_what_they_estimate(imported, explain, run):
    card = imported.card()
    explain(imported, card)
    literal = imported.folder / "literal.csv"
    run(
        "explain",
        imported.study,
        "--model",
        card,
        "--csv",
        literal,
        "--sampler",
        "literal",
        "--set",
        "saliency.noise_samples=10",
    )
    pairs = zip(read_rows(imported.folder / "out.csv")[1:], read_rows(literal)[1:], strict=True)
    assert all(abs(float(a["srcc"]) - float(b["srcc"])) < 0.15 for a, b in pairs)


def test_sources_are_never_modified(imported, explain):
    before = digests(imported.photographs) | digests(imported.gradings)
    explain(imported, imported.card(), *QUICK, "--panels", imported.folder / "panels")
    assert digests(imported.photographs) | digests(imported.gradings) == before


def test_a_result_is_never_overwritten_unasked(imported, run):
    out = imported.folder / "agreement.csv"
    run("agreement", imported.study, "--csv", out)
    refused = run("agreement", imported.study, "--csv", out, code=1)
    assert "--overwrite" in refused.output
    run("agreement", imported.study, "--csv", out, "--overwrite")


def test_precomputed_maps_and_predictions_need_no_model(imported, run):
    import numpy as np

    maps = imported.folder / "maps"
    maps.mkdir()
    for n in range(1, 6):
        values = np.zeros((50, 60 + 4 * n))
        values[12:32, 10 + 3 * n : 30 + 3 * n] = 1.0
        np.save(maps / f"img_{n:02}.npy", values)
    table = imported.folder / "predictions.csv"
    table.write_text(
        "image,melanoma,Other\n" + "".join(f"img_{n:02}.png,0.9,0.1\n" for n in range(6))
    )
    out = imported.folder / "maps.csv"
    run("explain", imported.study, "--maps", maps, "--predictions", table, "--csv", out)
    rows = read_rows(out)[1:]
    assert all(row["method"] == "imported" and row["predicted"] == "melanoma" for row in rows)
    assert min(float(row["ds"]) for row in rows) > 0.7
    assert {row["is_correct"] for row in rows} == {"true"}


def test_settings_are_taken_from_a_file_and_refused_when_unknown(imported, run):
    settings = imported.folder / "settings.toml"
    settings.write_text("[agreement]\nkappa_cut = -1.0\n")
    shown = run("agreement", imported.study, "--settings", settings, "--json")
    assert json.loads(shown.output)["admission"]["admitted_images"] == 6
    refused = run("agreement", imported.study, "--set", "agreement.kapa_cut=0.5", code=2)
    assert "kapa_cut" in refused.output


@pytest.mark.parametrize("command", ["new", "import", "agreement", "explain", "demo", "doctor"])
def test_every_command_has_a_help_page(run, command):
    page = run(command, "--help").output
    assert len(page.splitlines()) > 8


def test_a_photograph_that_comes_after_its_gradings_is_told_apart_and_nothing_is_lost(files, run):
    run("new", files.study)
    run("import", files.study, files.gradings)
    said = json.loads(run("import", files.study, files.photographs, "--json", code=1).output)
    assert said["photographs"]["added"] == 6
    assert {problem["code"] for problem in said["problems"]} == {"image_without_pixels"}
    assert all("before" in problem["remedy"] for problem in said["problems"])
