"""What the window's benchmark is made of: photographs, a long queue, gestures, and the peer."""

import numpy as np
import pytest
from PIL import Image

from benchmarks import labelme_peer, many_images, pictures, window
from benchmarks.window_probe import REGIONS, VERTICES, outlines
from engine.domain.queue import QueueState
from engine.images.decode import decode
from engine.images.probe import probe
from engine.study.sqlite import open_study


@pytest.fixture
def build(tmp_path, monkeypatch):
    """The folder of what is made once, here an empty one, with small photographs."""
    for module in (pictures, many_images):
        monkeypatch.setattr(module, "BUILD", tmp_path)
    monkeypatch.setitem(pictures.SIZES, 12, (640, 480))
    return tmp_path


def test_a_photograph_is_as_long_as_a_camera_writes_it_and_like_no_other(build):
    first, second = pictures.photographs(12, 2)
    assert 1.5 < first.stat().st_size * 8 / (640 * 480) < 4
    assert not np.array_equal(decode(first), decode(second))


def test_a_photograph_is_made_once(build):
    (first,) = pictures.photographs(12, 1)
    made = first.stat().st_mtime_ns
    assert pictures.photographs(12, 1) == [first]
    assert first.stat().st_mtime_ns == made


def test_a_turned_photograph_lies_on_its_side_and_is_seen_upright(build):
    (plain,), (turned,) = (pictures.photographs(12, 1, is_turned=way) for way in (False, True))
    with Image.open(turned) as lying:
        assert lying.size == (480, 640)
    assert decode(turned).shape == decode(plain).shape
    difference = decode(turned).astype(float) - decode(plain)
    assert np.abs(difference).mean() < 5


def test_a_long_queue_has_a_file_for_each_image_and_goes_on_after_a_third(build, monkeypatch):
    monkeypatch.setattr(many_images, "LINKS", 4)
    file = many_images.study_of(10)
    with open_study(file) as study:
        queue = study.queue(many_images.GRADER)
    assert [item.state for item in queue] == [QueueState.DONE] * 3 + [QueueState.TO_DO] * 7
    sizes = {probe(file.parent / item.image) for item in queue}
    assert sizes == {(many_images.SIDE, many_images.SIDE)}


def test_each_gesture_moves_one_vertex_of_one_region():
    for number in range(1, 2 * REGIONS):
        before, after = outlines(number - 1), outlines(number)
        moved = [
            np.count_nonzero((old.exterior != new.exterior).any(axis=1))
            for old, new in zip(before, after, strict=True)
        ]
        assert sorted(moved) == [0] * (REGIONS - 1) + [1]
        assert all(len(polygon.exterior) == VERTICES for polygon in after)


def test_without_labelme_the_figures_of_the_peer_stay_empty(monkeypatch):
    monkeypatch.setattr(labelme_peer, "environment", lambda: None)
    assert labelme_peer.ask("next", "folder") is None
    assert labelme_peer.window_seconds(2) is None
    assert window.values([None, {"seconds": 2.0}, None], "seconds") == [2.0]


def test_the_95th_percentile_is_not_exceeded_by_19_of_20_values():
    values = [float(value) for value in range(1, 101)]
    found = window.percentile_95(values)
    assert sum(value <= found for value in values) == 95
