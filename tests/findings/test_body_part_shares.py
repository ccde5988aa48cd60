import pytest

from engine.domain.findings import Extremes
from engine.domain.measure import Reason, Undefined
from engine.findings.body_parts import body_part_shares

LIP, CHIN = frozenset({"lip"}), frozenset({"chin"})
NOTHING = frozenset()


def _extremes(**groups):
    empty = dict.fromkeys(("lowest", "highest", "lowest_ds", "lowest_srcc", "control"), ())
    return Extremes(fraction=0.1, ranked=100, **(empty | groups))


def _share(shares, group, part):
    [found] = [s for s in shares if (s.group, s.part) == (group, part)]
    return found


def test_without_labels_there_are_no_shares():
    assert body_part_shares(_extremes(lowest_ds=("a",), control=("b",)), {}) == ()


def test_only_labelled_images_count():
    extremes = _extremes(lowest_ds=("a", "b", "c"), lowest=("a",), control=("d", "e"))
    labels = {"a": LIP | CHIN, "b": NOTHING, "d": CHIN, "elsewhere": frozenset({"knee"})}
    lip = _share(body_part_shares(extremes, labels), "ds", "lip")
    assert (lip.shown, lip.labelled) == (1, 2)
    assert (lip.control_shown, lip.control_labelled) == (0, 1)
    both = _share(body_part_shares(extremes, labels), "both", "lip")
    assert (both.shown, both.labelled) == (1, 1)
    assert {s.part for s in body_part_shares(extremes, labels)} == {"chin", "lip"}


def test_a_group_without_labels_says_so():
    extremes = _extremes(lowest_ds=("a",), control=("b",))
    srcc = _share(body_part_shares(extremes, {"a": LIP, "b": LIP}), "srcc", "lip")
    none = Undefined(Reason.NO_LABELS)
    assert (srcc.odds_ratio, srcc.p, srcc.p_holm) == (none, none, none)


def test_a_part_that_all_show_is_as_likely_in_both():
    extremes = _extremes(lowest_ds=("a",), control=("b",))
    ds = _share(body_part_shares(extremes, {"a": LIP, "b": LIP}), "ds", "lip")
    assert ds.odds_ratio == Undefined(Reason.NO_VARIATION)
    assert ds.p == ds.p_holm == 1


def test_a_part_that_only_the_lowest_show_has_an_infinite_odds_ratio():
    lowest, control = tuple("abcdef"), tuple("uvwxyz")
    labels = dict.fromkeys(lowest, LIP) | dict.fromkeys(control, CHIN)
    shares = body_part_shares(_extremes(lowest_ds=lowest, control=control), labels)
    lip, chin = (_share(shares, "ds", part) for part in ("lip", "chin"))
    assert lip.odds_ratio == Undefined(Reason.INFINITE)
    assert chin.odds_ratio == 0
    assert lip.p == pytest.approx(2 / 924)  # of 924 ways to put six of twelve, two are as extreme
    assert lip.p_holm == chin.p_holm == pytest.approx(4 / 924)
