"""The peer of the saliency benchmarks: captum's NoiseTunnel over Integrated Gradients."""

from collections.abc import Callable

import torch
from captum.attr import IntegratedGradients, NoiseTunnel
from torch import Tensor, nn

from engine.saliency.noise import noise
from engine.saliency.preprocess import Prepared

NAME = "captum NoiseTunnel(IntegratedGradients)"


class GivenNoise(NoiseTunnel):
    """captum's tunnel with noise from outside instead of its own draw."""

    def __init__(self, method: IntegratedGradients, given: Tensor) -> None:
        super().__init__(method)
        self._given = given

    def _add_noise_to_inputs(
        self, _count: int, inputs: tuple[Tensor, ...], _deviations: object
    ) -> tuple[Tensor, ...]:
        return tuple((one + self._given).requires_grad_() for one in inputs)


def captum_map(  # noqa: PLR0913 - everything that makes a map
    network: nn.Module,
    prepared: Prepared,
    *,
    target: int,
    noise_key: int,
    noise_level: float,
    copies: int,
    steps: int,
    internal_batch_size: int | None = None,
    device: str = "cpu",
    channels_last: bool = False,
    dtype: torch.dtype = torch.float32,
) -> Callable[[], Tensor]:
    """Return a function that makes captum's map of the very copies of our literal sampler."""
    layout = torch.channels_last if channels_last else torch.contiguous_format
    scale = noise_level * (prepared.high - prepared.low) / torch.tensor(prepared.std)
    drawn = torch.from_numpy(noise(noise_key, range(copies), shape=prepared.values.shape))
    given = (drawn * scale.reshape(3, 1, 1)).to(device, dtype)
    image = torch.from_numpy(prepared.model_values)[None].to(device, dtype)
    black = torch.from_numpy(prepared.black).to(device, dtype).expand_as(image).contiguous()

    def forward(images: Tensor) -> Tensor:
        return network(images.contiguous(memory_format=layout)).softmax(1)

    def run() -> Tensor:
        tunnel = GivenNoise(IntegratedGradients(forward), given)
        found = tunnel.attribute(
            image,
            nt_samples=copies,
            baselines=black,
            target=target,
            n_steps=steps,
            method="riemann_right",
            internal_batch_size=internal_batch_size,
        )
        return found.detach().sum(1)[0]

    return run
