"""What the lead lays down for all graders; and that a study is no packet."""

from dataclasses import replace

import pytest

from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.settings import (
    AgreementSettings,
    FindingsSettings,
    RunSettings,
    SaliencySettings,
)

SETTINGS = RunSettings(
    agreement=AgreementSettings(kappa_cut=0.5, max_outlined_regions=3),
    findings=FindingsSettings(strata=("site", "camera"), alpha=0.01),
)
GIVEN = StudyOptions(
    "# Outline\n\nevery «lésion»",
    masks_names=True,
    leads=("lead", "zoë"),
    analysts=("ann",),
    settings=SETTINGS,
)


def test_the_defaults_hold_until_something_is_laid_down(study):
    assert study.options() == StudyOptions()


def test_what_is_laid_down_comes_back(study):
    study.set_options(GIVEN, author="lead")
    assert study.options() == GIVEN


@pytest.mark.parametrize(
    "change",
    [
        {"instructions": ""},
        {"masks_names": False},
        {"leads": ()},
        {"analysts": ("bo",)},
        {"settings": RunSettings()},
        {"settings": RunSettings(saliency=SaliencySettings(sampler="literal", autocast=True))},
    ],
    ids=str,
)
def test_what_is_laid_down_later_replaces_it(study, change):
    study.set_options(GIVEN, author="lead")
    study.set_options(replace(GIVEN, **change), author="lead")
    assert study.options() == replace(GIVEN, **change)
    assert study.check() == []


def test_the_same_options_again_change_nothing_and_leave_no_entry(study):
    before = study.info()
    study.set_options(StudyOptions(), author="lead")
    assert study.info() == before
    study.set_options(GIVEN, author="lead")
    after = study.info()
    study.set_options(GIVEN, author="lead")
    assert (after.revision, study.info()) == (before.revision + 1, after)


def test_the_log_covers_what_was_laid_down(make_study):
    contents = set()
    others = {"masks_names": False}, {"leads": ("lead",)}, {"settings": RunSettings()}
    for given in (GIVEN, *(replace(GIVEN, **other) for other in others)):
        study = make_study()
        study.set_options(given, author="lead")
        entry = list(study.audit())[-1]
        assert (entry.action, entry.author, entry.detail["items"]) == ("set_options", "lead", 1)
        contents.add(entry.detail["content"])
    assert len(contents) == 4


def test_settings_go_back_to_the_defaults_and_the_rest_stays(study):
    study.set_options(GIVEN, author="lead")
    study.reset_settings(author="lena")
    assert study.options() == replace(GIVEN, settings=RunSettings())
    entry = list(study.audit())[-1]
    assert (entry.action, entry.author) == ("set_options", "lena")
    assert study.check() == []


def test_defaults_that_hold_by_now_are_not_laid_down_again(study):
    before = study.info()
    study.reset_settings(author="lead")
    assert study.info() == before
    study.set_options(StudyOptions("outline it"), author="lead")
    before = study.info()
    study.reset_settings(author="lead")
    assert study.info() == before


def test_a_study_is_no_packet_and_holds_no_pictures(study):
    study.add_images([Image("a.png", 10, 10, digest="f" * 64)], author="lead")
    assert study.packet() is None
    assert study.picture("a.png") is None
    assert study.picture("nowhere.png") is None
