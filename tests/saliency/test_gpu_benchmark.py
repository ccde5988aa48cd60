import pytest
import torch
from torch import nn

from benchmarks import gpu
from benchmarks.networks import inception_v4, resnet50


def tiny(classes):
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, classes),
    )  # fmt: skip


def test_the_gpu_benchmark_runs_dry_on_a_cpu():
    size = gpu.Size(device="cpu", copies=2, steps=2, batches=(2, 4), matrix=16, repeats=1)
    figures = gpu.figures_of("tiny", tiny, 8, size)
    assert len(figures) == 4
    assert all(f.ratio == pytest.approx(f.ours / f.peer) for f in figures)
    assert all("of the floor" in f.note for f in figures)
    assert {f.unit for f in figures} == {"maps/s"}


def test_without_a_gpu_the_benchmark_says_so(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.measure() == []
    assert "no GPU at hand" in capsys.readouterr().out


def test_the_benchmarked_networks_have_the_published_numbers_of_parameters():
    with torch.device("meta"):
        sizes = [sum(p.numel() for p in make().parameters()) for make in (resnet50, inception_v4)]
    assert sizes == [25_557_032, 42_679_816]
