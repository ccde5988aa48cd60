import errno
import os
from dataclasses import asdict, fields, replace
from inspect import signature
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.domain.saliency_map import Geometry, MapFacts, SaliencyMap
from engine.domain.settings import SaliencySettings
from engine.saliency.cache import STARTED, USED, MapCache, used
from engine.saliency.samplers import effective

GEOMETRY = Geometry(300, 200, 6, 4, 0.02, 0.02)
FACTS = MapFacts(
    method="integrated_gradients",
    sampler="joint",
    target="ekzem-ä",
    gradients=500,
    peak=0.1,
    monte_carlo_error=1 / 3,
    completeness_gap=-1e-300,
    score=Undefined(Reason.NOT_APPLICABLE),
    is_zero=False,
)


@pytest.fixture
def stored_map():
    random = np.random.default_rng(0)
    values, a, b = random.integers(-32700, 32701, (3, 4, 6), dtype=np.int16)
    return SaliencyMap(values, GEOMETRY, FACTS, (a, b))


@pytest.fixture
def cache(tmp_path):
    return MapCache(tmp_path / "study.maps")


def key(**changes):
    parts = {
        "image_digest": "a" * 64, "model_digest": "b" * 64, "target": 3, "geometry": GEOMETRY,
        "settings": SaliencySettings(),
    }  # fmt: skip
    return MapCache.key(**parts | changes)


def assert_same(one, other):
    assert np.array_equal(one.values, other.values)
    assert one.values.dtype == other.values.dtype == np.int16
    assert one.facts == other.facts
    assert one.geometry == other.geometry
    assert (one.halves is None) == (other.halves is None)
    if one.halves is not None:
        assert all(map(np.array_equal, one.halves, other.halves))


def test_a_map_comes_back_as_it_was_stored(cache, stored_map):
    cache.put(key(), stored_map)
    assert_same(cache.get(key()), stored_map)


def test_a_map_without_halves_comes_back_without_halves(cache, stored_map):
    cache.put(key(), replace(stored_map, halves=None))
    assert_same(cache.get(key()), replace(stored_map, halves=None))


def test_a_map_that_was_never_stored_is_missing(cache):
    assert cache.get(key()) is None
    assert cache.files() == []


def other_setting(name):
    """Return the settings with another value of one field, be it the only choice so far."""
    return SaliencySettings().model_copy(update={name: other_value(name)})


def other_value(name):
    field = SaliencySettings.model_fields[name]
    choices = get_args(field.annotation)
    if choices:
        return (*choices, "another")[1]
    return not field.default if field.annotation is bool else 2 * field.default or 1


CHANGES = (
    {
        "image_digest": "c" * 64,
        "model_digest": "c" * 64,
        "target": 4,
    }
    | {
        f"geometry {field.name}": replace(
            GEOMETRY, **{field.name: getattr(GEOMETRY, field.name) + 1}
        )
        for field in fields(Geometry)
    }
    | {f"settings {name}": other_setting(name) for name in used(SaliencySettings(), in_case=False)}
    | {"case": "digest:0", "layer": "features.3"}
)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_map_changes_its_key(change):
    assert key(**{change.split()[0]: CHANGES[change]}) != key()


def test_every_part_of_a_key_is_tried():
    assert {change.split()[0] for change in CHANGES} == set(signature(MapCache.key).parameters)


def test_autocast_changes_the_key_where_it_counts_and_not_where_it_is_a_wish():
    wish = SaliencySettings(autocast=True)
    assert key(settings=effective(wish, "cpu")) == key(settings=effective(wish, "mps")) == key()
    assert key(settings=effective(wish, "cuda")) == key(settings=wish) != key()
    assert effective(SaliencySettings(seed=3), "cuda") == SaliencySettings(seed=3)


OF_ALL = {"channel_reduction", "score"}
USED_BY = {
    "integrated_gradients": OF_ALL | {
        "baseline", "sampler", "steps", "noise_samples", "joint_gradients", "noise_level", "seed",
        "autocast",
    },
    "gradients": OF_ALL,
    "input_x_gradient": OF_ALL,
    "grad_cam": OF_ALL,
    "occlusion": OF_ALL | {"baseline", "occlusion_window", "occlusion_stride"},
    "gradient_shap": OF_ALL | {"baseline", "seed", "shap_samples"},
}  # fmt: skip
WITH_A_PATH = {"integrated_gradients", "gradient_shap"}


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("case", ["", "digest:0"])
@pytest.mark.parametrize("method", USED)
def test_a_key_covers_what_its_method_uses_and_nothing_else(method, case):
    standard = SaliencySettings(method=method)
    changing = {
        name
        for name in SaliencySettings.model_fields
        if key(settings=standard.model_copy(update={name: other_value(name)}), case=case)
        != key(settings=standard, case=case)
    }
    assert changing - {"method"} == USED_BY[method] | (
        {"case_path"} if case and method in WITH_A_PATH else set()
    )


def test_settings_that_the_map_does_not_depend_on_leave_its_key():
    assert key(settings=SaliencySettings(target="reference")) == key()
    literal = [SaliencySettings(sampler="literal", joint_gradients=n) for n in (500, 1000)]
    assert key(settings=literal[0]) == key(settings=literal[1])


def test_a_key_is_the_same_in_every_run():
    assert key() == (
        "aaaaaaaaaaaaaaaa-c749f8d49dbb93f53af03e0bbed96db9d1d99e59d31a1a1cb4668b567cb25782"
    )


@pytest.mark.parametrize("kept_share", [0.0, 0.3, 0.95])
def test_a_truncated_file_counts_as_missing_and_is_written_anew(cache, stored_map, kept_share):
    cache.put(key(), stored_map)
    path = cache.files()[0].path
    content = path.read_bytes()
    path.write_bytes(content[: int(kept_share * len(content))])
    assert cache.get(key()) is None
    cache.put(key(), stored_map)
    assert_same(cache.get(key()), stored_map)


def test_a_file_with_any_flipped_byte_is_missing_or_unharmed(cache, stored_map):
    cache.put(key(), stored_map)
    path = cache.files()[0].path
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        harmed = bytearray(content)
        harmed[place] ^= 0x55
        path.write_bytes(bytes(harmed))
        found = cache.get(key())
        if found is not None:
            assert_same(found, stored_map)


class Intruder:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (Path.touch, (self.trace,))


def test_a_map_that_needs_pickle_is_never_loaded(cache, stored_map, tmp_path):
    cache.put(key(), stored_map)
    with np.load(cache.files()[0].path) as stored:
        arrays = dict(stored)
    arrays["values"] = np.array([Intruder(tmp_path / "trace")], dtype=object)
    np.savez(cache.files()[0].path, **arrays)
    assert cache.get(key()) is None
    assert not (tmp_path / "trace").exists()


def test_a_map_that_does_not_fit_its_geometry_counts_as_missing(cache, stored_map):
    cache.put(key(), replace(stored_map, geometry=replace(GEOMETRY, model_width=7)))
    assert cache.get(key()) is None


def test_a_full_disk_is_refused_with_a_remedy_and_leaves_nothing(cache, stored_map, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal) as refused:
        cache.put(key(), stored_map)
    assert refused.value.problem.code == "map_cache"
    assert "No space left" in refused.value.problem.message
    assert "Free some space" in refused.value.problem.remedy
    assert list(cache._folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, stored_map):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal) as refused:
        MapCache(tmp_path / "file" / "maps").put(key(), stored_map)
    assert str(tmp_path / "file") in refused.value.problem.where


def test_a_crash_between_writing_and_renaming_keeps_the_older_map(cache, stored_map, monkeypatch):
    cache.put(key(), stored_map)
    monkeypatch.setattr(type(cache._folder), "replace", lambda *_: (_ for _ in ()).throw(KeyError))
    with pytest.raises(KeyError):
        cache.put(key(), replace(stored_map, values=-stored_map.values))
    assert_same(cache.get(key()), stored_map)


def test_maps_of_images_that_are_gone_are_listed_as_stale_with_their_size(cache, stored_map):
    for digest in ("a" * 64, "c" * 64):
        cache.put(key(image_digest=digest), stored_map)
    (stale,) = cache.stale(["a" * 64])
    assert stale.key == key(image_digest="c" * 64)
    assert stale.size == stale.path.stat().st_size > 0
    assert cache.stale(["a" * 64, "c" * 64]) == []
    assert len(cache.files()) == len(cache.stale([])) == 2


def test_what_a_killed_run_left_unfinished_is_stale_and_what_is_being_written_is_not(
    cache, stored_map
):
    cache.put(key(), stored_map)
    for name, age in (("left", 60), ("being-written", -60)):
        path = cache._folder / f"{key()}.{name}.part"
        path.write_bytes(b"half a map")
        os.utime(path, (STARTED - age, STARTED - age))
    (stale,) = cache.stale(["a" * 64])
    assert (stale.path.name, stale.key, stale.size) == (f"{key()}.left.part", key(), 10)
    assert [file.path.suffix for file in cache.files()] == [".npz"]


def test_every_fact_and_every_number_of_the_geometry_is_stored(cache, stored_map):
    cache.put(key(), stored_map)
    found = cache.get(key())
    assert asdict(found.facts) == asdict(FACTS)
    assert asdict(found.geometry) == asdict(GEOMETRY)
