"""Pieces of work as large as the memory takes: out of memory halves the piece and tries again."""

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from engine.domain.problem import Refusal, refuse

T = TypeVar("T")

LARGEST_BATCH = {"cuda": 256, "mps": 64, "cpu": 16}
"""Beyond these a larger batch costs memory and gains no time."""

ASSUMED_FREE = 2**30
"""Bytes taken as free where the system does not say."""


def in_pieces(run: Callable[[int, int], T], *, total: int, batch: int) -> Iterator[T]:
    """Yield ``run(start, stop)`` over consecutive pieces of 0..total.

    Where a piece runs out of memory it is halved and tried again; all later pieces keep the
    smaller size. The pieces' order and contents never change, so a `run` that draws its random
    numbers by position gives the same result at any size.

    Parameters
    ----------
    run
        Does the items start..stop-1; it may raise, for instance to stop the job.
    total
        Number of items.
    batch
        Size of the first piece, at least 1.

    Raises
    ------
    Refusal
        ``out_of_memory``: not even a single item fits.
    """
    start = 0
    while start < total:
        stop = min(start + batch, total)
        try:
            result = run(start, stop)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if stop - start == 1:
                raise no_memory() from None
            batch = (stop - start) // 2
        else:
            start = stop
            yield result
            continue
        _release_memory()  # here the error is gone, and with it the tensors that it held


def no_memory() -> Refusal:
    """Return the refusal of work of which not even one image fits into memory."""
    return refuse(
        "out_of_memory",
        "the model",
        "the memory of the device does not hold a single image",
        "Close other programs, use a smaller model, or choose the CPU as device",
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error of torch or Python says that memory ran out, on any device."""
    said = str(error).lower()
    phrases = ("out of memory", "can't allocate memory", "not enough memory")
    return isinstance(error, MemoryError) or any(phrase in said for phrase in phrases)


def _release_memory() -> None:
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def batch_size(item_bytes: int, *, device: str, free_bytes: int) -> int:
    """Return how many items of this size to do at once: half of the free memory, within reason.

    Parameters
    ----------
    item_bytes
        What one item keeps in memory for its gradient.
    device
        ``cpu``, ``cuda`` or ``mps``.
    """
    fitting = free_bytes // (2 * max(item_bytes, 1))
    return max(1, min(fitting, LARGEST_BATCH[device]))


def free_memory() -> int:
    """Return the bytes of main memory that are available, or a cautious guess."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return ASSUMED_FREE
    kibibytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return 1024 * int(kibibytes[0]) if kibibytes else ASSUMED_FREE
