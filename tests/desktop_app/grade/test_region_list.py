"""The outlined regions beside the canvas."""

from PySide6.QtCore import Qt

from tests.desktop_app.grade.hands import draw, go, press, stored
from tests.desktop_app.squares import square


def rows(page):
    model = page.side.regions.model
    return [
        tuple(model.index(row, column).data() for column in range(3))
        for row in range(model.rowCount())
    ]


def current(page):
    return page.side.regions.current


def test_each_region_is_listed_with_its_area_and_share(page):
    draw(page, square(5, 10), square(30, 30))
    assert rows(page) == [("Region 1", "100 px", "0.9 %"), ("Region 2", "900 px", "8.3 %")]


def test_an_image_without_regions_says_how_to_begin(page):
    assert page.side.regions.table.isHidden()
    draw(page, square())
    assert page.side.regions.table.isVisible()


def test_what_is_selected_on_the_canvas_is_selected_in_the_list(page):
    draw(page, square(), square(30))
    page.canvas.select(1)
    assert current(page) == 1
    page.canvas.select(0)
    assert current(page) == 0
    page.canvas.select(-1)
    assert current(page) == -1


def test_what_is_selected_in_the_list_is_selected_on_the_canvas(page, qtbot):
    draw(page, square(), square(30))
    table = page.side.regions.table
    spot = table.visualRect(page.side.regions.model.index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert page.canvas.selected == 0


def test_the_selection_stays_while_regions_come_and_go_behind_it(page):
    draw(page, square(), square(30))
    page.canvas.select(0)
    draw(page, square(60))
    assert current(page) == 0
    press(page, "Ctrl+Z")
    assert current(page) == 0
    assert page.canvas.selected == 0


def test_bracket_keys_walk_the_regions_round_and_round(page):
    draw(page, square(), square(30), square(60))
    page.canvas.select(-1)
    walked = []
    for key in ("]", "]", "]", "]", "[", "["):
        press(page, key)
        walked.append(page.canvas.selected)
    assert walked == [0, 1, 2, 0, 2, 1]


def test_without_regions_bracket_keys_select_nothing(page):
    press(page, "]", "[")
    assert page.canvas.selected == -1


def test_the_button_deletes_the_selected_region_and_undo_brings_it_back(page, qtbot):
    draw(page, square(), square(30))
    page.canvas.select(0)
    qtbot.mouseClick(page.side.regions.delete, Qt.MouseButton.LeftButton)
    assert stored(page).region == (square(30),)
    press(page, "Ctrl+Z")
    assert stored(page).region == (square(), square(30))


def test_the_delete_key_deletes_the_selected_region(page):
    draw(page, square(), square(30))
    page.canvas.select(1)
    press(page, "Del")
    assert stored(page).region == (square(),)


def test_nothing_can_be_deleted_while_nothing_is_selected(page):
    draw(page, square())
    page.canvas.select(-1)
    assert not page.side.regions.delete.isEnabled()
    page.canvas.select(0)
    assert page.side.regions.delete.isEnabled()


def test_regions_of_one_image_are_not_listed_with_another(page):
    draw(page, square())
    go(page, 1)
    assert rows(page) == []
    go(page, 0)
    assert len(rows(page)) == 1
