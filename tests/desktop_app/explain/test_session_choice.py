"""The model chosen, trusted, checked, mapped and measured."""

import pytest
from PySide6.QtWidgets import QApplication

from engine.domain.settings import RunSettings
from engine.study.sqlite import open_study
from engine.tasks.executors import SteppingExecutor
from tests.desktop_app.explain.demo import QUICK
from tests.e2e.conftest import FACTORY


@pytest.fixture
def strange_card(tmp_path):
    """A card whose code this person has never trusted."""
    folder = tmp_path / "strange"
    folder.mkdir()
    (folder / "redness.py").write_text(FACTORY)
    card = folder / "card.toml"
    card.write_text(
        'name = "redness"\nkind = "python"\nfactory = "redness:build"\ninput_size = 32\n'
        'resize = "stretch"\nmean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n'
        'classes = ["lesion", "clear"]\noutput = "logits"\n'
        '[conditions]\nmelanoma = "lesion"\n'
    )
    return card


def settle(session, qtbot):
    qtbot.waitUntil(lambda: not session.jobs.is_busy, timeout=60_000)


def test_a_chosen_card_is_read_and_needs_no_trust_where_it_came_with_the_program(
    session, demo, qtbot
):
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    assert session.model.facts.card.case_images == 3
    assert session.model.question is None


def test_a_check_loads_the_model_and_predicts_one_image(session, demo, qtbot):
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    session.model.check()
    settle(session, qtbot)
    checked = session.model.checked
    assert checked.predicted in checked.card.classes
    assert 0 < checked.probability <= 1
    assert "cpu" in checked.device
    assert not session.problems


def test_strange_code_is_asked_about_once_and_then_runs(session, strange_card, qtbot, demo):
    asked = []
    session.model.asked.connect(asked.append)
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    session.model.check()
    settle(session, qtbot)
    assert len(asked) == 1
    assert "redness" in asked[0].text
    assert session.model.checked is None, "nothing runs before the answer"
    session.model.trust()
    settle(session, qtbot)
    assert session.model.checked is not None, "the check goes on by itself"
    session.model.choose_card(demo.card)
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    session.model.check()
    settle(session, qtbot)
    assert len(asked) == 1
    assert session.model.checked is not None


def test_a_run_of_strange_code_waits_for_trust_and_then_begins(session, strange_card, qtbot):
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    assert not session.run()
    assert not session.running.is_running
    session.model.trust()
    qtbot.waitUntil(lambda: session.running.is_running or bool(session.runs.all), timeout=30_000)
    settle(session, qtbot)
    assert session.runs.shown.result.run.model["card"]["name"] == "redness"


def test_code_that_is_not_trusted_does_not_run(session, strange_card, qtbot, demo):
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    session.model.check()
    session.model.distrust()
    settle(session, qtbot)
    assert session.model.checked is None
    assert not demo.trust.exists()


def test_trust_given_after_another_card_was_chosen_begins_nothing(
    open_session, strange_card, demo, qtbot
):
    session = open_session()
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    session.model.check()
    session.model.trust()
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    assert session.model.checked is None
    assert session.model.facts.card.case_images == 3


def test_a_card_that_cannot_be_used_is_a_problem_and_the_form_stays(session, tmp_path, qtbot):
    card = tmp_path / "broken.toml"
    card.write_text("name = 1")
    session.model.choose_card(card)
    settle(session, qtbot)
    assert [problem.code for problem in session.problems] == ["model_card"]
    assert session.model.chosen.card == card
    assert session.model.facts is None


def test_the_check_of_a_card_that_is_no_longer_chosen_is_dropped(open_session, demo, qtbot):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps)
    session.model.choose_card(demo.card)
    steps.step()
    QApplication.processEvents()
    session.model.check()
    session.model.choose_card(None)
    steps.close()
    settle(session, qtbot)
    assert session.model.checked is None
    assert not session.model.is_checking


def test_conditions_mapped_in_the_window_hold_for_the_study(session, demo, qtbot):
    session.model.read_conditions()
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    session.model.check()
    settle(session, qtbot)
    assert session.model.conditions["melanoma"] > 0
    session.model.set_conditions({"melanoma": "nevus"})
    settle(session, qtbot)
    assert session.model.mapping["melanoma"] == "nevus"
    assert session.place.study.condition_map(session.model.checked.digest) == {"melanoma": "nevus"}
    session.run()
    settle(session, qtbot)
    rows = session.runs.shown.result.run.images
    melanoma = [r for r in rows if r.image.condition == "melanoma" and r.localisation]
    assert any(r.predicted == "melanoma" for r in melanoma)
    assert all(r.is_correct == (r.predicted == "nevus") for r in melanoma)


def test_conditions_cannot_be_mapped_for_a_model_nobody_has_opened(session, demo, qtbot):
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    with pytest.raises(ValueError, match="checked"):
        session.model.set_conditions({})


def test_the_estimate_counts_images_and_maps_that_are_there(session, demo, qtbot):
    session.model.choose_card(demo.card)
    settle(session, qtbot)
    session.measure()
    settle(session, qtbot)
    estimate = session.cost.estimate
    assert estimate.images == estimate.cached > 50
    assert estimate.gradients == 10


def test_settings_changed_while_the_estimate_is_under_way_are_measured_and_no_others(
    open_session, demo, qtbot
):
    steps = SteppingExecutor()
    session = open_session(bridge_on=steps)
    session.model.choose_card(demo.card)
    steps.step()
    QApplication.processEvents()
    session.measure()
    saliency = QUICK.saliency.model_copy(update={"method": "gradients"})
    session.set_settings(QUICK.model_copy(update={"saliency": saliency}))
    assert session.cost.is_measuring
    told = []
    session.cost.changed.connect(lambda: told.append(session.cost.estimate))
    steps.step()
    QApplication.processEvents()
    assert session.cost.estimate is None, "the first answer is of other settings"
    while steps.step():
        QApplication.processEvents()
    assert session.cost.estimate.gradients == 1
    assert session.cost.estimate.cached == 0
    assert {e.gradients for e in told if e is not None} == {1}


def test_a_method_that_the_model_cannot_do_is_told_and_the_settings_stay(
    session, strange_card, qtbot
):
    session.model.choose_card(strange_card)
    settle(session, qtbot)
    session.model.needs_trust(lambda: None)
    session.model.trust()
    settle(session, qtbot)
    saliency = QUICK.saliency.model_copy(update={"method": "grad_cam"})
    settings = QUICK.model_copy(update={"saliency": saliency})
    session.set_settings(settings)
    session.measure()
    settle(session, qtbot)
    assert [problem.code for problem in session.problems] == ["model_layer"]
    assert session.settings == settings
    session.run()
    settle(session, qtbot)
    assert not session.runs.all
    assert not session.running.is_running
    assert session.problems[-1].code == "model_layer"


def test_settings_kept_for_the_study_are_stored_with_it(session, demo, qtbot):
    agreement = QUICK.agreement.model_copy(update={"kappa_cut": 0.5})
    session.set_settings(QUICK.model_copy(update={"agreement": agreement}))
    session.keep_settings()
    settle(session, qtbot)
    with open_study(demo.file) as other:
        assert other.options().settings.agreement.kappa_cut == 0.5
        assert other.options().leads == ("Ada",), "the rest stays as it was"


def test_settings_stored_elsewhere_reach_the_next_run_unless_it_has_its_own(session, qtbot):
    study = session.place.study

    def store(**agreement):
        settings = QUICK.model_copy(
            update={"agreement": QUICK.agreement.model_copy(update=agreement)}
        )
        study.set_options(type(study.options())(leads=("Ada",), settings=settings), author="Ada")
        session.read_options()
        settle(session, qtbot)

    store(kappa_cut=0.3)
    assert session.settings.agreement.kappa_cut == 0.3
    session.set_settings(RunSettings())
    store(kappa_cut=0.2)
    assert session.settings == RunSettings()
    assert session.study_settings.agreement.kappa_cut == 0.2
