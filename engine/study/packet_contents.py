"""What leaves a study in a grader's packet, and what comes back in it: values, no database."""

import hashlib
import hmac
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
    study_digest
        See `study_digest`.
    pictures
        Images under their names in the packet, each with its encoded photograph; taken one by
        one, before the readings.
    readings
        Of these images; taken one by one.
    """

    study_digest: str
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


def study_digest(study_id: str) -> str:
    """Return the SHA-256 (hex) by which a packet tells its study without holding the study's id."""
    return hashlib.sha256(study_id.encode()).hexdigest()


def record_key(study_id: str, image: str, grader: str, role: Role) -> str:
    """Return the HMAC (hex) by which a study finds a reading again, whatever the image's name.

    Only who has the study can tell whether a key is that of a name: a packet holds all else.

    Parameters
    ----------
    study_id
        The secret; it is random and never leaves the study.
    image
        Its path in the study.
    """
    text = json.dumps([image, grader, role.value], ensure_ascii=False)
    return hmac.new(study_id.encode(), text.encode(), hashlib.sha256).hexdigest()


def damaged_packet(where: str, message: str) -> Refusal:
    """Return the refusal of a packet that is not whole."""
    remedy = "Nothing of it was merged; ask the grader to send the file again"
    return refuse("packet_damaged", where, message, remedy)
