"""ResNet-50 and Inception-v4 with random weights: what they cost, not what they know.

He et al. 2016 (with the stride in the 3 x 3 convolution, as is usual) and Szegedy et al. 2017.
"""

import torch
from torch import Tensor, nn

Side = int | tuple[int, int]


class Unit(nn.Sequential):
    """Convolution, batch norm and ReLU."""

    def __init__(
        self, inputs: int, outputs: int, side: Side, *, stride: int = 1, padding: Side = 0
    ) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, side, stride=stride, padding=padding, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3),
            nn.ReLU(),
        )


class Branches(nn.Module):
    """Several ways for the same input, side by side in the channels."""

    def __init__(self, *ways: nn.Module) -> None:
        super().__init__()
        self.ways = nn.ModuleList(ways)

    def forward(self, images: Tensor) -> Tensor:
        """Return the ways' outputs, concatenated."""
        return torch.cat([way(images) for way in self.ways], 1)


class Bottleneck(nn.Module):
    """ResNet's block of three convolutions beside a short cut."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.body = nn.Sequential(
            Unit(inputs, width, 1),
            Unit(width, width, 3, stride=stride, padding=1),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short_cut: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            convolution = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
            self.short_cut = nn.Sequential(convolution, nn.BatchNorm2d(outputs))
        self.rectify = nn.ReLU()

    def forward(self, images: Tensor) -> Tensor:
        """Return the block's features."""
        return self.rectify(self.body(images) + self.short_cut(images))


def resnet50(classes: int = 1000) -> nn.Module:
    """Return ResNet-50, for images of 224 x 224."""
    layers: list[nn.Module] = [
        Unit(3, 64, 7, stride=2, padding=3),
        nn.MaxPool2d(3, stride=2, padding=1),
    ]
    inputs = 64
    for width, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for number in range(blocks):
            layers.append(Bottleneck(inputs, width, stride if number == 0 else 1))
            inputs = 4 * width
    return nn.Sequential(*layers, *_head(inputs, classes))


def inception_v4(classes: int = 1000) -> nn.Module:
    """Return Inception-v4, for images of 299 x 299: the backbone of the paper."""
    return nn.Sequential(
        *_stem(),
        *(_inception_a() for _ in range(4)),
        _reduction_a(),
        *(_inception_b() for _ in range(7)),
        _reduction_b(),
        *(_inception_c() for _ in range(3)),
        *_head(1536, classes),
    )


def _head(features: int, classes: int) -> tuple[nn.Module, ...]:
    return nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, classes)


def _pool() -> nn.Module:
    return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)


def _row(inputs: int, outputs: int) -> Unit:
    return Unit(inputs, outputs, (1, 7), padding=(0, 3))


def _column(inputs: int, outputs: int) -> Unit:
    return Unit(inputs, outputs, (7, 1), padding=(3, 0))


def _stem() -> tuple[nn.Module, ...]:
    return (
        Unit(3, 32, 3, stride=2),
        Unit(32, 32, 3),
        Unit(32, 64, 3, padding=1),
        Branches(nn.MaxPool2d(3, stride=2), Unit(64, 96, 3, stride=2)),
        Branches(
            nn.Sequential(Unit(160, 64, 1), Unit(64, 96, 3)),
            nn.Sequential(Unit(160, 64, 1), _row(64, 64), _column(64, 64), Unit(64, 96, 3)),
        ),
        Branches(Unit(192, 192, 3, stride=2), nn.MaxPool2d(3, stride=2)),
    )


def _inception_a() -> nn.Module:
    return Branches(
        Unit(384, 96, 1),
        nn.Sequential(Unit(384, 64, 1), Unit(64, 96, 3, padding=1)),
        nn.Sequential(Unit(384, 64, 1), Unit(64, 96, 3, padding=1), Unit(96, 96, 3, padding=1)),
        nn.Sequential(_pool(), Unit(384, 96, 1)),
    )


def _reduction_a() -> nn.Module:
    return Branches(
        Unit(384, 384, 3, stride=2),
        nn.Sequential(Unit(384, 192, 1), Unit(192, 224, 3, padding=1), Unit(224, 256, 3, stride=2)),
        nn.MaxPool2d(3, stride=2),
    )


def _inception_b() -> nn.Module:
    return Branches(
        Unit(1024, 384, 1),
        nn.Sequential(Unit(1024, 192, 1), _row(192, 224), _column(224, 256)),
        nn.Sequential(
            Unit(1024, 192, 1), _column(192, 192), _row(192, 224), _column(224, 224), _row(224, 256)
        ),
        nn.Sequential(_pool(), Unit(1024, 128, 1)),
    )


def _reduction_b() -> nn.Module:
    return Branches(
        nn.Sequential(Unit(1024, 192, 1), Unit(192, 192, 3, stride=2)),
        nn.Sequential(
            Unit(1024, 256, 1), _row(256, 256), _column(256, 320), Unit(320, 320, 3, stride=2)
        ),
        nn.MaxPool2d(3, stride=2),
    )


def _inception_c() -> nn.Module:
    def forked(inputs: int) -> nn.Module:
        return Branches(
            Unit(inputs, 256, (1, 3), padding=(0, 1)), Unit(inputs, 256, (3, 1), padding=(1, 0))
        )

    return Branches(
        Unit(1536, 256, 1),
        nn.Sequential(Unit(1536, 384, 1), forked(384)),
        nn.Sequential(
            Unit(1536, 384, 1),
            Unit(384, 448, (3, 1), padding=(1, 0)),
            Unit(448, 512, (1, 3), padding=(0, 1)),
            forked(512),
        ),
        nn.Sequential(_pool(), Unit(1536, 256, 1)),
    )
