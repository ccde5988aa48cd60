"""Which device a classifier would run on here, in words."""

import torch


def describe_device() -> str:
    """Return the device that ``auto`` takes, with its name and how many threads or bytes it has."""
    if torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
        return f"cuda, {name}, {free / 2**30:.1f} of {total / 2**30:.1f} GiB free"
    if torch.backends.mps.is_available():
        return "mps, Apple GPU"
    return f"cpu, {torch.get_num_threads()} threads"
