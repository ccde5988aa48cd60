"""What a person chooses about an import."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from engine.domain.settings import Settings
from engine.formats.pattern import compile_pattern

Format = Literal[
    "auto", "images", "manifest", "csv", "coco", "cvat", "darwin", "label_studio", "labelme",
    "mask", "qupath",
]  # fmt: skip
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Columns(Settings):
    """Which columns of a manifest hold what; None looks for a common name, an empty name is none.

    All other columns become metadata, but for those that are left out.
    """

    image: str | None = None
    case: str | None = None
    condition: str | None = None
    left_out: tuple[str, ...] = ()

    @field_validator("left_out", mode="before")
    @classmethod
    def _names_may_be_given_in_one_text(cls, value: object) -> object:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        return value


class ImportOptions(Settings):
    """How files are sorted, read and named; the defaults import a folder as it lies."""

    format: Format = Field("auto", description="what the files are; auto looks at each file")
    grader: Name | None = Field(None, description="who drew all that is imported")
    name_pattern: str | None = Field(
        None,
        description="where a file's name holds grader and image, such as '{grader}_{image}';"
        " with a '/' it is read against the path inside the given folder",
    )
    mask_value: Literal["light", "dark"] | None = Field(
        None, description="which pixels of a mask are pathology; light where not given"
    )
    columns: Columns = Field(Columns(), description="columns of the manifest")
    strict: bool = Field(False, description="refuse a whole manifest for one bad row")
    verify: bool = Field(True, description="decode each photograph, so that damage is told now")

    @field_validator("name_pattern")
    @classmethod
    def _pattern_is_readable(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            compile_pattern(pattern)
        return pattern

    @property
    def takes_rasters_as_masks(self) -> bool:
        """True where a raster file is a mask and not a photograph."""
        given = (self.grader, self.name_pattern, self.mask_value)
        return self.format == "mask" or (self.format == "auto" and any(given))
