"""What the run manifest tells of a device."""

import json
from types import SimpleNamespace

import pytest
import torch

from engine.saliency.device import device_facts


@pytest.mark.parametrize("device", ["cpu", torch.device("cpu")])
def test_the_facts_of_a_cpu_tell_torch_and_threads(device):
    facts = device_facts(device)
    assert facts["device"] == "cpu"
    assert facts["device_name"]
    assert facts["torch"] == torch.__version__
    assert facts["threads"] == torch.get_num_threads()
    assert json.loads(json.dumps(facts)) == facts


@pytest.mark.parametrize("convolutions", [True, False])
@pytest.mark.parametrize("has_precisions", [True, False])
def test_whether_tf32_is_allowed_is_told_for_convolutions_and_matmul_apart(
    convolutions, has_precisions, monkeypatch
):
    conv, matmul = (_flags(is_on, has_precisions) for is_on in (convolutions, not convolutions))
    cudnn = SimpleNamespace(**vars(conv), version=lambda: None)
    if has_precisions:
        cudnn.conv = conv
    monkeypatch.setattr(torch.backends, "cudnn", cudnn)
    monkeypatch.setattr(torch.backends.cuda, "matmul", matmul)
    facts = device_facts("cpu")
    assert (facts["tf32_convolutions"], facts["tf32_matmul"]) == (convolutions, not convolutions)


def _flags(is_on, has_precisions):
    """Return the flags of torch since 2.9, or before."""
    if has_precisions:
        return SimpleNamespace(fp32_precision="tf32" if is_on else "ieee")
    return SimpleNamespace(allow_tf32=is_on)


def test_the_tf32_of_this_torch_is_told_as_it_comes():
    facts = device_facts("cpu")
    assert (facts["tf32_convolutions"], facts["tf32_matmul"]) == (True, False)


def test_versions_of_cuda_and_cudnn_are_told_where_present(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    monkeypatch.setattr(torch.backends.cudnn, "version", lambda: 91002)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"card {device.index}")
    facts = device_facts("cuda:1")
    assert (facts["cuda"], facts["cudnn"]) == ("12.8", 91002)
    assert (facts["device"], facts["device_name"]) == ("cuda", "card 1")
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.backends.cudnn, "version", lambda: None)
    assert not {"cuda", "cudnn"} & device_facts("cpu").keys()
