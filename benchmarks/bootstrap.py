"""Bootstrap interval of a mean over 1,000 cases, against numpy's resampled means alone."""

import numpy as np

from benchmarks.measure import Figure, best_of, peak_memory
from engine.findings.bootstrap import interval_of_mean

CASES, RESAMPLES = 1_000, 10_000


def measure() -> list[Figure]:
    """Measure the 95 % interval of a mean, with cases of one number each and of several."""
    rng = np.random.default_rng(0)
    values = rng.random(CASES)
    images = rng.random(2 * CASES)
    clusters = rng.permutation(np.arange(2 * CASES) % CASES)

    def ours() -> object:
        return interval_of_mean(values, resamples=RESAMPLES)

    def ours_clustered() -> object:
        return interval_of_mean(images, clusters=clusters, resamples=RESAMPLES)

    def theirs() -> object:
        drawn = np.random.default_rng(0).integers(0, CASES, size=(RESAMPLES, CASES))
        return values.take(drawn).mean(axis=1)

    peer = "numpy integers, take, mean"
    seconds = {f: best_of(f, 7) for f in (ours, ours_clustered, theirs)}
    name = f"95 % bootstrap interval, {CASES:,} cases x {RESAMPLES:,} resamples"
    ratio = seconds[theirs] / seconds[ours]
    ratio_clustered = seconds[theirs] / seconds[ours_clustered]
    memory, peer_memory = peak_memory(ours), peak_memory(theirs)
    return [
        Figure(name, seconds[ours], seconds[theirs], peer, ratio, ">= 0.5", "s"),
        Figure(f"{name}, 2,000 images", seconds[ours_clustered], seconds[theirs], peer,
               ratio_clustered, ">= 0.5", "s", "cases are resampled, the mean is over images"),
        Figure(f"{name}: peak memory", memory, peer_memory, peer, peer_memory / memory, "", "MiB"),
    ]  # fmt: skip
