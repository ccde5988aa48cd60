"""Which of the eight patterns an image shows."""

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageLocalisation
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.domain.settings import LocalisationSettings
from engine.localisation.localise import localise
from engine.localisation.patterns import shared_interest_pattern
from engine.regions.runs import runs_of_mask

NOTHING_SALIENT = Undefined(Reason.NO_POSITIVE_ATTRIBUTION)


@pytest.fixture
def row() -> ImageLocalisation:
    geometry = Geometry(2, 1, 2, 1, 1, 1)
    values = np.array([[0, SCALE]], dtype=np.int16)
    region = runs_of_mask(np.array([[False, True]]))
    return localise(SaliencyMap(values, geometry, MapFacts("test")), region, LocalisationSettings())


@pytest.mark.parametrize(
    ("is_correct", "of_region", "of_saliency", "pattern"),
    [
        (True, 0.9, 0.9, "human_aligned"),
        (True, 0.1, 0.9, "sufficient_subset"),
        (True, 0.9, 0.1, "sufficient_context"),
        (True, 0.1, 0.1, "context_dependent"),
        (False, 0.9, 0.9, "confuser"),
        (False, 0.1, 0.9, "insufficient_subset"),
        (False, 0.9, 0.1, "context_confusion"),
        (False, 0.1, 0.1, "distractor"),
    ],
)
def test_two_coverages_and_the_verdict_name_the_pattern(
    row, is_correct, of_region, of_saliency, pattern
):
    seen = replace(row, ground_truth_coverage=of_region, saliency_coverage=of_saliency)
    got = shared_interest_pattern(seen, is_correct=is_correct, settings=LocalisationSettings())
    assert got == pattern


def test_a_coverage_at_its_cut_is_high_and_each_has_its_own(row):
    seen = replace(row, ground_truth_coverage=0.3, saliency_coverage=0.3)
    settings = LocalisationSettings(ground_truth_cut=0.3, saliency_cut=0.31)
    got = shared_interest_pattern(seen, is_correct=True, settings=settings)
    assert got == "sufficient_context"


def test_without_a_verdict_or_a_coverage_there_is_no_pattern(row):
    settings = LocalisationSettings()
    assert shared_interest_pattern(row, is_correct=None, settings=settings) is None
    for name in ("ground_truth_coverage", "saliency_coverage"):
        unknown = replace(row, **{name: NOTHING_SALIENT})
        assert shared_interest_pattern(unknown, is_correct=True, settings=settings) is None
