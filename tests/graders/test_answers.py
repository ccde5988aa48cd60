"""Agreement on what is answered and not drawn, over a study."""

import pytest

from engine.domain.grading import Role
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.graders.answers import answer_agreement

SETTINGS = AgreementSettings()
FEW = Undefined(Reason.FEWER_THAN_TWO_ANSWERS)
SAME = Undefined(Reason.NO_VARIATION)


def _agreement(desk, *images, settings=SETTINGS):
    """Return both agreements over images given as lists of gradings of A, B, ..."""
    graded = ((desk.image, desk.readings(*gradings)) for gradings in images)
    return answer_agreement(graded, settings)


def test_answers_are_counted_with_what_is_missing(desk):
    box, unseen, unknown = desk.drawn(desk.box), desk.not_visible(), desk.imported()
    visible, count = _agreement(desk, [box, unseen, None], [box, box], [unknown, box], [None])
    assert (visible.question, visible.categories) == ("visible", 2)
    assert (visible.images, visible.compared, visible.answers, visible.missing) == (3, 2, 5, 3)
    assert (count.question, count.categories) == ("roi_count", 6)
    assert (count.images, count.compared, count.answers, count.missing) == (3, 1, 4, 4)
    assert visible.alpha_ordinal == Undefined(Reason.NOT_APPLICABLE)


def test_graders_who_always_differ_agree_less_than_chance_and_the_same_more(desk):
    box, unseen = desk.drawn(desk.box), desk.not_visible()
    differ = _agreement(desk, [box, unseen], [unseen, box])[0]
    assert differ.fleiss_kappa == differ.gwet_ac1 == -1
    assert differ.alpha_nominal == pytest.approx(-0.5)
    same = _agreement(desk, [box, box], [unseen, unseen])[0]
    assert same.fleiss_kappa == same.gwet_ac1 == same.alpha_nominal == 1


def test_one_answer_for_everything_leaves_kappa_and_alpha_undefined_and_ac1_at_one(desk):
    box = desk.drawn(desk.box)
    visible, count = _agreement(desk, [box, box], [box, box])
    assert visible.fleiss_kappa == visible.alpha_nominal == SAME
    assert count.alpha_ordinal == SAME
    assert visible.gwet_ac1 == count.gwet_ac1 == 1


@pytest.mark.parametrize("images", [0, 3])
def test_images_with_one_answer_or_none_have_no_agreement(desk, images):
    visible, count = _agreement(desk, *[[desk.drawn(desk.box)]] * images)
    assert visible.fleiss_kappa == visible.gwet_ac1 == visible.alpha_nominal == FEW
    assert count.alpha_ordinal == FEW
    assert (visible.images, visible.compared) == (images, 0)


def test_images_with_one_answer_tell_only_how_common_an_answer_is(desk):
    box, unseen = desk.drawn(desk.box), desk.not_visible()
    pairs = [[box, box], [box, unseen]]
    alone, beside = _agreement(desk, *pairs)[0], _agreement(desk, *pairs, [unseen])[0]
    assert beside.fleiss_kappa != alone.fleiss_kappa
    assert beside.alpha_nominal == alone.alpha_nominal


def test_all_counts_above_the_limit_are_one_answer(desk):
    many = [desk.too_many(roi_count=5), desk.too_many(roi_count=9)]
    one = desk.drawn(desk.box)
    assert _agreement(desk, many, [one, one])[1].fleiss_kappa == 1
    roomy = AgreementSettings(max_outlined_regions=6)
    count = _agreement(
        desk, [desk.imported(roi_count=5), desk.imported(roi_count=9)], settings=roomy
    )[1]
    assert (count.categories, count.gwet_ac1 < 0) == (8, True)


def test_the_ordinal_alpha_forgives_neighbours(desk):
    one, two, many = desk.drawn(desk.box), desk.drawn(desk.box, desk.far), desk.too_many()
    near = _agreement(desk, [one, two], [many, many], [one, one])[1]
    far = _agreement(desk, [one, many], [two, two], [one, one])[1]
    assert near.alpha_ordinal > near.alpha_nominal
    assert far.alpha_ordinal < far.alpha_nominal


def test_only_the_counted_reading_of_assigned_graders_enters(desk):
    box, unseen = desk.drawn(desk.box), desk.not_visible()
    readings = [
        desk.reading(box, unseen),
        desk.reading(unseen, grader="B"),
        desk.reading(unseen, role=Role.REPEAT),
        desk.reading(unseen, grader="C", role=Role.EXTRA),
        desk.reading(desk.drawn(desk.box, roi_count=2), grader="D"),
    ]
    visible = answer_agreement([(desk.image, readings)], SETTINGS)[0]
    assert (visible.answers, visible.graders, visible.missing) == (2, 2, 1)
    assert visible.fleiss_kappa == -1
    latest = AgreementSettings(reading="latest")
    assert answer_agreement([(desk.image, readings)], latest)[0].fleiss_kappa == SAME


def test_a_panel_that_differs_from_image_to_image_is_told(desk):
    box = desk.drawn(desk.box)
    assert _agreement(desk, [box, box], [box, box])[0].is_one_panel
    changing = _agreement(desk, [box, box, None], [box, None, box])[0]
    assert (changing.graders, changing.is_one_panel) == (3, False)
