"""What leaves the page is what the command line writes."""

import json
import shlex

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_app.session.explaining.export import assignments, command_line
from desktop_app.session.explaining.model import Chosen
from engine.domain.problem import refuse
from engine.domain.settings import RunSettings
from tests.desktop_app.explain.demo import QUICK


@pytest.fixture
def exported(done_page, picked, finish, tmp_path):
    """A function that exports what a view shows, and returns the file."""

    def export(view, name="out.csv", act="table"):
        done_page.views.go(view)
        finish(done_page)
        picked["table"] = picked["figure"] = tmp_path / name
        getattr(done_page.exporting, act)()
        finish(done_page)
        return tmp_path / name

    return export


def test_the_image_and_the_case_table_are_those_of_the_command_line_byte_for_byte(
    exported, run, demo, tmp_path
):
    run("explain", demo.file, "--model", demo.card, "--csv", tmp_path / "cli.csv")
    assert exported("images", "page.csv").read_bytes() == (tmp_path / "cli.csv").read_bytes()
    cases = exported("cases", "page-cases.csv")
    assert cases.read_bytes() == (tmp_path / "cli.cases.csv").read_bytes()
    assert len(cases.read_bytes().splitlines()) > 20


def test_the_manifest_beside_a_table_is_that_of_the_command_line(exported, run, demo, tmp_path):
    run("explain", demo.file, "--model", demo.card, "--csv", tmp_path / "cli.csv")
    exported("images", "page.csv")
    read = [
        json.loads((tmp_path / f"{name}.manifest.json").read_text(encoding="utf-8"))
        for name in ("page", "cli")
    ]
    for manifest in read:
        for varies in ("started", "finished", "result"):
            manifest.pop(varies)
        manifest["study"].pop("digest", None)
    assert read[0] == read[1]


def test_the_copied_command_makes_the_same_table(done_page, run, tmp_path, demo, exported):
    done_page.exporting.copy_command()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:3] == ["dermconcord", "explain", str(demo.file)]
    words[words.index("--csv") + 1] = str(tmp_path / "copied.csv")
    run(*words[1:])
    assert exported("images").read_bytes() == (tmp_path / "copied.csv").read_bytes()


def test_settings_of_the_command_are_those_that_are_not_the_studys(demo):
    findings = QUICK.findings.model_copy(update={"strata": ("site", "camera"), "alpha": 0.01})
    figures = QUICK.figures.model_copy(update={"outlines": True})
    settings = QUICK.model_copy(update={"findings": findings, "figures": figures})
    assert assignments(settings, QUICK) == [
        ("findings.strata", "site,camera"),
        ("findings.alpha", "0.01"),
        ("figures.outlines", "true"),
    ]
    text = command_line(
        demo.file, Chosen(maps=demo.card.parent, device="cpu"), QUICK, RunSettings()
    )
    assert "--maps" in text
    assert "--device cpu" in text
    assert "--set saliency.steps=10" in text


def test_a_byte_order_mark_is_written_for_spreadsheets_alone(exported, done_page):
    assert not exported("images", "plain.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    done_page.exporting.marks_encoding.setChecked(True)
    assert exported("images", "marked.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_only_the_rows_shown_can_be_exported_in_their_order(exported, done_page):
    done_page.images.view.sort_by("ds")
    done_page.images.view.search.setText("melanoma")
    file = exported("images", "shown.csv", act="shown_rows")
    lines = file.read_text(encoding="utf-8").splitlines()
    shown = done_page.images.view.export_rows()
    assert len(lines) == len(shown) + 1
    assert 0 < len(shown) < 94
    assert [line.split(",")[0] for line in lines[1:]] == [row.image.path for row in shown]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_plot_is_exported_as_the_figure_of_the_report(exported, kind):
    file = exported("conditions", f"figure.{kind}", act="export")
    start = file.read_bytes()[:8]
    assert start.startswith(b"<?xml" if kind == "svg" else b"\x89PNG")
    assert file.with_name("figure.manifest.json").is_file()


def test_all_tables_are_exported_side_by_side(exported, done_page, tmp_path):
    exported("images", "all.csv", act="all_tables")
    names = {path.name for path in tmp_path.glob("all-*.csv")}
    assert names == {f"all-{name}.csv" for name in done_page.session.runs.shown.result.tables}


def test_no_table_of_them_all_is_replaced_without_a_question(exported, done_page, finish, tmp_path):
    there = tmp_path / "all-cases.csv"
    there.write_text("mine", encoding="utf-8")
    exported("images", "all.csv", act="all_tables")
    assert list(tmp_path.glob("all-*.csv")) == [there]
    assert there.read_text(encoding="utf-8") == "mine"
    done_page.question.yes.click()
    finish(done_page)
    assert there.read_text(encoding="utf-8") != "mine"


def test_the_graders_notes_are_in_the_file_and_not_on_the_page(exported, done_page):
    header = exported("images").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {"notes", "problems"} < set(header)
    shown = {column.name for column in done_page.images.view.model.columns}
    assert shown == set(header) - {"notes", "problems", "undefined"}


def test_the_report_is_written_whole_and_replaced_only_after_a_question(
    done_page, picked, finish, tmp_path
):
    picked["report"] = out = tmp_path / "report"
    done_page.exporting.report()
    assert done_page.session.exports.is_reporting
    finish(done_page)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "melanoma" in page
    assert (out / "tables" / "images.csv").is_file()
    done_page.exporting.report()
    assert done_page.question.is_open
    assert not done_page.session.exports.is_reporting
    done_page.question.no.click()
    assert (out / "report.html").read_text(encoding="utf-8") == page


def test_a_stopped_report_leaves_nothing(done_page, picked, finish, tmp_path):
    picked["report"] = tmp_path / "report"
    done_page.exporting.report()
    done_page.session.exports.stop_report()
    finish(done_page)
    assert not (tmp_path / "report").exists()
    assert done_page.exporting.strip.isHidden()


def test_a_folder_that_cannot_be_written_is_told(done_page, picked, finish, tmp_path):
    told = []
    done_page.told.connect(told.append)
    (tmp_path / "file").write_text("here")
    picked["table"] = tmp_path / "file" / "x.csv"
    done_page.exporting.table()
    finish(done_page)
    assert [problem.code for problem in told] == ["no_folder"]


def reveals(page):
    return [entry for entry in page.place.study.audit() if entry.action == "reveal_names"]


def test_names_that_leave_in_a_file_are_logged_once(exported, done_page, picked, finish, tmp_path):
    exported("cases", "cases.csv")
    exported("conditions", "figure.svg", act="export")
    assert reveals(done_page) == [], "neither names anybody"
    exported("images", "images.csv")
    (entry,) = reveals(done_page)
    assert entry.author == "Ada"
    exported("images", "all.csv", act="all_tables")
    picked["report"] = tmp_path / "report"
    done_page.exporting.report()
    finish(done_page)
    assert (tmp_path / "report" / "tables" / "graders.csv").is_file()
    assert len(reveals(done_page)) == 1


def test_the_names_in_a_report_are_logged_when_it_is_written(
    done_page, picked, finish, tmp_path, exported
):
    picked["report"] = tmp_path / "report"
    done_page.exporting.report()
    done_page.session.exports.stop_report()
    finish(done_page)
    assert reveals(done_page) == []
    done_page.exporting.report()
    finish(done_page)
    assert len(reveals(done_page)) == 1
    exported("images")
    assert len(reveals(done_page)) == 1


def test_no_name_leaves_where_the_log_cannot_be_written(exported, done_page, monkeypatch):
    def fail(*_, **__):
        raise refuse("disk_full", "demo.concord", "there is no room", "Free space")

    monkeypatch.setattr(type(done_page.place.study), "reveal_names", fail)
    told = []
    done_page.told.connect(told.append)
    assert not exported("images").exists()
    assert [problem.code for problem in told] == ["disk_full"]


@pytest.mark.parametrize("is_stale", [False, True])
def test_a_report_says_where_gradings_changed_since_the_run(
    done_page, picked, finish, tmp_path, is_stale
):
    if is_stale:
        done_page.note_gradings(None)
    picked["report"] = tmp_path / "report"
    done_page.exporting.report()
    finish(done_page)
    text = (tmp_path / "report" / "report.manifest.json").read_text(encoding="utf-8")
    codes = [problem["code"] for problem in json.loads(text)["problems"]]
    assert ("gradings_changed" in codes) == is_stale
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert ("gradings changed since the run" in page) == is_stale
