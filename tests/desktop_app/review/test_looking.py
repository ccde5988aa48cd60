"""Rows, canvas and facts of one image after the other."""

import numpy as np

from desktop_app.canvas.vote_pictures import heat_picture
from desktop_app.review.bench import plain_ground
from engine.study.sqlite import create_study
from tests.desktop_app.accessible import nameless
from tests.desktop_app.review.hands import press, settle, shown_images, write
from tests.desktop_app.reviewed import (
    ALIKE,
    APART,
    EMPTY,
    GRADERS,
    LEAD,
    LOWEST_FIRST,
    NEAR,
    WAITING,
    box,
    draw,
)


def test_the_image_with_the_lowest_agreement_is_first_and_at_hand(page):
    assert shown_images(page) == [*LOWEST_FIRST, EMPTY]
    assert page.session.at_hand.path == APART
    assert page.tables.images.current == page.session.measures.numbers[APART]


def test_j_and_k_walk_the_rows_that_are_shown(page):
    press(page, "J")
    assert page.session.at_hand.path == NEAR
    press(page, "J", "J")
    assert page.session.at_hand.path == ALIKE
    press(page, "K", "K", "K", "K", "K")
    assert page.session.at_hand.path == APART


def test_the_search_keeps_rows_that_match_and_j_stays_among_them(page):
    press(page, "Ctrl+F")
    write(page, "p/0")
    assert shown_images(page) == [ALIKE]
    page.tables.images.grid.setFocus()
    press(page, "J")
    assert page.session.at_hand.path == ALIKE


def test_a_range_brushed_in_the_histogram_filters_the_rows_until_it_is_let_go(page):
    page.tables.histogram.brush_range((-1.0, 0.3))
    assert shown_images(page) == [APART]
    press(page, "Ctrl+D")
    assert len(shown_images(page)) == 5


def test_the_facts_are_the_numbers_of_the_row(page):
    row = page.session.review.row
    facts = page.side.facts
    assert facts.numbers["Fleiss kappa"].text() == f"{row.fleiss_kappa:.2f}".replace("-", "−")
    assert facts.state.text() == "Done"
    assert facts.admitted.text() == "Left out: kappa is below the cut of 0.4"
    assert row == page.session.measures.rows[page.session.measures.numbers[APART]]


def test_an_image_that_waits_for_a_grader_says_why_it_is_left_out(page):
    page.tables.images.set_current(page.session.measures.numbers[WAITING])
    settle(page)
    assert page.side.facts.admitted.text() == "Left out: a grader has not finished"
    assert page.side.facts.state.text() == "In progress"


def test_a_number_that_does_not_exist_is_a_dash_and_says_why(page):
    page.tables.images.set_current(page.session.measures.numbers[EMPTY])
    settle(page)
    kappa = page.side.facts.numbers["Fleiss kappa"]
    assert kappa.text() == "–"
    assert kappa.toolTip() == "Undefined: fewer than two answers"


def test_the_summary_tells_kappa_before_and_after_the_cut(page):
    text = page.top.summary.text()
    assert text.startswith("2 of 5 images admitted")
    assert "before the cut" in text


def test_each_grader_has_an_outline_under_a_letter(page):
    drawn = page.overlays.outlines._drawn
    assert [d.lettered.letter for d in drawn] == ["A", "B", "C"]
    looks = {(d.lettered.look.colour, d.lettered.look.dashes) for d in drawn}
    assert len({colour for colour, _ in looks}) == 3
    assert len({dashes for _, dashes in looks}) == 3
    regions = {voter.letter: voter.region for voter in page.session.review.voters}
    assert {d.lettered.letter: d.lettered.region for d in drawn} == regions


def test_a_letter_hides_its_outline_and_the_next_image_shows_all(page):
    page.side.voters.letters[1].click()
    assert page.overlays.outlines._hidden == {"B"}
    press(page, "J")
    assert page.overlays.outlines._hidden == frozenset()


def pixels(page, name):
    raster = page.overlays.rasters[name]
    settle(page)
    return raster._pixels if raster.opacity() else None


def test_votes_and_only_one_take_turns_and_stay_on_for_the_next_image(page):
    press(page, "V")
    assert pixels(page, "show_votes") is not None
    press(page, "Y")
    assert pixels(page, "show_only") is not None
    assert pixels(page, "show_votes") is None
    press(page, "J")
    assert page.session.at_hand.path == NEAR
    assert pixels(page, "show_only") is not None
    assert page.bench.overlays.switches["show_only"].isChecked()


def test_what_counts_is_filled_where_it_counts_alone(page):
    press(page, "J")
    counted = page.session.review.counted
    filled = pixels(page, "show_majority")[..., 3] > 0
    assert counted.any()
    assert np.array_equal(filled, counted)
    press(page, "C")
    assert pixels(page, "show_majority") is None


def test_another_consensus_is_measured_for_rows_and_canvas_and_can_be_kept(page, file):
    press(page, "J")
    before = page.session.review.counted.sum()
    page.top.methods["staple"].click()
    settle(page)
    assert page.session.settings.agreement.consensus == "staple"
    number = page.session.measures.numbers[NEAR]
    row = page.session.measures.rows[number]
    assert page.session.review.row == row
    assert page.session.review.counted.sum() != before
    assert not page.top.keep.isHidden()
    page.top.keep.click()
    settle(page)
    assert page.top.keep.isHidden()
    assert page.session.study.options().settings.agreement.consensus == "staple"
    assert page.session.study.options().leads == (LEAD,)


def test_an_image_without_a_file_says_so_in_place_of_the_photograph(page, file):
    (file.parent / NEAR).unlink()
    page.session.at_hand._pictures.forget_all()
    press(page, "J")
    assert not page.bench.has_canvas
    assert page.bench.state.title == "The photograph is not shown"
    press(page, "J")
    assert page.bench.has_canvas


def test_a_study_without_images_says_what_to_do(open_page, tmp_path):
    (tmp_path / "new").mkdir()
    with create_study(tmp_path / "new" / "new.concord", author=LEAD):
        pass
    page = open_page(of=tmp_path / "new" / "new.concord")
    assert page.bench.state.title == "No images yet"
    press(page, "J", "1", "M", "X", "E")
    assert not page.bench.ask.is_open


def test_every_control_has_a_name(page):
    press(page, "X")
    assert nameless(page) == []
    press(page, "Esc", "E")
    assert page.session.copy is not None
    assert nameless(page) == []


def test_the_tables_of_graders_come_with_the_rows(page):
    rows = page.tables.views["graders"].model.rows
    assert len(rows) == 3
    assert len(page.tables.views["pairs"].model.rows) == 3
    assert len(page.tables.views["answers"].model.rows) == 2
    to_do = page.tables.views["progress"].model.table.columns[2]
    assert sorted(to_do.read(row) for row in rows) == [1, 1, 2]


def test_what_another_page_changed_is_measured_when_the_page_is_seen(page):
    number = page.session.measures.numbers[EMPTY]
    for grader in GRADERS:
        draw(page.session.study, EMPTY, grader, box(5, 5))
    page.note_gradings([EMPTY])
    settle(page)
    assert page.session.measures.rows[number].fleiss_kappa == 1.0
    assert shown_images(page)[0] == APART
    assert set(shown_images(page)[-2:]) == {ALIKE, EMPTY}


def test_an_overlay_that_comes_late_for_another_image_is_dropped(page):
    first = page.session.review
    late = heat_picture(first.patterns, 3)
    press(page, "J")
    page.overlays._on_pixels(first, "show_votes", late)
    assert not page.overlays.rasters["show_votes"].has_pixels
    page.overlays._on_pixels(page.session.review, "show_votes", late)
    assert page.overlays.rasters["show_votes"].has_pixels


def test_a_plain_ground_that_comes_late_is_no_ground_for_another_image(page):
    first = page.session.at_hand.image
    press(page, "J")
    before = page.canvas._pyramid
    page._on_ground(first, plain_ground(first))
    assert page.canvas._pyramid is before
