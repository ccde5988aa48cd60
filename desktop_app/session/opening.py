"""What is read of a study for one grader, and nothing of others."""

from dataclasses import dataclass

from engine.domain.options import StudyOptions
from engine.domain.queue import QueueItem
from engine.study.protocol import PacketInfo, Study


@dataclass(frozen=True, slots=True)
class Opening:
    """What is read of a study when a grader opens it."""

    items: list[QueueItem]
    options: StudyOptions
    packet: PacketInfo | None


def read_opening(study: Study, grader: str) -> Opening:
    """Read a grader's queue and what the study lays down; nothing of other graders."""
    return Opening(study.queue(grader), study.options(), study.packet())


def read_times(study: Study, grader: str) -> list[float]:
    """Read the seconds at work on each image that has any; nothing of other graders."""
    return list(study.activity(grader).values())
