"""An image of a study: where its pixels are, whose case it belongs to, what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Metadata = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Image:
    """One photograph.

    Attributes
    ----------
    path
        Identity of the image: its path relative to the study's folder, with forward slashes.
        An image known by name and size only has a name instead of a path.
    width, height
        Size of the upright image in pixels.
    digest
        SHA-256 (hex) of the file, or None for an image without pixels.
    case
        The case it belongs to; an image of no named case is a case of its own.
    condition
        Reference label of the case, or None where unknown.
    metadata
        Further columns of the manifest, as text; an absent key is a missing value.
    """

    path: str
    width: int
    height: int
    digest: str | None = None
    case: str = ""
    condition: str | None = None
    metadata: Metadata = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.case:
            object.__setattr__(self, "case", self.path)

    @property
    def has_pixels(self) -> bool:
        """True where a file of pixels belongs to the image."""
        return self.digest is not None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class PrivacyBox:
    """A rectangle that pictures leaving the study burn in (method 13); the analysis sees below it.

    Corners in upright full-resolution pixels, corner convention, ``left < right``,
    ``top < bottom``.
    """

    left: float
    top: float
    right: float
    bottom: float
