"""What a lead's session asks of the study and of the engine, run on their lanes."""

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.session.reviewing.copy import without_stairs
from desktop_app.session.reviewing.image import Records
from engine.domain.measure import Undefined
from engine.domain.polygon import Region
from engine.domain.settings import AgreementSettings, RunSettings
from engine.study.protocol import Study

if TYPE_CHECKING:
    from engine.domain.options import StudyOptions


def read_study(study: Study) -> "tuple[StudyOptions, frozenset[str]]":
    """Read what a study lays down, and the names that may stand in its tables."""
    return study.options(), frozenset(study.graders())


def store_settings(study: Study, settings: RunSettings, *, author: str) -> None:
    """Replace a study's settings and leave its other options; runs on the study's lane."""
    study.set_options(replace(study.options(), settings=settings), author=author)


def region_to_edit(records: Records, settings: AgreementSettings) -> Region:
    """Return the region that counts as polygons; empty where there is none."""
    from engine.graders.consensus import consensus  # noqa: PLC0415 - it loads shapely
    from engine.regions.outline import region_of_mask  # noqa: PLC0415

    seen = records.seen
    if seen.adjudication is not None:
        return seen.adjudication.region
    found = consensus(records.image, seen.readings, settings)
    return () if isinstance(found, Undefined) else without_stairs(region_of_mask(found.to_mask()))


def reveal_all(study: Study, *, author: str) -> None:
    """Log that the graders' names of all images were seen; runs on the study's lane."""
    study.reveal_names([image.path for image in study.images()], author=author)
