"""One image before a lead: who marked which pixels, how far they agree, which region counts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from engine.domain.agreement import AgainstOthers, ImageGraders, Overlaps, StapleFacts
from engine.domain.grading import Adjudication, Reading, Role, Status
from engine.domain.image import Image
from engine.domain.measure import Undefined
from engine.domain.polygon import Region
from engine.domain.problem import refuse
from engine.domain.rows import ImageAgreement
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.graders.by_grader import measure_graders
from engine.graders.consensus import consensus, region_of, staple_facts
from engine.graders.readings import answer_of, in_consensus, status_of
from engine.regions.rasterise import rasterise
from engine.regions.runs import Runs, sample
from engine.regions.votes import MAX_GRADERS
from engine.study.protocol import Study
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


@dataclass(frozen=True, slots=True)
class Voter:
    """One assigned or extra grader of an image, as a lead sees them.

    Attributes
    ----------
    letter
        What the grader is called while names are hidden; see `letters_of`.
    answer
        What the latest done reading says (`engine.graders.readings.Answer`): ``outlined``,
        ``not_visible``, ``nothing_drawn``, ``too_many``, or ``incomplete`` where none is done.
    region
        The polygons of that reading.
    status
        Where the reading stands; None where nothing is begun.
    votes
        Whether the reading enters the consensus: it says where the pathology is, and was not sent
        back.
    dice_with_others
        The grader against the consensus of the other assigned graders, by the reading that counts
        for agreement; None for an extra grader and one who does not say where the pathology is.
    is_first
        Whether `region` is that of the first done reading: nothing was redone.
    """

    grader: str
    letter: str
    role: Role
    answer: str
    region: Region
    status: Status | None
    votes: bool
    dice_with_others: AgainstOthers | None
    is_first: bool


@dataclass(frozen=True, slots=True, eq=False)
class ImageReview:
    """All that a lead is shown of one image.

    The three pictures have the image's proportions and at most the asked-for side; a pixel tells
    of the one full-resolution pixel below its centre.

    Attributes
    ----------
    row
        The row of the image, the same that `engine.pipeline.measure_study` gives.
    voters
        In the order of their letters.
    patterns
        Shape (h, w): bit g is set where voter g marked the pixel and votes. Of more than 16
        voters, whose votes cannot be counted, the first 16 have bits.
    counted
        Shape (h, w): the region that counts, adjudicated or else the consensus; nothing where
        that is undefined (`row.roi_area` says why).
    majority
        Shape (h, w): what most of those who vote marked, whatever the consensus is; nothing where
        fewer than two vote.
    overlaps
        Each assigned grader against each other; None for fewer than two who say where.
    staple
        What STAPLE says of those who vote, or why it says nothing.
    adjudication
        The lead's decision that counts now.
    """

    row: ImageAgreement
    voters: tuple[Voter, ...]
    patterns: NDArray[np.uint16]
    counted: NDArray[np.bool_]
    majority: NDArray[np.bool_]
    overlaps: Overlaps | None
    staple: StapleFacts | Undefined
    adjudication: Adjudication | None
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The full-resolution rows and columns that a smaller picture of an image shows."""

    image: Image
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]

    def read(self, region: Runs | Undefined) -> NDArray[np.bool_]:
        """Return a region as the picture shows it; nothing for one that is undefined."""
        if isinstance(region, Undefined):
            return np.zeros((len(self.rows), len(self.columns)), dtype=np.bool_)
        return sample(region, rows=self.rows, columns=self.columns)

    def draw(self, region: Region) -> NDArray[np.bool_]:
        """Return polygons as the picture shows them."""
        return self.read(rasterise(region, width=self.image.width, height=self.image.height))


def review_image(
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    adjudication: Adjudication | None,
    *,
    max_side: int = 1536,
) -> ImageReview:
    """Return all that a lead is shown of an image; it takes no pixel of the photograph.

    Parameters
    ----------
    readings
        All readings of the image, of any role.
    max_side
        Longest side of the pictures, pixels.

    References
    ----------
    Method, sections 3 to 5.
    """
    grid = _grid(image, max_side)
    measured = measure_graders(image, readings, settings)
    voters = _voters(image, readings, settings, measured)
    by_majority = settings.model_copy(update={"consensus": "majority"})
    return ImageReview(
        row=measure_agreement(image, readings, settings, adjudication),
        voters=voters,
        patterns=_patterns(grid, voters),
        counted=grid.read(region_of(image, readings, settings, adjudication)),
        majority=grid.read(consensus(image, readings, by_majority)),
        overlaps=measured.overlaps,
        staple=staple_facts(image, readings, settings),
        adjudication=adjudication,
        readings=tuple(readings),
    )


def letters_of(image: str, graders: Sequence[str]) -> dict[str, str]:
    """Return a letter for each grader, in an order that depends on the image.

    So a letter tells nothing of the grader from one image to the next. The same graders have the
    same letters in whatever order they are given; after Z comes AA.

    Parameters
    ----------
    image
        Path of the image.
    """

    def place(grader: str) -> bytes:
        return hashlib.sha256(f"{image}\0{grader}".encode()).digest()

    ordered = sorted(set(graders), key=place)
    return {grader: _letter(number) for number, grader in enumerate(ordered)}


def review_one(
    study: Study, path: str, settings: AgreementSettings, job: JobContext
) -> ImageReview:
    """Read an image of a study on the study's lane and review it on the cpu lane.

    Raises
    ------
    Refusal
        ``unknown_image``.
    """
    image = job.on_study(study.image, path)
    if image is None:
        message = f"The study has no image {path}"
        raise refuse("unknown_image", path, message, "Import the image or its manifest first")
    readings = job.on_study(study.readings_of, path)
    adjudication = job.on_study(study.adjudication, path)
    reviewing = job.executor.submit(Lane.CPU, review_image, image, readings, settings, adjudication)
    return reviewing.result()


def _grid(image: Image, max_side: int) -> _Grid:
    scale = min(1.0, max_side / max(image.size))

    def lines(size: int) -> NDArray[np.int64]:
        count = max(1, round(size * scale))
        return (2 * np.arange(count, dtype=np.int64) + 1) * size // (2 * count)

    return _Grid(image, rows=lines(image.height), columns=lines(image.width))


def _voters(
    image: Image,
    readings: Sequence[Reading],
    settings: AgreementSettings,
    measured: ImageGraders,
) -> tuple[Voter, ...]:
    own = [reading for reading in readings if reading.role is not Role.REPEAT]
    letters = letters_of(image.path, [reading.grader for reading in own])
    voters = [_voter(r, letters[r.grader], settings, measured) for r in own]
    return tuple(sorted(voters, key=lambda voter: (len(voter.letter), voter.letter, voter.role)))


def _voter(
    reading: Reading, letter: str, settings: AgreementSettings, measured: ImageGraders
) -> Voter:
    answer = answer_of(reading.latest, settings)
    is_assigned = reading.role is Role.ASSIGNED
    return Voter(
        grader=reading.grader,
        letter=letter,
        role=reading.role,
        answer=answer.value,
        region=reading.latest.region if reading.latest else (),
        status=status_of(reading, settings),
        votes=bool(in_consensus([reading])) and answer.says_where,
        dice_with_others=measured.others.get(reading.grader) if is_assigned else None,
        is_first=reading.first is not None and reading.first == reading.latest,
    )


def _patterns(grid: _Grid, voters: Sequence[Voter]) -> NDArray[np.uint16]:
    patterns = np.zeros((len(grid.rows), len(grid.columns)), dtype=np.uint16)
    for bit, voter in enumerate(voters[:MAX_GRADERS]):
        if voter.votes and voter.region:
            patterns |= grid.draw(voter.region).astype(np.uint16) << np.uint16(bit)
    return patterns


def _letter(number: int) -> str:
    """Return A, B, ... Z, AA, AB, ... for 0, 1, ..."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[rest] + letters
    return letters
