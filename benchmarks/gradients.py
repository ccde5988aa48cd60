"""Saliency maps on a CPU: time and memory beside captum, and gradients needed for one error."""

import copy
import os
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

import resources
from benchmarks.captum_peer import NAME, captum_map
from benchmarks.measure import Figure, best_of, peak_resident
from engine.domain.saliency_map import SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.cards import read_card
from engine.saliency.classifier import Classifier, open_classifier
from engine.saliency.explain import explain
from engine.saliency.folding import folded
from engine.saliency.noise import noise_key
from engine.saliency.preprocess import Prepared, prepare
from engine.saliency.trust import TrustStore
from engine.tasks.cancel import CancelToken

CARD = Path(resources.__file__).parent / "model_cards" / "lite0" / "card.toml"
PHOTOGRAPHS = Path(
    os.environ.get("DERMCONCORD_DATA", Path(__file__).parents[2] / "shared" / "data"), "photos"
)
NAMES = ("ISIC_0000001.jpg", "ISIC_0000003.jpg")

COPIES, STEPS = 2, 50
BATCHES = (2, 5, 10, 25, 50)
REFERENCE, ERROR, LITERAL_COPIES = 8_000, 0.6, 25
DIGEST = "benchmark"


def measure() -> list[Figure]:
    """Measure one literal map beside captum, and how fast the two samplers come to their end."""
    return [*_beside_captum(), *_gradients_needed()]


def _beside_captum() -> list[Figure]:
    classifier, prepared, target = _subject(0)
    plain, fast = _peer(channels_last=False), _peer(channels_last=True)
    ours = best_of(lambda: _literal(classifier, prepared, target), 5)
    best, batch = min((best_of(plain(b), 2), b) for b in BATCHES)
    best_fast, batch_fast = min((best_of(fast(b), 2), b) for b in BATCHES)

    found = _in_units(_literal(classifier, prepared, target))
    expected = plain(batch)().numpy()
    light = folded(classifier.module, classifier.inputs([prepared]))
    same_network = _peer(channels_last=True, network=light)(batch)().numpy()
    exact = _peer(channels_last=False, dtype=torch.float64)(10)().numpy()
    largest = np.abs(exact).max()
    same, apart, ours_off, theirs_off = (
        float(np.abs(a - b).max() / largest)
        for a, b in (
            (found, same_network), (found, expected), (found, exact), (expected, exact),
        )
    )  # fmt: skip
    median = float(np.median(np.abs(found - expected)) / largest)

    our_memory, their_memory = peak_resident(_ours_to_measure), peak_resident(_captum_to_measure)
    name = f"one literal map ({COPIES} copies x {STEPS} steps), EfficientNet-Lite0 at 224, CPU"
    return [
        Figure(name, ours, best, f"{NAME}, internal_batch_size={batch}", best / ours, ">= 1.5",
               "s", f"{torch.get_num_threads()} threads, the same noise"),
        Figure(f"{name}: captum given a channels-last network", ours, best_fast,
               f"{NAME}, internal_batch_size={batch_fast}", best_fast / ours, "", "s"),
        Figure(f"{name}: peak memory", our_memory, their_memory, f"{NAME}, its default",
               their_memory / our_memory, ">= 4", "MiB"),
        Figure(f"{name}: largest difference from captum's on the network we ran, of max", same,
               None, NAME, None, "<= 1e-4", ""),
        Figure(f"{name}: largest difference from captum's on the network as it came, of max",
               apart, theirs_off, "captum, from itself in float64", None, "", "",
               f"ours is {ours_off:.1e} from captum in float64: rounding tips ReLUs over; at the "
               f"median pixel ours and captum's differ by {median:.1e}"),
    ]  # fmt: skip


def _gradients_needed() -> list[Figure]:
    photographs = len(NAMES) if PHOTOGRAPHS.is_dir() else 1
    return [_needed(number) for number in range(photographs)]


def _needed(number: int) -> Figure:
    """Compare the gradients after which a map is within `ERROR` of one of another seed."""
    classifier, prepared, target = _subject(number)

    def made(seed: int, **settings: object) -> NDArray[np.float64]:
        chosen = SaliencySettings.model_validate({"seed": seed, "steps": STEPS, **settings})
        return _in_units(_explained(classifier, prepared, target, chosen))

    reference = made(1, sampler="joint", joint_gradients=REFERENCE)

    def error(found: NDArray[np.float64]) -> float:
        return float(np.linalg.norm(found - reference) / np.linalg.norm(reference))

    joint = next(
        n
        for n in count(STEPS, STEPS)
        if error(made(0, sampler="joint", joint_gradients=n)) <= ERROR
    )
    literal_error = error(made(0, sampler="literal", noise_samples=LITERAL_COPIES))
    literal = LITERAL_COPIES * STEPS * (literal_error / ERROR) ** 2
    where = NAMES[number] if PHOTOGRAPHS.is_dir() else "a synthetic picture"
    return Figure(
        f"gradients to a relative L2 error of {ERROR}, {where}, joint",
        joint,
        literal,
        "literal",
        literal / joint,
        ">= 8",
        "gradients",
        f"against {REFERENCE:,} joint gradients of another seed; literal has {literal_error:.2f}"
        f" after {LITERAL_COPIES * STEPS:,}, the rest by its 1/sqrt(n)",
    )


@cache
def _classifier() -> Classifier:
    with tempfile.TemporaryDirectory() as folder:
        return open_classifier(
            read_card(CARD), trust=TrustStore(Path(folder) / "trust.json"), device="cpu"
        )


@cache
def _subject(number: int) -> tuple[Classifier, Prepared, int]:
    classifier = _classifier()
    prepared = prepare(_photograph(number), classifier.card)
    return classifier, prepared, int(classifier.predict([prepared])[0].argmax())


def _photograph(number: int) -> NDArray[np.uint8]:
    if PHOTOGRAPHS.is_dir():
        return np.asarray(Image.open(PHOTOGRAPHS / NAMES[number]).convert("RGB"))
    coarse = np.random.default_rng(0).integers(60, 230, (12, 12, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC))


def _explained(
    classifier: Classifier, prepared: Prepared, target: int, settings: SaliencySettings
) -> SaliencyMap:
    return explain(
        classifier, prepared, target=target, image_digest=DIGEST, settings=settings,
        cancel=CancelToken(),
    )  # fmt: skip


def _literal(classifier: Classifier, prepared: Prepared, target: int) -> SaliencyMap:
    settings = SaliencySettings(sampler="literal", steps=STEPS, noise_samples=COPIES)
    return _explained(classifier, prepared, target, settings)


def _in_units(found: SaliencyMap) -> NDArray[np.float64]:
    """Return the attributions in score units, to the precision of int16."""
    return found.values / 32_700 * found.facts.peak


def _peer(
    *,
    channels_last: bool,
    dtype: torch.dtype = torch.float32,
    network: nn.Module | None = None,
) -> Callable[[int | None], Callable[[], torch.Tensor]]:
    classifier, prepared, target = _subject(0)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    network = copy.deepcopy(network or classifier.module).to(dtype)
    network.to(memory_format=layout)  # type: ignore[call-overload]
    return lambda batch: captum_map(
        network, prepared, target=target, noise_key=noise_key(DIGEST, 0), noise_level=0.15,
        copies=COPIES, steps=STEPS, internal_batch_size=batch, channels_last=channels_last,
        dtype=dtype,
    )  # fmt: skip


def _ours_to_measure() -> Callable[[], object]:
    classifier, prepared, target = _subject(0)
    few = SaliencySettings(sampler="joint", steps=1, joint_gradients=1, noise_samples=1)
    _explained(classifier, prepared, target, few)
    return lambda: _literal(classifier, prepared, target)


def _captum_to_measure() -> Callable[[], object]:
    return _peer(channels_last=False)(None)
