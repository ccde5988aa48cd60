"""Someone who only clicks: Explain, Run, first finding."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from resources.demo.photographs import PLANTED


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_the_demo_is_ready_to_run_without_any_choice(page):
    assert page.side.run.run.isEnabled()
    assert "demo classifier" in page.side.model.field.text()
    assert page.views.state.title == "Ready to run"


def test_run_and_a_click_on_the_first_finding_show_the_planted_cue(page, finish, qtbot):
    click(page.side.run.run)
    finish(page)
    card = page.findings.cards[0]
    assert PLANTED in card.sentence.text()
    qtbot.waitUntil(card.isVisible)
    corner = card.open.mapTo(page, QPoint(0, card.open.height()))
    assert corner.y() < page.height(), "it is seen without scrolling"
    click(card.open)
    qtbot.waitUntil(lambda: page.panels.canvas.count == 4, timeout=30_000)
    picked = np.flatnonzero(page.session.selection.mask)
    images = page.session.runs.shown.result.run.images
    assert {images[n].image.condition for n in picked} == {PLANTED}
    assert page.panels.facts.values["Condition"].text() == PLANTED
    assert page.views.name == "gallery"
    finish(page)
    assert page.views.current.thumbs[picked[0]].picture.pixmap().width() > 100


def test_rows_stream_into_the_table_while_the_run_is_under_way(page, finish):
    seen = []
    page.session.running.rows_changed.connect(
        lambda rows: seen.append((len(page.images.view.model.rows), len(rows)))
    )
    page.run()
    finish(page)
    rows = page.session.runs.shown.result.run.images
    assert seen
    assert seen[-1][0] == len(rows)
    assert page.images.view.model.rows == list(rows)


def test_the_strip_tells_of_each_part_and_goes_away(page, finish):
    told = []
    page.session.running.progressed.connect(
        lambda: told.append((page.strip.isVisible(), page.strip.parts["saliency"].text()))
    )
    page.run()
    finish(page)
    assert (True, "● Saliency maps") in told
    assert page.strip.isHidden()


def test_a_row_of_the_table_opens_its_panels_and_facts(done_page, finish):
    page = done_page
    number = next(
        n for n, row in enumerate(page.images.view.model.rows) if row.localisation is not None
    )
    page.images.view.grid.selectRow(page.images.view.model.index_of(number).row())
    page.open_image(number)
    finish(page)
    assert page.panels.isVisible()
    assert page.panels.canvas.count == 4
    assert page.panels.facts.path.accessibleName() == page.images.view.model.rows[number].image.path


def test_an_image_that_was_left_out_says_why_in_place_of_a_map(done_page, finish):
    page = done_page
    rows = page.images.view.model.rows
    number = next(n for n, row in enumerate(rows) if not row.agreement.admitted)
    page.open_image(number)
    finish(page)
    assert page.panels.facts.why.text().startswith("Not part of the analysis")
    assert page.panels.canvas.count in (0, 2)


def test_the_same_image_stays_at_hand_under_another_run(done_page, finish):
    page = done_page
    page.open_image(3)
    first = page.session.runs.shown
    page.session.set_settings(page.session.settings.model_copy())
    page.run()
    finish(page)
    assert page.session.runs.shown is not first
    page.open_image(3)
    page.session.runs.show(first)
    finish(page)
    assert page.session.selection.current == 3
    assert page.panels.facts.path.accessibleName() == first.result.values.names[3]


def test_keys_walk_the_rows_as_they_are_sorted(done_page):
    page = done_page
    page.images.view.sort_by("ds")
    page.step(1)
    first = page.session.selection.current
    page.step(1)
    ds = page.session.runs.shown.result.values.metrics["ds"]
    assert ds[first] == np.nanmin(ds)
    assert ds[page.session.selection.current] >= ds[first]


@pytest.mark.parametrize("name", ["scatter", "histogram", "conditions", "groups", "body_parts"])
def test_every_plot_shows_the_run(done_page, name):
    done_page.views.go(name)
    view = done_page.views.current
    plots = [view.plot] if hasattr(view, "plot") else view.plots
    assert plots
    if name != "body_parts":  # nothing is labelled yet, and it says so
        assert all(plot.data() and not plot.empty for plot in plots if plot.isVisible())
    else:
        assert "labelled" in view.plot.empty


def test_what_is_brushed_in_a_plot_is_picked_out_in_both_tables(done_page):
    page = done_page
    page.views.go("scatter")
    ds = page.session.runs.shown.result.values.metrics["ds"]
    mask = ds < np.nanmedian(ds)
    page.session.selection.brush(mask, page.views.current.plot)
    assert set(page.images.view.model.shown) == set(np.flatnonzero(mask))
    page.views.go("cases")
    cases = page.views.current
    run = page.session.runs.shown.result
    for number in cases.view.model.shown:
        assert mask[run.cases_of_rows == number].any()
    assert len(cases.view.model.shown) < len(run.run.cases)


def test_a_case_brings_the_image_that_its_ds_is_of(done_page):
    page = done_page
    page.views.go("cases")
    cases = page.views.current
    cases.view.step(1)
    number = cases.view.current
    run = page.session.runs.shown.result
    wanted = run.run.cases[number].metrics["ds"].image
    assert run.values.names[page.session.selection.current] == wanted


def test_the_gallery_holds_the_extremes_by_correctness(done_page, finish):
    page = done_page
    page.views.go("gallery")
    finish(page)
    gallery = page.views.current
    run = page.session.runs.shown.result
    held = {n for numbers in gallery.groups().values() for n in numbers}
    extremes = {*run.findings.extremes.lowest, *run.findings.extremes.highest}
    known = {p for p in extremes if run.values.marks[run.values.numbers[p]] != 2}
    assert {run.values.names[n] for n in held} == known
    assert all(thumb.picture.pixmap().width() > 100 for thumb in gallery.thumbs.values())


def test_every_table_of_the_findings_can_be_looked_at(done_page):
    page = done_page
    page.views.go("tables")
    view = page.views.current
    names = [view.choice.itemData(at) for at in range(view.choice.count())]
    assert names[:4] == ["cues", "untested", "extremes", "body_parts"]
    for name in names:
        view.choice.choose(name)
        assert len(view.view.model.rows) == len(page.session.runs.shown.result.tables[name].rows)


@pytest.mark.parametrize("act", ["run", "show_none"])
def test_a_comment_being_written_is_stored_with_its_finding_when_another_run_begins(
    done_page, finish, act
):
    page = done_page
    card = page.findings.cards[0]
    name, key = page.session.runs.shown.result.name, card.cue.key
    card.edit_comment()
    card.field.setPlainText("look at the rulers")
    if act == "run":
        page.run()
    else:
        page.session.runs.show(None)
    finish(page)
    assert page.place.study.finding_marks(name)[key].comment == "look at the rulers"
