"""``dermconcord instruct``: what is laid down stays until something else is."""

import json

import pytest

from engine.domain.options import StudyOptions
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study.sqlite import open_study


@pytest.fixture
def options(study):
    """Read the options of the study."""

    def read():
        with open_study(study, read_only=True) as opened:
            return opened.options()

    return read


def test_instructions_masking_and_leads_are_laid_down(run, study, options, tmp_path):
    file = tmp_path / "how.md"
    file.write_text("\ufeff# Outline\n\n- every region «é»\n", encoding="utf-8")
    people = ("--lead", "lena", "--lead", " otto ", "--lead", "lena", "--analyst", "ann")
    said = run(
        "instruct", study, "--instructions", file, "--mask-names", *people, "--author", "lena"
    )
    assert said.stdout.splitlines() == [
        "instructions:  3 lines",
        "image names:   masked",
        "leads:         lena, otto",
        "analysts:      ann",
    ]
    expected = StudyOptions("# Outline\n\n- every region «é»", True, ("lena", "otto"), ("ann",))
    assert options() == expected
    with open_study(study) as opened:
        entry = list(opened.audit())[-1]
    assert (entry.action, entry.author) == ("set_options", "lena")


def test_what_is_not_given_stays_and_what_is_given_replaces(run, study, options, tmp_path):
    file = tmp_path / "how.md"
    file.write_text("Outline.")
    run("instruct", study, "--instructions", file, "--mask-names", "--lead", "lena")
    run("instruct", study, "--show-names")
    assert options() == StudyOptions("Outline.", False, ("lena",))
    run("instruct", study, "--lead", "otto")
    assert options() == StudyOptions("Outline.", False, ("otto",))
    file.write_text("\n")
    run("instruct", study, "--instructions", file)
    run("instruct", study, "--analyst", "ann")
    run("settings", study, "--set", "agreement.kappa_cut=0.5")
    run("instruct", study, "--analyst", "bo", "--analyst", "cy")
    settings = RunSettings(agreement=AgreementSettings(kappa_cut=0.5))
    assert options() == StudyOptions("", False, ("otto",), ("bo", "cy"), settings)


def test_without_an_option_it_only_tells_what_holds(run, study):
    before = study.read_bytes()
    document = json.loads(run("instruct", study, "--json").stdout)
    empty = {"leads": [], "analysts": [], "problems": []}
    assert document == {"instructions": "", "masks_names": False, **empty}
    said = run("instruct", study).stdout
    assert said.splitlines() == [
        "instructions:  none",
        "image names:   shown",
        "leads:         none named",
        "analysts:      none named",
    ]
    assert study.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "given", "told"),
    [
        (b"\xff\xfe bad", (), "not in UTF-8"),
        (b"good", ("--lead", " "), "--lead: name the person"),
        (b"good", ("--analyst", ""), "--analyst: name the person"),
        (b"good", ("--mask-names", "yes"), "unexpected extra argument"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_lays_nothing_down(
    run, study, options, tmp_path, content, given, told
):
    file = tmp_path / "how.md"
    file.write_bytes(content)
    said = run("instruct", study, "--instructions", file, *given, code=2).stderr
    assert told in said
    assert options() == StudyOptions()


def test_a_file_that_is_missing_is_wrong_usage(run, study, tmp_path):
    run("instruct", study, "--instructions", tmp_path / "nowhere.md", code=2)
