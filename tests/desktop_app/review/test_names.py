"""No name of a grader can be read on the page before a reveal, and the log tells of each reveal."""

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.session.reviewing.names import hider, masked, numbered
from engine.domain.grading import Role
from engine.domain.problem import refuse
from engine.report.table import Column, Table
from engine.study.sqlite import open_study
from tests.desktop_app.review.hands import press, settle, words
from tests.desktop_app.reviewed import APART, GRADERS, LEAD, NEAR, actions, leave_note

PARTS = tuple(part for name in GRADERS for part in (name, *name.split()))


def readable(page):
    """Return all that can be read: on the page, on what it opened, in the window's menus."""
    roots = [page, page.window(), *QApplication.topLevelWidgets()]
    return "\n".join(words(root) for root in roots)


def named(page):
    text = readable(page)
    return {part for part in PARTS if part in text}


@pytest.fixture
def noted(file):
    """A study in which a grader's note names another one."""
    leave_note(file, APART, GRADERS[0], f"as {GRADERS[1]} said; not like Cy Twombly")
    with open_study(file) as study:
        study.assign(NEAR, GRADERS[0], Role.REPEAT, author=LEAD)


def test_no_name_can_be_read_whatever_is_looked_at_and_decided(noted, open_page):
    page = open_page()
    assert named(page) == set()
    for keys in (["1", "Return"], ["X"], ["Esc", "Shift+X"], ["Esc", "V"], ["Y", "J"], ["E"]):
        press(page, *keys)
        assert named(page) == set()
    press(page, "Esc")
    for tab in range(page.tables.tabs.count()):
        page.tables.tabs.setCurrentIndex(tab)
        settle(page)
        assert named(page) == set()


def test_the_accessible_texts_of_plots_name_nobody(noted, open_page):
    page = open_page()
    said = str(page.tables.pairs.matrix.data()) + str(page.tables.histogram.data())
    assert not any(part in said for part in PARTS)
    assert "1" in str(page.tables.pairs.matrix.data()["first"])


def test_a_note_that_names_others_is_shown_under_letters(noted, open_page):
    page = open_page()
    letters = {voter.grader: voter.letter for voter in page.session.review.voters}
    a, b, c = (letters[name] for name in GRADERS)
    assert page.side.remarks.text.text() == f"{a}: “as {b} said; not like {c}”"


def test_a_reveal_shows_the_names_of_this_image_alone_and_is_logged(page, file):
    assert "reveal_names" not in actions(file)
    press(page, "O")
    assert actions(file)[-1] == "reveal_names"
    shown = {name for name in GRADERS if name in words(page.side)}
    assert shown == set(GRADERS)
    assert not any(name in words(page.tables) for name in GRADERS)
    press(page, "J")
    assert named(page) == set()
    press(page, "K")
    assert all(name in words(page.side) for name in GRADERS)


def test_a_second_reveal_of_an_image_writes_nothing(page, file):
    press(page, "O")
    before = actions(file)
    press(page, "O")
    assert actions(file) == before


def test_the_names_of_all_are_shown_after_a_question_and_are_logged(page, file):
    page.tables.tabs.setCurrentIndex(1)
    page.tables.names[0].click()
    assert named(page) == set()
    press(page, "Return")
    assert actions(file)[-1] == "reveal_names"
    assert all(name in words(page.tables.views["graders"]) for name in GRADERS)
    assert all(button.isHidden() for button in page.tables.names)
    press(page, "J")
    assert all(name in words(page.side) for name in GRADERS)


def test_a_reveal_that_the_store_refuses_shows_nothing(open_page):
    class Locked:
        def __init__(self, study):
            self._study = study

        def __getattr__(self, name):
            return getattr(self._study, name)

        def reveal_names(self, *_args, **_options):
            raise refuse("read_only", "study", "It cannot be written to", "Ask who keeps it")

    page = open_page(wrap=Locked)
    press(page, "O")
    assert [problem.code for problem in page.problems] == ["read_only"]
    assert named(page) == set()


def test_an_extra_grader_whose_name_was_typed_is_a_letter_and_a_number_too(page):
    press(page, "Shift+X")
    page.bench.ask.field.setText("Zoe Saldana")
    press(page, "Return")
    page.session.measures.measure_graders()
    settle(page)
    page.bench.ask.field.clear()
    assert "Zoe" not in readable(page)


def test_numbers_of_graders_depend_on_the_study_and_not_on_the_order_of_names():
    one = numbered(GRADERS, seed="one")
    assert one == numbered(reversed(GRADERS), seed="one")
    assert set(one.values()) == {"Grader 1", "Grader 2", "Grader 3"}
    orders = {tuple(numbered(GRADERS, seed=str(k))[name] for name in GRADERS) for k in range(40)}
    assert len(orders) == 6


def test_a_name_within_a_word_stays_and_the_longest_name_wins():
    hide = hider({"Bo": "A", "Bo Ek": "B", "a+b": "C"})
    assert hide("Bo Ek, Bo; Bob and a+b") == "B, A; Bob and C"


def test_masked_columns_keep_the_order_and_meaning_of_the_table():
    columns = (
        Column("grader", "who", lambda row: row[0]),
        Column("notes", "how many, or what", lambda row: row[1]),
    )
    table = Table("graders", columns, [("Bo", 3), ("Cy", "Bo: dark")])
    hidden = masked(table, {"Bo": "Grader 1", "Cy": "Grader 2"})
    assert hidden.header == table.header
    assert [hidden.cells(row)[:2] for row in hidden.rows] == [
        ("Grader 1", 3),
        ("Grader 2", "Grader 1: dark"),
    ]
