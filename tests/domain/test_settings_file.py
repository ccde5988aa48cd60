"""Settings are read from a file over others, and written so that they are read back."""

import pytest

from engine.domain.problem import Refusal
from engine.domain.settings import RunSettings
from engine.domain.settings_file import read_settings, settings_text

DEFAULTS = RunSettings()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "settings.toml"


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"agreement": {"kappa_cut": 1 / 3, "tie": "foreground"}},
        {"agreement": {"require_all_graders_outlined": False, "consensus": "staple"}},
        {"saliency": {"seed": 2**60 + 1, "noise_level": 1e-7, "method": "occlusion"}},
        {"findings": {"strata": ['si"te', "de\x7fv\n", "Größe"], "sex_column": "a\\b"}},
    ],
)
def test_what_differs_is_written_and_read_back_to_the_last_digit(file, tables):
    settings = RunSettings.model_validate(tables)
    file.write_bytes(settings_text(settings).encode())
    assert read_settings(file, DEFAULTS) == settings


def test_only_what_differs_is_written():
    text = settings_text(RunSettings.model_validate({"agreement": {"kappa_cut": 0.5}}))
    assert text.splitlines()[1:] == ["", "[agreement]", "kappa_cut = 0.5"]


def test_what_the_file_does_not_name_stays_as_it_is(file):
    base = RunSettings.model_validate({"agreement": {"kappa_cut": 0.5}})
    file.write_text('[agreement]\ntie = "foreground"\n')
    found = read_settings(file, base).agreement
    assert (found.kappa_cut, found.tie) == (0.5, "foreground")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("[agreement", "no_toml", "the file is no TOML"),
        ("[agreement]\nkapa = 1", "wrong_setting", "agreement.kapa: there is no such name"),
        ("[agreement]\nkappa_cut = 2", "wrong_setting", "agreement.kappa_cut: must be less than"),
        ("agreement = 1", "wrong_setting", "agreement: must be a table"),
    ],
)
def test_what_cannot_be_a_setting_is_refused_in_the_words_of_the_command_line(
    file, text, code, told
):
    file.write_text(text)
    with pytest.raises(Refusal) as refused:
        read_settings(file, DEFAULTS)
    assert refused.value.problem.code == code
    assert told in refused.value.problem.message


def test_a_file_that_is_not_there_is_refused(file):
    with pytest.raises(Refusal, match="cannot be read"):
        read_settings(file, DEFAULTS)
