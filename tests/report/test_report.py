"""A report is one folder: a page that needs nothing else, tables, figures, manifests."""

import csv
import hashlib
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.domain.findings import Estimate, Extremes
from engine.domain.problem import Problem, Refusal
from engine.report import folder as report_folder
from engine.report.folder import require_report_folder, write_report
from engine.report.gallery import MOST, choose_gallery
from engine.report.html import html_page, shown_number, shown_table


class Page(HTMLParser):
    """What a browser would make of the page: elements with their attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def written(content, tmp_path):
    write_report(content, content.manifest(), tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def page(written):
    return (written / "report.html").read_text(encoding="utf-8")


def test_a_script_as_a_condition_is_text_and_no_element(page):
    parsed = Page(page)
    assert len(parsed.of("script")) == 1
    assert "<script>alert" not in page
    assert any("<script>alert('x')</script>" in text for text in parsed.text)


def test_only_the_script_of_the_page_may_run(page):
    policy = next(m["content"] for m in Page(page).of("meta") if m.get("http-equiv"))
    script = re.search("<script>(.*)</script>", page, re.DOTALL).group(1)
    digest = __import__("base64").b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_page_loads_nothing_from_elsewhere(page):
    parsed = Page(page)
    assert all(image["src"].startswith("data:") for image in parsed.of("img"))
    assert not parsed.of("link")
    assert not parsed.of("iframe")
    links = {link["href"] for link in parsed.of("a")}
    assert all(
        link.startswith(("#", "tables/")) or link == "report.manifest.json" for link in links
    )


def test_every_link_to_a_file_finds_it(written, page):
    for link in Page(page).of("a"):
        if not link["href"].startswith("#"):
            assert (written / link["href"]).is_file(), link["href"]


def test_every_inner_link_finds_its_section(page):
    parsed = Page(page)
    ids = {attributes.get("id") for _, attributes in parsed.elements}
    assert {a["href"][1:] for a in parsed.of("a") if a["href"].startswith("#")} <= ids


def test_every_picture_says_what_it_shows(page):
    assert all(image["alt"] for image in Page(page).of("img"))


def test_the_finding_stands_in_the_page_with_its_numbers(page):
    text = "".join(Page(page).text)
    assert "1. Maps of <script>alert('x')</script> lie elsewhere" in text
    assert "Effect 0.300" in text
    assert "0.200 to 0.400" in text
    assert "corrected p 0.00200" in text
    assert "10 cases against 40" in text


def test_each_table_is_a_csv_with_its_manifest(written, content):
    for table in content.all_tables():
        with (written / "tables" / f"{table.name}.csv").open(encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        assert tuple(rows[0]) == table.header
        assert len(rows) - 1 == len(table.rows)
        manifest = json.loads((written / "tables" / f"{table.name}.manifest.json").read_text())
        assert manifest["table"]["rows"] == len(table.rows)
        assert manifest["settings"]["findings"]["alpha"] == 0.05


def test_the_manifest_holds_the_digest_of_every_file(written):
    manifest = json.loads((written / "report.manifest.json").read_text())
    on_disk = {
        path.relative_to(written).as_posix()
        for path in written.rglob("*")
        if path.is_file() and not path.name.endswith(".manifest.json")
    }
    assert set(manifest["files"]) == on_disk
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == digest


def test_the_same_report_is_the_same_bytes(content, written, tmp_path):
    write_report(content, content.manifest(), tmp_path / "again")
    for path in sorted(written.rglob("*")):
        if path.is_file():
            assert (
                tmp_path / "again" / path.relative_to(written)
            ).read_bytes() == path.read_bytes()


def test_a_report_without_pictures_shows_none(content):
    bare = replace(content, pictures={}, groups=())
    parsed = Page(html_page(bare, _with_versions(bare)))
    assert not [image for image in parsed.of("img") if "webp" in image["src"]]


def test_a_report_without_cues_says_how_many_were_tested(content):
    calm = replace(content, findings=replace(content.findings, cues=()))
    text = "".join(Page(html_page(calm, _with_versions(calm))).text)
    assert "None found." in text
    assert "12 candidates were tested" in text


def _with_versions(content):
    return {**content.manifest(), "versions": {"dermconcord": "1"}}


def test_an_other_folder_is_never_written_into(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Refusal, match="holds other files"):
        require_report_folder(tmp_path, overwrite=True)


def test_an_own_file_beside_a_report_is_never_deleted_with_it(written):
    (written / "notes.txt").write_text("mine")
    with pytest.raises(Refusal, match="holds other files"):
        require_report_folder(written, overwrite=True)


def test_what_a_file_manager_left_in_a_report_is_in_nobodys_way(written):
    (written / ".DS_Store").write_bytes(b"")
    require_report_folder(written, overwrite=True)


def test_the_folder_one_stands_in_can_hold_a_report(content, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    require_report_folder(Path(), overwrite=False)
    write_report(content, content.manifest(), Path())
    assert (tmp_path / "here" / "report.html").is_file()


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path, monkeypatch):
    def read_only(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(report_folder.tempfile, "mkdtemp", read_only)
    with pytest.raises(Refusal, match="Read-only"):
        require_report_folder(tmp_path / "out", overwrite=False)


def test_an_earlier_report_is_replaced_only_when_asked(written, content):
    with pytest.raises(Refusal, match="--overwrite"):
        require_report_folder(written, overwrite=False)
    require_report_folder(written, overwrite=True)
    (written / "tables" / "stale.csv").write_text("old")
    write_report(content, content.manifest(), written)
    assert not (written / "tables" / "stale.csv").exists()


def test_a_report_that_cannot_be_finished_leaves_the_earlier_one(written, content, monkeypatch):
    before = (written / "report.html").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_folder, "write_manifest", full)
    with pytest.raises(Refusal, match="No space left"):
        write_report(content, content.manifest(), written)
    assert (written / "report.html").read_bytes() == before
    assert os.listdir(written.parent) == [written.name]


def test_a_gallery_never_shows_more_than_it_may(content):
    many = replace(
        content.findings,
        cues=tuple(
            replace(content.findings.cues[0], images=tuple(f"{n}-{k}.png" for k in range(4)))
            for n in range(80)
        ),
    )
    groups = choose_gallery(many, content.run.images)
    assert sum(len(group.images) for group in groups) == MOST


def test_an_image_of_many_cues_is_not_embedded_for_each_of_them_without_end(content):
    many = replace(content.findings, cues=content.findings.cues * 80)
    groups = choose_gallery(many, content.run.images)
    assert sum(len(group.images) for group in groups) == MOST


def test_extremes_are_shown_by_correctness(content):
    groups = {
        group.name: group.images for group in choose_gallery(content.findings, content.run.images)
    }
    assert groups["lowest-correct"] == ("000.png", "002.png")
    assert groups["lowest-incorrect"] == ("001.png", "003.png")


def test_extremes_are_shown_where_no_prediction_is_known(content, undefined):
    images = [replace(result, is_correct=undefined) for result in content.run.images]
    groups = {group.name: group for group in choose_gallery(content.findings, images)}
    assert groups["lowest-unknown"].images == content.findings.extremes.lowest
    assert groups["lowest-unknown"].title == "Lowest agreement, correctness not known"
    assert not {"lowest-correct", "lowest-incorrect"} & set(groups)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.500"),
        (0.12345, "0.123"),
        (0.0083333, "0.00833"),
        (0.0084499, "0.00845"),
        (1e-5, "1.00e-05"),
        (-0.0, "0"),
        (99.97, "100"),
        (99.94, "99.9"),
        (1526.0, "1526"),
        (123456.0, "123456"),
        (-3.67, "-3.67"),
    ],
)
def test_numbers_are_shown_with_three_digits(number, text):
    assert shown_number(number) == text


def test_a_mean_is_shown_with_its_interval_and_its_counts_beside_it(content):
    table = next(table for table in content.all_tables() if table.name == "levels")
    shown = shown_table(table)
    names = [column.name for column in shown.columns]
    assert names == ["column", "metric", "family", "level", "mean", "mean_sd"]
    mean = shown.rows[0][names.index("mean")]
    assert (mean.text, mean.note) == ("0.500", "0.400 to 0.600, n 10, 1 missing")


def test_a_mean_that_is_undefined_says_why_and_how_many_are_missing(content, undefined):
    nothing = Estimate(undefined, undefined, 0, 3)
    (point,) = content.findings.conditions
    bare = replace(point, means=dict.fromkeys(point.means, nothing))
    found = replace(content.findings, conditions=(bare,))
    table = next(t for t in replace(content, findings=found).all_tables() if t.name == "conditions")
    shown = shown_table(table)
    cells = dict(zip([column.name for column in shown.columns], shown.rows[0], strict=True))
    assert (cells["ds"].text, cells["ds"].value) == ("undefined", None)
    assert cells["ds"].note == "(too few cases), no interval, n 0, 3 missing"
    assert "examples" not in cells


def test_every_number_in_the_page_is_that_of_the_csv(written, page):
    """The page sorts by the value itself and shows three digits of it."""
    with (written / "tables" / "images.csv").open(encoding="utf-8") as stream:
        known = {row["ds"] for row in csv.DictReader(stream)}
    cells = re.findall(
        r'<td class="number" data-v="([^"]+)">([^<]+)<', page.split('id="images"')[1]
    )
    shown = {f"{float(value):.12g}": text for value, text in cells}
    assert known <= set(shown)
    assert all(text == shown_number(float(value)) for value, text in shown.items() if "." in value)


@pytest.mark.parametrize("evil", ["</script><script>alert(1)</script>", '" onmouseover="alert(1)'])
def test_no_name_that_a_person_chose_becomes_part_of_the_page(content, evil):
    """Condition, prediction, path, case, level, column, body part, model and problem alike."""
    images = [
        replace(
            result,
            agreement=replace(
                result.agreement,
                image=replace(result.image, path=f"{number}{evil}", case=evil, condition=evil),
            ),
            predicted=evil,
        )
        for number, result in enumerate(content.run.images)
    ]
    paths = tuple(result.image.path for result in images)
    old = content.findings
    found = replace(
        old,
        extremes=Extremes(0.1, 40, paths[:4], paths[-4:], paths[:5], paths[:5], paths[5:9]),
        conditions=(replace(old.conditions[0], condition=evil, examples=paths[:2]),),
        comparisons=(replace(old.comparisons[0], column=evil, left_out=((evil, 1),)),),
        body_parts=(replace(old.body_parts[0], part=evil),),
        cues=(replace(old.cues[0], sentence=evil, images=paths[:4]),),
        untested=((evil, evil),),
    )
    model = {"card": {"name": evil}, "digest": "c" * 64}
    groups = choose_gallery(found, images)
    picture = next(iter(content.pictures.values()))
    full = replace(
        content,
        run=replace(content.run, images=images, model=model),
        findings=found,
        figures=tuple(replace(figure, caption=evil) for figure in content.figures),
        groups=groups,
        pictures={path: picture for group in groups for path in group.images},
        problems=(Problem("code", evil, evil, evil),),
    )
    parsed = Page(html_page(full, _with_versions(full)))
    plain = Page(html_page(content, _with_versions(content)))
    assert len(parsed.of("script")) == 1
    assert not [
        name for _, attributes in parsed.elements for name in attributes if name[:2] == "on"
    ]
    assert {tag for tag, _ in parsed.elements} <= {tag for tag, _ in plain.elements} | {"ul", "li"}
    assert sum(evil in text for text in parsed.text) > 20


def test_the_images_to_label_are_listed_without_what_they_are(written, content):
    with (written / "tables" / "to_label.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    extremes = content.findings.extremes
    listed = [row["image"] for row in rows]
    assert sorted(listed) == sorted({*extremes.lowest_ds, *extremes.lowest_srcc, *extremes.control})
    assert listed != sorted(listed)
    assert all(set(row.values()) == {row["image"], ""} for row in rows)


def test_a_section_without_anything_in_it_says_so(content):
    nothing = replace(
        content.findings, cues=(), untested=(), tested=0, body_parts=(), conditions=()
    )
    empty = replace(content, findings=nothing, pictures={}, groups=())
    text = "".join(Page(html_page(empty, _with_versions(empty))).text)
    assert "Nothing could be tested." in text
    assert "None found." not in text
    assert "No body parts are labelled." in text
    assert "No rows. Everything is in conditions.csv" in text
