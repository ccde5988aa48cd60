"""From upright pixels to the values a model takes, and where its grid lies on the image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from engine.domain.saliency_map import Geometry
from engine.saliency.cards import ModelCard

PREPROCESSING_VERSION = 1
"""Rises whenever the same file and card would give a model other values; older predictions and
maps are then never found."""

RESAMPLING = {
    "bilinear": PillowImage.Resampling.BILINEAR,
    "bicubic": PillowImage.Resampling.BICUBIC,
}


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One image as the model takes it, still in [0, 1] pixel space.

    Attributes
    ----------
    values
        Shape (3, height, width), float32 in [0, 1], read-only; padding is black (0).
    geometry
        Where the model's grid lies on the upright image.
    mean, std
        One number for each channel, in [0, 1] pixel space.
    low, high
        Smallest and largest value of the resized picture without its padding, in [0, 1]; their
        difference scales the noise of SmoothGrad.
    """

    values: NDArray[np.float32]
    geometry: Geometry
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    low: float
    high: float

    @property
    def model_values(self) -> NDArray[np.float32]:
        """The values in model units, shape (3, height, width)."""
        return in_model_units(self.values, mean=self.mean, std=self.std)

    @property
    def black(self) -> NDArray[np.float32]:
        """A black image in model units, -mean / std, shape (3, 1, 1): the baseline."""
        zero = np.zeros((3, 1, 1), dtype=np.float32)
        return in_model_units(zero, mean=self.mean, std=self.std)


def in_model_units(
    values: NDArray[np.float32], *, mean: Sequence[float], std: Sequence[float]
) -> NDArray[np.float32]:
    """Return (values - mean) / std for values of shape (..., 3, height, width) in [0, 1]."""
    shift = np.array(mean, dtype=np.float32).reshape(3, 1, 1)
    scale = np.array(std, dtype=np.float32).reshape(3, 1, 1)
    return (values - shift) / scale


def prepare(pixels: NDArray[np.uint8], card: ModelCard) -> Prepared:
    """Return the image as the card's model takes it.

    The resampling is Pillow's on uint8 values, with antialiasing when the image shrinks: what
    torchvision and timm do to a PIL image, so a model sees what it saw in training.

    Parameters
    ----------
    pixels
        Upright sRGB image, shape (height, width, 3), uint8.
    card
        Its input size, resize rule, interpolation, mean and std are used.
    """
    height, width = pixels.shape[:2]
    geometry = fit(width, height, card)
    picture = PillowImage.fromarray(np.ascontiguousarray(pixels)).resize(
        (round(width * geometry.scale_x), round(height * geometry.scale_y)),
        RESAMPLING[card.interpolation],
    )
    seen = _seen(np.asarray(picture), geometry)
    values = _on_model_grid(seen, geometry)
    values.setflags(write=False)
    low, high = (float(x) / 255 for x in (seen.min(), seen.max()))
    return Prepared(values, geometry, card.mean, card.std, low, high)


def fit(width: int, height: int, card: ModelCard) -> Geometry:
    """Return where the model's grid lies on an image of this size (whole pixels of the grid).

    ``stretch`` scales each side by itself; ``crop`` scales the shorter side to ``resize_to`` and
    cuts the centre (rounded as torchvision does); ``pad`` scales the longer side to fit and
    leaves black borders.
    """
    model_width, model_height = card.input_size
    if card.resize == "stretch":
        new_width, new_height = model_width, model_height
    elif card.resize_to is not None:
        new_width, new_height = _shorter_side_at(card.resize_to, width=width, height=height)
    else:
        ratio = min(model_width / width, model_height / height)
        new_width, new_height = (max(1, round(side * ratio)) for side in (width, height))
    return Geometry(
        image_width=width,
        image_height=height,
        model_width=model_width,
        model_height=model_height,
        scale_x=new_width / width,
        scale_y=new_height / height,
        offset_x=-round((new_width - model_width) / 2),
        offset_y=-round((new_height - model_height) / 2),
    )


def _shorter_side_at(target: int, *, width: int, height: int) -> tuple[int, int]:
    if width <= height:
        return target, target * height // width
    return target * width // height, target


def _seen(picture: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.uint8]:
    """Cut the resized picture to what lies on the model's grid."""
    top, left = (max(0, -int(x)) for x in (geometry.offset_y, geometry.offset_x))
    return picture[top : top + geometry.model_height, left : left + geometry.model_width]


def _on_model_grid(seen: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.float32]:
    values = np.zeros((3, geometry.model_height, geometry.model_width), dtype=np.float32)
    top, left = (max(0, int(x)) for x in (geometry.offset_y, geometry.offset_x))
    height, width = seen.shape[:2]
    inside = values[:, top : top + height, left : left + width]
    np.divide(seen.transpose(2, 0, 1), 255, out=inside, dtype=np.float32)
    return values
