import pytest

from engine.domain.measure import Reason, Undefined
from engine.findings.persistence import kendall_w, rank_persistence

UNDEFINED = Undefined(Reason.CONSTANT_MAP)


def of(*values):
    """Return values by path: a.png, b.png, ..."""
    return {f"{chr(97 + place)}.png": value for place, value in enumerate(values)}


def test_methods_that_rank_alike_agree_wholly_whatever_their_scale():
    found = rank_persistence(
        {"ig": of(0.1, 0.2, 0.3, 0.9), "cam": of(10, 20, 25, 26), "shap": of(-3, -2, -1, 5)}
    )
    assert found.kendall_w == 1
    assert [pair.spearman for pair in found.pairs] == pytest.approx([1, 1, 1])
    assert found.stay_lowest == ("a.png",)
    assert found.share_staying == 1


def test_opposite_rankings_have_nothing_in_common():
    found = rank_persistence({"ig": of(1, 2, 3, 4), "cam": of(4, 3, 2, 1)})
    assert found.kendall_w == 0
    (pair,) = found.pairs
    assert (pair.one, pair.other, pair.shared_lowest) == ("ig", "cam", 0)
    assert pair.spearman == pytest.approx(-1)
    assert found.share_staying == 0


def test_the_lowest_fraction_is_compared_by_all_methods_and_by_each_two():
    twenty = range(20)
    found = rank_persistence(
        {"a": of(*twenty), "b": of(0, 19, 2, 3, 1, *twenty[5:]), "c": of(5, 0, 1, *twenty[3:])},
        fraction=0.1,
    )
    assert found.lowest == 2
    assert {(p.one, p.other): p.shared_lowest for p in found.pairs} == {
        ("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 0,
    }  # fmt: skip
    assert found.stay_lowest == ()
    half = rank_persistence({"a": of(1, 2, 3, 4), "b": of(2, 1, 3, 4)}, fraction=0.5)
    assert half.stay_lowest == ("a.png", "b.png")


@pytest.mark.parametrize(
    ("images", "fraction", "count"), [(1, 0.5, 0), (2, 0.1, 1), (19, 0.1, 1), (30, 0.1, 3)]
)
def test_a_fraction_of_the_images_is_a_whole_number_and_at_least_one_of_two(
    images, fraction, count
):
    values = of(*range(images))
    assert rank_persistence({"a": values, "b": values}, fraction=fraction).lowest == count


def test_images_that_a_method_leaves_undefined_or_out_are_left_out_of_all():
    found = rank_persistence({"ig": of(5, 1, UNDEFINED, 4, 2), "cam": of(0.5, 0.1, 0.2, UNDEFINED)})
    assert (found.images, found.left_out) == (2, 3)
    assert found.stay_lowest == ("b.png",)
    assert found.kendall_w == 1


def test_equal_values_are_lowest_by_path():
    found = rank_persistence({"ig": of(1, 1, 1, 2), "cam": of(3, 1, 1, 1)}, fraction=0.25)
    assert found.lowest == 1
    assert found.pairs[0].shared_lowest == 0
    assert found.stay_lowest == ()


def test_methods_without_variation_or_images_leave_the_numbers_undefined():
    constant = rank_persistence({"ig": of(1, 1, 1), "cam": of(2, 2, 2)})
    assert constant.kendall_w == Undefined(Reason.NO_VARIATION)
    assert constant.pairs[0].spearman == Undefined(Reason.NO_VARIATION)
    single = rank_persistence({"ig": of(1), "cam": of(2)})
    assert single.kendall_w == single.pairs[0].spearman == Undefined(Reason.TOO_FEW_IMAGES)
    assert single.share_staying == Undefined(Reason.TOO_FEW_IMAGES)
    none = rank_persistence({"ig": of(UNDEFINED), "cam": {}})
    assert (none.images, none.left_out, none.stay_lowest) == (0, 1, ())


def test_ties_are_taken_out_of_what_was_possible():
    # By hand: ranks (1.5, 1.5, 3) and (1, 2, 3); S = 6.5 - 0, T = 6; W = 12 * 6.5 / (96 - 12).
    assert kendall_w([[1, 1, 2], [1, 2, 3]]) == pytest.approx(12 * 6.5 / 84)


def test_one_method_alone_is_no_comparison():
    with pytest.raises(ValueError, match="at least two"):
        rank_persistence({"ig": of(1, 2)})
