"""The guides of leads and analysts tell what to do about each thing that their pages can say."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from desktop_app.session.reviewing.deeds import AskByLot, AskExtra, changed_meanwhile
from desktop_app.session.reviewing.log import problem_of
from desktop_app.setup.assign_dialog import CHANGED
from desktop_app.setup.assigning import Roster, Wish, draw
from desktop_app.setup.import_dialog import STOPPED
from desktop_app.setup.saving import _write as write_table
from engine.doctor import check_pixels
from engine.domain.grading import Adopted, Role, Task
from engine.domain.problem import Refusal
from engine.domain.settings import AgreementSettings
from engine.domain.settings_file import read_tables
from engine.graders.adopting import decide
from engine.report.table import Table
from engine.stages.exporting import require_new
from engine.study.audit_log import broken_links
from engine.study.protocol import Conflict
from engine.study.sqlite import open_study
from tests.desktop_app.window.guides import ANALYST, LEAD
from tests.packet_studies import draw as outline
from tests.packet_studies import make_study, region

CARD = {
    "name": "Net",
    "kind": "python",
    "factory": "clinic_net:build",
    "weights": "weights.pt",
    "input_size": 8,
    "resize": "stretch",
    "mean": [0.5, 0.5, 0.5],
    "std": [0.25, 0.25, 0.25],
    "classes": ["a", "b"],
    "output": "logits",
}


def said(act, *arguments, **named):
    """Return what is said when something is refused."""
    with pytest.raises(Refusal) as refused:
        act(*arguments, **named)
    return refused.value.problem.message


@pytest.fixture
def study(tmp_path):
    """A study of three photographs, which three graders are asked for."""
    with open_study(make_study(tmp_path)) as study:
        yield study


# A lead


def test_the_lead_is_told_what_to_do_where_something_was_changed_meanwhile():
    assert LEAD.tells(changed_meanwhile("a.png").problem.message)
    assert LEAD.tells(problem_of(Conflict(), "a.png").message)
    assert LEAD.tells(CHANGED.message)
    assert LEAD.tells(STOPPED.message)


def test_the_lead_is_told_what_to_do_where_nobody_can_be_asked(study):
    image = study.images()[0].path
    assert LEAD.tells(said(AskExtra(image, "ada", "").carry_out, study, "lena"))
    assert LEAD.tells(said(AskByLot(image, "").carry_out, study, "lena"))


def test_the_lead_is_told_what_to_do_where_nothing_can_be_adopted_or_sent_back(study):
    image = study.images()[0]
    given = {"settings": AgreementSettings(), "author": "lena", "time": "", "reason": ""}
    readings = study.readings_of(image.path)
    for adopted in (Adopted.GRADER, Adopted.MAJORITY):
        assert LEAD.tells(said(decide, image, readings, adopted=adopted, grader="ada", **given))
    assert LEAD.tells(said(study.send_back, image.path, "ada", reason="", author="lena"))


def test_the_lead_is_told_what_to_do_where_images_cannot_be_assigned(study):
    image = study.images()[0].path
    outline(study, image, "ada", region(2, 3))
    begun = study.withdraw_tasks([Task(image, "ada", Role.ASSIGNED, 0)], author="lena")
    assert [problem.code for problem in begun.problems] == ["task_begun"]
    tasks = tuple(study.tasks())
    asked = Roster((image,), ("ada",), tasks, tuple(t for t in tasks if t.grader == "bo"))
    extra = Roster((image,), tasks=(tasks[0], replace(tasks[0], grader="di", role=Role.EXTRA)))
    for message in (
        begun.problems[0].message,
        said(draw, Roster(), Wish(("ada",))),
        said(draw, asked, Wish(())),
        said(draw, asked, Wish(("ada", "bo", "cy", "di"), per_image=5)),
        said(draw, extra, Wish(("ada", "di", "ed"))),
        said(draw, asked, Wish(("ada", "cy"), giver="bo")),
    ):
        assert LEAD.tells(message), message


def test_the_lead_is_told_what_to_do_about_a_log_that_was_changed(study):
    entries = [*study.audit()]
    (broken, *_) = broken_links([replace(entries[0], author="somebody else"), *entries[1:]])
    assert LEAD.tells(broken.message)


def test_the_lead_is_told_what_to_do_where_a_file_is_in_the_way(tmp_path):
    taken = tmp_path / "log.csv"
    taken.touch()
    assert LEAD.tells(said(write_table, Table("log", (), ()), taken))


def test_the_lead_is_told_what_to_do_where_a_folder_is_full_or_a_photograph_is_another(
    study, tmp_path
):
    assert LEAD.tells(said(require_new, tmp_path))
    image = study.images()[0]
    (study.folder / image.path).write_bytes(b"another")
    assert LEAD.tells(check_pixels(study.folder, image).message)
    (study.folder / image.path).unlink()
    assert LEAD.tells(check_pixels(study.folder, image).message)


def test_the_lead_is_told_what_to_do_about_a_settings_file(tmp_path):
    (tmp_path / "settings.toml").write_text("[agreement")
    assert LEAD.tells(said(read_tables, tmp_path / "settings.toml"))


# An analyst


@pytest.fixture
def card(tmp_path):
    """A function that writes a model card with changes and reads it."""
    from engine.saliency.cards import read_card

    (tmp_path / "weights.pt").write_bytes(b"no weights")

    def card(**changes):
        table = {**CARD, **changes}
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items() if value]
        file = tmp_path / "card.toml"
        file.write_text("\n".join(lines), encoding="utf-8")
        return read_card(file)

    return card


def test_the_analyst_is_told_what_to_do_about_a_card(card, tmp_path):
    from engine.saliency.cards import conditions_in_force, read_card
    from engine.saliency.trust import read_code

    text = tmp_path / "text.toml"
    text.write_text("no card", encoding="utf-8")
    for message in (
        said(read_card, tmp_path / "gone.toml"),
        said(read_card, text),
        said(card, weights="gone.pt"),
        said(read_code, card()),
        said(conditions_in_force, card(), {"eczema": "x"}),
    ):
        assert ANALYST.tells(message), message


def test_the_analyst_is_told_what_to_do_about_a_model(card, tmp_path):
    import torch

    from engine.saliency.classifier import Classifier
    from engine.saliency.layers import grad_cam_layer
    from engine.saliency.loading import load
    from engine.saliency.trust import read_code

    cpu = torch.device("cpu")
    program = card(kind="torchscript", factory=None)
    (tmp_path / "clinic_net.py").write_text(
        "from torch import nn\ndef build(): return nn.Linear(2, 2)\n", encoding="utf-8"
    )
    messages = [
        said(load, program, read_code(program), device=cpu),
        said(grad_cam_layer, SimpleNamespace(card=program)),
    ]
    of_python = card()
    messages.append(said(load, of_python, read_code(of_python), device=cpu))
    torch.save(torch.nn.Linear(3, 3).state_dict(), tmp_path / "weights.pt")
    messages.append(said(load, of_python, read_code(of_python), device=cpu))
    messages.append(Classifier.failed(SimpleNamespace(card=of_python), "why").problem.message)
    for message in messages:
        assert ANALYST.tells(message), message


def test_the_analyst_is_told_what_to_do_about_the_machine(card):
    from engine.saliency.attributions import not_finite
    from engine.saliency.batching import no_memory
    from engine.saliency.cache import _not_stored
    from engine.saliency.classifier import _device
    from engine.saliency.loading import _missing

    subject = SimpleNamespace(classifier=SimpleNamespace(card=card()), reduced=False)
    absent = ImportError("no")
    for message in (
        no_memory().problem.message,
        not_finite(subject).problem.message,
        _not_stored(card().file, OSError("full")).problem.message,
        _missing(card(), "timm", extra="timm", error=absent).problem.message,
        said(_device, "mps"),
    ):
        assert ANALYST.tells(message), message


def test_the_analyst_is_told_what_to_do_about_maps_and_tables(tmp_path):
    from engine.saliency.imported import read_map
    from engine.saliency.trust import TrustStore

    np.save(tmp_path / "nan.npy", np.full((4, 4), np.nan))
    np.save(tmp_path / "tall.npy", np.ones((20, 10)))
    (tmp_path / "trusted.json").write_text("no list", encoding="utf-8")
    for message in (
        said(read_map, tmp_path / "nan.npy", width=4, height=4),
        said(read_map, tmp_path / "tall.npy", width=20, height=10),
        said(TrustStore(tmp_path / "trusted.json").holds, "0" * 64),
    ):
        assert ANALYST.tells(message), message


def test_the_analyst_is_told_what_to_do_where_no_photograph_can_be_read(tmp_path):
    from engine.stages.trying import _first_readable

    assert ANALYST.tells(said(_first_readable, tmp_path, [], SimpleNamespace()))
