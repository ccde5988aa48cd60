"""Agreement of five experts on real pictures, from their masks."""

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.grading import Grading, Origin, Reading, Role
from engine.domain.image import Image
from engine.domain.settings import AgreementSettings
from engine.graders.agreement import measure_agreement
from engine.graders.summary import summarise
from engine.regions.outline import region_of_mask
from engine.regions.rasterise import rasterise
from engine.regions.runs import runs_of_mask

EXPERTS = [f"expert_{number}" for number in range(1, 6)]


def _mask(path):
    with Picture.open(path) as picture:
        return np.asarray(picture.convert("L")) < 128  # the object is black


@pytest.mark.real
def test_outlines_of_real_masks_are_exact_to_the_pixel(real_data):
    for path in (real_data / "bubil" / "expert_1").glob("*.png"):
        mask = _mask(path)
        height, width = mask.shape
        region = region_of_mask(mask)
        assert rasterise(region, width=width, height=height) == runs_of_mask(mask)


@pytest.mark.real
def test_five_experts_agree_well_on_every_picture(real_data):
    rows = [_row(real_data / "bubil", path.name) for path in _pictures(real_data)]
    kappas = [row.fleiss_kappa for row in rows]
    assert len(rows) == 10
    assert all(row.admitted and row.voters == 5 for row in rows)
    assert min(kappas) > 0.76
    assert max(kappas) < 0.92
    assert summarise(rows).after.images == 10


def _pictures(real_data):
    return sorted((real_data / "bubil" / EXPERTS[0]).glob("*.png"))


def _row(folder, name):
    masks = [_mask(folder / expert / name) for expert in EXPERTS]
    gradings = [
        Grading(name, expert, region=region_of_mask(mask), origin=Origin.IMPORTED)
        for expert, mask in zip(EXPERTS, masks, strict=True)
    ]
    readings = [Reading(g.grader, Role.ASSIGNED, g, g) for g in gradings]
    height, width = masks[0].shape
    return measure_agreement(Image(name, width, height), readings, AgreementSettings())
