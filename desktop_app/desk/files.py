"""What is done with the file of the open study: copied, packed for graders, packets merged."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.desk.pages import is_lead
from desktop_app.studies import Opened, merge, pack
from desktop_app.window.banner import Remedy
from engine.domain.problem import Problem
from engine.formats.file_names import safe_path
from engine.tasks.executors import Lane

if TYPE_CHECKING:
    from desktop_app.desk.desk import Desk
    from engine.stages.packing import Packed


class StudyFile:
    """The actions on the file of one open study, as its desk carries them out."""

    def __init__(self, desk: "Desk", opened: Opened, person: str) -> None:
        self._desk = desk
        self._opened = opened
        self._person = person

    @property
    def handlers(self) -> dict[str, Callable[..., object]]:
        """What may be done with the file; packets are made and merged by leads."""
        handlers: dict[str, Callable[..., object]] = {"save_copy": self.save_copy}
        if self._opened.packet is None and is_lead(self._opened.options, self._person):
            handlers |= {"packet": self.make_packet, "merge": self.merge}
        return handlers

    def save_copy(self) -> None:
        """Copy the study into a new file."""
        desk, opened = self._desk, self._opened
        target = desk.pickers.new_file(desk.window, suggestion(opened, "copy"))
        if target is not None and desk.is_at_hand(opened):
            desk.bridge.run(
                Lane.STUDY,
                partial(opened.study.save_copy, target),
                then=lambda file: desk.note("copy_saved", file, "The study was copied"),
                failed=desk.tell_error,
            )

    def make_packet(self) -> None:
        """Write the packet of a grader."""
        desk, opened = self._desk, self._opened
        if not desk.is_at_hand(opened):
            return
        people = desk.opened.people if desk.opened else opened.people
        grader = desk.pickers.grader(desk.window, people)
        asked = suggestion(opened, grader) if grader else None
        target = desk.pickers.new_file(desk.window, asked) if asked else None
        if target is not None and desk.is_at_hand(opened):
            work = partial(pack, desk.store, opened.study, grader, target)
            desk.run_job(work, f"Packing for {grader}", self._on_packed)

    def _on_packed(self, packed: "Packed") -> None:
        message = f"The packet of {packed.grader} is ready"
        self._desk.note("packet_made", packed.file, message)
        if packed.problems:
            self._desk.show_problems("Some images are not in the packet", packed.problems)

    def merge(self) -> None:
        """Bring packets back into the study."""
        desk, opened = self._desk, self._opened
        if not desk.is_at_hand(opened):
            return
        files = desk.pickers.packets(desk.window, opened.file.parent)
        if files:
            self._merge(files, takes_packet=False)

    def _merge(self, files: Sequence[Path], *, takes_packet: bool) -> None:
        desk, opened = self._desk, self._desk.opened
        if desk.is_at_hand(opened) and opened.file == self._opened.file:
            work = partial(merge, desk.store, opened.study, files, self._person, takes_packet)
            desk.run_job(work, "Merging packets", partial(self._on_merged, files))

    def _on_merged(self, files: Sequence[Path], merged: tuple[int, tuple[Problem, ...]]) -> None:
        readings, problems = merged
        file = self._opened.file
        contested = sum(problem.code in CONTESTED for problem in problems)

        def tell() -> None:
            message = f"{readings} reading{'s' * (readings != 1)} merged"
            self._desk.note("merged", file, message)
            if contested:
                take = Remedy(
                    "Take the packets’ state", partial(self._merge, files, takes_packet=True)
                )
                self._desk.window.banners.tell(left_out(contested, file), take)

        # the queue and the image at hand may be others by now
        self._desk.reopen(file, then=tell)
        if problems:
            self._desk.show_problems("Some readings were left out", problems)


CONTESTED = {"merge_conflict", "task_withdrawn"}
"""Why a reading is left out that a lead may take all the same."""


def left_out(count: int, file: Path) -> Problem:
    """Return the problem of readings that are in a packet and went on in the study too."""
    readings = "1 reading was" if count == 1 else f"{count} readings were"
    return Problem(
        "merge_left_out",
        file.name,
        f"{readings} left out: they went on in the study too, or were taken back",
        "Leave it so, or put the packets’ state on top of the study’s",
    )


def suggestion(opened: Opened | None, what: str) -> Path:
    """Return a name for a file made from a study, beside it."""
    file = opened.file if opened else Path.home() / "study.concord"
    name = re.sub(r"[/\\]", "_", f"{file.stem}-{what}")
    return file.with_name(safe_path(name) + file.suffix)
