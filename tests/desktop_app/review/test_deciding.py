"""What a lead decides by keys: written at once, logged, measured, taken back by undo."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.domain.grading import Adopted, Role
from engine.domain.image import PrivacyBox
from engine.domain.problem import refuse
from engine.study.protocol import Conflict
from engine.study.sqlite import open_study
from tests.desktop_app.review.hands import drag, press, settle, write
from tests.desktop_app.reviewed import APART, GRADERS, LEAD, NEAR, actions, box, draw


def decision(page, image=APART):
    return page.session.study.adjudication(image)


def state(page, image=APART):
    return page.session.measures.rows[page.session.measures.numbers[image]].state


def test_a_number_and_enter_adopt_a_grader_with_the_remembered_reason(page, file):
    second = page.session.review.voters[1]
    press(page, "2", "Return")
    found = decision(page)
    assert (found.adopted, found.grader, found.region) == (
        Adopted.GRADER,
        second.grader,
        second.region,
    )
    assert (found.author, found.reason) == (LEAD, "Follows the visible border best")
    assert state(page) == "adjudicated"
    assert page.side.facts.state.text() == "Decided by a lead"
    assert "the region of B" in page.side.facts.decision.text()
    assert actions(file)[-1] == "adjudicate"


def test_the_reason_that_was_typed_is_offered_the_next_time(page):
    press(page, "1")
    write(page, "sharper")
    press(page, "Return", "J", "1")
    assert page.bench.ask.field.text() == "sharper"
    press(page, "Esc")
    assert decision(page, NEAR) is None
    assert decision(page, APART).reason == "sharper"


def test_a_reason_that_is_empty_is_asked_for_again(page):
    press(page, "1")
    page.bench.ask.field.clear()
    press(page, "Return")
    assert page.bench.ask.is_open
    assert decision(page) is None


def test_the_majority_is_adopted_as_it_is_exact_to_the_pixel(page):
    press(page, "J")
    majority = page.session.review.majority
    press(page, "M", "Return")
    assert decision(page, NEAR).adopted is Adopted.MAJORITY
    assert np.array_equal(page.session.review.counted, majority)


def test_undo_and_redo_are_operations_of_their_own_in_the_log(page, file):
    before = page.session.review.row
    press(page, "1", "Return")
    after = page.session.review.row
    press(page, "Ctrl+Z")
    assert page.session.review.row == before
    press(page, "Ctrl+Shift+Z")
    assert page.session.review.row == after
    press(page, "Ctrl+Z")
    assert decision(page) is None
    assert actions(file)[-4:] == [
        "adjudicate",
        "withdraw_adjudication",
        "adjudicate",
        "withdraw_adjudication",
    ]


def test_undo_of_a_second_decision_brings_the_first_back(page):
    press(page, "1", "Return", "2", "Return", "Ctrl+Z")
    assert decision(page).grader == page.session.review.voters[0].grader


def test_a_decision_is_withdrawn_with_a_reason_and_undo_brings_it_back(page):
    press(page, "1", "Return")
    kept = decision(page)
    press(page, "W", "Return")
    assert decision(page) is None
    assert state(page) == "done"
    press(page, "Ctrl+Z")
    assert decision(page) == kept


def test_withdrawing_without_a_decision_only_says_so(page, file):
    before = actions(file)
    press(page, "W")
    assert page.bench.toast.text == "No decision counts for this image."
    assert actions(file) == before


def test_sending_back_offers_the_grader_farthest_from_the_others(page):
    press(page, "J")
    voters = page.session.review.voters
    lowest = min(voters, key=lambda voter: voter.dice_with_others.dice)
    press(page, "X")
    assert page.bench.ask.choices[page.bench.ask.chosen].text() == lowest.letter
    press(page, "Return")
    reading = {r.grader: r for r in page.session.study.readings_of(NEAR)}[lowest.grader]
    assert reading.is_sent_back
    assert state(page, NEAR) == "sent_back"
    press(page, "Ctrl+Z")
    assert state(page, NEAR) == "done"


@pytest.mark.parametrize("key", ["C", "3"])
def test_another_grader_is_sent_back_to_by_letter_or_number(page, key):
    third = page.session.review.voters[2].grader
    press(page, "X", key)
    write(page, "outline the left one too")
    press(page, "Return")
    last = page.session.study.revisions(APART, third)[-1].grading
    assert last.note == "outline the left one too"


@pytest.mark.parametrize("key", ["E", "M", "O", "Shift+X"])
def test_no_letter_does_anything_to_the_page_while_something_is_asked(page, file, key):
    before = actions(file)
    press(page, "X", key)
    assert page.bench.ask.title == "Send back to"
    assert page.session.copy is None
    assert actions(file) == before


def test_an_extra_grader_is_asked_by_lot_and_asked_no_more_after_undo(page, file):
    page.session.study.assign(NEAR, "Dora", Role.EXTRA, author=LEAD)
    press(page, "Shift+X", "Return")
    assert [voter.role for voter in page.session.review.voters].count(Role.EXTRA) == 1
    assert {r.grader for r in page.session.study.readings_of(APART)} == {*GRADERS, "Dora"}
    press(page, "Ctrl+Z")
    assert {r.grader for r in page.session.study.readings_of(APART)} == set(GRADERS)
    assert actions(file)[-1] == "withdraw_tasks"


def test_where_everybody_reads_the_image_nobody_is_drawn_but_a_name_can_be_typed(page):
    press(page, "Shift+X", "Return")
    assert [problem.code for problem in page.problems] == ["nobody_left"]
    press(page, "Shift+X")
    write(page, "Zoe")
    press(page, "Return")
    assert "Zoe" in {r.grader for r in page.session.study.readings_of(APART)}


def test_a_grader_who_reads_the_image_is_not_asked_twice(page):
    press(page, "Shift+X")
    write(page, GRADERS[0])
    press(page, "Return")
    assert [problem.code for problem in page.problems] == ["already_asked"]


def test_a_privacy_box_is_drawn_on_the_photograph_and_taken_back(page):
    press(page, "P")
    drag(page, (10, 5), (30, 20))
    (drawn,) = page.session.study.privacy_boxes()[APART]
    assert drawn.left == pytest.approx(10, abs=1)
    assert drawn.bottom == pytest.approx(20, abs=1)
    press(page, "Ctrl+Z")
    assert APART not in page.session.study.privacy_boxes()


def test_all_boxes_of_an_image_are_removed_at_once_and_undo_brings_them_back(page):
    action = page.window().action_set.by_id["clear_boxes"]
    before = actions(page.session.study.file)
    action.trigger()
    settle(page)
    assert actions(page.session.study.file) == before
    boxes = [PrivacyBox(1, 2, 8, 9), PrivacyBox(20, 20, 30, 30)]
    page.session.study.set_privacy_boxes(APART, boxes, author=LEAD)
    press(page, "J", "K")
    action.trigger()
    settle(page)
    assert APART not in page.session.study.privacy_boxes()
    press(page, "Ctrl+Z")
    assert list(page.session.study.privacy_boxes()[APART]) == boxes


def test_while_a_box_is_drawn_nothing_can_be_decided_and_esc_gives_it_up(page, file):
    before = actions(file)
    press(page, "P", "1", "M", "W")
    assert not page.bench.ask.is_open
    press(page, "Esc")
    press(page, "1")
    assert page.bench.ask.is_open
    press(page, "Esc")
    assert actions(file) == before


def test_a_box_beyond_the_photograph_ends_at_its_edge(page):
    press(page, "P")
    drag(page, (40, 30), (90, 80))
    (drawn,) = page.session.study.privacy_boxes()[APART]
    assert (drawn.right, drawn.bottom) == (60, 40)


def test_a_grader_who_went_on_meanwhile_refuses_the_decision_and_is_shown(page, file):
    grader = page.session.review.voters[0].grader
    with open_study(file) as other:
        draw(other, APART, grader, box(30, 10))
    press(page, "1", "Return")
    assert [problem.code for problem in page.problems] == ["changed_meanwhile"]
    assert decision(page) is None
    assert page.session.review.voters[0].region == box(30, 10)
    press(page, "1", "Return")
    assert decision(page).region == box(30, 10)


def test_a_decision_of_another_lead_is_never_overwritten_by_undo(page, file):
    press(page, "1", "Return")
    with open_study(file) as other:
        other.withdraw_adjudication(APART, reason="no", author="Liv")
    press(page, "Ctrl+Z")
    assert [problem.code for problem in page.problems] == ["changed_meanwhile"]
    assert page.session.undo_texts == ("", "")


def test_a_conflict_of_the_store_is_a_problem_and_nothing_is_lost(open_page):
    class Busy:
        def __init__(self, study):
            self._study = study

        def __getattr__(self, name):
            return getattr(self._study, name)

        def send_back(self, *_args, **_options):
            raise Conflict("the grader went on")

    page = open_page(wrap=Busy)
    press(page, "X", "Return")
    assert [problem.code for problem in page.problems] == ["reading_changed"]
    assert page.session.review is not None


def test_a_full_disk_leaves_the_step_to_be_undone_later(open_page):
    class Full:
        def __init__(self, study):
            self._study, self.is_full = study, False

        def __getattr__(self, name):
            return getattr(self._study, name)

        def withdraw_adjudication(self, *args, **options):
            if self.is_full:
                raise refuse("disk_full", "study", "There is no room", "Make room")
            self._study.withdraw_adjudication(*args, **options)

    page = open_page(wrap=Full)
    press(page, "1", "Return")
    page.session.study.is_full = True
    press(page, "Ctrl+Z")
    assert [problem.code for problem in page.problems] == ["disk_full"]
    page.session.study.is_full = False
    press(page, "Ctrl+Z")
    assert decision(page) is None


def test_buttons_do_what_their_keys_do(page):
    page.side.deeds.buttons["adopt_1"].click()
    QTest.keyClick(page.bench.ask.field, Qt.Key.Key_Return)
    settle(page)
    assert decision(page).adopted is Adopted.GRADER
    assert page.side.deeds.buttons["withdraw"].isEnabled()


def test_the_question_goes_away_with_its_image(page):
    press(page, "1")
    page.tables.images.step(1)
    settle(page)
    assert not page.bench.ask.is_open


def test_other_pages_are_told_which_image_was_decided(page, qtbot):
    with qtbot.waitSignal(page.gradings_changed, check_params_cb=partial(_is, [APART])):
        press(page, "1", "Return")


def _is(expected, found):
    return found == expected


def test_a_box_of_the_command_line_is_shown_and_kept(page, file):
    kept = PrivacyBox(1, 2, 8, 9)
    with open_study(file) as other:
        other.set_privacy_boxes(NEAR, [kept], author=LEAD)
    press(page, "J", "P")
    drag(page, (30, 10), (50, 30))
    assert page.session.study.privacy_boxes()[NEAR][0] == kept
    assert len(page.session.study.privacy_boxes()[NEAR]) == 2
