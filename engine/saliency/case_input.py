"""What a model is given of one case: its images, their digests and its metadata."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.saliency.preprocess import Prepared


@dataclass(frozen=True, slots=True, eq=False)
class CaseInput:
    """The images and the metadata of one case, as a case model takes them.

    An image model takes it where it holds a single image.

    Attributes
    ----------
    images
        At least one, in the order of their paths.
    digests
        Of the images' files; with the seed each determines the noise of its image.
    metadata
        From `engine.saliency.metadata.encode`.
    """

    images: tuple[Prepared, ...]
    digests: tuple[str, ...]
    metadata: tuple[float, ...] = ()

    @property
    def model_values(self) -> NDArray[np.float32]:
        """The images in model units, shape (k, 3, height, width)."""
        return np.stack([image.model_values for image in self.images])
