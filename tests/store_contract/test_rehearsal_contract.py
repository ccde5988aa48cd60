"""One image and its decision by path, and a copy to try writes on."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.grading import Adjudication, Adopted, Grading, Origin
from engine.domain.image import Image
from engine.domain.polygon import Polygon, ring

REGION = (Polygon(ring([[1, 1], [9, 1], [9, 9]])),)
DECISION = Adjudication("a.png", Adopted.EDITED, REGION, "lena", "2026-01-01", "because")
DONE = Grading("a.png", "ada", True, 1, REGION, origin=Origin.IMPORTED)


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    study.record_gradings([DONE], author="lead")
    return study


def test_an_image_is_found_by_its_path_alone(study):
    assert study.image("a.png") == Image("a.png", 10, 10)
    assert study.image("c.png") is None


def test_the_adjudication_of_one_image_is_the_last_until_it_is_withdrawn(study):
    assert study.adjudication("a.png") is None
    study.adjudicate(DECISION, author="lena")
    later = replace(DECISION, reason="on second thoughts")
    study.adjudicate(later, author="lena")
    assert study.adjudication("a.png") == later == study.adjudications()["a.png"]
    assert study.adjudication("b.png") is None
    study.withdraw_adjudication("a.png", reason="no", author="lena")
    assert study.adjudication("a.png") is None


def test_a_rehearsal_reads_as_the_study_does_and_lies_at_its_folder(study):
    with study.rehearsal() as copy:
        assert copy.info() == study.info()
        assert copy.folder == study.folder
        assert list(copy.readings()) == list(study.readings())


def test_what_is_written_to_a_rehearsal_reaches_the_study_never(study):
    before = study.info(), list(study.readings())
    with study.rehearsal() as copy:
        changed = copy.record_gradings([replace(DONE, note="new")], author="lead")
        assert changed.changed == 1
        assert copy.info() != study.info()
    assert (study.info(), list(study.readings())) == before


def test_a_rehearsal_leaves_no_file_also_after_an_error(study, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    beside = sorted(Path(study.folder).iterdir())
    rehearsal = study.rehearsal()
    rehearsal.__enter__()
    assert len(list(tmp_path.iterdir())) == 1
    rehearsal.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert list(tmp_path.iterdir()) == []
    assert sorted(Path(study.folder).iterdir()) == beside
