"""Labelling body parts: blind, stored at once, undone, and asked again."""

import pytest
from PySide6.QtWidgets import QApplication

from engine.domain.problem import refuse
from engine.findings.extremes import labelling_list
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor


def settle(session, qtbot):
    qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=60_000)


@pytest.fixture
def labelling(session, demo, qtbot):
    """The labelling of a finished run."""
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    session.run()
    settle(session, qtbot)
    session.begin_labelling()
    settle(session, qtbot)
    session.labelling.session = session
    return session.labelling


def test_the_images_are_those_of_the_labelling_table_in_its_order(labelling):
    result = labelling.session.runs.shown.result
    extremes = result.findings.extremes
    assert labelling.order == labelling_list(extremes, result.settings.findings)
    wanted = {*extremes.lowest_ds, *extremes.lowest_srcc, *extremes.control}
    assert set(labelling.order) == wanted
    assert labelling.at == 0
    assert labelling.labelled == 0


def test_each_answer_is_stored_at_once_and_the_next_image_comes(labelling, demo, qtbot):
    first = labelling.image
    labelling.answer(frozenset({"arm", "marking"}))
    settle(labelling.session, qtbot)
    assert labelling.at == 1
    assert labelling.labelled == 1
    with open_study(demo.file) as other:
        assert other.body_parts() == {first: frozenset({"arm", "marking"})}


def test_none_of_them_is_an_answer(labelling, qtbot):
    first = labelling.image
    labelling.answer(frozenset())
    settle(labelling.session, qtbot)
    assert labelling.session.place.study.body_parts() == {first: frozenset()}


def test_undo_goes_back_and_restores_the_label_of_before(labelling, qtbot):
    first = labelling.image
    labelling.answer(frozenset({"arm"}))
    labelling.go(0)
    labelling.answer(frozenset({"leg"}))
    assert labelling.undo()
    settle(labelling.session, qtbot)
    assert labelling.at == 0
    assert labelling.session.place.study.body_parts()[first] == frozenset({"arm"})
    assert labelling.undo()
    assert not labelling.can_undo
    assert not labelling.undo()
    assert labelling.labels[first] == frozenset({"arm"}), "a first answer stays until another"


def test_labelling_goes_on_where_it_was_left(labelling, qtbot):
    labelling.answer(frozenset({"arm"}))
    labelling.answer(frozenset({"leg"}))
    settle(labelling.session, qtbot)
    labelling.session.begin_labelling()
    settle(labelling.session, qtbot)
    assert labelling.at == 2
    assert labelling.labelled == 2


def test_after_the_last_answer_the_questions_are_asked_again(labelling, qtbot):
    complete = []
    labelling.complete.connect(lambda: complete.append(True))
    session = labelling.session
    extremes = session.runs.shown.result.findings.extremes
    lowest = {*extremes.lowest_ds, *extremes.lowest_srcc}
    for path in labelling.order:
        labelling.answer(frozenset({"marking"} if path in lowest else {"arm"}))
    assert complete
    assert labelling.labelled == len(labelling.order)
    assert labelling.has_changed
    session.ask_findings()
    settle(session, qtbot)
    assert not labelling.has_changed
    shares = session.runs.shown.result.findings.body_parts
    marked = next(share for share in shares if share.part == "marking" and share.group == "ds")
    assert marked.shown == marked.labelled == len(extremes.lowest_ds)
    linked = session.runs.shown.result.linked
    assert len(linked.parts["ds", "marking"]) == len(extremes.lowest_ds)


def test_an_answer_that_cannot_be_stored_is_told_and_taken_back(labelling, qtbot, monkeypatch):
    def fail(*_, **__):
        raise refuse("disk_full", "demo.concord", "there is no room", "Free space")

    monkeypatch.setattr(type(labelling.session.place.study), "label_body_parts", fail)
    first = labelling.image
    labelling.answer(frozenset({"arm"}))
    settle(labelling.session, qtbot)
    assert [p.code for p in labelling.session.problems] == ["disk_full"]
    assert first not in labelling.labels


def test_marks_given_while_the_questions_are_asked_are_not_lost(open_session, demo, qtbot):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps)

    def run_all():
        while steps.step():
            QApplication.processEvents()

    session.model.choose_card(demo.card)
    run_all()
    session.run()
    run_all()
    run = session.runs.shown
    session.ask_findings()
    session.marks.star(run, run.result.findings.cues[0], is_starred=True)
    run_all()
    assert session.marks.of(run, run.result.findings.cues[0]).is_starred


def test_findings_of_a_run_that_was_closed_meanwhile_are_dropped(open_session, demo):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps)

    def run_all():
        while steps.step():
            QApplication.processEvents()

    session.model.choose_card(demo.card)
    run_all()
    session.run()
    run_all()
    changed = []
    session.runs.result_changed.connect(changed.append)
    session.ask_findings()
    session.runs.close(session.runs.shown)
    run_all()
    assert not changed
    assert not session.runs.all


def test_the_questions_of_the_labelled_run_are_asked_though_another_ended_meanwhile(
    labelling, qtbot
):
    session = labelling.session
    first = session.runs.shown
    path = labelling.image
    session.run()
    labelling.answer(frozenset({"marking"}))
    settle(session, qtbot)
    second = session.runs.shown
    assert second is not first
    session.end_labelling()
    settle(session, qtbot)
    assert first.result.linked.labels == {path: frozenset({"marking"})}
    assert session.runs.shown is second


def test_without_an_answer_no_question_is_asked_again(labelling, qtbot):
    asked = []
    labelling.session.findings_asked.connect(asked.append)
    labelling.session.end_labelling()
    settle(labelling.session, qtbot)
    assert asked == []


def test_labels_of_a_table_count_in_the_findings(session, demo, qtbot):
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    session.run()
    settle(session, qtbot)
    session.import_labels(demo.body_parts)
    settle(session, qtbot)
    assert session.place.study.body_parts()
    assert session.runs.shown.result.linked.labels == session.place.study.body_parts()
