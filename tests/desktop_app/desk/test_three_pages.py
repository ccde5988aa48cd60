"""A study has the pages that a person's part in it gives, and each knows what another one did."""

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from desktop_app.desk import pages
from desktop_app.window.action_table import Place
from engine.domain.queue import QueueState
from tests import packet_studies
from tests.desktop_app.desk.desks import answering, is_free, press, set_options
from tests.desktop_app.squares import square

CANCEL, DISCARD = QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard


def offered(person):
    """Return the pages on the switch, by their titles."""
    switch = person.window.pages.findChildren(QPushButton)
    return [b.text() for b in switch if b.isVisible() and b.property("role") == "page"]


def go(person, place):
    """Go to a page and wait until it has nothing more to read."""
    person.do(f"page_{place.value}")
    person.rest()
    return person.window.page


@pytest.mark.parametrize(
    ("grader", "pages"),
    [("lena", ["Grade", "Review", "Explain"]), ("ana", ["Grade", "Explain"]), ("ada", [])],
)
def test_leads_see_all_pages_analysts_two_and_graders_their_own(person, file, grader, pages):
    set_options(file, leads=("lena",), analysts=("ana",))
    person.open(file, grader=grader)
    assert offered(person) == pages
    assert person.can("page_review") is ("Review" in pages)


def test_where_no_lead_is_named_everybody_is_one(person, file):
    person.open(file, grader="ada")
    assert offered(person) == ["Grade", "Review", "Explain"]


def test_a_packet_has_the_grade_page_alone(person, file, folder):
    packet = packet_studies.pack(file, "ada", folder / "p.concord").file
    person.open(packet)
    assert offered(person) == []
    person.window.pages.go(Place.REVIEW)
    assert person.window.page is person.desk.page


def test_the_graders_program_which_has_no_plots_has_the_grade_page_alone(person, file, monkeypatch):
    monkeypatch.setattr(pages, "find_spec", lambda _name: None)
    person.open(file, grader="ada")
    assert offered(person) == []


def test_what_was_graded_here_is_measured_when_the_lead_looks(person, file):
    person.open(file, grader="ada")
    review = go(person, Place.REVIEW)
    assert {row.state for row in review.session.measures.rows} == {"to_do"}
    go(person, Place.GRADE)
    person.draw(square(3))
    image = person.session.item.image
    go(person, Place.REVIEW)
    person.wait(
        lambda: (
            {r.image.path for r in review.session.measures.rows if r.state != "to_do"} == {image}
        )
    )


def test_what_the_lead_sends_back_is_so_in_the_queue_of_the_same_window(person, file):
    person.open(file, grader="ada")
    image = person.session.item.image
    person.session.answer_not_visible()
    person.session.done()
    person.wait_until_stored()
    review = go(person, Place.REVIEW)
    review.session.open(review.session.measures.numbers[image])
    person.wait(lambda: review.session.review is not None)
    graders = [voter.grader for voter in review.session.review.voters]
    review.session.send_back(graders.index("ada"), reason="Look again")
    person.rest()
    go(person, Place.GRADE)
    person.wait(
        lambda: (
            [i.image for i in person.session.items if i.state is QueueState.SENT_BACK] == [image]
        )
    )


@pytest.fixture
def editing(person, file):
    """The Review page with a region that is being edited."""
    person.open(file, grader="ada")
    review = go(person, Place.REVIEW)
    review.session.open(0)
    person.wait(lambda: review.session.review is not None)
    review.session.begin_copy((square(5),))
    return review


def test_a_region_that_is_edited_is_not_lost_to_a_window_that_closes(person, editing):
    with answering(QMessageBox, press(CANCEL)) as asked:
        person.window.close()
    assert len(asked) == 1
    assert "not kept" in asked[0]
    assert person.window.isVisible()
    assert editing.isEnabled()
    assert editing.session.copy.region == (square(5),)


def test_a_region_that_is_edited_goes_where_one_says_so(person, file, editing):
    with answering(QMessageBox, press(DISCARD)):
        person.window.close()
        person.wait(lambda: not person.window.isVisible())
    assert is_free(file)


def test_merging_from_the_review_page_comes_back_to_it(person, file, folder):
    packet = packet_studies.pack(file, "bo", folder / "p.concord").file
    packet_studies.grade(packet)
    person.open(file, grader="ada")
    review = go(person, Place.REVIEW)
    person.answers.packets = [packet]
    person.do("merge")
    person.wait(lambda: person.window.page not in {review, person.desk.page, None})
    person.wait(lambda: person.window.pages.place is Place.REVIEW)
    person.rest()
    assert {row.done for row in person.window.page.session.measures.rows} == {1}
