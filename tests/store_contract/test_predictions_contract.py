"""Predictions: one for each image and model, replaced by a later one."""

from dataclasses import replace

import pytest

from engine.domain.image import Image
from engine.domain.prediction import Prediction

ACNE = Prediction("a.png", "m1", ("acne", "other"), (0.1 + 0.2, 1 / 3))


@pytest.fixture
def study(study):
    study.add_images([Image("a.png", 10, 10), Image("b.png", 10, 10)], author="lead")
    return study


def test_predictions_come_back_exactly_by_image_path(study):
    b = Prediction("b.png", "m1", ("x", "y", "z"), (0.0, 1.0, 0.0), is_imported=True)
    assert study.record_predictions([b, ACNE], author="lead").added == 2
    assert study.predictions("m1") == {"a.png": ACNE, "b.png": b}
    assert study.predictions("another") == {}


def test_a_prediction_of_the_same_image_and_model_is_replaced(study):
    other_model = replace(ACNE, model="m2")
    study.record_predictions([ACNE, other_model], author="lead")
    newer = replace(ACNE, probabilities=(0.9, 0.1))
    assert study.record_predictions([newer], author="lead").changed == 1
    assert study.predictions("m1") == {"a.png": newer}
    assert study.predictions("m2") == {"a.png": other_model}


def test_the_same_prediction_again_changes_nothing_and_leaves_no_entry(study):
    study.record_predictions([ACNE], author="lead")
    before = study.info()
    assert study.record_predictions([ACNE, ACNE], author="lead").unchanged == 2
    assert study.info() == before


@pytest.mark.parametrize(
    "change",
    [{"classes": ("acne", "rest")}, {"is_imported": True}, {"probabilities": (0.3, 1 / 3)}],
    ids=str,
)
def test_any_difference_is_a_change(study, change):
    study.record_predictions([ACNE], author="lead")
    head = study.info().audit_head
    assert study.record_predictions([replace(ACNE, **change)], author="lead").changed == 1
    assert study.predictions("m1") == {"a.png": replace(ACNE, **change)}
    assert study.info().audit_head != head


def test_the_last_of_several_predictions_in_one_call_stays(study):
    last = replace(ACNE, probabilities=(0.9, 0.1))
    changes = study.record_predictions([ACNE, last], author="lead")
    assert (changes.added, changes.changed) == (1, 1)
    assert study.predictions("m1") == {"a.png": last}


def test_a_prediction_of_an_unknown_image_is_left_out_and_reported(study):
    changes = study.record_predictions([replace(ACNE, image="nowhere.png"), ACNE], author="lead")
    (problem,) = changes.problems
    assert (problem.code, problem.where) == ("unknown_image", "nowhere.png, model m1")
    assert changes.added == 1
