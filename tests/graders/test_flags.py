"""What an answer makes of a grading, and what keeps a grading from being done."""

from dataclasses import replace

import pytest

from engine.domain.grading import Grading, Origin, Status
from engine.domain.polygon import Polygon, ring
from engine.domain.settings import AgreementSettings
from engine.graders import flags

SETTINGS = AgreementSettings()
BLANK = Grading("a.jpg", "Ada", status=Status.STARTED)


def square(at):
    return Polygon(ring([(at, 0), (at + 5, 0), (at + 5, 5), (at, 5)]))


def outlined(count, **changes):
    return replace(BLANK, region=tuple(square(10 * k) for k in range(count)), **changes)


def test_not_visible_answers_everything_of_an_untouched_image():
    grading = flags.answered_not_visible(BLANK, SETTINGS)
    assert (grading.visible, grading.roi_count, grading.region) == (False, None, ())
    assert flags.why_not_done(grading, SETTINGS) == ""


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_count_also_says_visible(count):
    grading = flags.answered_count(BLANK, count, SETTINGS)
    assert (grading.visible, grading.roi_count) == (True, count)


def test_visible_takes_back_not_visible_and_leaves_the_count_open():
    grading = flags.answered_visible(replace(BLANK, visible=False))
    assert (grading.visible, grading.roi_count) == (True, None)


def test_visible_keeps_a_count_that_was_given():
    grading = replace(BLANK, visible=True, roi_count=2)
    assert flags.answered_visible(grading) is grading


def test_the_same_answer_again_changes_nothing_of_a_done_grading():
    none = replace(BLANK, visible=False, status=Status.DONE)
    two = outlined(2, visible=True, roi_count=2, status=Status.DONE)
    many = replace(BLANK, visible=True, roi_count=5, status=Status.DONE)
    assert flags.answered_not_visible(none, SETTINGS) is none
    assert flags.answered_count(two, 2, SETTINGS) is two
    assert flags.answered_count(many, 5, SETTINGS) is many
    assert flags.with_region(two, two.region) is two
    assert flags.with_note(two, "") is two
    assert flags.with_problem(two, "") is two


def test_not_visible_asks_before_it_deletes_regions():
    question = flags.answered_not_visible(outlined(2, visible=True, roi_count=2), SETTINGS)
    assert isinstance(question, flags.Question)
    assert "2 regions" in question.text
    assert question.confirm_text == "Delete 2 regions"
    assert question.result.visible is False
    assert (question.result.region, question.result.roi_count) == ((), None)


def test_too_many_asks_before_it_deletes_regions():
    question = flags.answered_count(outlined(1, visible=True, roi_count=1), 5, SETTINGS)
    assert isinstance(question, flags.Question)
    assert question.confirm_text == "Delete 1 region"
    assert (question.result.region, question.result.roi_count) == ((), 5)


def test_a_count_below_what_is_outlined_deletes_nothing():
    grading = flags.answered_count(outlined(3, visible=True, roi_count=3), 1, SETTINGS)
    assert len(grading.region) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda g: flags.answered_count(g, 3, SETTINGS),
        lambda g: flags.with_region(g, g.region[:1]),
        lambda g: flags.answered_not_visible(g, SETTINGS).result,
        lambda g: flags.answered_visible(replace(g, visible=None)),
    ],
)
def test_every_edit_makes_a_done_grading_started_and_its_graders_own(change):
    done = outlined(2, visible=True, roi_count=2, status=Status.DONE, origin=Origin.IMPORTED)
    edited = change(done)
    assert (edited.status, edited.origin) == (Status.STARTED, Origin.DRAWN)


def test_a_note_or_a_problem_is_no_answer_and_leaves_the_rest_as_it_was():
    imported = outlined(6, status=Status.DONE, origin=Origin.IMPORTED)
    assert flags.with_note(imported, "hair") == replace(imported, note="hair")
    assert flags.with_problem(imported, "blurred") == replace(imported, problem="blurred")


def test_too_many_with_regions_outlined_is_not_done():
    grading = outlined(6, visible=True, roi_count=6)
    assert "too many to outline and outlined 6 regions" in flags.why_not_done(grading, SETTINGS)


def test_drawing_says_visible_after_not_visible():
    grading = flags.with_region(replace(BLANK, visible=False), (square(0),))
    assert grading.visible is True


def test_drawing_takes_back_too_many_and_keeps_a_smaller_count():
    many = replace(BLANK, visible=True, roi_count=5)
    assert flags.with_region(many, (square(0),)).roi_count is None
    assert flags.with_region(replace(many, roi_count=2), (square(0),)).roi_count == 2


def test_deleting_the_last_region_leaves_the_answers_as_they_are():
    grading = flags.with_region(outlined(1, visible=True, roi_count=1), ())
    assert (grading.visible, grading.roi_count, grading.region) == (True, 1, ())


@pytest.mark.parametrize(
    ("grading", "reason"),
    [
        (BLANK, "Say whether a skin condition is clearly visible."),
        (replace(BLANK, visible=True), "Say how many distinct regions there are."),
        (
            outlined(2, visible=True),
            "You outlined 2 regions. Say how many distinct regions there are.",
        ),
        (
            outlined(2, visible=True, roi_count=3),
            "You said 3 regions and outlined 2. Outline one more, or change the answer.",
        ),
        (
            outlined(1, visible=True, roi_count=4),
            "You said 4 regions and outlined 1. Outline 3 more, or change the answer.",
        ),
        (
            outlined(3, visible=True, roi_count=1),
            "You said 1 region and outlined 3. Delete 2, or change the answer.",
        ),
        (
            replace(BLANK, visible=True, roi_count=1),
            "You said 1 region and outlined none. Outline it, or change the answer.",
        ),
        (
            replace(BLANK, visible=True, roi_count=2),
            "You said 2 regions and outlined none. Outline them, or change the answer.",
        ),
        (
            outlined(1, visible=False),
            "You said not visible and outlined 1 region."
            " Delete what you outlined, or say how many regions there are.",
        ),
        (outlined(2, visible=True, roi_count=2), ""),
        (replace(BLANK, visible=True, roi_count=5), ""),
        (replace(BLANK, visible=False), ""),
    ],
)
def test_a_refusal_names_what_disagrees_and_what_to_do(grading, reason):
    assert flags.why_not_done(grading, SETTINGS) == reason


def test_the_studys_own_limit_decides_what_is_too_many():
    settings = AgreementSettings(max_outlined_regions=2)
    grading = flags.answered_count(BLANK, 3, settings)
    assert flags.why_not_done(grading, settings) == ""
    assert "outlined none" in flags.why_not_done(grading, SETTINGS)
