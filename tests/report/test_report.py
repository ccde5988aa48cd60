"""A report is one folder: a page that needs nothing else, tables, figures, manifests."""

import csv
import hashlib
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from engine.domain.problem import Refusal
from engine.report import folder as report_folder
from engine.report.folder import require_report_folder, write_report
from engine.report.gallery import MOST, choose_gallery
from engine.report.html import html_page, shown_number


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
    assert "Effect 0.3" in text
    assert "0.2 to 0.4" in text
    assert "corrected p 0.002" in text
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
    chosen = {path for group in choose_gallery(many, content.run.images) for path in group.images}
    assert len(chosen) == MOST


def test_extremes_are_shown_by_correctness(content):
    groups = {
        group.name: group.images for group in choose_gallery(content.findings, content.run.images)
    }
    assert groups["lowest-correct"] == ("000.png", "002.png")
    assert groups["lowest-incorrect"] == ("001.png", "003.png")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.5"),
        (0.12345, "0.123"),
        (1e-5, "1e-05"),
        (0.0, "0"),
        (1526.0, "1526"),
        (-3.67, "-3.67"),
    ],
)
def test_numbers_are_shown_with_three_digits(number, text):
    assert shown_number(number) == text
