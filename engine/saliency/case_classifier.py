"""The paper's own network: several images of a case and its metadata become one answer."""

import copy
from typing import Self

import torch
from torch import Tensor, nn


class CaseClassifier(nn.Module):
    """Classifies a case by the mean of its images' features beside its metadata.

    One backbone is shared by all images of a case; their features before the logits are averaged
    over the images that are there, joined with the metadata and classified by one linear layer
    (Singh et al., section 3.2; Liu et al. 2019). Neither the order of the images nor how many
    empty places a batch has beside them changes the answer.

    Parameters
    ----------
    backbone
        Maps images of shape (b, 3, height, width) to features of shape (b, features).
    features
        Numbers that the backbone gives for each image.
    metadata
        Numbers that tell of the case, one-hot by column; 0 for none.
    classes
        Number of conditions.
    """

    def __init__(self, backbone: nn.Module, *, features: int, metadata: int, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(features + metadata, classes)

    def forward(self, images: Tensor, mask: Tensor, metadata: Tensor) -> Tensor:
        """Return the logits of each case, shape (n, classes).

        Absent images never reach the backbone, so that batch statistics of training know nothing
        of them. A case without any image is classified by its metadata alone.

        Parameters
        ----------
        images
            Shape (n, k, 3, height, width), in model units.
        mask
            Shape (n, k): nonzero where there is an image.
        metadata
            Shape (n, metadata).
        """
        present = mask != 0
        features = self.backbone(images[present])
        spread = features.new_zeros((mask.shape[0], mask.shape[1], features.shape[1]))
        spread[present] = features
        mean = spread.sum(1) / present.sum(1, keepdim=True).clamp(min=1)
        logits: Tensor = self.head(torch.cat((mean, metadata), dim=1))
        return logits

    def with_backbone(self, backbone: nn.Module) -> Self:
        """Return the same classifier around another backbone; all else is shared, not copied."""
        twin = copy.copy(self)
        twin._modules = {**self._modules, "backbone": backbone}
        return twin
