"""The queue: a grader's tasks in their order, with how far the grader is."""

import pytest

from engine.domain.grading import Grading, Origin, Role, Status, Task
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring
from engine.domain.queue import QueueItem, QueueState, blank_grading

BLANK = blank_grading("a.png", "ada", Role.ASSIGNED)
DRAWN = Grading(
    "a.png",
    "ada",
    visible=True,
    roi_count=1,
    region=(Polygon(ring([[0, 0], [4, 0], [4, 4]])),),
    status=Status.STARTED,
)
TO_DO, STARTED, DONE, SENT_BACK = QueueState


@pytest.fixture
def study(study):
    images = [Image(f"{name}.png", 10 + n, 10) for n, name in enumerate("abc")]
    study.add_images([*images, Image("d.png", 40, 30, digest="f" * 64)], author="lead")
    return study


def answer(**answers):
    return Grading("a.png", "ada", **{"status": Status.STARTED, **answers})


def states(study, *gradings):
    """Append the gradings to one record; return the queue's state after each."""
    found = []
    for number, grading in enumerate(gradings):
        study.append(grading, author="ada", parent=number or None, gesture="x")
        found += [item.state for item in study.queue("ada")]
    return found


def test_a_queue_holds_the_graders_own_tasks_in_their_order_with_what_is_known_of_the_images(study):
    drawn = [("d.png", "ada"), ("a.png", "ada"), ("a.png", "bo"), ("b.png", "bo")]
    study.assign_tasks(
        [Task(image, who, Role.ASSIGNED, n) for n, (image, who) in enumerate(drawn)],
        author="lead",
        seed=7,
    )
    assert study.queue("ada") == [
        QueueItem(0, "d.png", Role.ASSIGNED, 40, 30, "f" * 64, TO_DO),
        QueueItem(1, "a.png", Role.ASSIGNED, 10, 10, None, TO_DO),
    ]
    assert [item.image for item in study.queue("bo")] == ["a.png", "b.png"]
    assert study.queue("nobody") == []


def test_positions_have_no_gaps_though_those_of_the_tasks_have(study):
    tasks = [Task("c.png", "ada", Role.ASSIGNED, 3), Task("b.png", "ada", Role.REPEAT, 8)]
    study.assign_tasks(tasks, author="lead", seed=7)
    study.assign("a.png", "ada", Role.EXTRA, author="lead")
    items = study.queue("ada")
    assert [(item.position, item.image, item.role) for item in items] == [
        (0, "c.png", Role.ASSIGNED),
        (1, "b.png", Role.REPEAT),
        (2, "a.png", Role.EXTRA),
    ]
    assert [(t.image, t.role) for t in study.tasks("ada")] == [(i.image, i.role) for i in items]


@pytest.mark.parametrize(
    "said",
    [
        {"visible": False},
        {"roi_count": 1},
        {"note": "hair"},
        {"problem": "blurred"},
        {"region": DRAWN.region},
    ],
    ids=str,
)
def test_whatever_is_said_of_an_image_starts_it(study, said):
    assert states(study, answer(**said)) == [STARTED]


def test_an_image_of_which_everything_was_undone_is_to_do_again(study):
    assert states(study, DRAWN, BLANK, DRAWN) == [STARTED, TO_DO, STARTED]


def test_a_done_image_that_is_edited_is_started_until_it_is_done_again(study):
    done = answer(visible=False, status=Status.DONE)
    assert states(study, done, DRAWN, BLANK, done) == [DONE, STARTED, STARTED, DONE]


def test_an_image_that_was_sent_back_stays_so_until_it_is_done_again(study):
    done = answer(visible=False, status=Status.DONE)
    study.append(done, author="ada", parent=None, gesture="done")
    study.send_back("a.png", "ada", reason="look again", author="lead")
    assert [item.state for item in study.queue("ada")] == [SENT_BACK]
    found = []
    for parent, grading in ((2, DRAWN), (3, BLANK), (4, done)):
        study.append(grading, author="ada", parent=parent, gesture="x")
        found += [item.state for item in study.queue("ada")]
    assert found == [SENT_BACK, SENT_BACK, DONE]


def test_an_imported_grading_is_done(study):
    study.record_gradings([Grading("a.png", "ada", origin=Origin.IMPORTED)], author="importer")
    assert [item.state for item in study.queue("ada")] == [DONE]


def test_each_role_of_a_grader_has_a_state_of_its_own(study):
    for role in Role:
        study.assign("a.png", "ada", role, author="lead")
    repeat = Grading("a.png", "ada", visible=False, role=Role.REPEAT)
    study.append(repeat, author="ada", parent=None)
    assert {item.role: item.state for item in study.queue("ada")} == {
        Role.ASSIGNED: TO_DO,
        Role.EXTRA: TO_DO,
        Role.REPEAT: DONE,
    }


def test_what_another_grader_did_changes_no_state(study):
    study.assign("a.png", "ada", Role.ASSIGNED, author="lead")
    study.append(Grading("a.png", "bo", visible=False), author="bo", parent=None)
    assert [item.state for item in study.queue("ada")] == [TO_DO]
