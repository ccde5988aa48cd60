"""A model is tried on one photograph before its run, and refused as its run would be."""

from dataclasses import replace

import pytest

from engine.domain.problem import Refusal
from engine.domain.settings import RunSettings
from engine.pipeline import explain_study
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.stages.trying import check_model, trust_question


def refusal_of(do):
    with pytest.raises(Refusal) as refused:
        do()
    return refused.value.problem


def test_a_model_is_opened_and_says_what_one_photograph_is(bench):
    card = bench.files.card()
    checked = check_model(bench.study, card, bench.trust, bench.job)
    prepared = bench.prepare(card=card)
    assert checked.digest == prepared.name == prepared.run.classifier.digest
    assert checked.card == prepared.run.classifier.card
    assert checked.image == "photographs/img_00.png"
    assert checked.device.startswith("cpu, ")
    assert checked.seconds > 0
    assert checked.conditions == {"melanoma": "lesion"}
    assert checked.unmapped == ()


def test_it_says_what_the_run_says(bench):
    checked = check_model(bench.study, bench.files.card(), bench.trust, bench.job)
    explained = explain_study(bench.study, bench.prepare().run, bench.job)
    predictions = bench.study.predictions(checked.digest)
    told = predictions.get(checked.image) or predictions["photographs/img_01.png"]
    assert checked.predicted == told.predicted
    assert {result.predicted for result in explained.images if result.localisation} == {"lesion"}


def test_nothing_is_stored_by_a_check(bench):
    before = bench.study.info()
    check_model(bench.study, bench.files.card(), bench.trust, bench.job)
    assert bench.study.info() == before


def test_conditions_without_a_class_are_named(bench):
    images = bench.study.images()
    renamed = [replace(images[0], condition="rosacea"), replace(images[1], condition="clear")]
    bench.study.add_images(renamed, author="test")
    checked = check_model(bench.study, bench.files.card(), bench.trust, bench.job)
    assert checked.unmapped == ("rosacea",)


def test_the_study_s_own_map_is_in_force(bench):
    card = bench.files.card()
    digest = check_model(bench.study, card, bench.trust, bench.job).digest
    bench.study.set_condition_map(digest, {"rosacea": "clear"}, author="ana")
    checked = check_model(bench.study, card, bench.trust, bench.job)
    assert checked.conditions == {"rosacea": "clear"}
    assert checked.unmapped == ("melanoma",)


FAULTS = {
    "no file": None,
    "no TOML": [('name = "redness"', "name = ")],
    "unknown key": [('kind = "python"', 'kind = "python"\ncolour = 1')],
    "no class of a condition": [('melanoma = "lesion"', 'melanoma = "wart"')],
    "no factory": [("redness:build", "redness:make")],
    "no module": [("redness:build", "blueness:build")],
    "factory fails": [('mode = "red"', 'moode = "red"')],
    "too many classes": [('["lesion", "clear"]', '["lesion", "clear", "Other"]')],
    "no weights": [('kind = "python"', 'kind = "torchscript"')],
    "no model file": [
        ('kind = "python"', 'kind = "torchscript"\nweights = "redness.py"'),
        ('factory = "redness:build"\n', ""),
        ('arguments = { mode = "red" }\n', ""),
    ],
    "no device": [],
}


def spoil(files, fault):
    """Return a card with one fault."""
    card = files.card()
    if FAULTS[fault] is None:
        return card.with_name("none.toml")
    text = card.read_text()
    for right, wrong in FAULTS[fault]:
        assert right in text
        text = text.replace(right, wrong)
    card.write_text(text)
    return card


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_card_is_refused_as_its_run_is(bench, fault):
    card = spoil(bench.files, fault)
    device = "mps" if fault == "no device" else "auto"
    request = RunRequest(card, device=device)

    def prepare():
        prepare_run(bench.study, bench.study.file, request, RunSettings(), bench.trust, bench.job)

    def check():
        check_model(bench.study, card, bench.trust, bench.job, device=device)

    assert refusal_of(check) == refusal_of(prepare)


@pytest.fixture
def telltale(bench):
    """A card whose code leaves a file behind when it runs."""
    card = bench.files.card()
    ran = bench.files.folder / "it ran"
    module = card.parent / "redness.py"
    module.write_text(f"open({str(ran)!r}, 'w').close()\n" + module.read_text())
    return card, ran


def test_code_that_nobody_trusts_never_runs(bench, telltale):
    card, ran = telltale
    for ask in (None, lambda _: False):
        distrust = TrustStore(bench.files.folder / "none.json", ask=ask)
        problem = refusal_of(lambda d=distrust: check_model(bench.study, card, d, bench.job))
        assert problem.code == "not_trusted"
        assert trust_question(card, distrust) is not None
    assert not ran.exists()


def test_a_question_of_trust_is_asked_once(bench, telltale):
    card, ran = telltale
    trust = TrustStore(bench.files.folder / "mine.json")
    question = trust_question(card, trust)
    assert question.digest in question.text
    assert "redness" in question.text
    trust.add(question.digest, question.description)
    assert trust_question(card, trust) is None
    assert not ran.exists()
    assert check_model(bench.study, card, trust, bench.job).predicted in {"lesion", "clear"}
    assert ran.exists()


def test_changed_code_is_asked_of_again(bench):
    card = bench.files.card()
    trust = TrustStore(bench.files.folder / "mine.json")
    trust.add(trust_question(card, trust).digest)
    module = card.parent / "redness.py"
    module.write_text(module.read_text() + "\n# changed\n")
    assert trust_question(card, trust) is not None


def test_a_model_of_the_product_needs_no_trust(bench):
    from resources.demo.study import write_demo

    card = write_demo(bench.files.folder / "demo").card
    assert trust_question(card, TrustStore(bench.files.folder / "mine.json")) is None


def test_a_faulty_card_is_refused_before_any_question(bench):
    card = spoil(bench.files, "unknown key")
    problem = refusal_of(lambda: trust_question(card, bench.trust))
    assert problem.code == "model_card"


def test_a_study_whose_photographs_are_gone_says_so(bench):
    for path in bench.files.photographs.iterdir():
        path.unlink()
    problem = refusal_of(
        lambda: check_model(bench.study, bench.files.card(), bench.trust, bench.job)
    )
    assert problem.code == "no_photograph"
    assert "not where it was" in problem.message


def test_the_first_photograph_that_can_be_read_is_tried(bench):
    (bench.files.photographs / "img_00.png").unlink()
    (bench.files.photographs / "img_01.png").write_bytes(b"another file")
    checked = check_model(bench.study, bench.files.card(), bench.trust, bench.job)
    assert checked.image == "photographs/img_02.png"


def test_a_model_that_has_no_answer_is_refused_with_words(bench):
    card = bench.files.card("nan")
    problem = refusal_of(lambda: check_model(bench.study, card, bench.trust, bench.job))
    assert problem.code == "not_finite"
