"""What is done with the file of the open study: copied, packed for graders, packets merged."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.desk.pages import is_lead
from desktop_app.studies import Opened, merge, pack
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
        if files and desk.is_at_hand(opened):
            work = partial(merge, desk.store, opened.study, files, self._person)
            desk.run_job(work, "Merging packets", self._on_merged)

    def _on_merged(self, merged: tuple[int, tuple[Problem, ...]]) -> None:
        readings, problems = merged
        file = self._opened.file
        message = f"{readings} reading{'s' * (readings != 1)} merged"
        # the queue and the image at hand may be others by now
        self._desk.reopen(file, then=lambda: self._desk.note("merged", file, message))
        if problems:
            self._desk.show_problems("Some readings were left out", problems)


def suggestion(opened: Opened | None, what: str) -> Path:
    """Return a name for a file made from a study, beside it."""
    file = opened.file if opened else Path.home() / "study.concord"
    name = re.sub(r"[/\\]", "_", f"{file.stem}-{what}")
    return file.with_name(safe_path(name) + file.suffix)
