import pytest

from engine.domain.settings import FindingsSettings
from engine.findings.extremes import find_extremes, labelling_list
from tests.finding_rows import NONE, OneCase, rows_of

TENTH = FindingsSettings()


def _images(pairs):
    cases = [
        OneCase(f"c{number:03}", images=[{"ds": ds, "srcc": srcc}])
        for number, (ds, srcc) in enumerate(pairs)
    ]
    return rows_of(cases)[0]


def _rising(count):
    return _images([(number / count, number / count) for number in range(count)])


def test_an_image_is_extreme_when_both_metrics_say_so():
    pairs = [(n / 20, n / 20) for n in range(20)]
    pairs[1] = (0.02, 0.9)  # second lowest by DS, not by SRCC
    found = find_extremes(_images(pairs), TENTH)
    assert found.lowest_ds == ("c000/0.png", "c001/0.png")
    assert found.lowest_srcc == ("c000/0.png", "c002/0.png")
    assert found.lowest == ("c000/0.png",)


def test_the_lowest_and_the_highest_come_first():
    found = find_extremes(_rising(40), TENTH)
    assert found.lowest == tuple(f"c{n:03}/0.png" for n in (0, 1, 2, 3))
    assert found.highest == tuple(f"c{n:03}/0.png" for n in (39, 38, 37, 36))


@pytest.mark.parametrize(
    ("images", "fraction", "extreme"),
    [(19, 0.1, 1), (20, 0.1, 2), (1526, 0.1, 152), (100, 0.29, 29), (3, 0.1, 1), (2, 0.5, 1)],
)
def test_a_fraction_is_rounded_down_but_takes_at_least_one_image(images, fraction, extreme):
    settings = FindingsSettings(extreme_fraction=fraction)
    found = find_extremes(_rising(images), settings)
    assert len(found.lowest_ds) == len(found.lowest_srcc) == extreme
    assert len(found.highest) == extreme


def test_a_single_image_is_not_extreme():
    found = find_extremes(_rising(1), TENTH)
    assert (found.ranked, found.lowest, found.highest, found.control) == (1, (), (), ())


def test_without_maps_nothing_is_ranked():
    images, _ = rows_of([OneCase("a"), OneCase("b")])
    assert find_extremes(images, TENTH).ranked == 0


def test_images_without_one_of_the_metrics_are_not_ranked():
    images = _images([(0.1, NONE), (NONE, 0.1), (0.2, 0.2), (0.3, 0.3)])
    found = find_extremes(images, TENTH)
    assert found.ranked == 2
    assert found.lowest == ("c002/0.png",)


def test_equal_images_are_ranked_by_path_whatever_their_order():
    images = _images([(0.5, 0.5)] * 20)
    found = find_extremes(images, TENTH)
    assert found.lowest == ("c000/0.png", "c001/0.png")
    assert found == find_extremes(images[::-1], TENTH)


def test_the_control_sample_holds_none_of_the_lowest():
    found = find_extremes(_rising(60), FindingsSettings(seed=9))
    assert len(found.control) == 6
    assert not set(found.control) & {*found.lowest_ds, *found.lowest_srcc}
    assert found.control != find_extremes(_rising(60), FindingsSettings(seed=10)).control


def test_a_control_sample_takes_what_there_is():
    found = find_extremes(_rising(10), FindingsSettings(extreme_fraction=0.5))
    assert len(found.control) == 5
    apart = [(n / 10, -n / 10) for n in range(10)]  # DS and SRCC contradict each other
    none_left = find_extremes(_images(apart), FindingsSettings(extreme_fraction=0.5))
    assert none_left.control == ()


def test_a_labeller_sees_every_image_once_in_an_order_that_tells_nothing():
    found = find_extremes(_rising(400), TENTH)
    listed = labelling_list(found, TENTH)
    lowest = {*found.lowest_ds, *found.lowest_srcc}
    assert sorted(listed) == sorted(lowest | set(found.control))
    in_first_half = len(lowest & set(listed[: len(listed) // 2]))
    assert 0.25 * len(lowest) < in_first_half < 0.75 * len(lowest)
    assert listed == labelling_list(found, TENTH)
    assert listed != labelling_list(found, FindingsSettings(seed=1))
