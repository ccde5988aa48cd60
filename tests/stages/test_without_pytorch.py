"""Where PyTorch is not installed, a person is told so in place of an error."""

from pathlib import Path

import pytest

import resources
from engine import doctor
from engine.domain.problem import Refusal
from engine.saliency.trust import TrustStore
from engine.stages import prepare
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor

CARD = Path(resources.__path__[0]) / "demo" / "card.toml"


@pytest.fixture(autouse=True)
def no_torch(monkeypatch):
    monkeypatch.setattr(prepare, "find_spec", lambda _name: None)


def test_a_model_is_refused_with_the_line_that_installs_what_is_missing(tmp_path):
    job = JobContext(InlineExecutor())
    with pytest.raises(Refusal) as refused:
        prepare.open_model(CARD, TrustStore(tmp_path / "trusted.json"), job)
    assert refused.value.problem.code == "no_torch"
    assert "dermconcord[saliency]" in refused.value.problem.remedy


def test_the_doctor_says_the_same():
    machine = doctor.examine_machine()
    assert [problem.code for problem in machine.problems] == ["no_torch"]
    assert machine.device == "none"
