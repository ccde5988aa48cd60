"""What a classifier says of one image."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prediction:
    """Class probabilities of one image under one model.

    Attributes
    ----------
    image
        Path of the image.
    model
        Digest of the model card and its weights, or the name given to an imported table.
    classes
        Class names, in the order of the model's output.
    probabilities
        One probability for each class, summing to 1; an imported bare label has 1 at its class.
    is_imported
        True where it was read from a table and not computed.
    """

    image: str
    model: str
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    is_imported: bool = False

    @property
    def predicted(self) -> str:
        """Name of the class with the highest probability (the first on ties)."""
        return self.classes[self.probabilities.index(max(self.probabilities))]
