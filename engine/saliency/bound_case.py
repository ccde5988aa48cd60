"""A case model bound to one case: with its metadata, or with all but one of its images, fixed."""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad


class OneCase(nn.Module):
    """A case model with the metadata of one case: (n, k, 3, height, width) -> (n, classes).

    Parameters
    ----------
    module
        Takes images of shape (n, places, 3, height, width), their mask and the metadata.
    metadata
        Shape (m,), on the module's device.
    """

    def __init__(self, module: nn.Module, *, places: int, metadata: Tensor) -> None:
        super().__init__()
        self.module = module
        self.places = places
        self.metadata = metadata

    def forward(self, images: Tensor) -> Tensor:
        """Return the model's outputs for n versions of the case's k images."""
        count, present = images.shape[:2]
        mask = images.new_zeros((count, self.places), dtype=torch.bool)
        mask[:, :present] = True
        filled = pad(images, (0, 0) * 3 + (0, self.places - present))
        outputs: Tensor = self.module(filled, mask, self.metadata.expand(count, -1))
        return outputs


class OneImage(nn.Module):
    """A case with all of its images held but one: (n, 3, height, width) -> (n, classes).

    Parameters
    ----------
    images
        All images of the case, shape (k, 3, height, width).
    place
        The image that varies.
    """

    def __init__(self, case: nn.Module, *, images: Tensor, place: int) -> None:
        super().__init__()
        self.case = case
        self.before = images[:place]
        self.after = images[place + 1 :]

    def forward(self, images: Tensor) -> Tensor:
        """Return the model's outputs for n versions of the image."""
        held = [part.expand(len(images), *part.shape) for part in (self.before, self.after)]
        outputs: Tensor = self.case(torch.cat((held[0], images[:, None], held[1]), dim=1))
        return outputs
