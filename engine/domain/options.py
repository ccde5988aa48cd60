"""What the lead of a study lays down for its graders."""

from dataclasses import dataclass, field

from engine.domain.settings import AgreementSettings, RunSettings


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
    analysts
        Who may explain its classifiers, beside the leads.
    settings
        From which every run of the study starts, in the window and on the command line.
    """

    instructions: str = ""
    masks_names: bool = False
    leads: tuple[str, ...] = ()
    analysts: tuple[str, ...] = ()
    settings: RunSettings = field(default_factory=RunSettings)

    def for_a_grader(self) -> "StudyOptions":
        """Return what of them goes into a grader's packet: nothing of people, little of settings.

        The number of regions to be outlined is all that a grader's window has to know.
        """
        most = AgreementSettings(max_outlined_regions=self.settings.agreement.max_outlined_regions)
        settings = RunSettings(agreement=most)
        return StudyOptions(self.instructions, self.masks_names, settings=settings)
