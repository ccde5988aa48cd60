"""A returned packet goes into the study it was made from, reading by reading, in one step."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from engine.domain.problem import Problem, Refusal, refuse
from engine.study.packet_contents import Merged, ReturnedReading, study_digest
from engine.study.protocol import PacketInfo, Study
from engine.tasks.context import JobContext
from engine.tasks.progress import Step

OpenPacket = Callable[[Path], AbstractContextManager[Study]]
"""Opens a packet that came back, for reading only: `engine.study.packet_file.open_packet`."""


def merge_packets(
    study: Study,
    files: Iterable[Path],
    job: JobContext,
    *,
    open_packet: OpenPacket,
    author: str,
    takes_packet: bool = False,
) -> list[tuple[Path, Merged | Problem]]:
    """Merge one packet after another; one that is refused does not keep out the others.

    Returns
    -------
    For each file what its merge did, or why it was refused.
    """
    found: list[tuple[Path, Merged | Problem]] = []
    for file in files:
        try:
            with open_packet(file) as packet:
                merged = merge_packet(
                    study, packet, str(file), job, author=author, takes_packet=takes_packet
                )
        except Refusal as refusal:
            found.append((file, refusal.problem))
        else:
            found.append((file, merged))
    return found


def merge_packet(
    study: Study,
    packet: Study,
    name: str,
    job: JobContext,
    *,
    author: str,
    takes_packet: bool = False,
) -> Merged:
    """Append to a study what is new in a grader's packet, in one transaction.

    Parameters
    ----------
    packet
        Opened by `OpenPacket`, which refuses a damaged one.
    name
        The packet's file, for messages.
    takes_packet
        Append the packet's last state where a reading went on in the study too.

    Raises
    ------
    Refusal
        ``not_a_packet``, ``merge_into_packet``, ``packet_of_another_study``: nothing is merged.
    """
    info = _accepted(study, packet, name, job)
    total = len(packet.tasks())

    def readings() -> Iterator[ReturnedReading]:
        for done, reading in enumerate(packet.returned(), start=1):
            job.cancel.check()
            job.progress(Step("merge", done, total, reading.image))
            yield reading

    return job.on_study(
        study.merge_packet, info.grader, readings(), author=author, takes_packet=takes_packet
    )


def _accepted(study: Study, packet: Study, name: str, job: JobContext) -> PacketInfo:
    """Return whose packet it is, where it was made from this study."""
    info = packet.packet()
    if info is None:
        message = "The file is a study, not a packet"
        raise refuse("not_a_packet", name, message, "Give the file that the grader sent back")
    if job.on_study(study.packet) is not None:
        message = "A packet is merged into the study it was made from, not into a packet"
        raise refuse("merge_into_packet", name, message, "Give the study first, then packets")
    if info.study_digest != study_digest(job.on_study(study.info).id):
        message = f"The packet was made for {info.grader} from another study"
        raise refuse("packet_of_another_study", name, message, "Merge it into its own study")
    return info
