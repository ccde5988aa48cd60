"""How far each part of a run is, and how long it still takes: arithmetic on what was told."""

from dataclasses import dataclass, replace

from engine.tasks.progress import Step

ROOMS = {
    "agreement": "Graders' agreement",
    "saliency": "Saliency maps",
    "findings": "Findings",
    "pictures": "Pictures",
}
"""Parts of a run and of a report in their order, in words."""

SETTLED = 2.0
"""Seconds of work after which a rate is worth telling."""


@dataclass(frozen=True, slots=True)
class RoomProgress:
    """How far one part of a run is, and how many seconds of work it took so far."""

    room: str
    done: int
    total: int
    label: str = ""
    seconds: float = 0.0

    @property
    def title(self) -> str:
        """What the part is called."""
        return ROOMS.get(self.room, self.room.capitalize())

    @property
    def seconds_left(self) -> float | None:
        """Seconds until this part is done at the rate so far; None while nothing can be said."""
        if self.done >= self.total:
            return 0.0
        if not self.done or self.seconds < SETTLED:
            return None
        return self.seconds / self.done * (self.total - self.done)


@dataclass(frozen=True, slots=True)
class Course:
    """The parts of a run that were begun, in order; time that it was held does not count.

    Attributes
    ----------
    since
        When the present part began to be worked on, or went on after it was held; None while held.
    """

    rooms: tuple[RoomProgress, ...] = ()
    since: float | None = None

    @property
    def present(self) -> RoomProgress | None:
        """The part that is worked on."""
        return self.rooms[-1] if self.rooms else None

    @property
    def is_held(self) -> bool:
        """True where the run was begun and is held."""
        return bool(self.rooms) and self.since is None

    def told(self, step: Step, now: float) -> "Course":
        """Return the course after one more step."""
        known = self.counted(now)
        rooms, last = known.rooms, known.present
        if last is not None and last.room == step.room:
            room = replace(last, done=step.done, total=step.total, label=step.label)
            return Course((*rooms[:-1], room), known.since)
        room = RoomProgress(step.room, step.done, step.total, step.label)
        return Course((*rooms, room), None if known.is_held else now)

    def held(self, now: float) -> "Course":
        """Return the course from now on held."""
        return replace(self.counted(now), since=None)

    def resumed(self, now: float) -> "Course":
        """Return the course going on."""
        return replace(self, since=now)

    def counted(self, now: float) -> "Course":
        """Return the course with the time until now counted."""
        last = self.present
        if last is None or self.since is None:
            return self
        room = replace(last, seconds=last.seconds + now - self.since)
        return Course((*self.rooms[:-1], room), now)


def in_words(seconds: float) -> str:
    """Return a duration as one reads it: ``under 5 s``, ``40 s``, ``4 min``, ``2 h 10 min``."""
    if seconds < 5:
        return "under 5 s"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
