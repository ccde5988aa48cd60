"""``dermconcord settings``: what a study lays down for its runs, and that runs start from it."""

import json
import sqlite3
from contextlib import closing

import pytest

from engine.domain.setting_changes import named_settings
from engine.domain.settings import AgreementSettings, FigureSettings, RunSettings
from engine.study.sqlite import open_study


@pytest.fixture
def settings(study):
    """Read the settings of the study."""

    def read():
        with open_study(study, read_only=True) as opened:
            return opened.options().settings

    return read


def of_run(run, study, *options):
    """Return the settings that a run of `agreement` had, from its manifest."""
    return json.loads(run("agreement", study, "--json", *options).stdout)["settings"]["agreement"]


# shown


def test_every_setting_is_shown_with_its_value_and_meaning_and_nothing_is_written(run, study):
    before = study.read_bytes()
    lines = run("settings", study).stdout.splitlines()
    for setting in named_settings(RunSettings()):
        at = next(n for n, line in enumerate(lines) if line.split()[:1] == [setting.name])
        assert lines[at + 1].strip() == setting.description
    assert not any(line.startswith("*") for line in lines)
    assert lines[-1].startswith("0 of ")
    assert study.read_bytes() == before


def test_what_differs_from_the_method_is_marked_beside_its_default(run, study):
    run("settings", study, "--set", "agreement.kappa_cut=0.5", "--set", "figures.clean_up=true")
    said = run("settings", study).stdout
    marked = [line.split() for line in said.splitlines() if line.startswith("*")]
    assert marked == [
        ["*", "agreement.kappa_cut", "0.5", "(default", "0.4)"],
        ["*", "figures.clean_up", "true", "(default", "false)"],
    ]
    assert said.splitlines()[-1].startswith("2 of ")


def test_as_json_every_setting_is_an_object(run, study):
    run("settings", study, "--set", "findings.strata=site, camera")
    document = json.loads(run("settings", study, "--json").stdout)
    assert document["problems"] == []
    by_name = {setting.pop("name"): setting for setting in document["settings"]}
    assert by_name["findings.strata"] == {
        "value": ["site", "camera"],
        "default": [],
        "is_changed": True,
        "description": "further metadata columns to compare by",
    }
    assert not by_name["agreement.kappa_cut"]["is_changed"]


# laid down


def test_what_is_laid_down_stays_and_is_logged(run, study, settings):
    run("settings", study, "--set", "agreement.kappa_cut=0.5", "--author", "lena")
    run("settings", study, "--set", "figures.palette=paper", "--author", "lena")
    expected = RunSettings(
        agreement=AgreementSettings(kappa_cut=0.5), figures=FigureSettings(palette="paper")
    )
    assert settings() == expected
    with open_study(study) as opened:
        entry = list(opened.audit())[-1]
        assert (entry.action, entry.author) == ("set_options", "lena")
        assert opened.check() == []


def test_a_file_lays_down_what_it_names_and_the_rest_stays(run, study, settings, tmp_path):
    file = tmp_path / "strict.toml"
    file.write_text("[agreement]\nkappa_cut = 0.6\n")
    run("settings", study, "--set", "agreement.tie=foreground", "--set", "agreement.kappa_cut=0.1")
    run("settings", study, "--settings", file)
    assert settings().agreement == AgreementSettings(kappa_cut=0.6, tie="foreground")
    run("settings", study, "--settings", file, "--set", "agreement.kappa_cut=0.7")
    assert settings().agreement.kappa_cut == 0.7


def test_reset_goes_back_to_the_defaults_before_it_sets(run, study, settings):
    run("settings", study, "--set", "agreement.kappa_cut=0.5", "--set", "saliency.seed=3")
    run("settings", study, "--reset", "--set", "saliency.seed=4")
    assert settings().model_dump(exclude_defaults=True) == {"saliency": {"seed": 4}}
    run("settings", study, "--reset")
    assert settings() == RunSettings()


@pytest.mark.parametrize("reset", [(), ("--reset",)])
@pytest.mark.parametrize("given", ["agreement.kappa_cut=7", "agreement.cut=1", "kappa_cut=1"])
def test_wrong_usage_ends_with_status_2_and_changes_nothing(run, study, settings, given, reset):
    run("settings", study, "--set", "agreement.kappa_cut=0.5")
    run("settings", study, *reset, "--set", given, code=2)
    assert settings().agreement.kappa_cut == 0.5


def test_settings_that_do_not_go_together_with_the_studys_are_refused(run, study, settings):
    run("settings", study, "--set", "saliency.steps=25")
    run("settings", study, "--set", "saliency.joint_gradients=75")
    said = run("settings", study, "--set", "saliency.steps=50", code=2).stderr
    assert "must be a multiple of steps (50)" in said
    assert settings().saliency.steps == 25


# followed


def test_a_run_starts_from_the_studys_settings(run, study):
    run("settings", study, "--set", "agreement.kappa_cut=0.5", "--set", "agreement.tie=foreground")
    found = of_run(run, study)
    assert (found["kappa_cut"], found["tie"]) == (0.5, "foreground")


def test_the_command_line_goes_before_a_file_which_goes_before_the_study(run, study, tmp_path):
    file = tmp_path / "run.toml"
    file.write_text("[agreement]\nkappa_cut = 0.6\ntie = 'foreground'\n")
    run("settings", study, "--set", "agreement.kappa_cut=0.5", "--set", "agreement.reading=latest")
    found = of_run(run, study, "--settings", file)
    assert (found["kappa_cut"], found["tie"], found["reading"]) == (0.6, "foreground", "latest")
    found = of_run(run, study, "--settings", file, "--set", "agreement.kappa_cut=0.7")
    assert (found["kappa_cut"], found["tie"], found["reading"]) == (0.7, "foreground", "latest")
    assert of_run(run, study)["kappa_cut"] == 0.5


def test_a_setting_given_as_by_default_goes_before_the_studys(run, study):
    run("settings", study, "--set", "agreement.kappa_cut=0.5")
    assert of_run(run, study, "--set", "agreement.kappa_cut=0.4")["kappa_cut"] == 0.4


# of a newer program


@pytest.fixture
def newer(study):
    """The study with a setting that a program to come laid down."""
    content = json.dumps({"instructions": "outline", "settings": {"agreement": {"to_come": 1}}})
    with closing(sqlite3.connect(study)) as plain:
        plain.execute("INSERT INTO options (entry, content) VALUES (1, ?)", (content,))
        plain.commit()
    return study


@pytest.mark.parametrize("command", ["settings", "agreement", "instruct"])
def test_settings_of_a_newer_program_are_refused_by_every_command(run, newer, command):
    said = run(command, newer, code=1).stderr
    assert "agreement.to_come: there is no such name" in said
    assert "Update DermConcord" in said


def test_settings_of_a_newer_program_can_be_reset(run, newer, settings):
    run("settings", newer, "--reset", "--set", "agreement.kappa_cut=0.5")
    assert settings().agreement.kappa_cut == 0.5
    assert json.loads(run("instruct", newer, "--json").stdout)["instructions"] == "outline"
