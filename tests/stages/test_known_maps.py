"""Which stored map is whose: the keys of a case's maps."""

from types import SimpleNamespace

import pytest

from engine.domain.image import Image
from engine.domain.settings import RunSettings
from engine.saliency.cache import MapCache
from engine.stages.target import map_keys
from engine.stages.work import CaseWork, Run
from tests.tiny_networks import case_classifier_of, case_network


@pytest.fixture
def keys(tmp_path):
    """Return the keys of a case of photographs with these digests."""
    run = Run(tmp_path, RunSettings(), case_classifier_of(case_network()), MapCache(tmp_path))

    def keys(*digests, sex="female"):
        images = [
            Image(f"{n}.png", 9, 7, digest=digest, metadata={"sex": sex})
            for n, digest in enumerate(digests)
        ]
        items = [SimpleNamespace(agreement=SimpleNamespace(image=image)) for image in images]
        return map_keys(run, CaseWork("c", None, tuple(items)), images, "eczema")

    return keys


def test_the_same_photograph_twice_in_a_case_has_two_maps(keys):
    assert len(set(keys("d1", "d1"))) == 2


def test_a_map_is_another_one_beside_other_images_or_metadata(keys):
    alone, beside = keys("d1")[0], keys("d1", "d2")[0]
    assert len({alone, beside, keys("d1", "d3")[0], keys("d2", "d1")[1]}) == 4
    assert keys("d1", sex="male")[0] != alone
    assert keys("d1")[0] == alone
