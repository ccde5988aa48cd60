"""Made-up rows in the shape of a real run, large and tiny."""

import numpy as np

from engine.domain.findings import (
    BodyPartShare,
    Comparison,
    ConditionPoint,
    Estimate,
    Family,
    Interval,
    Level,
    Scale,
    Test,
)
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import (
    CaseMetric,
    CaseResult,
    ImageAgreement,
    ImageLocalisation,
    ImageResult,
)

ODD = "<script>alert('$x_1^2$')</script> & \"_\" \\frac{1}{2} 100 %"
UNSEEN = "漢字 \x00\n\ud800 \u202e ☃ 🦠"
CONDITIONS = [
    "Acne",
    "Actinic Keratosis",
    "Allergic Contact Dermatitis",
    "Alopecia Areata",
    "Androgenetic Alopecia",
    "Basal Cell Carcinoma",
    "Cyst",
    "Eczema",
    "Folliculitis",
    "Hidradenitis",
    "Lentigo",
    "Melanocytic Nevus",
    "Melanoma",
    "Post Inflammatory Hyperpigmentation",
    "Psoriasis",
    "Squamous cell carcinoma / squamous cell carcinoma in situ",
    "Seborrheic keratosis / irritated seborrheic keratosis",
    "Scar condition",
    "Seborrheic dermatitis",
    "Skin tag",
    "Stasis dermatitis",
    "Tinea",
    "Tinea versicolor",
    "Urticaria",
    "Verruca vulgaris",
    "Vitiligo",
]
UNDEFINED = Undefined(Reason.ROI_FULL)


def localisation(ds=0.4, srcc=0.3, chance=0.2, **values):
    fields = dict.fromkeys(ImageLocalisation.__dataclass_fields__, 0.5)
    fields |= {"ds": ds, "srcc": srcc, "ds_chance": chance, "ds_threshold": 0.12} | values
    return ImageLocalisation(**fields)


def agreement(kappa=0.8, *, path="a.jpg", ac1=0.9, ceiling=0.85, cut=0.4, **image):
    reason = None
    if isinstance(kappa, Undefined):
        reason = Reason.KAPPA_UNDEFINED
    elif kappa < cut:
        reason = Reason.KAPPA_BELOW_CUT
    picture = Image(path, 100, 80, digest="0", **image)
    answers = (3, 3, 3, 1.0)
    return ImageAgreement(
        picture, *answers, kappa, ac1, 0.8, 0.8, 0.2, ceiling, reason is None, reason
    )


def result(path="a.jpg", *, is_correct=True, ceiling=0.85, located=None, **image):
    row = agreement(path=path, ceiling=ceiling, **image)
    return ImageResult(row, is_correct=is_correct, localisation=located or localisation())


def case(name, *, ds=0.4, srcc=0.3, **metadata):
    values = {"ds": ds, "srcc": srcc, "auc": 0.6, "ds_above_chance": 0.1}
    metrics = {metric: CaseMetric(value, "", 1) for metric, value in values.items()}
    return CaseResult(name, "Acne", "Acne", True, 1, metrics, metadata)


def study(images, seed=0):
    """Return image and case rows of so many images, admitted or not."""
    random = np.random.default_rng(seed)
    rows, cases = [], []
    for number in range(images):
        kappa = float(np.clip(1 - random.gamma(1.6, 0.2), -0.3, 0.99))
        ds, srcc = float(random.beta(4, 9)), float(random.normal(0.2, 0.15))
        row = agreement(kappa, path=f"p/{number}.jpg", ac1=kappa, case=f"c{number}")
        correct = (True, False, Undefined(Reason.CONDITION_NOT_MAPPED))[number % 7 % 3]
        located = localisation(ds, srcc) if row.admitted else None
        rows.append(ImageResult(row, is_correct=correct, localisation=located))
        if row.admitted:
            cases.append(case(f"c{number}", ds=ds, srcc=srcc, age=str(18 + number % 70)))
    return rows, cases


def estimate(value, *, half=0.03, n=20):
    if isinstance(value, Undefined):
        return Estimate(value, value, n)
    return Estimate(value, Interval(value - half, value + half, 0.95), n)


def point(condition, ds, srcc, **values):
    given = {"is_correct": True, "cases": 20, "is_compared": True, "is_lowest": False} | values
    means = {"ds": estimate(ds), "srcc": estimate(srcc)}
    return ConditionPoint(condition=condition, means=means, examples=(), **given)


def points(conditions, seed=1):
    random = np.random.default_rng(seed)
    return [
        point(name, ds, ds - 0.1, is_correct=is_correct, is_lowest=number < 2)
        for is_correct in (True, False)
        for number, name in enumerate(conditions)
        for ds in [float(random.normal(0.3, 0.05)) - 0.1 * (number < 2)]
    ]


def comparison(column="sex", metric="ds", *, levels=(), p=0.0002, is_significant=True, **values):
    scale = Scale.TWO_GROUPS if len(levels) == 2 else Scale.GROUPS if levels else Scale.NUMBER
    tests = {
        Scale.TWO_GROUPS: Test("t", -3.67, (1069.0,), p, 0.22, "Cohen's d"),
        Scale.GROUPS: Test("anova", 0.42, (5.0, 1077.0), p, 0.002, "eta squared"),
        Scale.NUMBER: Test("pearson", 0.1, (1069.0,), p, 0.1, "r"),
    }
    given = {
        "levels": tuple(Level(name, estimate(value, n=n)) for name, value, n in levels),
        "n": 1071,
        "missing": 12,
        "left_out": (),
        "test": tests[scale],
        "beside": (),
        "alpha": 0.05 / 6,
        "p_holm": 0.001,
        "p_benjamini_hochberg": 0.001,
        "is_significant": is_significant,
    } | values
    return Comparison(column, metric, scale, Family.PAPER, **given)


def comparisons(names=("female", "male")):
    tones = [(f"type {tone}", 0.3, 100) for tone in ("I", "II", "III", "IV", "V", "VI")]
    sexes = [(name, 0.3, 500) for name in names]
    return [
        comparison(column, metric, levels=levels)
        for column, levels in (("sex", sexes), ("skin_tone", tones), ("age", ()))
        for metric in ("ds", "srcc")
    ]


def share(part="lip", group="ds", *, shown=3, labelled=12, control=(1, 10), p_holm=0.5):
    return BodyPartShare(part, group, shown, labelled, *control, 2.0, p_holm, p_holm)
