"""Settings are shown with what they mean, judged by their models, and compared with the paper's."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.setup.fields import NumberField
from desktop_app.setup.setting_words import NAMES, SECTIONS, VALUES
from desktop_app.setup.settings_dialog import SettingsDialog
from desktop_app.setup.settings_form import SettingsForm
from desktop_app.window.pickers import Pickers
from engine.domain.problem import Refusal
from engine.domain.setting_changes import changed_settings
from engine.domain.settings import AgreementSettings, RunSettings, SaliencySettings
from engine.domain.settings_file import read_settings
from tests.desktop_app.accessible import controls, nameless

DEFAULTS = RunSettings()


@pytest.fixture
def form(qtbot, theme):
    def form(settings=DEFAULTS, **kwargs):
        made = SettingsForm(theme, settings, **kwargs)
        qtbot.addWidget(made)
        return made

    return form


def visible(form, section="saliency"):
    return {
        name.partition(".")[2]
        for name, row in form.rows.items()
        if name.startswith(section) and not row.isHidden()
    }


def edit(form, name, value):
    form.rows[name].editor.write(value)


# Every setting


def test_every_setting_has_a_row_a_plain_name_and_a_meaning(form):
    rows = form().rows
    expected = {
        f"{section}.{field}"
        for section, about in RunSettings.model_fields.items()
        for field in type(about.default).model_fields
    }
    assert set(rows) == expected == set(NAMES)
    assert set(SECTIONS) == set(RunSettings.model_fields)
    for row in rows.values():
        assert len(row.words) > len(row.name) + len(row.setting) + 5


def test_the_words_of_values_are_of_values_that_there_are(form):
    rows = form().rows
    for setting, words in VALUES.items():
        field = rows[setting].editor.widget
        assert {field.itemData(at) for at in range(field.count())} == set(words)


def test_the_settings_it_was_given_come_out_as_they_went_in(form):
    settings = RunSettings.model_validate(
        {
            "agreement": {"kappa_cut": 0.123456789, "tie": "foreground"},
            "saliency": {"seed": 2**40, "noise_level": 1e-7, "method": "occlusion"},
            "findings": {"strata": ["site", "device"]},
        }
    )
    assert form(settings).settings == settings


def test_a_seed_beyond_what_a_field_can_hold_is_kept_while_nobody_changes_it(form):
    settings = RunSettings(saliency=SaliencySettings(seed=2**60 + 1))
    made = form(settings)
    edit(made, "agreement.kappa_cut", 0.5)
    assert made.settings.saliency.seed == 2**60 + 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("agreement.kappa_cut", 0.25),
        ("agreement.max_outlined_regions", 6),
        ("agreement.require_all_graders_outlined", False),
        ("agreement.consensus", "staple"),
        ("findings.strata", ("site", "device")),
        ("findings.sex_column", "gender"),
        ("figures.outlines", True),
    ],
)
def test_what_a_person_sets_is_in_the_settings(qtbot, form, name, value):
    made = form()
    with qtbot.waitSignal(made.changed):
        edit(made, name, value)
    section, _, field = name.partition(".")
    found = getattr(getattr(made.settings, section), field)
    assert (found, type(found)) == (value, type(value))


def test_a_number_is_written_by_keys_as_short_as_it_is(qtbot, form):
    field = form().rows["agreement.kappa_cut"].editor.widget
    assert field.text() == "0.4"
    field.selectAll()
    qtbot.keyClicks(field, "0.55")
    assert field.number == 0.55


def test_bounds_keep_what_cannot_be_from_being_written(form):
    field = form().rows["agreement.kappa_cut"].editor.widget
    assert (field.minimum(), field.maximum()) == (-1, 1)
    whole = form().rows["saliency.steps"].editor.widget
    assert (whole.minimum(), whole.decimals()) == (1, 0)


def test_the_wheel_changes_nothing(qtbot):
    field = NumberField("Number", high=10)
    qtbot.addWidget(field)
    field.setValue(3)
    no = Qt.KeyboardModifier.NoModifier
    turned = QWheelEvent(
        QPointF(1, 1), QPointF(1, 1), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, no, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, turned)
    assert field.number == 3
    assert not turned.isAccepted()


# What is wrong


def test_a_fault_between_two_settings_is_said_at_the_one_that_was_changed(form):
    made = form()
    edit(made, "saliency.steps", 30)
    assert made.settings is None
    assert made.rows["saliency.steps"].fault == (
        "“Gradients” (500) must be a multiple of “Steps of the path” (30)."
    )
    assert made.rows["saliency.joint_gradients"].fault == ""


def test_a_fault_is_gone_once_the_other_setting_makes_it_right(form):
    made = form()
    edit(made, "saliency.steps", 30)
    edit(made, "saliency.joint_gradients", 600)
    assert made.settings.saliency == SaliencySettings(steps=30, joint_gradients=600)
    assert not any(row.fault for row in made.rows.values())


def test_a_bound_that_is_excluded_is_refused_in_the_models_words(form):
    made = form()
    edit(made, "findings.alpha", 0.0)
    row = made.rows["findings.alpha"]
    assert row.fault == "Must be greater than 0."
    assert row.editor.widget.accessibleDescription() == row.fault


def test_a_fault_that_the_method_would_hide_is_shown(form):
    made = form()
    edit(made, "saliency.method", "occlusion")
    edit(made, "saliency.occlusion_window", 4)
    edit(made, "saliency.method", "gradients")
    assert made.settings is None
    [faulty] = [row for row in made.rows.values() if row.fault]
    assert not faulty.isHidden()


# What is shown


def test_only_what_the_method_uses_is_shown(form):
    made = form(sections=("saliency",))
    always = {"method", "channel_reduction", "target", "score"}
    edit(made, "saliency.method", "gradients")
    assert visible(made) == always
    edit(made, "saliency.method", "occlusion")
    assert visible(made) == always | {"baseline", "occlusion_window", "occlusion_stride"}
    edit(made, "saliency.method", "integrated_gradients")
    assert "joint_gradients" in visible(made)
    assert "noise_samples" not in visible(made)
    edit(made, "saliency.sampler", "literal")
    assert "joint_gradients" not in visible(made)
    assert "noise_samples" in visible(made)


def test_parts_that_are_not_shown_stay_as_they_are(form):
    given = RunSettings(agreement=AgreementSettings(kappa_cut=0.1))
    made = form(given, sections=("figures",))
    assert {name.partition(".")[0] for name in made.rows} == {"figures"}
    edit(made, "figures.clean_up", True)
    made.show_defaults()
    assert made.settings == given


def test_a_search_leaves_what_has_the_words(form):
    made = form()
    made.search("kappa")
    assert visible(made, "agreement") == {"kappa_cut"}
    assert visible(made, "figures") == set()
    made.search("")
    assert len(visible(made, "figures")) == 6


# What differs


def test_the_summary_says_what_is_not_the_papers(form):
    made = form()
    assert made.summary.accessibleName() == "All settings are the paper’s."
    edit(made, "agreement.kappa_cut", 0.5)
    edit(made, "agreement.consensus", "staple")
    assert made.differences == ("agreement.kappa_cut", "agreement.consensus")
    assert made.summary.accessibleName() == (
        "Differs from the paper’s defaults in 2 settings: Lowest kappa 0.5 (paper: 0.4);"
        " Consensus STAPLE (paper: Majority)."
    )


def test_a_difference_that_the_method_does_not_use_is_still_said(form):
    made = form(RunSettings(saliency=SaliencySettings(method="gradients", noise_level=0.3)))
    assert "Noise level 0.3 (paper: 0.15, not used by this method)" in made.summary.accessibleName()


def test_each_row_goes_back_by_itself_and_only_where_it_differs(qtbot, form):
    made = form()
    row = made.rows["agreement.kappa_cut"]
    assert row.reset.isHidden()
    edit(made, row.setting, 0.5)
    assert not row.reset.isHidden()
    with qtbot.waitSignal(made.changed):
        row.reset.click()
    assert made.settings == DEFAULTS
    assert row.reset.isHidden()


def test_all_go_back_at_once(form):
    made = form(RunSettings(agreement=AgreementSettings(kappa_cut=0.5, tie="foreground")))
    made.reset_all.click()
    assert made.settings == DEFAULTS
    assert made.reset_all.isHidden()


def test_every_control_has_a_name(form):
    made = form()
    assert nameless(made) == []
    assert len(controls(made)) > len(made.rows)


# The dialog


def test_the_settings_that_were_agreed_to_are_handed_on(qtbot, place, shown):
    dialog = shown(SettingsDialog(place, DEFAULTS))
    edit(dialog.form, "agreement.kappa_cut", 0.5)
    with qtbot.waitSignal(dialog.accepted) as told:
        dialog.keep.click()
    assert told.args == [RunSettings(agreement=AgreementSettings(kappa_cut=0.5))]
    assert not dialog.isVisible()


def test_settings_with_a_fault_are_not_handed_on_and_the_fault_is_gone_to(qtbot, place, shown):
    dialog = shown(SettingsDialog(place, DEFAULTS))
    edit(dialog.form, "findings.alpha", 0.0)
    dialog.search.setText("kappa")
    with qtbot.assertNotEmitted(dialog.accepted):
        dialog.keep.click()
    assert dialog.isVisible()
    assert dialog.form.rows["findings.alpha"].editor.widget.hasFocus()


def test_a_change_is_not_lost_without_asking(qtbot, place, shown):
    dialog = shown(SettingsDialog(place, DEFAULTS))
    edit(dialog.form, "agreement.kappa_cut", 0.5)
    dialog.reject()
    assert dialog.isVisible()
    with qtbot.assertNotEmitted(dialog.accepted):
        dialog.question.yes.click()
    assert not dialog.isVisible()


def test_closing_without_a_change_asks_nothing(place, shown):
    dialog = shown(SettingsDialog(place, DEFAULTS))
    dialog.reject()
    assert not dialog.isVisible()


def test_the_differences_are_those_that_the_engine_tells(form):
    settings = RunSettings.model_validate(
        {"agreement": {"tie": "foreground"}, "findings": {"strata": ["site"], "alpha": 0.01}}
    )
    assert form(settings).differences == tuple(c.name for c in changed_settings(settings))


# Files


def test_a_settings_file_is_read_into_the_form_and_nothing_is_kept(qtbot, file, place_of, shown):
    toml = file.with_name("given.toml")
    toml.write_text('[agreement]\nkappa_cut = 0.25\n[saliency]\nmethod = "occlusion"\n')
    place = place_of(file, pickers=Pickers(settings=lambda *_: toml))
    dialog = shown(SettingsDialog(place, DEFAULTS))
    dialog.read.click()
    qtbot.waitUntil(lambda: not place.bridge.is_busy)
    assert dialog.form.settings == RunSettings.model_validate(
        {"agreement": {"kappa_cut": 0.25}, "saliency": {"method": "occlusion"}}
    )
    assert dialog.said.isVisible()
    assert place.study.options().settings == DEFAULTS


def test_a_wrong_settings_file_changes_nothing_and_is_told_as_on_the_command_line(
    qtbot, file, place_of, shown, run
):
    toml = file.with_name("wrong.toml")
    toml.write_text("[agreement]\nkappa_cut = 2\n")
    place = place_of(file, pickers=Pickers(settings=lambda *_: toml))
    dialog = shown(SettingsDialog(place, DEFAULTS))
    dialog.read.click()
    qtbot.waitUntil(lambda: not place.bridge.is_busy)
    assert dialog.banners.codes == ("wrong_setting",)
    assert dialog.form.settings == DEFAULTS
    with pytest.raises(Refusal) as refused:
        read_settings(toml, DEFAULTS)
    told = run("agreement", file, "--settings", toml, code=2).stderr
    assert "".join(refused.value.problem.message.split()) in "".join(told.replace("│", "").split())


def test_a_saved_file_is_what_the_command_line_reads_back(qtbot, file, place_of, shown, run):
    toml = file.with_name("mine.toml")
    pickers = Pickers(new_settings=lambda *_: toml, settings=lambda *_: toml)
    place = place_of(file, pickers=pickers)
    dialog = shown(SettingsDialog(place, DEFAULTS))
    edit(dialog.form, "agreement.kappa_cut", 0.55)
    edit(dialog.form, "findings.strata", ("site", "device"))
    wanted = dialog.form.settings
    dialog.write.click()
    qtbot.waitUntil(lambda: not place.bridge.is_busy)
    dialog.form.show_defaults()
    dialog.read.click()
    qtbot.waitUntil(lambda: not place.bridge.is_busy)
    assert dialog.form.settings == wanted
    run("settings", file, "--settings", toml)
    assert place.study.options().settings == wanted


def test_settings_with_a_fault_are_not_saved(file, place_of, shown):
    toml = file.with_name("mine.toml")
    dialog = shown(SettingsDialog(place_of(file), DEFAULTS))
    edit(dialog.form, "findings.alpha", 0.0)
    dialog.write.click()
    assert not toml.exists()
    assert dialog.form.rows["findings.alpha"].editor.widget.hasFocus()


def test_every_control_of_the_dialog_has_a_name(place, shown):
    assert nameless(shown(SettingsDialog(place, DEFAULTS))) == []
