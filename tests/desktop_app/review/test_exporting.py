"""A table on the page as a file: byte for byte what the command line writes."""

import json

import pytest
from PySide6.QtWidgets import QDialog

from engine.report.csv_file import csv_bytes
from engine.report.grader_tables import grader_tables
from tests.desktop_app.review.hands import press, settle
from tests.desktop_app.reviewed import APART, GRADERS, actions, leave_note


@pytest.fixture
def export(tmp_path):
    """A function that exports the table in front and returns the file."""

    def export(page, name="table.csv"):
        path = tmp_path / name
        page.pick_csv = lambda _parent, _start: path
        press(page, "Ctrl+E")
        for _ in range(20):
            settle(page)
        return path

    return export


def manifest_of(path):
    return json.loads(path.with_suffix(".manifest.json").read_text(encoding="utf-8"))


VOLATILE = {"started", "finished", "result"}


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_the_images_are_exported_byte_for_byte_as_by_the_command_line(
    open_page, file, run, tmp_path, export, method
):
    leave_note(file, APART, GRADERS[0], "=1+1, dark")
    page = open_page()
    press(page, "1", "Return", "J", "X", "Return")
    page.top.methods[method].click()
    settle(page)
    exported = export(page)
    setting = f"agreement.consensus={method}"
    run("agreement", file, "--csv", tmp_path / "cli.csv", "--set", setting)
    assert exported.read_bytes() == (tmp_path / "cli.csv").read_bytes()
    ours, theirs = manifest_of(exported), manifest_of(tmp_path / "cli.csv")
    assert {k: v for k, v in ours.items() if k not in VOLATILE} == {
        k: v for k, v in theirs.items() if k not in VOLATILE
    }
    assert page.problems[-1].code == "exported"


def test_names_are_in_the_file_though_they_are_hidden_on_the_page(open_page, file, export):
    leave_note(file, APART, GRADERS[0], "dark")
    assert f"{GRADERS[0]}: dark" in export(open_page()).read_text(encoding="utf-8")


def test_the_log_says_once_that_names_left_in_a_file(page, file, export):
    export(page)
    assert actions(file).count("reveal_names") == 1
    export(page, "again.csv")
    assert actions(file).count("reveal_names") == 1
    assert not page.session.has_names
    assert not page.session.shows_all_names


@pytest.mark.parametrize(("tab", "name"), [(1, "graders"), (2, "pairs"), (3, "answers")])
def test_tables_of_graders_are_exported_with_a_manifest_that_describes_them(
    page, export, tab, name
):
    page.tables.tabs.setCurrentIndex(tab)
    path = export(page)
    measures = page.session.measures
    tables = {t.name: t for t in grader_tables(measures.graders, measures.answers)}
    assert path.read_bytes() == csv_bytes(tables[name])
    manifest = manifest_of(path)
    assert list(manifest["tables"]) == [name]
    assert manifest["tables"][name]["rows"] == len(tables[name].rows)


def test_what_was_written_to_the_study_since_is_measured_before_it_is_exported(
    page, file, run, tmp_path, export
):
    leave_note(file, APART, GRADERS[1], "seen elsewhere")
    exported = export(page)
    run("agreement", file, "--csv", tmp_path / "cli.csv")
    assert exported.read_bytes() == (tmp_path / "cli.csv").read_bytes()


def test_a_file_that_cannot_be_written_is_a_problem(page, export):
    export(page, name="missing/table.csv")
    assert page.problems
    assert page.problems[-1].code != "exported"


def test_giving_up_the_file_dialog_writes_nothing(page, tmp_path):
    page.pick_csv = lambda _parent, _start: None
    press(page, "Ctrl+E")
    assert page.problems == []


@pytest.fixture
def export_regions(qtbot, tmp_path):
    """A function that exports regions from the page and returns their folder."""

    def export_regions(page, what, folder):
        page.handlers["export_regions"]()
        dialog = next(d for d in page.findChildren(QDialog) if d.isVisible())
        dialog.choices.what.choose(what)
        dialog.choices.format.choose("mask")
        dialog.choices.target.setText(str(tmp_path / folder))
        qtbot.waitUntil(lambda: not dialog.is_looking)
        with qtbot.waitSignal(dialog.exported):
            dialog.go.click()
        listed = [found.where for found in dialog.problems.model.table.rows]
        dialog.close()
        return tmp_path / folder, listed

    return export_regions


def test_the_log_says_once_that_names_left_with_regions_which_the_window_still_hides(
    open_page, file, export_regions
):
    leave_note(file, APART, GRADERS[0], "dark")
    page = open_page()
    folder, listed = export_regions(page, "gradings", "masks")
    assert {part.name for part in folder.iterdir() if part.is_dir()} == set(GRADERS)
    assert listed
    assert not any(name in where for where in listed for name in GRADERS)
    export_regions(page, "gradings", "again")
    assert actions(file).count("reveal_names") == 1


def test_a_consensus_leaves_without_word_in_the_log_and_as_the_page_measures(
    page, file, run, tmp_path, export_regions
):
    page.top.methods["staple"].click()
    settle(page)
    folder, _ = export_regions(page, "consensus", "ours")
    assert "reveal_names" not in actions(file)
    setting = "agreement.consensus=staple"
    run("export", file, "--out", tmp_path / "theirs", "--what", "consensus", "--format", "mask",
        "--set", setting)  # fmt: skip
    ours, theirs = (
        {p.relative_to(root): p.read_bytes() for root in [at] for p in at.rglob("*.png")}
        for at in (folder, tmp_path / "theirs")
    )
    assert ours == theirs != {}
    assert (folder / "losses.csv").read_bytes() == (tmp_path / "theirs/losses.csv").read_bytes()
