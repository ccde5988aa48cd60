"""Saliency maps on a GPU: both samplers beside captum, and beside what the card can do at all."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.captum_peer import NAME, captum_map
from benchmarks.measure import Figure, best_of
from benchmarks.networks import inception_v4, resnet50
from engine.domain.measure import value_of
from engine.domain.saliency_map import SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.cards import ModelCard
from engine.saliency.classifier import Classifier
from engine.saliency.explain import explain
from engine.saliency.noise import noise_key
from engine.saliency.preprocess import Prepared, prepare
from engine.tasks.cancel import CancelToken

CLASSES = 1000
DIGEST = "benchmark"
NETWORKS: Mapping[str, tuple[Callable[[int], nn.Module], int]] = {
    "ResNet-50": (resnet50, 224),
    "Inception-v4": (inception_v4, 299),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much to do: gradients of a map are copies x steps for both samplers and for captum."""

    device: str = "cuda"
    copies: int = 10
    steps: int = 50
    batches: tuple[int, ...] = (25, 50, 100, 250)
    matrix: int = 8192
    repeats: int = 3

    @property
    def settings(self) -> SaliencySettings:
        """The settings of a map of this size."""
        return SaliencySettings(
            steps=self.steps, noise_samples=self.copies, joint_gradients=self.copies * self.steps
        )


def measure() -> list[Figure]:
    """Measure ResNet-50 and Inception-v4 where a GPU is at hand."""
    if not torch.cuda.is_available():
        print("no GPU at hand")
        return []
    return [figure for name in NETWORKS for figure in figures_of(name, *NETWORKS[name], Size())]


def figures_of(name: str, make: Callable[[int], nn.Module], side: int, size: Size) -> list[Figure]:
    """Return the figures of one network; TF32 is on for captum, ours and the floor alike."""
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.allow_tf32 = True
    try:
        classifier, prepared = _subject(make, side, size.device)
        captum, batch = _captum(classifier, prepared, size)
        flops = _flops_of_a_gradient(classifier, prepared) * size.copies * size.steps
        return [
            _figure(name, classifier, prepared, size, settings, captum, batch, flops)
            for settings in _variants(size)
        ]
    finally:
        torch.set_float32_matmul_precision(before[0])
        torch.backends.cudnn.allow_tf32 = before[1]


def _variants(size: Size) -> list[SaliencySettings]:
    return [
        size.settings.model_copy(update={"sampler": sampler, "autocast": autocast})
        for autocast in (False, True)
        for sampler in ("literal", "joint")
    ]


def _figure(
    name: str,
    classifier: Classifier,
    prepared: Prepared,
    size: Size,
    settings: SaliencySettings,
    captum: float,
    batch: int,
    flops: int,
) -> Figure:
    found: list[SaliencyMap] = []
    seconds = best_of(
        lambda: found.append(_explained(classifier, prepared, settings)), size.repeats
    )
    dtype = torch.float16 if settings.autocast else torch.float32
    floor = flops / _matrix_rate(size, dtype)
    correlation = value_of(found[-1].facts.autocast_rank_correlation)
    note = f"TF32 on for both; {floor / seconds:.0%} of the floor by the card's matrix rate"
    if correlation is not None:
        note += f"; rank correlation with float32 {correlation:.5f} over ten gradients"
    precision = "autocast" if settings.autocast else "float32"
    reach = ">= 4 at rank correlation >= 0.999" if settings.autocast else ">= 2 or >= 80 % of floor"
    return Figure(
        f"{name}, {settings.sampler}, {precision}, {size.copies * size.steps} gradients",
        1 / seconds,
        1 / captum,
        f"{NAME}, float32, internal_batch_size={batch}",
        captum / seconds,
        reach,
        "maps/s",
        note,
    )


def _subject(
    make: Callable[[int], nn.Module], side: int, device: str
) -> tuple[Classifier, Prepared]:
    torch.manual_seed(0)
    network = make(CLASSES).eval().requires_grad_(False)
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    card = ModelCard(
        file=Path("benchmark.toml"), name="benchmark", kind="python", factory="benchmark:network",
        input_size=(side, side), resize="stretch", mean=(0.5,) * 3, std=(0.25,) * 3,
        classes=tuple(map(str, range(CLASSES))), output="logits",
    )  # fmt: skip
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    classifier = Classifier(network, torch.device(device), card, DIGEST)
    return classifier, prepare(pixels, card)


def _explained(
    classifier: Classifier, prepared: Prepared, settings: SaliencySettings
) -> SaliencyMap:
    return explain(
        classifier, prepared, target=0, image_digest=DIGEST, settings=settings,
        cancel=CancelToken(),
    )  # fmt: skip


def _captum(classifier: Classifier, prepared: Prepared, size: Size) -> tuple[float, int]:
    """Return captum's shortest time, and the batch that it took."""
    network = copy.deepcopy(classifier.module)
    network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]

    def seconds(batch: int) -> float:
        run = captum_map(
            network, prepared, target=0, noise_key=noise_key(DIGEST, 0), noise_level=0.15,
            copies=size.copies, steps=size.steps, internal_batch_size=batch, device=size.device,
        )  # fmt: skip
        return best_of(lambda: run().cpu(), size.repeats)

    return min((seconds(batch), batch) for batch in size.batches)


def _flops_of_a_gradient(classifier: Classifier, prepared: Prepared) -> int:
    image = classifier.inputs([prepared]).requires_grad_()
    with FlopCounterMode(display=False) as counter:
        torch.autograd.grad(classifier.outputs(image)[:, 0].sum(), image)
    return int(counter.get_total_flops())


def _matrix_rate(size: Size, dtype: torch.dtype) -> float:
    """Return the operations per second of one large matrix product."""
    a, b = (torch.randn(size.matrix, size.matrix, device=size.device).to(dtype) for _ in range(2))

    def run() -> None:
        for _ in range(10):
            product = a @ b
        float(product[0, 0])  # waits for the device

    run()
    return 10 * 2 * size.matrix**3 / best_of(run, size.repeats)
