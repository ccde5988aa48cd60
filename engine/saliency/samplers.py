"""Which gradients a map is the mean of: the node on the path and the noise of each.

The two samplers have the same expectation (method 7); they differ in how fast they reach it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.settings import SaliencySettings

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The gradients of one map, one entry for each; every sweep visits each node once.

    Attributes
    ----------
    nodes
        k = 1..m, or with m = 1 any number from 0 to 1: the gradient is taken at
        x' + k/m (x + e - x').
    steps
        m.
    streams, signs
        The noise e of the gradient is that of the stream, times +1 or -1.
    sweeps
        Number of the sweep, from 0; even and odd sweeps are the two independent halves.
    copies
        Streams of the noisy copies x + e whose scores are recorded.
    """

    nodes: Integers | NDArray[np.float64]
    steps: int
    streams: Integers
    signs: Integers
    sweeps: Integers
    copies: Integers

    def __len__(self) -> int:
        return len(self.nodes)

    def first_sweep(self, count: int) -> "Plan":
        """Return about `count` gradients of the first sweep, evenly along the path."""
        every = max(1, self.steps // count)
        chosen = slice(every - 1, self.steps, every)
        return Plan(
            self.nodes[chosen],
            self.steps,
            self.streams[chosen],
            self.signs[chosen],
            self.sweeps[chosen],
            self.copies[:0],
        )


def literal(settings: SaliencySettings) -> Plan:
    """Return the paper's plan: `noise_samples` noisy copies, each with its own path of m steps."""
    nodes, sweeps = _nodes_and_sweeps(settings.steps, settings.noise_samples)
    copies = np.arange(settings.noise_samples)
    return Plan(nodes, settings.steps, sweeps, np.ones_like(nodes), sweeps, copies)


def joint(settings: SaliencySettings) -> Plan:
    """Return a plan in which every gradient has its own noise.

    Neighbouring nodes of a sweep share it with opposite signs (antithetic pairs; on real
    photographs and EfficientNet-Lite0 15 % fewer gradients for the same error). A pair never
    leaves its sweep, so the two halves are independent. The scores are recorded for
    `noise_samples` further noisy copies.
    """
    m = settings.steps
    nodes, sweeps = _nodes_and_sweeps(m, settings.joint_gradients // m)
    pairs_of_sweep = (m + 1) // 2
    streams = sweeps * pairs_of_sweep + (nodes - 1) // 2
    copies = streams[-1] + 1 + np.arange(settings.noise_samples)
    return Plan(nodes, m, streams, 1 - 2 * ((nodes - 1) % 2), sweeps, copies)


def effective(settings: SaliencySettings, device_type: str) -> SaliencySettings:
    """Return the settings as they count on a device: autocast is off everywhere but on CUDA.

    What is stored with or found by a map are these, so that the wish alone changes nothing.

    Parameters
    ----------
    device_type
        ``cpu``, ``cuda`` or ``mps``: torch's ``device.type``.
    """
    is_reduced = settings.autocast and device_type == "cuda"
    return settings.model_copy(update={"autocast": is_reduced})


SAMPLERS: Mapping[str, Callable[[SaliencySettings], Plan]] = {"literal": literal, "joint": joint}


def _nodes_and_sweeps(steps: int, sweeps: int) -> tuple[Integers, Integers]:
    return np.tile(np.arange(1, steps + 1), sweeps), np.repeat(np.arange(sweeps), steps)
