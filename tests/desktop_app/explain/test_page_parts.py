"""The parts of the page: choices, trust, conditions, runs, findings, panels, labelling."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from desktop_app.explain.conditions_dialog import ConditionsDialog
from desktop_app.explain.label_keys import keys_of
from desktop_app.explain.method_part import with_saliency
from desktop_app.explain.panel_canvas import PanelCanvas
from desktop_app.explain.recent_cards import DEMO_CARD, RecentCards
from desktop_app.explain.words import cost_text, gradients_of
from desktop_app.window.settings import ThemeChoice
from engine.domain.settings import RunSettings
from engine.formats.body_parts import read_vocabulary
from tests.desktop_app.accessible import controls, nameless
from tests.desktop_app.explain.demo import QUICK
from tests.e2e.conftest import FACTORY


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def strange_card(tmp_path):
    folder = tmp_path / "strange"
    folder.mkdir()
    (folder / "redness.py").write_text(FACTORY)
    card = folder / "card.toml"
    card.write_text(
        'name = "redness"\nkind = "python"\nfactory = "redness:build"\ninput_size = 32\n'
        'resize = "stretch"\nmean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n'
        'classes = ["lesion", "clear"]\noutput = "logits"\n'
    )
    return card


# Choices


def test_a_study_of_real_people_begins_without_a_card(open_page):
    page = open_page(is_synthetic=False)
    assert not page.side.run.run.isEnabled()
    assert page.views.state.title == "Where does the classifier look?"


def test_the_card_used_last_in_a_study_comes_first(settings, demo, tmp_path):
    recent = RecentCards(settings.store, "0123")
    assert recent.first_of_study(is_synthetic=True) == DEMO_CARD
    mine = tmp_path / "mine.toml"
    mine.write_text("")
    recent.remember(mine)
    recent.remember(demo.card)
    recent.remember(mine)
    assert recent.all == (mine, demo.card)
    assert RecentCards(settings.store, "0123").first_of_study(is_synthetic=True) == mine
    assert RecentCards(settings.store, "else").first_of_study(is_synthetic=False) is None
    mine.unlink()
    assert recent.first_of_study(is_synthetic=False) is None


def test_nonsense_in_the_settings_file_is_no_card(settings):
    settings.store.setValue("explain/cards", '{"a": 1}')
    assert RecentCards(settings.store, "0123").all == ()


def test_strange_code_is_asked_about_in_the_page_and_the_run_goes_on(
    page, picked, strange_card, finish
):
    picked["card"] = strange_card
    page.dialogs.choose_card()
    finish(page)
    question = page.side.model.question
    assert not question.is_open
    click(page.side.run.run)
    assert question.is_open
    assert not page.session.running.is_running
    click(question.no)
    assert not page.session.running.is_running
    click(page.side.run.run)
    click(question.yes)
    finish(page)
    assert page.session.runs.shown.name.startswith("redness")


def test_enter_does_not_trust_strange_code(page, picked, strange_card, finish):
    picked["card"] = strange_card
    page.dialogs.choose_card()
    finish(page)
    click(page.side.run.run)
    question = page.side.model.question
    assert question.no.hasFocus()
    assert question.no.text() == "Do not run it"
    QTest.keyClick(question.no, Qt.Key.Key_Return)
    finish(page)
    assert not question.is_open
    assert page.session.model.question is not None, "nobody trusts it"
    click(page.side.run.run)
    question.setFocus()
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert page.session.model.question is not None, "nor where no button has the focus"
    click(page.side.run.run)
    question.yes.setFocus()
    QTest.keyClick(question.yes, Qt.Key.Key_Return)
    finish(page)
    assert page.session.runs.shown.name.startswith("redness")


def test_check_says_what_the_model_made_of_one_image(page, finish):
    click(page.side.model.check)
    finish(page)
    assert page.side.model.state.accessibleName().startswith("Works on cpu")
    assert page.side.model.conditions.isEnabled()


def test_conditions_are_mapped_in_a_dialog(page, finish, theme):
    page.session.model.check()
    finish(page)
    model = page.session.model
    dialog = ConditionsDialog(model.conditions, model.checked, theme, page)
    kept = []
    dialog.kept.connect(kept.append)
    assert set(dialog.fields) == set(model.conditions)
    dialog.fields["melanoma"].choose("nevus")
    dialog.keep.click()
    assert kept == [{"melanoma": "nevus"}]
    dialog.deleteLater()


def test_conditions_go_back_to_what_the_card_says(page, finish):
    model, study = page.session.model, page.place.study
    model.check()
    finish(page)
    of_card = dict(model.checked.card.conditions)
    page.dialogs.show_conditions()
    (dialog,) = [d for d in page.findChildren(ConditionsDialog) if d.isVisible()]
    assert not dialog.as_card.isEnabled(), "it is as the card says"
    dialog.fields["melanoma"].choose("nevus")
    dialog.keep.click()
    finish(page)
    assert study.condition_map(model.checked.digest)["melanoma"] == "nevus"
    page.dialogs.show_conditions()
    (dialog,) = [d for d in page.findChildren(ConditionsDialog) if d.isVisible()]
    dialog.as_card.click()
    finish(page)
    assert study.condition_map(model.checked.digest) is None
    assert dict(model.checked.conditions) == of_card
    QApplication.processEvents()


def test_a_condition_without_a_class_says_so(page, finish, theme):
    page.session.model.check()
    finish(page)
    dialog = ConditionsDialog({"scabies": 3}, page.session.model.checked, theme, page)
    assert dialog._fates["scabies"].text() == "no class"
    dialog.fields["scabies"].choose("acne")
    dialog.fields["scabies"].activated.emit(1)
    assert dialog._fates["scabies"].isHidden()
    assert dialog.mapping == {"scabies": "acne"}
    dialog.deleteLater()


def test_a_method_says_what_it_means_and_costs(page):
    part = page.side.method
    part.method.choose("occlusion")
    part.method.activated.emit(0)
    assert page.session.settings.saliency.method == "occlusion"
    assert "square is hidden" in part.meaning.text()
    assert part.sampler.isHidden()
    assert part.cost.text() == "One look of the model for each hidden square."
    assert part.differs.text() == "1 not as in the study"
    click(part.back)
    assert page.session.settings == QUICK
    assert part.differs.isHidden()


def test_gradients_of_each_method_are_those_of_its_settings():
    def count(**changes):
        saliency = RunSettings().saliency.model_copy(update=changes)
        return gradients_of(RunSettings().model_copy(update={"saliency": saliency}))

    assert count() == 500
    assert count(sampler="literal") == 1250
    assert count(method="gradients") == 1
    assert count(method="gradient_shap") == 100
    assert cost_text(RunSettings()) == "500 gradients an image."


def test_changing_to_the_joint_sampler_fills_its_path():
    saliency = RunSettings().saliency.model_copy(
        update={"sampler": "literal", "steps": 30, "joint_gradients": 500}
    )
    changed = with_saliency(
        RunSettings().model_copy(update={"saliency": saliency}), "sampler", "joint"
    )
    assert changed.saliency.joint_gradients == 510


def test_the_time_is_measured_before_the_run(page, finish):
    click(page.side.run.measure)
    finish(page)
    assert page.side.run.estimate.text().startswith("At once: 73 images")


@pytest.mark.parametrize(
    ("open_it", "name"),
    [
        ("show_settings", "SettingsDialog"),
        ("choose_maps", "MapsDialog"),
        ("choose_predictions", "PredictionsDialog"),
        ("import_labels", "LabelsDialog"),
    ],
)
def test_what_needs_room_opens_in_a_window_of_its_own(page, finish, open_it, name):
    getattr(page.dialogs, open_it)()
    opened = [d for d in page.findChildren(QDialog) if type(d).__name__ == name]
    assert len(opened) == 1
    assert opened[0].isVisible()
    opened[0].reject()
    QApplication.processEvents()


def test_settings_kept_in_their_dialog_are_those_of_the_next_run(page):
    page.dialogs.show_settings()
    (dialog,) = [d for d in page.findChildren(QDialog) if d.isVisible()]
    agreement = QUICK.agreement.model_copy(update={"kappa_cut": 0.6})
    changed = QUICK.model_copy(update={"agreement": agreement})
    dialog.form.show_settings(changed)
    dialog.keep.click()
    assert page.session.settings == changed
    assert page.side.method.differs.text() == "1 not as in the study"


# Runs


def test_runs_are_renamed_shown_and_closed_in_their_list(done_page, finish):
    page = done_page
    page.run()
    finish(page)
    first, second = page.session.runs.all
    rows = page.side.runs.rows
    assert not rows[first.id].show_button.isHidden()
    click(rows[first.id].show_button)
    assert page.session.runs.shown is first
    rows[first.id]._rename.click()
    rows[first.id].field.setText("published")
    rows[first.id].field.editingFinished.emit()
    assert first.name == "published"
    assert rows[first.id].name.text() == "published"
    rows[second.id]._close.click()
    assert page.session.runs.all == [first]
    assert list(page.side.runs.rows) == [first.id]


def test_two_runs_show_whether_the_lowest_images_stay_the_lowest(done_page, finish):
    page = done_page
    tab = page.views.tabs.buttons["runs"]
    assert tab.isHidden(), "one run alone has nothing to be compared with"
    saliency = QUICK.saliency.model_copy(update={"method": "gradients"})
    page.session.set_settings(QUICK.model_copy(update={"saliency": saliency}))
    page.run()
    finish(page)
    assert not tab.isHidden()
    click(tab)
    view = page.views.current
    assert "Kendall’s W" in view.told.text()
    assert len(view.pairs.model.rows) == 2
    assert len(view.plot.data()) >= 2


def test_a_run_says_that_gradings_changed_since(done_page):
    done_page.note_gradings(None)
    run = done_page.session.runs.shown
    assert "gradings changed since" in done_page.side.runs.rows[run.id].state.text()


def test_closing_the_last_run_leaves_no_empty_page(done_page):
    done_page.session.runs.close(done_page.session.runs.shown)
    assert done_page.views.state.isVisible()
    assert done_page.findings.cards == []
    assert done_page.panels.isHidden()


def test_maps_made_elsewhere_are_compared_without_a_model(page, finish, tmp_path, demo):
    folder = tmp_path / "maps" / "images"
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    images = sorted((demo.file.parent / "images").iterdir())
    for image in images:
        with Picture.open(image) as picture:
            size = picture.size[::-1]
        np.save(folder / f"{image.stem}.npy", random.normal(size=size).astype(np.float16))
    page.session.model.choose_maps(folder.parent)
    finish(page)
    assert page.side.model.is_about_maps
    assert page.side.method.isHidden(), "no method is applied to maps that are there"
    click(page.side.run.run)
    finish(page)
    run = page.session.runs.shown
    assert run.name == "Maps in maps", "settings of saliency maps have no part in it"
    assert run.result.values.explained == 73
    assert set(run.result.values.marks) == {2}, "without predictions nothing is right or wrong"
    page.open_image(0)
    finish(page)
    assert page.panels.canvas.count == 4


def test_a_narrow_window_keeps_its_room_for_the_run(done_page):
    page = done_page
    page.window().resize(1100, 700)
    QApplication.processEvents()
    assert page.side.isHidden()
    assert page.width() <= 1100
    click(page.side_button)
    assert page.side.isVisible(), "it is a click away"
    page.window().resize(1440, 900)
    QApplication.processEvents()
    assert page.side.isVisible()


# Findings


def test_a_finding_is_starred_and_commented_by_keys(done_page, finish):
    page = done_page
    page.handlers["star"]()
    page.handlers["comment"]()
    card = page.findings.cards[0]
    card.field.setPlainText("pen marks")
    page.leave()
    finish(page)
    assert card.star.isChecked()
    assert "pen marks — Ada" in card.told.text()
    run = page.session.runs.shown
    assert page.session.marks.of(run, card.cue).comment == "pen marks"


def test_a_run_without_findings_says_how_many_were_tested(done_page):
    page = done_page
    run = page.session.runs.shown
    nothing = replace(run.result, findings=replace(run.result.findings, cues=()))
    page.session.runs.replace(run, nothing)
    assert page.findings.cards == []
    assert page.findings.told.text().startswith(f"None found: {nothing.findings.tested}")
    assert "not a proof" in page.findings.caveat.text()


# Panels


@pytest.fixture
def canvas(theme, qtbot):
    canvas = PanelCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(800, 300)
    canvas.show()
    pictures = [np.full((60, 80, 3), 40 * n, dtype=np.uint8) for n in range(4)]
    canvas.show_pictures(pictures)
    yield canvas
    canvas.close()


def colour_at(canvas, cell):
    image = canvas.grab().toImage()
    at = canvas._cells()[cell].center()
    ratio = image.devicePixelRatio()
    return image.pixelColor(int(at.x() * ratio), int(at.y() * ratio)).red()


def test_four_panels_stand_side_by_side_and_one_stands_alone(canvas):
    assert [colour_at(canvas, n) for n in range(4)] == [0, 40, 80, 120]
    canvas.show_alone(2)
    assert canvas.shown == [2]
    assert colour_at(canvas, 0) == 80


def test_flicker_shows_the_photograph_for_as_long_as_it_is_held(canvas):
    canvas.show_alone(2)
    canvas.show_image(is_shown=True)
    assert colour_at(canvas, 0) == 0
    canvas.show_image(is_shown=False)
    assert colour_at(canvas, 0) == 80


def test_all_panels_zoom_and_move_together(canvas):
    before = canvas.zoom
    canvas.zoom_in()
    canvas.pan(5, 0)
    assert canvas.zoom == before * 1.25
    assert [colour_at(canvas, n) for n in range(4)] == [0, 40, 80, 120]
    canvas.fit()
    assert canvas.zoom == before


def test_the_same_image_looked_at_otherwise_stays_where_it_is(canvas):
    canvas.zoom_in()
    zoom = canvas.zoom
    canvas.show_pictures([np.zeros((60, 80, 3), dtype=np.uint8)] * 4, is_same_image=True)
    assert canvas.zoom == zoom
    canvas.show_pictures([np.zeros((60, 80, 3), dtype=np.uint8)] * 4)
    assert canvas.zoom < zoom


def test_a_double_click_shows_a_panel_alone_and_all_again(canvas):
    told = []
    canvas.alone_changed.connect(told.append)
    at = canvas._cells()[1].center().toPoint()
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert told == [1, -1]
    assert canvas._number_at(QPointF(-5, -5)) is None


def test_opacity_and_look_draw_the_panels_anew(done_page, finish):
    page = done_page
    page.open_image(0)
    finish(page)
    strong = page.session.pictures.panels.pictures[2]
    page.panels.opacity.setValue(0)
    finish(page)
    weak = page.session.pictures.panels.pictures[2]
    assert not np.array_equal(strong, weak)
    page.panels.form.below.setValue(99)
    page.panels.form.above.setValue(50)
    assert page.panels.form.fault.text(), "the ends are in the wrong order"
    look = page.session.pictures.look
    assert look.figures.clip_below < look.figures.clip_above


def test_keys_choose_a_panel(done_page, finish):
    page = done_page
    page.open_image(0)
    finish(page)
    page.handlers["panel_3"]()
    assert page.panels.canvas.alone == 2
    assert page.panels.modes.current == "2"
    page.handlers["panels_together"]()
    assert page.panels.canvas.alone == -1


# Labelling


def test_every_body_part_has_a_key_of_its_own():
    names = {key: part.name for key, part in read_vocabulary().items()}
    keys = keys_of(names)
    assert set(keys) == set(names)
    assert len(set(keys.values())) == len(names)
    assert keys["scalp"] == "S"
    assert keys["hand"] != keys["hair"]


def test_labels_are_given_by_keys_alone_and_tell_nothing_of_the_map(done_page, finish, qtbot):
    page = done_page
    page.handlers["label_parts"]()
    finish(page)
    assert page.is_labelling
    assert "star" not in page.handlers
    first = page.session.labelling.image
    labelling = page.labelling
    assert not page.findings.isVisible()
    assert not page.panels.isVisible()
    assert labelling.canvas.count == 1, "the photograph alone"
    key = next(key for key, part in labelling._keys.items() if part == "marking")
    QTest.keyClicks(labelling, key.lower())
    QTest.keyClick(labelling, Qt.Key.Key_Return)
    finish(page)
    stored = page.session.place.study
    assert page.session.labelling.labels == {first: frozenset({"marking"})}
    assert labelling.progress.text().startswith("1 of ")
    page.handlers["undo"]()
    finish(page)
    assert page.session.labelling.image == first
    assert labelling.boxes["marking"].isChecked()
    page.end_labelling()
    finish(page)
    assert "star" in page.handlers
    assert stored is page.place.study
    assert page.session.runs.shown.result.linked.labels == {first: frozenset({"marking"})}


def test_letters_mean_parts_while_labelling_and_nothing_else(done_page, finish, qtbot):
    page = done_page
    window = page.window()
    page.begin_labelling()
    finish(page)
    with qtbot.waitActive(window):
        window.activateWindow()
    page.labelling.setFocus()
    QTest.keyClicks(page.labelling, "s")
    assert "scalp" in page.labelling.parts
    assert not page.session.marks.of(page.session.runs.shown, page.findings.cards[0].cue).is_starred


# All of it


def test_every_control_has_a_name(done_page, finish):
    page = done_page
    for name in page.views.tabs.buttons:
        page.views.go(name)
    page.open_image(0)
    page.begin_labelling()
    finish(page)
    assert len(controls(page)) > 60
    assert nameless(page) == []


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_theme_and_scale_change_while_the_page_is_open(done_page, theme, choice):
    theme.choose(choice)
    theme.set_scale(200)
    QApplication.processEvents()
    assert done_page.findings.width() == 500, "so large, the window is a narrow one"
    theme.set_scale(100)
    assert done_page.findings.width() == 320


@pytest.mark.parametrize(
    ("view", "searched"), [("cases", "cases"), ("tables", "tables"), ("histogram", "images")]
)
def test_ctrl_f_goes_to_the_search_of_the_table_that_is_looked_at(
    done_page, finish, view, searched
):
    done_page.views.go(view)
    finish(done_page)
    done_page.window().action_set.by_id["search"].trigger()
    assert done_page.views.name == searched
    assert done_page.views.current.view.search.hasFocus()


def test_the_gallery_shows_what_was_picked_out_while_it_was_out_of_sight(done_page, finish):
    page, chosen = done_page, done_page.session.selection
    page.views.go("gallery")
    page.views.current.show_picked()
    for number in np.flatnonzero(np.isfinite(page.session.runs.shown.result.values.metrics["ds"]))[
        :2
    ]:
        page.views.go("scatter")
        mask = np.zeros(chosen.count, dtype=bool)
        mask[number] = True
        chosen.brush(mask)
        page.views.go("gallery")
        finish(page)
        assert list(page.views.current.thumbs) == [number]
        assert page.views.current.thumbs[number].picture.pixmap().width() > 100


def test_the_pictures_of_the_gallery_grow_with_the_scale(done_page, finish, theme):
    done_page.views.go("gallery")
    finish(done_page)
    before = next(iter(done_page.views.current.thumbs.values())).width()
    theme.set_scale(150)
    after = next(iter(done_page.views.current.thumbs.values())).width()
    theme.set_scale(100)
    assert after > 1.3 * before
