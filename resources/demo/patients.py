"""People who do not exist: what is known of each, and what their photographs have in common."""

from dataclasses import dataclass

import numpy as np

from resources.demo.photographs import CONDITIONS, PLANTED, Scene
from resources.demo.skin import TONES

SEXES = ("female", "male")

METADATA = ("sex", "age", "skin_tone")
"""What is told of a patient, in the order of the manifest's columns."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One case.

    Attributes
    ----------
    tone
        Index into `TONES`.
    is_marked
        A pen mark lies beside the lesion, in every photograph of the visit.
    photographs
        How many there are, 1 to 3.
    """

    condition: str
    sex: str
    age: int
    tone: int
    is_marked: bool
    photographs: int

    @property
    def metadata(self) -> tuple[str, str, str]:
        """What is told of the patient, in the order of `METADATA`."""
        return self.sex, str(self.age), TONES[self.tone]


def random_patient(
    rng: np.random.Generator, *, number: int, cue: tuple[float, float] = (0.96, 0.02)
) -> Patient:
    """Return a patient of whom only the planted condition and the pen mark depend on each other.

    Parameters
    ----------
    number
        Of the patient; the conditions take turns.
    cue
        Probability of a pen mark beside the planted condition, and beside any other.
    """
    condition = CONDITIONS[number % len(CONDITIONS)]
    return Patient(
        condition=condition,
        sex=SEXES[rng.integers(2)],
        age=int(np.clip(rng.normal(46, 17), 18, 89)),
        tone=int(rng.integers(len(TONES))),
        is_marked=bool(rng.random() < cue[condition != PLANTED]),
        photographs=int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.2])),
    )


def random_scene(rng: np.random.Generator, patient: Patient) -> Scene:
    """Return what one photograph of a patient shows; all but patient and pen mark is chance."""
    return Scene(
        condition=patient.condition,
        tone=patient.tone,
        has_ink=patient.is_marked,
        has_ruler=bool(rng.random() < 0.15),
        has_hairs=bool(rng.random() < 0.2),
        has_finger=bool(rng.random() < 0.15),
    )
