"""From a study to its report, by the command, on real files."""

import base64
import csv
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

QUICK = ("--set", "saliency.joint_gradients=100", "--set", "findings.resamples=200")
SKIN = (205, 160, 140)
PICTURE = re.compile(r'src="data:image/webp;base64,([^"]+)"')


@pytest.fixture
def report(imported, run):
    """Write a report of the small study with its model, trusted as a person would trust it."""
    card = imported.card()
    refused = run("report", imported.study, "--model", card, "--out", imported.folder / "r", code=1)
    digest = refused.output.split("--trust ")[1].split()[0].strip(".")

    def report(*options, out="report", code=0):
        target = imported.folder / out
        run("report", imported.study, "--model", card, *QUICK, *options, "--out", target,
            "--trust", digest, code=code)  # fmt: skip
        return target

    return report


def pictures(folder):
    """Return the pictures in a report's page, decoded."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in PICTURE.findall(page)]


def rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def half(imported):
    """Settings under which half of the five images are extreme, so that pictures are shown."""
    return ("--set", "findings.extreme_fraction=0.5")


def test_a_report_has_the_page_every_table_and_every_figure(report, half):
    folder = report(*half)
    tables = {path.stem for path in (folder / "tables").glob("*.csv")}
    assert tables == {
        "images", "cases", "cues", "untested", "extremes", "body_parts", "conditions", "levels",
        "tests", "to_label", "graders", "pairs", "answers",
    }  # fmt: skip
    figures = {path.name for path in (folder / "figures").glob("figure*.png")}
    assert {name[:7] for name in figures} == {f"figure{number}" for number in range(2, 9)}
    assert (folder / "report.html").stat().st_size < 2_000_000


def test_the_tables_of_a_report_are_those_of_explain(report, imported, run):
    folder = report()
    run("explain", imported.study, "--model", imported.card(), *QUICK,
        "--csv", imported.folder / "out.csv")  # fmt: skip
    for name, table in (("out.csv", "images.csv"), ("out.cases.csv", "cases.csv")):
        ours = (imported.folder / name).read_bytes()
        assert (folder / "tables" / table).read_bytes() == ours


def test_a_report_without_images_shows_none(report, half):
    folder = report(*half, "--no-images")
    assert pictures(folder) == []
    names = {path.name for path in (folder / "figures").glob("*.png")}
    assert not any(name.startswith(("figure3", "figure4", "figure5")) for name in names)
    assert len(rows(folder / "tables" / "images.csv")) == 6


def test_pictures_of_a_report_carry_nothing_but_pixels(report, half):
    shown = pictures(report(*half))
    assert shown
    for picture in shown:
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_a_privacy_box_covers_every_picture_and_changes_no_number(report, half, imported, run):
    before = report(*half, out="before")
    for number in range(6):
        image = f"photographs/img_{number:02}.png"
        run("privacy-box", imported.study, image, 0, 0, 200, 200, "--author", "lead")
    after = report(*half, out="after")
    for name in ("images.csv", "cases.csv"):
        assert (after / "tables" / name).read_bytes() == (before / "tables" / name).read_bytes()
    for open_, covered in zip(pictures(before), pictures(after), strict=True):
        assert _middle_of_first_panel(open_).std() > 10
        assert np.abs(_middle_of_first_panel(covered).astype(int) - 96).max() < 6
    for name in ("figure3-flow.png", "figure4-panels.png"):
        assert _skin(before / "figures" / name) > 1000, name
        assert _skin(after / "figures" / name) < 50, name


def test_a_privacy_box_covers_the_panels_of_explain_which_carry_nothing_else(
    imported, explain, run
):
    image = "photographs/img_03.png"
    run("privacy-box", imported.study, image, 0, 0, 200, 200, "--author", "lead")
    panels = imported.folder / "panels"
    explain(imported, imported.card(), *QUICK, "--panels", panels)
    shown = {path.name.partition(".")[0]: path for path in panels.glob("*.png")}
    assert _skin(shown["photographs_img_02"]) > 1000
    assert _skin(shown["photographs_img_03"]) < 50
    for path in shown.values():
        with Image.open(path) as picture:
            assert picture.info == {}


def _skin(path):
    """Return how many pixels have the colour of the skin in the photographs."""
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    return int((np.abs(pixels - SKIN).max(axis=2) < 12).sum())


def _middle_of_first_panel(picture):
    height = picture.height
    return np.asarray(picture.convert("RGB"))[height // 3 : -height // 3, height // 6 : height // 2]


def test_a_report_of_a_study_without_a_model_is_about_its_graders(imported, run):
    target = imported.folder / "graders"
    run("report", imported.study, "--out", target)
    assert {path.stem for path in (target / "tables").glob("*.csv")} == {
        "agreement", "graders", "pairs", "answers",
    }  # fmt: skip
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "Where graders look" in page
    assert "Candidate wrong cues" not in page
    assert "<td" in page
    assert "img_03.png" in page


def test_a_condition_that_is_a_script_stays_text(imported, run):
    manifest = imported.folder / "evil.csv"
    manifest.write_text("image,condition\nimg_01.png,<script>alert(1)</script>\n")
    run("import", imported.study, manifest)
    target = imported.folder / "report"
    run("report", imported.study, "--out", target)
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page


def test_the_manifest_of_a_report_tells_settings_and_counts(report):
    manifest = json.loads((report() / "report.manifest.json").read_text())
    assert manifest["settings"]["saliency"]["joint_gradients"] == 100
    assert manifest["admission"] == {
        "images": 6, "cases": 3, "admitted_images": 5, "admitted_cases": 3,
        "left_out": {"kappa_below_cut": 1},
    }  # fmt: skip
    assert set(manifest["kappa_interval"]) == {"low", "high", "level"}
    assert manifest["cues"]["listed"] == 0
    assert len(manifest["images"]) == 6


def test_a_report_is_never_written_into_a_folder_with_other_work(imported, run):
    folder = imported.folder / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("mine")
    refused = run("report", imported.study, "--out", folder, "--overwrite", code=1)
    assert "holds other files" in refused.output
    assert (folder / "chapter.txt").read_text() == "mine"


def test_model_and_maps_together_are_wrong_usage(imported, run):
    run("report", imported.study, "--out", imported.folder / "r", "--model", imported.card(),
        "--maps", imported.folder, code=2)  # fmt: skip


def test_two_reports_of_one_study_differ_in_when_they_were_made_alone(report, half):
    """The second one takes its maps from the cache, and finds the predictions of the first."""
    one, two = report(*half, out="one"), report(*half, out="two")
    names = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    assert names == {path.relative_to(two) for path in two.rglob("*") if path.is_file()}
    results = [name for name in names if name.suffix in (".csv", ".png", ".svg")]
    assert len(results) > 25
    for name in results:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    when = re.compile(r"revision \d+|\d{4}-\d\d-\d\dT[\d:+]+|Audit head <code>\w+")
    pages = [(folder / "report.html").read_text(encoding="utf-8") for folder in (one, two)]
    assert when.sub("", pages[0]) == when.sub("", pages[1])


def test_a_report_in_which_no_image_has_a_map_counts_them_and_names_no_place(imported, run):
    maps = imported.folder / "maps"
    maps.mkdir()
    np.save(maps / "stray.npy", np.zeros((4, 4)))
    target = imported.folder / "out"
    run("report", imported.study, "--maps", maps, "--out", target, code=1)
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "Admitted images without a result: 5 no map." in page
    assert "stray.npy: the study has no image named" in page
    assert "Nothing could be tested." in page
    for path in target.rglob("*"):
        assert path.is_dir() or str(imported.folder).encode() not in path.read_bytes(), path


@pytest.mark.parametrize("options", [(), ("--maps", "maps")])
def test_a_study_without_images_has_a_report_that_says_so(options, tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").mkdir()
    run("new", "empty.concord")
    run("report", "empty.concord", *options, "--out", "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "images of 0 cases" in page
    assert "undefined (too few images)" in page
    assert "No rows." in page
