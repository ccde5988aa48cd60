"""A report of made-up numbers, with names that nobody should be able to turn into code."""

import numpy as np
import pytest

from engine.domain.findings import (
    BodyPartShare,
    Comparison,
    ConditionPoint,
    Cue,
    Estimate,
    Extremes,
    Family,
    Findings,
    Interval,
    Level,
    Scale,
    Test,
)
from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import (
    CASE_METRICS,
    CaseMetric,
    CaseResult,
    ImageAgreement,
    ImageLocalisation,
    ImageResult,
)
from engine.domain.settings import RunSettings
from engine.figures.drawn import DrawnFigure, DrawnPicture
from engine.images.encode import encode_webp
from engine.report.content import ReportContent
from engine.report.gallery import choose_gallery
from engine.report.run import ExplainRun, Span
from engine.study.protocol import StudyInfo

EVIL = "<script>alert('x')</script>"


def located(ds):
    numbers = dict.fromkeys(ImageLocalisation.__dataclass_fields__, 0.5)
    return ImageLocalisation(**{**numbers, "ds": ds, "compared_pixels": 100, "unseen_pixels": 0})


def result(number, condition=EVIL):
    image = Image(f"{number:03}.png", 10, 10, f"{number:064x}", f"case {number}", condition)
    agreement = ImageAgreement(
        image, 3, 3, 3, 1.0, 0.8, 0.9, 0.9, 0.9, 0.2, 0.85, admitted=True, reason=None
    )
    return ImageResult(
        agreement,
        predicted="other",
        image_predicted="other",
        probability=0.7,
        is_correct=number % 2 == 0,
        localisation=located(number / 100),
    )


def case(of):
    metrics = {name: CaseMetric(of.localisation.ds, of.image.path, 1) for name in CASE_METRICS}
    return CaseResult(
        of.image.case, of.image.condition, "other", of.is_correct, 1, metrics, {"sex": EVIL}
    )


def findings(images):
    paths = tuple(image.image.path for image in images)
    estimate = Estimate(0.5, Interval(0.4, 0.6, 0.95), 10, 1, 0.1)
    test = Test("t", -3.67, (10.0,), 0.0003, 0.4, "cohen_d")
    comparison = Comparison(
        "sex", "ds", Scale.TWO_GROUPS, Family.PAPER, (Level(EVIL, estimate),), 10, 1, (), test,
        (Test("welch_t", -3.5, (9.1,), 0.0004, 0.4, "cohen_d"),), 0.05 / 6, 0.002, 0.002, True,
    )  # fmt: skip
    cue = Cue(
        "condition", "", EVIL, True, "auc", 0.3, Interval(0.2, 0.4, 0.95), 1e-4, 0.002, 10, 40,
        paths[:5], f"Maps of {EVIL} lie elsewhere",
    )  # fmt: skip
    return Findings(
        Extremes(0.1, len(paths), paths[:4], paths[-4:], paths[:4], paths[:4], paths[4:8]),
        (BodyPartShare("lips", "ds", 3, 4, 1, 4, 9.0, 0.4, 0.8),),
        (ConditionPoint(EVIL, True, 10, {**dict.fromkeys(CASE_METRICS, estimate),
                        "roi_area": estimate}, True, True, paths[:2]),),
        (comparison,),
        (cue,),
        12,
        (("age = young, correct", "too few"),),
    )  # fmt: skip


@pytest.fixture
def content():
    """A whole report of forty images."""
    images = [result(number) for number in range(40)]
    found = findings(images)
    info = StudyInfo("a" * 32, "1.0", "2020-01-01T00:00:00+00:00", 3, "b" * 64)
    run = ExplainRun(
        info, RunSettings(), {"card": {"name": EVIL}, "digest": "c" * 64}, images,
        [case(image) for image in images], Span("2020-01-01", "2020-01-02"),
    )  # fmt: skip
    groups = choose_gallery(found, images)
    picture = DrawnPicture(encode_webp(np.zeros((20, 80, 3), dtype=np.uint8)), "d" * 64, 80, 20)
    pictures = {path: picture for group in groups for path in group.images}
    figure = DrawnFigure("figure2-kappa", f"Kappa {EVIL}", b"<svg/>", b"png")
    return ReportContent(run, found, (), (figure,), groups, pictures)


@pytest.fixture
def undefined():
    return Undefined(Reason.TOO_FEW_CASES)
