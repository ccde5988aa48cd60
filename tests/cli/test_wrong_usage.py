"""Wrong usage ends with status 2 and names what would be right."""

import pytest


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("agreement.cut=1", "choose from max_outlined_regions"),
        ("graders.cut=1", "choose from agreement, saliency, localisation"),
        ("agreement.kappa_cut=7", "must be less than or equal to 1, not '7'"),
        ("saliency.sampler=both", "must be 'joint' or 'literal', not 'both'"),
        ("saliency.steps=many", "must be a valid integer, not 'many'"),
        ("saliency.steps=7", "must be a multiple of steps (7)"),
        ("kappa_cut=0.4", "write TABLE.NAME=VALUE"),
    ],
)
def test_a_setting_that_is_wrong_is_told_in_this_program_s_words(run, study, given, told):
    said = run("agreement", study, "--set", given, code=2).stderr
    assert told in said
    assert not any(words in said for words in ("Value error", "Extra inputs", "Input should"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agreement = = 3", "no TOML"),
        ("agreement = 3", "must be a table"),
        ("[agreement]\ncut = 1", "choose from"),
    ],
)
def test_a_settings_file_that_is_wrong_is_wrong_usage(run, study, tmp_path, text, told):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    assert told in run("agreement", study, "--settings", file, code=2).stderr
    beside = ("--set", "agreement.kappa_cut=0.5")
    assert told in run("agreement", study, "--settings", file, *beside, code=2).stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--column", "diagnosis=dx"), "choose from image, case, condition"),
        (("--column", "condition"), "write WHAT=COLUMN"),
        (("--name-pattern", "{grader}"), "--name-pattern: the name pattern"),
        (("--grader", " "), "--grader: must have at least 1 character"),
    ],
)
def test_an_import_option_that_is_wrong_is_told_by_its_name(run, study, tmp_path, options, told):
    said = run("import", study, tmp_path, *options, code=2).stderr
    assert told in said
    assert "Value error" not in said
