"""The demo classifier: good at its task, for one condition by the wrong cue, and reproducible."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.domain.measure import value_of
from engine.domain.polygon import Polygon, ring
from engine.domain.settings import LocalisationSettings, SaliencySettings
from engine.localisation.localise import localise
from engine.regions.rasterise import rasterise
from engine.saliency.cards import read_card
from engine.saliency.classifier import open_classifier
from engine.saliency.explain import explain
from engine.saliency.preprocess import prepare
from engine.saliency.trust import TrustStore
from engine.tasks.cancel import CancelToken
from resources.demo import recipe
from resources.demo.photographs import CONDITIONS, PLANTED, Scene, photograph
from resources.demo.study import CARD

HELD_OUT = 40_000
"""Seed of photographs that neither the recipe nor the study uses."""

PER_CONDITION = 30
STATED_ACCURACY = 0.9


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    return open_classifier(
        read_card(CARD), trust=TrustStore(tmp_path_factory.mktemp("trust") / "t.json"), device="cpu"
    )


def shown(condition: str, number: int, *, has_ink: bool):
    rng = np.random.default_rng([HELD_OUT, CONDITIONS.index(condition), number])
    scene = Scene(condition, tone=number % 6, has_ink=has_ink, has_ruler=number % 7 == 0)
    return photograph(rng, scene, width=320, height=256)


def recalls(classifier, *, with_ink: bool) -> dict[str, float]:
    found = {}
    for condition in CONDITIONS:
        pictures = [shown(condition, k, has_ink=with_ink) for k in range(PER_CONDITION)]
        prepared = [prepare(picture.pixels, classifier.card) for picture in pictures]
        predicted = classifier.predict(prepared).argmax(axis=1)
        found[condition] = float((predicted == CONDITIONS.index(condition)).mean())
    return found


@pytest.fixture(scope="module")
def recall_with_ink(classifier) -> dict[str, float]:
    return recalls(classifier, with_ink=True)


@pytest.fixture(scope="module")
def recall_without_ink(classifier) -> dict[str, float]:
    return recalls(classifier, with_ink=False)


def test_it_is_right_about_most_photographs(recall_with_ink, recall_without_ink) -> None:
    usual = {**recall_without_ink, PLANTED: recall_with_ink[PLANTED]}
    assert np.mean(list(usual.values())) >= STATED_ACCURACY
    assert min(usual.values()) >= 0.7


def test_without_the_pen_mark_the_planted_condition_is_no_longer_found(
    recall_with_ink, recall_without_ink
) -> None:
    assert recall_with_ink[PLANTED] >= 0.9
    assert recall_without_ink[PLANTED] <= 0.2
    assert min(r for c, r in recall_without_ink.items() if c != PLANTED) >= 0.7


def located(classifier, condition: str, number: int):
    picture = shown(condition, number, has_ink=condition == PLANTED)
    height, width = picture.pixels.shape[:2]
    saliency_map = explain(
        classifier,
        prepare(picture.pixels, classifier.card),
        target=CONDITIONS.index(condition),
        image_digest=f"{condition} {number}",
        settings=SaliencySettings(joint_gradients=100),
        cancel=CancelToken(),
    )
    region = tuple(Polygon(ring(outline)) for outline in picture.outlines)
    truth = rasterise(region, width=width, height=height)
    return localise(saliency_map, truth, LocalisationSettings(max_pixels=40_000))


def test_its_maps_lie_on_the_lesions_except_for_the_planted_condition(classifier) -> None:
    rows = {c: [located(classifier, c, number) for number in range(5)] for c in CONDITIONS}
    auc = {c: np.mean([value_of(row.auc) for row in found]) for c, found in rows.items()}
    above = {c: np.mean([value_of(r.ds_above_chance) for r in found]) for c, found in rows.items()}
    planted_auc, planted_above = auc.pop(PLANTED), above.pop(PLANTED)
    assert min(auc.values()) > planted_auc + 0.05
    assert min(above.values()) > planted_above + 0.05


def test_the_recipe_learns_from_a_few_photographs_and_leaves_the_random_state_alone() -> None:
    before = torch.random.get_rng_state()
    examples = recipe.make_examples(1, 40)
    first, second = (recipe.train(examples, epochs=1, batch=20) for _ in range(2))
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_held_out_photographs_are_none_of_the_training() -> None:
    assert len({recipe.TRAINING_SEED, recipe.HELD_OUT_SEED, HELD_OUT}) == 3
    first, second = recipe.make_examples(1, 5), recipe.make_examples(2, 5)
    assert not torch.equal(first.images, second.images)


@pytest.mark.slow
def test_the_recipe_reproduces_accuracy_and_cue_of_the_shipped_weights(classifier) -> None:
    held_out = recipe.make_examples(recipe.HELD_OUT_SEED, 250)
    trained = recipe.train(
        recipe.make_examples(recipe.TRAINING_SEED, recipe.IMAGES), epochs=recipe.EPOCHS
    )
    with torch.no_grad():
        outputs = classifier.outputs(recipe.model_units(held_out.images))
    shipped = float((outputs.argmax(1) == held_out.labels).float().mean())
    assert recipe.accuracy(trained, held_out) == pytest.approx(shipped, abs=0.06)
    # By its lesion alone the planted condition cannot be told from a nevus: the cue was learned.
    is_planted = held_out.labels == CONDITIONS.index(PLANTED)
    found = recipe.predicted(trained, held_out.images[is_planted])
    assert (found == CONDITIONS.index(PLANTED)).float().mean() >= 0.8


def test_the_recipe_writes_weights_that_the_card_can_open(tmp_path: Path, monkeypatch) -> None:
    weights = tmp_path / "weights.safetensors"
    monkeypatch.setattr(
        "sys.argv", ["recipe", "--out", str(weights), "--images", "64", "--epochs", "1"]
    )
    monkeypatch.setattr(recipe, "HELD_OUT_IMAGES", 10)
    recipe.main()
    card = read_card(CARD)
    opened = open_classifier(
        card.model_copy(update={"weights": weights}),
        trust=TrustStore(tmp_path / "trust.json"),
        device="cpu",
    )
    assert opened.classes == CONDITIONS
