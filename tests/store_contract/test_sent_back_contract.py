"""A send-back taken back: the reading counts as it did before."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Role, Status
from engine.domain.history import UNDO
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal
from engine.study.protocol import Conflict

REGION = (Polygon(ring([[0, 0], [9, 0], [9, 9]])),)
DONE = Grading("a.png", "ada", True, 1, REGION, note="hair")
AGAIN = replace(DONE, region=(), status=Status.STARTED)


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    return study


def write(study, *gradings, role=Role.ASSIGNED):
    """Append gradings as the grader's gestures."""
    for grading in gradings:
        last = study.revisions("a.png", "ada", role)
        parent = last[-1].number if last else None
        study.append(replace(grading, role=role), author="ada", parent=parent, gesture="x")


def send_back(study):
    return study.send_back("a.png", "ada", reason="the edge?", author="lena")


def take_back(study):
    return study.withdraw_send_back("a.png", "ada", author="lena")


@pytest.mark.parametrize("role", [Role.ASSIGNED, Role.EXTRA])
@pytest.mark.parametrize("work", [(DONE,), (DONE, AGAIN), (DONE, AGAIN, DONE)], ids=len)
def test_the_reading_and_the_queue_say_what_they_said(study, role, work):
    write(study, *work, role=role)
    readings, queue = study.readings_of("a.png"), study.queue("ada")
    send_back(study)
    assert study.readings_of("a.png") != readings
    revision = take_back(study)
    assert (study.readings_of("a.png"), study.queue("ada")) == (readings, queue)
    assert revision == study.revisions("a.png", "ada", role)[-1]
    assert (revision.author, revision.gesture, revision.grading.note) == ("lena", "", "hair")
    assert study.sheet("a.png", "ada", role).sent_back == ""
    assert study.check() == []


def test_the_grader_goes_on_from_there(study):
    write(study, DONE)
    send_back(study)
    parent = take_back(study).number
    study.append(AGAIN, author="ada", parent=parent, gesture="delete region")
    sheet = study.sheet("a.png", "ada")
    assert (sheet.history.undo_gesture, sheet.history.undone().present) == ("delete region", DONE)


def test_it_can_be_sent_back_again_and_taken_back_again(study):
    write(study, DONE)
    before = study.readings_of("a.png")
    for _ in range(3):
        send_back(study)
        assert study.readings_of("a.png")[0].is_sent_back
        take_back(study)
        assert study.readings_of("a.png") == before


def test_a_reading_sent_back_twice_counts_as_before_the_first_time(study):
    write(study, DONE)
    before = study.readings_of("a.png")
    send_back(study)
    send_back(study)
    take_back(study)
    assert study.readings_of("a.png") == before


def test_one_entry_of_the_log_covers_it(study):
    write(study, DONE, AGAIN)
    send_back(study)
    before = study.info().revision
    take_back(study)
    entry = list(study.audit())[-1]
    assert (entry.number, entry.author, entry.detail["items"]) == (before + 1, "lena", 2)


@pytest.mark.parametrize("work", [(), (AGAIN,), (DONE,)], ids=["nothing", "started", "done"])
def test_what_does_not_wait_is_refused(study, work):
    write(study, *work)
    before = study.info()
    with pytest.raises(Refusal) as refused:
        take_back(study)
    assert refused.value.problem.code == "not_sent_back"
    assert study.info() == before


def test_what_was_done_again_waits_no_longer(study):
    write(study, DONE)
    send_back(study)
    write(study, DONE)
    with pytest.raises(Refusal) as refused:
        take_back(study)
    assert refused.value.problem.code == "not_sent_back"


@pytest.mark.parametrize("is_sent_again", [False, True])
def test_where_the_grader_went_on_nothing_is_taken_back(study, is_sent_again):
    write(study, DONE)
    send_back(study)
    write(study, AGAIN)
    if is_sent_again:
        send_back(study)
    before = study.info()
    with pytest.raises(Conflict):
        take_back(study)
    assert study.info() == before


def test_an_unknown_image_is_refused(study):
    with pytest.raises(Refusal) as refused:
        study.withdraw_send_back("nowhere.png", "ada", author="lena")
    assert refused.value.problem.code == "unknown_image"


def test_a_reading_whose_grader_took_it_back_is_not_sent_back(study):
    study.append(DONE, author="ada", parent=None, gesture="done")
    study.append(AGAIN, author="ada", parent=1, gesture=UNDO)
    with pytest.raises(Refusal) as refused:
        send_back(study)
    assert refused.value.problem.code == "nothing_to_send_back"
