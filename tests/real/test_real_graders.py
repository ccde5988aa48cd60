"""Eight dermatologists and five experts: their answers, their overlap, and STAPLE."""

from collections import defaultdict

import numpy as np
import pytest
from medpy.metric.binary import hd95

from engine.domain.grading import Reading, Role
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import AgreementSettings
from engine.formats.annotations import read_each
from engine.formats.names import ImageNames
from engine.formats.options import ImportOptions
from engine.formats.sources import find_sources
from engine.graders.agreement import measure_agreement
from engine.graders.answers import answer_agreement
from engine.graders.by_grader import gather, measure_graders
from engine.regions.rasterise import rasterise

pytestmark = pytest.mark.real
SETTINGS = AgreementSettings(require_all_graders_outlined=False)
STAPLE = AgreementSettings(require_all_graders_outlined=False, consensus="staple")


@pytest.fixture(scope="module")
def graded(real_data):
    """Fourteen images with the readings of eight dermatologists."""
    options = ImportOptions(name_pattern="{grader}_{image}")
    sources = find_sources([real_data / "dermxdb"], options).annotations
    parsed = list(read_each(sources, options, ImageNames()))
    readings = defaultdict(list)
    for grading in (g for file in parsed for g in file.gradings):
        reading = Reading(grading.grader, Role.ASSIGNED, grading, grading, last=grading)
        readings[grading.image].append(reading)
    images = {image.path: image for file in parsed for image in file.new_images}
    return [(images[path], tuple(readings[path])) for path in sorted(images)]


def test_answers_of_eight_dermatologists(graded):
    visible, count = answer_agreement(graded, SETTINGS)
    # An empty import does not say whether a condition is visible, so nobody says it is not.
    assert (visible.images, visible.answers, visible.missing) == (13, 78, 34)
    assert visible.fleiss_kappa == Undefined(Reason.NO_VARIATION)
    assert (count.graders, count.is_one_panel) == (8, False)
    assert count.fleiss_kappa == pytest.approx(0.5205, abs=1e-4)
    assert count.gwet_ac1 == pytest.approx(0.6147, abs=1e-4)
    assert count.alpha_ordinal == pytest.approx(0.7070, abs=1e-4)


def test_every_pair_of_dermatologists_is_compared_on_every_image(graded):
    study = gather(measure_graders(image, readings, SETTINGS) for image, readings in graded)
    assert len(study.graders) == 8
    assert len(study.pairs) == 28
    assert all(pair.images == pair.dice.n + pair.dice.undefined == 14 for pair in study.pairs)
    assert np.mean([pair.dice.value for pair in study.pairs]) == pytest.approx(0.480, abs=1e-3)
    assert {row.done for row in study.graders} == {14}
    ranked = sorted(study.graders, key=lambda row: row.dice.value)
    assert (ranked[0].grader, ranked[-1].grader) == ("labeller1", "labeller4")


def test_distances_between_dermatologists_are_those_of_medpy(graded):
    image, readings = graded[7]
    masks = [rasterise(r.first.region, width=image.width, height=image.height) for r in readings]
    found = measure_graders(image, readings, SETTINGS).overlaps.hd95
    expected = hd95(masks[0].to_mask(), masks[1].to_mask())
    assert found[0][1] == pytest.approx(expected, abs=1e-9)


def test_staple_is_flagged_where_dermatologists_who_see_nothing_have_no_sensitivity(graded):
    rows = [measure_agreement(image, readings, STAPLE) for image, readings in graded]
    assert sum(row.consensus_warning == "degenerate" for row in rows) == 7
    for (_, readings), row in zip(graded, rows, strict=True):
        if any(not reading.first.region for reading in readings):
            assert row.consensus_warning == "degenerate"
