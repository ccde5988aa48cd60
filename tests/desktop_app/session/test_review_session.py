"""A lead's session when things come late, twice, or not at all: nothing stale is shown or lost."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.session.reviewing.copy import without_stairs
from desktop_app.session.reviewing.log import DeedLog
from desktop_app.session.reviewing.measures import FEW
from desktop_app.session.reviewing.session import ReviewSession
from desktop_app.worker.bridge import Bridge
from engine.domain.image import PrivacyBox
from engine.domain.problem import refuse
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.pipeline import measure_study
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from engine.study.sqlite import open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor, SteppingExecutor
from tests.desktop_app.reviewed import (
    ALIKE,
    APART,
    EMPTY,
    GRADERS,
    LEAD,
    NEAR,
    WAITING,
    actions,
    box,
    draw,
    make_study,
    run,
    stored,
)


class Stepping(SteppingExecutor):
    """Runs what the window asks for step by step, and what a job hands on at once."""

    def __init__(self):
        super().__init__()
        self._is_running = False

    def submit(self, lane, task, /, *args, **kwargs):
        if self._is_running:
            return InlineExecutor().submit(lane, task, *args, **kwargs)
        return super().submit(lane, task, *args, **kwargs)

    def step(self):
        self._is_running = True
        try:
            return super().step()
        finally:
            self._is_running = False


@pytest.fixture
def file(tmp_path):
    return make_study(tmp_path)


@pytest.fixture
def lanes():
    return Stepping()


@pytest.fixture
def open_session(file, lanes, qapp):
    """A function that opens a session on the study whose lanes run step by step."""
    opened = []

    def open_one(wrap=lambda study: study):
        study = open_study(file, busy_timeout=0.1)
        bridge = Bridge(lanes)
        bridge.errors = []
        bridge.failed.connect(bridge.errors.append)
        session = ReviewSession(
            wrap(study), bridge, lanes, person=LEAD, study_id="0", options=study.options()
        )
        bridge.setParent(session)
        session.heard = []
        session.problem.connect(session.heard.append)
        opened.append((session, study, bridge))
        return session

    yield open_one
    for session, study, bridge in opened:
        session.measures.stop()
        run(lanes)
        study.close()
        assert bridge.errors == []


@pytest.fixture
def session(open_session, lanes):
    """A session that has measured the study, with nothing at hand."""
    session = open_session()
    session.load()
    run(lanes)
    return session


def go(session, lanes, path):
    session.open(session.measures.numbers[path])
    run(lanes)


def events(signal):
    heard = []
    signal.connect(lambda *values: heard.append(values))
    return heard


def test_the_rows_are_those_of_the_command_line(session, file):
    with open_study(file, read_only=True) as study:
        rows = measure_study(study, AgreementSettings(), JobContext(InlineExecutor()))
    assert tuple(session.measures.rows) == rows
    assert session.selection.count == len(rows)
    assert session.measures.graders is not None


def test_what_comes_of_an_image_that_was_left_is_dropped(session, lanes):
    reviewed, pictures = (
        events(session.at_hand.reviewed),
        events(session.at_hand.picture_ready),
    )
    session.open(session.measures.numbers[APART])
    session.open(session.measures.numbers[NEAR])
    run(lanes)
    assert [review.row.image.path for (review,) in reviewed] == [NEAR]
    assert len(pictures) == 1


@pytest.mark.parametrize("steps", range(1, 6))
def test_an_image_that_is_left_at_any_moment_never_shows_on_the_next(session, lanes, steps):
    seen = []
    for signal in (session.at_hand.reviewed, session.at_hand.read):
        signal.connect(lambda _: seen.append(session.at_hand.path))
    session.open(session.measures.numbers[APART])
    taken = iter(range(steps))
    run(lanes, until=lambda: next(taken, None) is None)
    before = len(seen)
    session.open(session.measures.numbers[ALIKE])
    run(lanes)
    assert set(seen[before:]) == {ALIKE}
    assert session.review.row.image.path == ALIKE
    assert session.at_hand.records.image.path == ALIKE


def test_a_consensus_chosen_while_another_is_measured_is_the_one_that_counts(session, lanes):
    loaded = events(session.measures.loaded)
    session.set_consensus("staple")
    session.set_consensus("majority")
    session.set_consensus("staple")
    run(lanes)
    assert len(loaded) == 1
    assert session.settings.agreement.consensus == "staple"
    warned = {row.consensus_warning for row in session.measures.rows}
    with_staple = AgreementSettings(consensus="staple")
    expected = {
        measure_agreement(
            row.image, session.study.readings_of(row.image.path), with_staple
        ).consensus_warning
        for row in session.measures.rows
    }
    assert warned == expected


def test_a_deed_undone_before_it_is_written_is_written_and_taken_back(session, lanes, file):
    go(session, lanes, APART)
    before = len(actions(file))
    session.adopt(0, reason="first")
    session.undo()
    session.redo()
    session.undo()
    run(lanes)
    assert actions(file)[before:] == ["adjudicate", "withdraw_adjudication"] * 2
    assert session.review.adjudication is None
    assert session.undo_texts == ("", "adopt A")


def test_a_deed_is_about_the_image_it_was_asked_for_even_if_another_is_at_hand_by_then(
    session, lanes, file
):
    go(session, lanes, APART)
    chosen = session.voter(1).grader
    session.adopt(1, reason="clear")
    session.open(session.measures.numbers[NEAR])
    run(lanes)
    decided = stored(file, lambda study: study.adjudications())
    assert {path: d.grader for path, d in decided.items()} == {APART: chosen}
    assert session.measures.rows[session.measures.numbers[APART]].adjudicated == "grader"
    assert session.review.row.image.path == NEAR


def test_nothing_is_decided_before_the_image_is_measured(session, lanes, file):
    told = events(session.told)
    before = actions(file)
    session.open(session.measures.numbers[APART])
    session.adopt_majority(reason="early")
    session.withdraw(reason="early")
    session.ask_extra("Zoe")
    session.cover(PrivacyBox(0, 0, 5, 5))
    run(lanes)
    assert actions(file) == before
    assert len(told) == 4


def test_closing_waits_for_what_is_written_and_for_what_is_measured(session, lanes, file):
    go(session, lanes, APART)
    session.adopt(0, reason="last")
    session.measures.measure()
    ended = []
    session.when_settled(lambda: ended.append(len(actions(file))))
    assert ended == []
    lanes.step()
    QApplication.processEvents()
    assert not session.log.is_busy
    assert (ended, session.measures.is_busy) == ([], True)
    run(lanes)
    assert actions(file)[-1] == "adjudicate"
    assert ended == [len(actions(file))]
    assert not session.measures.is_busy


def test_closing_waits_for_a_deed_though_nothing_is_measured(session, lanes, file):
    go(session, lanes, APART)
    session.adopt(0, reason="last")
    ended = []
    session.when_settled(lambda: ended.append(True))
    assert ended == []
    run(lanes)
    assert ended == [True]
    assert actions(file)[-1] == "adjudicate"


def test_closing_with_nothing_under_way_is_at_once(session):
    ended = []
    session.when_settled(lambda: ended.append(True))
    assert ended == [True]


def test_closing_while_the_study_is_first_read_shows_nothing_and_ends(open_session, lanes):
    session = open_session()
    loaded = events(session.measures.loaded)
    session.load()
    ended = []
    session.when_settled(lambda: ended.append(True))
    run(lanes)
    assert (ended, loaded) == ([True], [])


def test_after_a_deed_one_image_is_measured_and_the_graders_once_it_is_calm(session, lanes):
    loaded, graders = events(session.measures.loaded), events(session.measures.graders_changed)
    go(session, lanes, APART)
    rows = list(session.measures.rows)
    session.send_back(0, reason="again")
    run(lanes)
    assert loaded == []
    changed = [k for k, row in enumerate(session.measures.rows) if row != rows[k]]
    assert changed == [session.measures.numbers[APART]]
    assert session.measures.is_measuring_graders
    before = session.measures.graders
    session.measures.measure_graders()
    run(lanes)
    assert not session.measures.is_measuring_graders
    assert session.measures.graders != before
    assert graders


def test_deeds_in_a_row_measure_the_graders_once(session, lanes, monkeypatch):
    go(session, lanes, APART)
    starts = []
    monkeypatch.setattr(session.measures, "_start", _counting(session.measures._start, starts))
    for place in range(3):
        session.adopt(place, reason="one after the other")
        run(lanes)
    assert starts == []
    session.measures.measure_graders()
    run(lanes)
    assert starts == ["graders"]


def _counting(start, starts):
    def counted(name, task, then):
        starts.append(name)
        start(name, task, then)

    return counted


def test_images_changed_elsewhere_are_measured_alone_where_they_are_few(session, lanes):
    loaded = events(session.measures.loaded)
    for grader in GRADERS:
        draw(session.study, EMPTY, grader, box(5, 5))
    session.note([EMPTY])
    session.note([WAITING])
    session.catch_up()
    run(lanes)
    assert loaded == []
    assert session.measures.rows[session.measures.numbers[EMPTY]].fleiss_kappa == 1.0


@pytest.mark.parametrize("images", [None, ["p/new.png"], [f"{k}.png" for k in range(FEW + 1)]])
def test_the_whole_study_is_measured_where_many_or_unknown_images_changed(session, lanes, images):
    loaded = events(session.measures.loaded)
    session.note(images)
    session.catch_up()
    run(lanes)
    assert len(loaded) == 1


class HeardWhileRead:
    """A study of which something changes right after the decisions were read."""

    def __init__(self, study):
        self._study = study
        self.then = lambda: None

    def __getattr__(self, name):
        return getattr(self._study, name)

    def adjudications(self):
        found = self._study.adjudications()
        then, self.then = self.then, lambda: None
        then()
        return found


def test_what_is_decided_while_the_study_is_measured_is_in_the_rows(open_session, lanes):
    session = open_session(HeardWhileRead)
    session.load()
    run(lanes)
    go(session, lanes, NEAR)

    def decide():
        session.adopt_majority(reason="clear")
        for _ in range(20):  # lanes are at work, so what is asked for now is done at once
            QApplication.processEvents()
        assert session.review.adjudication is not None

    session.study.then = decide
    session.measures.measure()
    run(lanes)
    assert session.measures.rows[session.measures.numbers[NEAR]].adjudicated == "majority"


def test_an_image_changed_elsewhere_is_measured_though_another_one_changes_right_after(
    session, lanes, file
):
    with open_study(file) as study:
        for path in (NEAR, ALIKE):
            draw(study, path, GRADERS[0], box(40, 20))
    session.measures.measure_some([NEAR])
    session.measures.measure_some([ALIKE])
    run(lanes)
    with open_study(file, read_only=True) as study:
        rows = measure_study(study, AgreementSettings(), JobContext(InlineExecutor()))
    assert tuple(session.measures.rows) == rows


def test_closing_waits_for_settings_and_reads_the_study_no_more(session, lanes, file):
    agreement = session.settings.agreement.model_copy(update={"kappa_cut": 0.1})
    session.store_settings(session.settings.model_copy(update={"agreement": agreement}))
    ended = []
    session.when_settled(lambda: ended.append(session._bridge.is_busy))
    assert not ended
    run(lanes)
    assert ended == [False]
    assert stored(file, lambda study: study.options()).settings.agreement.kappa_cut == 0.1


def test_catching_up_with_nothing_measures_nothing(session, lanes):
    session.catch_up()
    assert not session.measures.is_busy


def test_a_study_that_cannot_be_read_is_a_problem_and_can_be_read_later(open_session, lanes):
    class Out:
        def __init__(self, study):
            self._study, self.is_out = study, True

        def __getattr__(self, name):
            return getattr(self._study, name)

        def options(self):
            if self.is_out:
                raise refuse("study_gone", "study", "The file is gone", "Bring it back")
            return self._study.options()

    session = open_session(wrap=Out)
    session.load()
    run(lanes)
    assert [problem.code for problem in session.heard] == ["study_gone"]
    session.study.is_out = False
    session.load()
    run(lanes)
    assert len(session.measures.rows) == 5


def test_an_error_while_an_image_is_measured_leaves_the_session_at_work(open_session, lanes):
    class Sick:
        def __init__(self, study):
            self._study, self.is_sick = study, False

        def __getattr__(self, name):
            return getattr(self._study, name)

        def adjudication(self, image):
            if self.is_sick:
                raise refuse("study_damaged", image, "It cannot be read", "Run doctor")
            return self._study.adjudication(image)

    session = open_session(wrap=Sick)
    session.load()
    run(lanes)
    session.study.is_sick = True
    go(session, lanes, APART)
    assert [problem.code for problem in session.heard] == ["study_damaged"]
    session.study.is_sick = False
    go(session, lanes, NEAR)
    assert session.review.row.image.path == NEAR


def test_a_copy_is_not_begun_for_an_image_that_was_left_meanwhile(session, lanes):
    go(session, lanes, APART)
    records = session.at_hand.records
    session.begin_copy_of_counted()
    session.open(session.measures.numbers[NEAR])
    run(lanes)
    assert session.copy is None
    session._on_region_to_edit(records, box(1, 1))
    assert session.copy is None


def test_nothing_is_drawn_on_a_copy_while_it_is_being_stored(session, lanes):
    go(session, lanes, NEAR)
    session.begin_copy(box(5, 5))
    session.draw(box(8, 8), "move region")
    session.keep_copy(reason="better")
    session.draw(box(30, 20), "move region")
    session.undo()
    session.give_up_copy()
    run(lanes)
    assert session.copy is None
    assert session.study.adjudication(NEAR).region == box(8, 8)


def test_a_copy_that_is_refused_is_still_there(open_session, lanes):
    class Full:
        def __init__(self, study):
            self._study = study

        def __getattr__(self, name):
            return getattr(self._study, name)

        def adjudicate(self, *_args, **_options):
            raise refuse("disk_full", "study", "There is no room", "Make room")

    session = open_session(wrap=Full)
    session.load()
    run(lanes)
    go(session, lanes, NEAR)
    session.begin_copy(box(5, 5))
    session.draw(box(8, 8), "move region")
    session.keep_copy(reason="better")
    run(lanes)
    assert [problem.code for problem in session.heard] == ["disk_full"]
    assert session.copy.region == box(8, 8)
    assert session.undo_texts == ("move region", "")


def test_a_copy_of_pixels_has_few_vertices_and_nearly_the_same_pixels():
    y, x = np.mgrid[:200, :300]
    mask = (x - 140) ** 2 / 100**2 + (y - 90) ** 2 / 70**2 < 1
    mask &= (x - 140) ** 2 + (y - 90) ** 2 > 20**2
    mask[150:180, 250:290] = True
    exact = region_of_mask(mask)
    smooth = without_stairs(exact)
    assert len(smooth) == 2
    assert sum(len(polygon.holes) for polygon in smooth) == 1
    vertices = [sum(len(r) for p in region for r in p.rings) for region in (exact, smooth)]
    assert vertices[1] < vertices[0] / 5
    differs = rasterise(smooth, width=300, height=200).to_mask() != mask
    assert differs.sum() < 0.01 * mask.sum()


def test_drawing_after_an_undo_forgets_what_was_undone(session, lanes):
    go(session, lanes, NEAR)
    session.begin_copy(box(5, 5))
    session.draw(box(8, 8), "move region")
    session.undo()
    session.draw(box(9, 9), "nudge region")
    session.redo()
    assert session.copy.region == box(9, 9)
    session.undo()
    assert session.copy.region == box(5, 5)
    assert not session.copy.is_changed


def test_a_bug_while_writing_is_told_as_one_and_the_next_deed_is_written(session, lanes, file):
    go(session, lanes, APART)
    bridge = session._bridge

    class Broken:
        image, text = APART, "break"

        def carry_out(self, _study, _author):
            raise ZeroDivisionError

    session.log.do(Broken())
    session.adopt(0, reason="goes on")
    run(lanes)
    assert [type(error) for error in bridge.errors] == [ZeroDivisionError]
    bridge.errors.clear()
    assert actions(file)[-1] == "adjudicate"


def test_the_log_says_what_undo_and_redo_would_act_on(session, lanes):
    log: DeedLog = session.log
    go(session, lanes, NEAR)
    session.adopt(0, reason="a")
    session.send_back(1, reason="b")
    run(lanes)
    assert log.texts == ("send back to B", "")
    session.undo()
    run(lanes)
    assert log.texts == ("adopt A", "send back to B")
    session.cover(PrivacyBox(1, 1, 9, 9))
    run(lanes)
    assert log.texts == ("draw a privacy box", "")
