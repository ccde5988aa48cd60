"""Which settings there are, what each means, and which go together."""

import pytest
from pydantic import ValidationError

from engine.domain.settings import (
    AgreementSettings,
    LocalisationSettings,
    RunSettings,
    SaliencySettings,
)

ALL = (AgreementSettings, SaliencySettings, LocalisationSettings, RunSettings)


def test_joint_gradients_fill_the_path_where_they_are_used():
    with pytest.raises(ValidationError, match=r"joint_gradients \(500\) must be a multiple of"):
        SaliencySettings(steps=7)
    assert SaliencySettings(steps=7, joint_gradients=14).steps == 7
    assert SaliencySettings(steps=7, sampler="literal").joint_gradients == 500


@pytest.mark.parametrize("settings", ALL)
def test_every_setting_says_what_it_means(settings):
    silent = [name for name, field in settings.model_fields.items() if not field.description]
    assert silent == []


@pytest.mark.parametrize(
    ("name", "value"), [("channel_reduction", "signed_sum"), ("baseline", "black")]
)
def test_a_choice_of_the_method_is_told_though_there_is_one_so_far(name, value):
    assert SaliencySettings().model_dump()[name] == value
    with pytest.raises(ValidationError):
        SaliencySettings(**{name: "another"})
