"""What leaves a study in a grader's packet, and what comes back in it: values, no database."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.domain.grading import Revision, Role, Task
from engine.domain.image import Image
from engine.domain.options import StudyOptions
from engine.domain.problem import Problem, Refusal, refuse

LEAD = "lead"
"""Stands in a packet for everybody who wrote something but the grader."""


@dataclass(frozen=True, slots=True)
class PacketReading:
    """One reading as it leaves the study.

    Attributes
    ----------
    task
        Under the image's name in the packet, at its place in the packet.
    key
        By which the study finds the reading again; see `record_key`.
    revisions
        All that the study has by now, oldest first, so that they can be undone in the packet.
    """

    task: Task
    key: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class PacketContents:
    """All that is written into a packet; nothing else can get into it.

    Attributes
    ----------
    pictures
        Images under their names in the packet, each with its encoded photograph; taken one by
        one, before the readings.
    readings
        Of these images; taken one by one.
    """

    study_id: str
    grader: str
    options: StudyOptions
    pictures: Iterable[tuple[Image, bytes]]
    readings: Iterable[PacketReading]


WritePacket = Callable[[Path, PacketContents], Path]
"""Writes a packet to a new file and returns its name."""


@dataclass(frozen=True, slots=True)
class ReturnedReading:
    """One reading as it comes back.

    Attributes
    ----------
    image
        Its name in the packet.
    key
        None where the study did not put the reading into the packet.
    base
        Digests of the revisions that it left the study with.
    revisions
        Those written since, oldest first.
    visits
        Seconds at work by the beginning of each visit (ISO 8601, UTC).
    """

    image: str
    grader: str
    role: Role
    key: str | None
    base: tuple[str, ...]
    revisions: tuple[Revision, ...]
    visits: dict[str, float]


@dataclass(frozen=True, slots=True)
class Merged:
    """What the merge of one packet did to the study.

    Attributes
    ----------
    readings, revisions
        How many readings gained how many revisions.
    unchanged
        Readings in which the packet has nothing new.
    problems
        Readings that were left out, each with the reason.
    """

    grader: str
    readings: int = 0
    revisions: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


def record_key(study_id: str, image: str, grader: str, role: Role) -> str:
    """Return the SHA-256 (hex) by which a study finds a reading again, whatever the image's name.

    Parameters
    ----------
    image
        Its path in the study.
    """
    text = json.dumps([study_id, image, grader, role.value], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def damaged_packet(where: str, message: str) -> Refusal:
    """Return the refusal of a packet that is not whole."""
    remedy = "Nothing of it was merged; ask the grader to send the file again"
    return refuse("packet_damaged", where, message, remedy)
