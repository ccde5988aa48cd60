"""Who works in a study: what each reads and how far they are, who leads, who analyses."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.options import StudyOptions
from engine.domain.queue import QueueState
from engine.study.protocol import Study


@dataclass(frozen=True, slots=True)
class Person:
    """One person and their part in the study.

    Attributes
    ----------
    tasks, done, sent_back
        Readings the person was asked for, of them done, and of them to be done again.
    """

    name: str
    tasks: int = 0
    done: int = 0
    sent_back: int = 0
    is_lead: bool = False
    is_analyst: bool = False

    @property
    def progress(self) -> str:
        """How far a grader is, in words; empty where nothing was asked."""
        if not self.tasks:
            return ""
        again = f", {self.sent_back} sent back" if self.sent_back else ""
        return f"{self.done:,} of {self.tasks:,}{again}"


def read_people(study: Study) -> tuple[Person, ...]:
    """Return everybody with a part in the study, by name; runs on the study's lane."""
    options = study.options()
    graders = {grader: _counts(study, grader) for grader in study.graders()}
    names = {*graders, *options.leads, *options.analysts}
    return tuple(
        Person(
            name,
            *graders.get(name, (0, 0, 0)),
            is_lead=name in options.leads,
            is_analyst=name in options.analysts,
        )
        for name in sorted(names, key=lambda name: (name.casefold(), name))
    )


def _counts(study: Study, grader: str) -> tuple[int, int, int]:
    states = [item.state for item in study.queue(grader)]
    return len(states), states.count(QueueState.DONE), states.count(QueueState.SENT_BACK)


def leads_with(options: StudyOptions, name: str, me: str) -> tuple[str, ...]:
    """Return the leads once `name` is one; whoever names the first lead stays one.

    While nobody is named everybody leads, so naming somebody else first would lock one out.
    """
    first = () if options.leads else (me,)
    return tuple(dict.fromkeys((*first, *options.leads, name)))


def fault_of_removal(options: StudyOptions, name: str, me: str) -> str:
    """Return why `name` cannot be taken from the leads, or an empty text where they can."""
    if options.leads == (name,):
        return f"{name} is the only lead. Make somebody else a lead first."
    if name == me:
        return "You would lock yourself out. Another lead can do this for you."
    return ""


def without(names: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the names but one."""
    return tuple(other for other in names if other != name)


def fault_of_name(name: str, people: Sequence[Person]) -> str:
    """Return why nobody can be added under a name, or an empty text where they can."""
    if not name.strip():
        return "Write the person’s name."
    same = next((p.name for p in people if p.name.casefold() == name.strip().casefold()), "")
    return f"{same} is in the study already." if same else ""
