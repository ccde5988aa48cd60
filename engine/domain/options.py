"""What the lead of a study lays down for its graders."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """Options of a study that its window follows.

    Attributes
    ----------
    instructions
        What graders are to do, in Markdown; empty where none were given.
    masks_names
        Whether graders see *Image 12* in place of names and folders of images.
    leads
        Who may see the whole study; in a shared file this is trust, not a lock.
    """

    instructions: str = ""
    masks_names: bool = False
    leads: tuple[str, ...] = ()
