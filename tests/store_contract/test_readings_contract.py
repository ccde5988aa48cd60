"""Readings: for each image and grader the revisions that count, streamed in order."""

import pytest

from engine.domain.grading import Grading, Reading, Role, Status
from engine.domain.image import Image

DONE, STARTED, SENT_BACK = Status.DONE, Status.STARTED, Status.SENT_BACK


def append(study, *statuses):
    """Append one revision for each status; its note is its number."""
    for number, status in enumerate(statuses, start=1):
        grading = Grading("a.png", "ada", status=status, note=str(number))
        study.append(grading, author="ada", parent=number - 1 or None)


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10)], author="lead")
    return study


@pytest.mark.parametrize(
    ("statuses", "first", "latest", "is_sent_back"),
    [
        ([DONE], "1", "1", False),
        ([DONE, DONE, DONE], "1", "3", False),
        ([STARTED], None, None, False),
        ([STARTED, DONE, STARTED], "2", "2", False),
        ([DONE, SENT_BACK], "1", "1", True),
        ([DONE, SENT_BACK, STARTED], "1", "1", True),
        ([DONE, SENT_BACK, DONE], "1", "3", False),
        ([DONE, SENT_BACK, DONE, SENT_BACK], "1", "3", True),
        ([STARTED, SENT_BACK], None, None, True),
    ],
)
def test_the_first_and_latest_done_revision_count_and_a_send_back_lasts_until_answered(
    study, statuses, first, latest, is_sent_back
):
    append(study, *statuses)
    ((_, (reading,)),) = study.readings()
    assert (reading.first.note if reading.first else None) == first
    assert (reading.latest.note if reading.latest else None) == latest
    assert reading.is_sent_back is is_sent_back
    own = [str(number) for number, status in enumerate(statuses, 1) if status is not SENT_BACK]
    assert reading.last.note == own[-1]


def test_an_assignment_without_a_revision_is_an_empty_reading(study):
    study.assign("a.png", "ada", Role.ASSIGNED, author="lead")
    assert list(study.readings()) == [
        (Image("a.png", 10, 10), (Reading("ada", Role.ASSIGNED, None, None),))
    ]


def test_an_image_nobody_reads_has_no_readings(study):
    assert list(study.readings()) == [(Image("a.png", 10, 10), ())]


def test_a_study_without_images_has_no_readings(make_study):
    assert list(make_study().readings()) == []


def test_images_are_ordered_by_case_then_path_and_readings_by_grader_then_role(study):
    study.add_images(
        [Image("c.png", 1, 1, case="0"), Image("b.png", 1, 1, case="0")], author="lead"
    )
    gradings = [
        Grading("b.png", grader, role=role)
        for grader in ("bo", "ada")
        for role in (Role.REPEAT, Role.ASSIGNED)
    ]
    study.record_gradings(gradings, author="importer")
    stream = list(study.readings())
    assert [image.path for image, _ in stream] == ["b.png", "c.png", "a.png"]
    assert [(r.grader, r.role) for r in stream[0][1]] == [
        ("ada", Role.ASSIGNED),
        ("ada", Role.REPEAT),
        ("bo", Role.ASSIGNED),
        ("bo", Role.REPEAT),
    ]


@pytest.mark.parametrize("images", [99, 100, 101, 250])
def test_every_image_is_streamed_once_whatever_their_number(make_study, images):
    study = make_study()
    given = [Image(f"{n:03}.png", 9, 9, case=f"{n % 7}") for n in range(images)]
    study.add_images(given, author="lead")
    study.record_gradings([Grading(image.path, "ada") for image in given], author="importer")
    stream = list(study.readings())
    assert [image for image, _ in stream] == sorted(given, key=lambda i: (i.case, i.path))
    assert all(readings[0].first.image == image.path for image, readings in stream)


def test_the_study_may_be_written_to_while_its_readings_are_streamed(make_study):
    study = make_study()
    study.add_images([Image(f"{n:03}.png", 9, 9) for n in range(150)], author="lead")
    for image, _ in study.readings():
        study.append(Grading(image.path, "ada"), author="ada", parent=None)
    assert sum(len(readings) for _, readings in study.readings()) == 150


def test_gradings_may_be_derived_from_the_readings_of_the_same_study(study):
    study.record_gradings([Grading("a.png", "ada", note="x")], author="importer")
    copies = (
        Grading(image.path, "bo", note=reading.first.note)
        for image, readings in study.readings()
        for reading in readings
    )
    study.record_gradings(copies, author="lead")
    assert [r.grading.note for r in study.revisions("a.png", "bo")] == ["x"]
