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
        "tests", "graders", "pairs", "answers",
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
