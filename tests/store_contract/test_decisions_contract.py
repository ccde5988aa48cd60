"""What a lead says of an image: each statement is kept, the last of an image counts."""

from dataclasses import replace

import pytest

from engine.domain.grading import Adjudication, Adopted, Grading, Origin, Role, Status
from engine.domain.image import Image, PrivacyBox
from engine.domain.polygon import Polygon, ring
from engine.domain.problem import Refusal

REGION = (Polygon(ring([[0.1, 1 / 3], [9, 0], [9, 9]]), (ring([[5, 2], [6, 2], [6, 3]]),)),)
LATER = "2026-02-03T04:05:06.000+00:00"
DECISION = Adjudication("a.png", Adopted.GRADER, REGION, "lena", LATER, "é; sharper", "ada")
BOX = PrivacyBox(0.5, 1, 4, 1 / 3 + 5)
FACE = frozenset({"lips", "nose"})
DONE = Grading(
    "a.png",
    "ada",
    visible=True,
    roi_count=1,
    region=REGION,
    origin=Origin.IMPORTED,
    note="hair",
    problem="blurred",
)


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    return study


# sending back


@pytest.mark.parametrize("role", [Role.ASSIGNED, Role.EXTRA])
def test_a_reading_sent_back_keeps_its_answers_and_carries_the_reason(study, role):
    done = replace(DONE, role=role)
    study.append(done, author="ada", parent=None)
    sent = study.send_back("a.png", "ada", reason="the second patch?", author="lead")
    assert sent.grading == replace(done, status=Status.SENT_BACK, note="the second patch?")
    assert (sent.number, sent.author) == (2, "lead")
    assert study.revisions("a.png", "ada", role)[-1] == sent
    (reading,) = study.readings_of("a.png")
    assert (reading.is_sent_back, reading.first, reading.latest) == (True, done, done)
    assert reading.last == done
    redone = replace(done, note="there is none")
    study.append(redone, author="ada", parent=2)
    (reading,) = study.readings_of("a.png")
    assert (reading.is_sent_back, reading.latest) == (False, redone)


def test_what_the_grader_went_on_with_is_sent_back_too(study):
    study.append(DONE, author="ada", parent=None)
    study.append(replace(DONE, status=Status.STARTED, region=()), author="ada", parent=1)
    sent = study.send_back("a.png", "ada", reason="x", author="lead")
    assert (sent.number, sent.grading.region) == (3, ())


@pytest.mark.parametrize(
    ("status", "role"), [(Status.STARTED, Role.ASSIGNED), (Status.DONE, Role.REPEAT)]
)
def test_only_a_done_reading_that_may_be_redone_is_sent_back(study, status, role):
    study.append(replace(DONE, status=status, role=role), author="ada", parent=None)
    before = study.info()
    with pytest.raises(Refusal) as refused:
        study.send_back("a.png", "ada", reason="x", author="lead")
    assert refused.value.problem.code == "nothing_to_send_back"
    assert study.info() == before


def test_what_was_sent_back_still_waits_when_the_same_file_is_imported_again(study):
    study.record_gradings([DONE], author="lead")
    study.send_back("a.png", "ada", reason="the second patch?", author="lead")
    before = study.info()
    again = study.record_gradings([DONE], author="lead")
    assert (again.changed, again.unchanged) == (0, 1)
    (problem,) = again.problems
    assert (problem.code, problem.where) == ("still_sent_back", "a.png, ada")
    assert study.info() == before
    assert study.readings_of("a.png")[0].is_sent_back

    redone = replace(DONE, region=())
    assert study.record_gradings([redone], author="lead").changed == 1
    (reading,) = study.readings_of("a.png")
    assert (reading.is_sent_back, reading.latest) == (False, redone)


def test_a_file_imported_again_does_not_undo_what_was_drawn_since(study):
    drawn = replace(DONE, region=(), origin=Origin.DRAWN)
    study.record_gradings([DONE], author="lead")
    study.append(drawn, author="ada", parent=1)
    assert study.record_gradings([DONE], author="lead").unchanged == 1
    assert study.readings_of("a.png")[0].latest == drawn


def test_who_was_asked_as_an_extra_grader_is_one_in_an_import_too(study):
    study.assign("a.png", "ada", Role.EXTRA, author="lead")
    given = [DONE, replace(DONE, image="b.png")]
    assert study.record_gradings(given, author="lead").added == 2
    assert study.record_gradings(given, author="lead").unchanged == 2
    (extra,), (assigned,) = (study.readings_of(image) for image in ("a.png", "b.png"))
    assert (extra.role, extra.latest) == (Role.EXTRA, replace(DONE, role=Role.EXTRA))
    assert assigned.role is Role.ASSIGNED


def test_who_was_never_asked_cannot_be_sent_work_back(study):
    with pytest.raises(Refusal, match="check both names"):
        study.send_back("a.png", "nobody", reason="x", author="lead")
    with pytest.raises(Refusal, match=r"no image nowhere\.png"):
        study.send_back("nowhere.png", "ada", reason="x", author="lead")
    assert study.graders() == []


# readings of one image


def test_the_readings_of_one_image_are_those_of_the_stream(study):
    study.record_gradings(
        [replace(DONE, grader=g, image=i) for g in ("bo", "ada") for i in ("a.png", "b.png")],
        author="importer",
    )
    for image, readings in study.readings():
        assert study.readings_of(image.path) == readings
    assert study.readings_of("nowhere.png") == ()


# adjudications


def test_an_adjudication_comes_back_as_it_was_given(study):
    study.adjudicate(DECISION, author="lead")
    assert study.adjudications() == {"a.png": DECISION}


def test_the_last_adjudication_of_an_image_counts(study):
    edited = replace(DECISION, adopted=Adopted.EDITED, grader="", region=())
    other = replace(DECISION, image="b.png", adopted=Adopted.MAJORITY, grader="")
    for decision in (edited, other, DECISION):
        study.adjudicate(decision, author="lead")
    assert study.adjudications() == {"a.png": DECISION, "b.png": other}


def test_a_withdrawn_adjudication_counts_no_longer_until_there_is_another(study):
    study.adjudicate(DECISION, author="lead")
    study.withdraw_adjudication("a.png", reason="wrong image", author="lead")
    assert study.adjudications() == {}
    study.adjudicate(DECISION, author="lead")
    assert study.adjudications() == {"a.png": DECISION}


def test_only_what_counts_is_withdrawn(study):
    study.adjudicate(DECISION, author="lead")
    study.withdraw_adjudication("a.png", reason="x", author="lead")
    before = study.info()
    for image in ("a.png", "b.png", "nowhere.png"):
        with pytest.raises(Refusal) as refused:
            study.withdraw_adjudication(image, reason="x", author="lead")
        assert (refused.value.problem.code, refused.value.problem.where) == (
            "not_adjudicated",
            image,
        )
    assert study.info() == before


def test_new_gradings_leave_an_adjudication_alone(study):
    study.record_gradings([DONE], author="importer")
    study.adjudicate(DECISION, author="lead")
    study.append(replace(DONE, region=()), author="ada", parent=1)
    assert study.adjudications() == {"a.png": DECISION}
    assert len(study.readings_of("a.png")) == 1


# privacy boxes


def test_boxes_come_back_in_their_order_and_a_later_set_replaces_them(study):
    study.set_privacy_boxes("a.png", [BOX, PrivacyBox(0, 0, 1, 1)], author="lead")
    study.set_privacy_boxes("b.png", [BOX], author="lead")
    assert study.privacy_boxes() == {"a.png": (BOX, PrivacyBox(0, 0, 1, 1)), "b.png": (BOX,)}
    study.set_privacy_boxes("a.png", [BOX], author="lead")
    study.set_privacy_boxes("b.png", [], author="lead")
    assert study.privacy_boxes() == {"a.png": (BOX,)}


# body parts


def test_labels_come_back_and_an_empty_set_says_that_somebody_looked(study):
    changes = study.label_body_parts({"b.png": FACE, "a.png": frozenset()}, author="lead")
    assert (changes.added, changes.changed) == (2, 0)
    assert study.body_parts() == {"a.png": frozenset(), "b.png": FACE}


def test_a_later_label_replaces_the_earlier_one(study):
    study.label_body_parts({"a.png": FACE, "b.png": FACE}, author="lead")
    changes = study.label_body_parts({"a.png": frozenset({"hair"}), "b.png": FACE}, author="lead")
    assert (changes.added, changes.changed, changes.unchanged) == (0, 1, 1)
    assert study.body_parts() == {"a.png": frozenset({"hair"}), "b.png": FACE}


def test_a_label_of_an_unknown_image_is_left_out_and_reported(study):
    changes = study.label_body_parts({"nowhere.png": FACE, "a.png": FACE}, author="lead")
    assert [(p.code, p.where) for p in changes.problems] == [("unknown_image", "nowhere.png")]
    assert study.body_parts() == {"a.png": FACE}


def test_hundreds_of_labels_in_one_call_are_all_kept(make_study):
    study = make_study()
    study.add_images([Image(f"{n:03}.png", 1, 1) for n in range(250)], author="lead")
    labels = {f"{n:03}.png": frozenset({str(n)}) for n in range(250)}
    assert study.label_body_parts(labels, author="lead").added == 250
    assert study.body_parts() == labels
    assert study.check() == []


# all of them

STATEMENTS = {
    "adjudicate": lambda study: study.adjudicate(DECISION, author="lead"),
    "set_privacy_boxes": lambda study: study.set_privacy_boxes("a.png", [BOX], author="lead"),
    "label_body_parts": lambda study: study.label_body_parts({"a.png": FACE}, author="lead"),
}


@pytest.mark.parametrize("action", STATEMENTS)
def test_a_statement_is_one_entry_and_said_again_none(study, action):
    STATEMENTS[action](study)
    entry = list(study.audit())[-1]
    assert (entry.action, entry.author, entry.detail["items"]) == (action, "lead", 1)
    STATEMENTS[action](study)
    assert study.info().revision == entry.number
    assert study.check() == []


def test_nothing_said_of_an_image_without_boxes_leaves_no_entry(study):
    before = study.info()
    study.set_privacy_boxes("a.png", [], author="lead")
    assert study.info() == before


@pytest.mark.parametrize(
    "say",
    [
        lambda study: study.adjudicate(replace(DECISION, image="nowhere.png"), author="lead"),
        lambda study: study.set_privacy_boxes("nowhere.png", [BOX], author="lead"),
        lambda study: study.set_privacy_boxes("nowhere.png", [], author="lead"),
    ],
    ids=["adjudicate", "box", "no box"],
)
def test_a_statement_of_an_unknown_image_is_refused(study, say):
    before = study.info()
    with pytest.raises(Refusal, match=r"no image nowhere\.png"):
        say(study)
    assert study.info() == before


@pytest.mark.parametrize(
    "change",
    [
        {"adopted": Adopted.EDITED},
        {"region": ()},
        {"author": "x"},
        {"time": "2026-02-03T04:05:07.000+00:00"},
        {"reason": ""},
        {"grader": "bo"},
    ],
    ids=str,
)
def test_the_log_covers_all_of_an_adjudication(study, change):
    study.adjudicate(DECISION, author="lead")
    before = list(study.audit())[-1].detail["content"]
    study.adjudicate(replace(DECISION, **change), author="lead")
    assert list(study.audit())[-1].detail["content"] != before
    assert study.adjudications() == {"a.png": replace(DECISION, **change)}
    assert study.check() == []
