"""The device that a classifier runs on: in words, for the run manifest, and images moved to it."""

import platform

import torch
from torch import Tensor


def describe_device() -> str:
    """Return the device that ``auto`` takes, with its name and how many threads or bytes it has."""
    if torch.cuda.is_available():
        return describe(torch.device("cuda"))
    return describe(torch.device("mps" if torch.backends.mps.is_available() else "cpu"))


def describe(device: torch.device) -> str:
    """Return a device in words, with its name and how many threads or bytes it has."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        name = torch.cuda.get_device_name(device)
        return f"cuda, {name}, {free / 2**30:.1f} of {total / 2**30:.1f} GiB free"
    if device.type == "mps":
        return "mps, Apple GPU"
    return f"cpu, {torch.get_num_threads()} threads"


def device_facts(device: torch.device | str) -> dict[str, str | int | bool]:
    """Return what of a device and its libraries may change a number, for the run manifest.

    Parameters
    ----------
    device
        Where the classifier runs: ``cpu``, ``cuda`` or ``mps``, with or without an index.

    Returns
    -------
    ``device``, ``device_name``, ``torch``, ``threads`` (of a CPU operation),
    ``tf32_convolutions`` and ``tf32_matmul`` (whether float32 may be rounded to 10 bits of
    mantissa there; CUDA alone does so); ``cuda`` and ``cudnn`` where torch was built with them.
    """
    device = torch.device(device)
    is_cuda = device.type == "cuda"
    facts: dict[str, str | int | bool] = {
        "device": device.type,
        "device_name": torch.cuda.get_device_name(device) if is_cuda else platform.machine(),
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        **_tf32(),
    }
    if torch.version.cuda:
        facts["cuda"] = torch.version.cuda
    cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
    if cudnn is not None:
        facts["cudnn"] = cudnn
    return facts


def _tf32() -> dict[str, bool]:
    """Return where TF32 is allowed; since torch 2.9 the older flags cannot always be read."""
    convolutions, matmul = getattr(torch.backends.cudnn, "conv", None), torch.backends.cuda.matmul
    if convolutions is None:
        allowed = torch.backends.cudnn.allow_tf32, matmul.allow_tf32
    else:
        allowed = convolutions.fp32_precision == "tf32", matmul.fp32_precision == "tf32"
    return dict(zip(("tf32_convolutions", "tf32_matmul"), allowed, strict=True))


def channels_last(images: Tensor, device: torch.device) -> Tensor:
    """Return images of shape (..., 3, height, width) on a device, channels last in its memory."""
    moved = images.flatten(end_dim=-4).to(device, memory_format=torch.channels_last)
    return moved.reshape(images.shape)
