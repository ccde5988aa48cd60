import numpy as np
import pytest

from engine.domain.findings import Interval
from engine.domain.measure import Reason, Undefined
from engine.findings import bootstrap
from engine.findings.bootstrap import interval_of_mean, resampled_means

VALUES = np.random.default_rng(5).gamma(2, size=60)


def test_fewer_than_two_cases_have_no_interval():
    for values in ([], [0.3]):
        none = Undefined(Reason.TOO_FEW_CASES)
        assert interval_of_mean(np.array(values)) == none
        assert interval_of_mean(np.array(values), clusters=np.array(values)) == none


def test_images_of_one_case_alone_have_no_interval():
    one = interval_of_mean(np.array([0.1, 0.2, 0.3]), clusters=np.array(["a", "a", "a"]))
    assert one == Undefined(Reason.TOO_FEW_CASES)


def test_the_interval_of_equal_values_is_a_point():
    assert interval_of_mean(np.full(7, 0.25)) == Interval(0.25, 0.25, 0.95)


def test_a_seed_decides_the_interval():
    first, again = (interval_of_mean(VALUES, seed=3) for _ in range(2))
    assert first == again
    assert first != interval_of_mean(VALUES, seed=4)


def test_a_higher_confidence_gives_a_wider_interval():
    narrow, wide = (interval_of_mean(VALUES, confidence=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < VALUES.mean() < narrow.high < wide.high


def test_cases_of_one_image_each_are_resampled_as_without_cases():
    names = np.array([f"case {number:02}" for number in range(len(VALUES))])
    assert interval_of_mean(VALUES, clusters=names) == interval_of_mean(VALUES)


def test_alike_images_of_a_case_do_not_make_an_interval_narrower():
    copies = interval_of_mean(np.repeat(VALUES, 4), clusters=np.repeat(np.arange(60), 4))
    taken_apart = interval_of_mean(np.repeat(VALUES, 4))
    alone = interval_of_mean(VALUES)
    assert copies.low == pytest.approx(alone.low)
    assert copies.high == pytest.approx(alone.high)
    assert taken_apart.high - taken_apart.low < 0.6 * (alone.high - alone.low)


def test_each_mean_is_over_the_images_of_the_cases_drawn():
    sums, sizes = np.array([3.0, 10.0]), np.array([3.0, 1.0])
    means = resampled_means(sums, np.random.default_rng(0), resamples=400, sizes=sizes)
    assert set(np.round(means, 9)) == {1.0, 10.0, 3.25}


def test_the_resamples_fill_the_last_chunk_too(monkeypatch):
    whole = resampled_means(VALUES, np.random.default_rng(1), resamples=103)
    monkeypatch.setattr(bootstrap, "CHUNK", 10 * len(VALUES))
    parts = resampled_means(VALUES, np.random.default_rng(1), resamples=103)
    np.testing.assert_allclose(parts, whole)
