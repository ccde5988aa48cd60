"""Synthetic studies by seed: conditions, cases, pictures, and the flaw planted in them."""

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.power.fields import Indices, Mask
from benchmarks.power.lesions import Appearance, Lesions, place_lesions
from benchmarks.power.marks import STICKERS
from benchmarks.power.pictures import Scenes, draw
from resources.demo.skin import TONES

Kind = Literal["mark", "sex", "none"]

PLANTED: tuple[Kind, ...] = ("mark", "sex")

KINDS: tuple[Kind, ...] = (*PLANTED, "none")

SEXES = ("female", "male")

STRENGTH = 0.96
"""Share of the planted pictures that show the cue, unless another strength is asked for."""

ELSEWHERE = 0.03
"""Share of the other pictures that show the same mark all the same."""

DISTRACTORS = 0.15
"""Share of all pictures that show a mark which tells nothing."""

ATYPICAL = 0.2
"""Share of lesions that look like those of another condition: what a cue has to overrule."""

TRAINING_IMAGES = 2400

HEALTHY = "healthy skin"
"""Class of pictures without a lesion, in training alone. Without it one condition, mostly the one
of the smallest lesions, becomes the class of everything in which nothing is found."""

LOOKS = {
    "acne": Appearance(
        blood=1.1, melanin=0.0, flakes=0.05, radius=0.12, aspect=1.5, roughness=0.08,
        softness=0.3, speckle=0.8, several=0.6,
    ),
    "eczema": Appearance(
        blood=0.8, melanin=0.15, flakes=0.0, radius=0.17, aspect=1.7, roughness=0.1,
        softness=0.6, speckle=0.3, several=0.4,
    ),
    "keratosis": Appearance(
        blood=0.1, melanin=0.9, flakes=0.25, radius=0.13, aspect=1.3, roughness=0.05,
        softness=0.1, speckle=0.9, several=0.2,
    ),
    "melanoma": Appearance(
        blood=0.2, melanin=1.9, flakes=0.0, radius=0.13, aspect=1.5, roughness=0.12,
        softness=0.15, speckle=0.5, several=0.0,
    ),
    "psoriasis": Appearance(
        blood=0.9, melanin=0.0, flakes=0.4, radius=0.16, aspect=1.6, roughness=0.08,
        softness=0.1, speckle=0.5, several=0.5,
    ),
    "vitiligo": Appearance(
        blood=0.0, melanin=0.0, flakes=0.7, radius=0.16, aspect=1.8, roughness=0.12,
        softness=0.1, speckle=0.05, several=0.5,
    ),
}  # fmt: skip
"""How conditions look by nature; real terms on made-up lesions.

Each has a sign of its own. A condition that is only fainter than another, as a small nevus is
beside a melanoma, a classifier tells by what it does not see: maps of its probability then miss
the lesion without any planted cue, and 3 of 13 clean studies with such a nevus were accused of it.
That is a limit of looking for cues in maps, not something this benchmark can hide or count.
"""

NOTHING = Appearance(
    blood=0, melanin=0, flakes=0, radius=0, aspect=1, roughness=0, softness=1, speckle=0, several=0
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is true of one study.

    Attributes
    ----------
    conditions
        Names of the conditions.
    looks
        How each condition looks, and last how healthy skin does.
    shares
        How frequent each condition is, summing to 1.
    cases
        Number of cases.
    planted_condition, planted_sex
        Which condition, or sex, the cue is tied to: an index that other kinds do not use.
    is_ruler
        Whether the mark of the kind ``mark`` is a ruler, else it is drawn with a pen.
    strength
        Share of the planted pictures that show the cue.
    """

    kind: Kind
    seed: int
    conditions: tuple[str, ...]
    looks: tuple[Appearance, ...]
    shares: tuple[float, ...]
    cases: int
    planted_condition: int
    planted_sex: int
    is_ruler: bool
    strength: float

    @property
    def planted(self) -> str:
        """What the cue is tied to, as ``condition nevus`` or ``sex male``; empty if nothing is."""
        names = {
            "mark": f"condition {self.conditions[self.planted_condition]}",
            "sex": f"sex {SEXES[self.planted_sex]}",
        }
        return names.get(self.kind, "")


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """n pictures with what is true of them.

    Attributes
    ----------
    pixels
        Shape (n, SIDE, SIDE, 3), uint8.
    """

    pixels: NDArray[np.uint8]
    scenes: Scenes
    lesions: Lesions


@dataclass(frozen=True, slots=True)
class Patient:
    """One case: condition and sex as indices, and what the manifest says of it."""

    condition: int
    sex: int
    tone: int
    images: int
    metadata: dict[str, str]


def plan_study(kind: Kind, seed: int, *, strength: float = STRENGTH) -> Plan:
    """Return the plan of a study; the same seed gives conditions of the same looks in any kind."""
    rng = np.random.default_rng([seed, 0])
    count = int(rng.integers(4, 7))
    shares = rng.uniform(0.7, 1.4, count)
    names = rng.permutation(sorted(LOOKS))[:count].tolist()
    return Plan(
        kind,
        seed,
        conditions=tuple(names),
        looks=(*(_varied(rng, LOOKS[name]) for name in names), NOTHING),
        shares=tuple((shares / shares.sum()).tolist()),
        cases=int(rng.integers(100, 201)),
        planted_condition=int(rng.integers(count)),
        planted_sex=int(rng.integers(2)),
        is_ruler=bool(rng.random() < 0.5),
        strength=strength,
    )


def _varied(rng: np.random.Generator, look: Appearance) -> Appearance:
    """Return the look as this study's patients and cameras have it."""
    return Appearance(
        **{name: value * rng.uniform(0.8, 1.2) for name, value in asdict(look).items()}
    )


def plan_patients(plan: Plan) -> list[Patient]:
    """Return the study's cases; sex, age and skin tone depend on nothing."""
    rng = np.random.default_rng([plan.seed, 1])
    return [_patient(rng, plan) for _ in range(plan.cases)]


def _patient(rng: np.random.Generator, plan: Plan) -> Patient:
    sex, tone = int(rng.integers(2)), int(rng.integers(len(TONES)))
    age = str(int(np.clip(rng.normal(46, 17), 18, 89)))
    columns = {"sex": SEXES[sex], "skin_tone": TONES[tone], "age": age}
    return Patient(
        condition=int(rng.choice(len(plan.shares), p=plan.shares)),
        sex=sex,
        tone=tone,
        images=int(rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1])),
        metadata={name: value for name, value in columns.items() if rng.random() > 0.04},
    )


def study_pictures(plan: Plan, patients: list[Patient]) -> Pictures:
    """Return the pictures of the study, case by case."""
    rng = np.random.default_rng([plan.seed, 2])
    rows = [(p.condition, p.sex, p.tone) for p in patients for _ in range(p.images)]
    condition, sex, tone = np.array(rows).T
    return _pictures(rng, plan, condition=condition, sex=sex, tone=tone)


def training_pictures(plan: Plan, count: int = TRAINING_IMAGES) -> Pictures:
    """Return other pictures to train on, all conditions and healthy skin equally frequent."""
    rng = np.random.default_rng([plan.seed, 3])
    condition = np.arange(count) % len(plan.looks)
    sex, tone = rng.integers(2, size=count), rng.integers(len(TONES), size=count)
    return _pictures(rng, plan, condition=condition, sex=sex, tone=tone)


def outlined(plan: Plan, pictures: Pictures) -> Mask:
    """Return what graders outlined, shape (n, SIDE, SIDE): the truth seen through a small slip."""
    rng = np.random.default_rng([plan.seed, 4])
    slip, growth = rng.normal((0, 1.05), 0.05, (len(pictures.pixels), 2)).T
    return pictures.lesions.depth(shift=slip, growth=growth) > 0


def _pictures(
    rng: np.random.Generator, plan: Plan, *, condition: Indices, sex: Indices, tone: Indices
) -> Pictures:
    scenes = _scenes(rng, plan, condition=condition, sex=sex, tone=tone)
    lesions = place_lesions(rng, scenes.look, plan.looks)
    return Pictures(draw(rng, scenes, lesions, plan.looks), scenes, lesions)


def _scenes(
    rng: np.random.Generator, plan: Plan, *, condition: Indices, sex: Indices, tone: Indices
) -> Scenes:
    """Return scenes in which only the planted cue depends on condition or sex."""
    count, conditions = len(condition), len(plan.conditions)
    is_ill = condition < conditions
    is_atypical = is_ill & (rng.random(count) < ATYPICAL)
    look = np.where(is_atypical, rng.integers(conditions, size=count), condition)
    lots = rng.random((3, count))
    of_condition = np.where(condition == plan.planted_condition, plan.strength, ELSEWHERE)
    is_told = is_ill & (sex == plan.planted_sex)
    pen = of_condition if plan.kind == "mark" and not plan.is_ruler else DISTRACTORS
    ruler = of_condition if plan.kind == "mark" and plan.is_ruler else DISTRACTORS
    sticker = np.where(is_told, plan.strength, ELSEWHERE) if plan.kind == "sex" else DISTRACTORS
    any_colour = rng.integers(len(STICKERS), size=count)
    colour = np.where(is_told, condition, any_colour) if plan.kind == "sex" else any_colour
    return Scenes(
        condition,
        look,
        tone,
        has_pen=lots[0] < pen,
        has_ruler=lots[1] < ruler,
        sticker=np.where(lots[2] < sticker, colour, -1),
    )
