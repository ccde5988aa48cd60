"""What the command line checks and draws beside a run can be had from the page."""

import json
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.explain.sanity_dialog import SanityDialog, sentence_of
from desktop_app.session.explaining.panels import write_panels
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import UnlearnedMap
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor
from tests.desktop_app.accessible import controls, nameless

VARIES = ("started", "finished", "result")


def manifest(path):
    """Return a manifest without what differs from one time to the next."""
    read = json.loads(path.read_text(encoding="utf-8"))
    read["study"].pop("digest", None)
    return {name: value for name, value in read.items() if name not in VARIES}


@pytest.fixture
def open_dialog(finish):
    """A function that opens the dialog of the check."""

    def open_on(page):
        page.window().action_set.by_id["sanity"].trigger()
        finish(page)
        (dialog,) = [d for d in page.findChildren(SanityDialog) if d.isVisible()]
        return dialog

    yield open_on
    QApplication.processEvents()


# Does a map depend on the model


def test_a_check_without_a_run_writes_what_the_command_line_writes(
    page, open_dialog, finish, run, demo, picked, tmp_path
):
    cli = tmp_path / "cli.csv"
    run("sanity", demo.file, "--model", demo.card, "--csv", cli, "--cases", "2", "--steps", "2")
    dialog = open_dialog(page)
    assert not dialog.export.isEnabled()
    dialog.cases.setValue(2)
    dialog.steps.setValue(2)
    dialog.check.click()
    assert dialog.stop.isVisible()
    assert not dialog.check.isEnabled()
    finish(page)
    assert dialog.told.text() == "The maps of 2 of 2 images depend on the model."
    assert len(dialog.view.model.rows) == len(cli.read_text(encoding="utf-8").splitlines()) - 1
    assert nameless(dialog) == []
    assert len(controls(dialog)) > 5
    picked["table"] = tmp_path / "page.csv"
    dialog.export.click()
    finish(page)
    assert (tmp_path / "page.csv").read_bytes() == cli.read_bytes()
    written = [manifest(tmp_path / f"{name}.manifest.json") for name in ("page", "cli")]
    assert written[0] == written[1]
    dialog.reject()


def test_a_stopped_check_finds_nothing_and_another_can_begin(page, open_dialog, finish):
    dialog = open_dialog(page)
    dialog.check.click()
    dialog.stop.click()
    finish(page)
    assert dialog.found is None
    assert dialog.told.text() == "Stopped."
    assert dialog.check.isEnabled()
    dialog.cases.setValue(1)
    dialog.steps.setValue(1)
    dialog.check.click()
    finish(page)
    assert dialog.found.table.rows
    dialog.reject()


def test_closing_the_dialog_stops_the_check(page, open_dialog, finish):
    dialog = open_dialog(page)
    dialog.check.click()
    assert page.session.sanity.is_running
    dialog.reject()
    assert not page.session.sanity.is_running
    finish(page)


def test_the_check_is_of_the_run_that_is_shown(done_page, open_dialog):
    other = done_page.session.settings.model_copy(
        update={"saliency": done_page.session.settings.saliency.model_copy(update={"steps": 4})}
    )
    done_page.session.set_settings(other)
    shown = done_page.session.runs.shown
    dialog = open_dialog(done_page)
    assert dialog._model[1] == shown.result.settings != other
    dialog.reject()


def test_without_a_model_there_is_nothing_to_check(open_page):
    page = open_page(is_synthetic=False)
    told = []
    page.told.connect(told.append)
    page.dialogs.show_sanity()
    assert [problem.code for problem in told] == ["no_model"]


def test_the_sentence_counts_images_and_says_what_is_undefined(done_page):
    images = [row.image for row in done_page.session.runs.shown.result.run.images[:3]]
    verdicts = (True, False, Undefined(Reason.CONSTANT_MAP))
    rows = [
        UnlearnedMap(image, "fc", 1, 0.1, 0.1, verdict)
        for image, verdict in zip(images, verdicts, strict=True)
    ]
    doubled = [*rows, *(replace(row, layers=2) for row in rows)]
    told = sentence_of(doubled)
    assert told == "The maps of 1 of 3 images depend on the model. Of 1 it is undefined."
    assert sentence_of([]) == "No map could be checked."


# Panels


def test_the_panels_of_all_images_are_those_of_the_command_line(
    done_page, finish, run, demo, picked, tmp_path
):
    run(
        "explain", demo.file, "--model", demo.card, "--csv", tmp_path / "cli.csv",
        "--panels", tmp_path / "cli",
    )  # fmt: skip
    picked["panels"] = page_folder = tmp_path / "page"
    page_folder.mkdir()
    done_page.window().action_set.by_id["write_panels"].trigger()
    assert done_page.session.exports.is_reporting
    finish(done_page)
    drawn = {path.name: path.read_bytes() for path in page_folder.glob("*.png")}
    assert drawn == {path.name: path.read_bytes() for path in (tmp_path / "cli").glob("*.png")}
    assert len(drawn) == done_page.session.runs.shown.result.values.explained
    name = "panels.manifest.json"
    assert manifest(page_folder / name) == manifest(tmp_path / "cli" / name)
    assert done_page.exporting.strip.isHidden()


def test_panels_go_into_an_empty_folder_alone(done_page, finish, picked, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    told = []
    done_page.told.connect(told.append)
    picked["panels"] = tmp_path
    before = sorted(tmp_path.iterdir())
    done_page.exporting.panels()
    finish(done_page)
    assert [problem.code for problem in told] == ["folder_not_empty"]
    assert sorted(tmp_path.iterdir()) == before
    assert not done_page.session.exports.is_reporting


def test_panels_of_a_run_say_that_gradings_changed_since(done_page, finish, picked, tmp_path):
    done_page.note_gradings(None)
    picked["panels"] = tmp_path / "panels"
    done_page.exporting.panels()
    finish(done_page)
    told = json.loads((tmp_path / "panels" / "panels.manifest.json").read_text(encoding="utf-8"))
    assert "gradings_changed" in [problem["code"] for problem in told["problems"]]


def test_stopped_panels_are_taken_away(session, demo, qtbot, tmp_path):
    session.model.choose_card(demo.card)
    qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=60_000)
    session.run()
    qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=60_000)
    token, drawn = CancelToken(), []

    def stop_once_some_are_there(step):
        if step.room == "saliency" and step.done > 3:
            drawn.append(len(list((tmp_path / "panels").glob("*.png"))))
            token.cancel()

    job = JobContext(InlineExecutor(), token, stop_once_some_are_there)
    with pytest.raises(Stopped):
        write_panels(
            session.place, session.runs.shown.result, tmp_path / "panels", job, problems=()
        )
    assert drawn[0] > 3
    assert list((tmp_path / "panels").iterdir()) == []
