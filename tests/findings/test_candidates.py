import numpy as np

from engine.domain.settings import FindingsSettings
from engine.findings.candidates import pools
from engine.findings.case_table import case_table
from tests.finding_rows import NONE, OneCase, rows_of


def _pools(cases, labels=None):
    images, results = rows_of(cases)
    table = case_table(images, results)
    usable = np.ones(len(table), dtype=bool)
    found = pools(table, usable, images, labels or {}, FindingsSettings())
    return {(pool.kind, pool.column, pool.is_correct): pool for pool in reversed(found)}


def _ages(*ages):
    return [OneCase(f"c{n}", metadata={"age": age} if age else {}) for n, age in enumerate(ages)]


def test_a_number_is_split_at_its_median_which_belongs_above():
    pool = _pools(_ages("20", "44", "", "44", "60"))["stratum", "age", True]
    assert pool.levels == ("< 44", ">= 44")
    assert pool.cases.tolist() == [0, 1, 3, 4]
    assert pool.groups.tolist() == [[1, 0, 0, 0], [0, 1, 1, 1]]


def test_a_number_is_split_where_all_cases_have_their_median():
    cases = [
        OneCase(f"c{n}", is_correct=n < 3, metadata={"age": str(age)})
        for n, age in enumerate((10, 20, 30, 40, 50))
    ]
    found = _pools(cases)
    assert {found["stratum", "age", correct].levels for correct in (True, False)} == {
        ("< 30", ">= 30")
    }


def test_conditions_are_compared_with_all_and_levels_within_their_condition():
    cases = [
        OneCase(f"c{n}", condition, metadata={"sex": "fm"[n % 2]})
        for n, condition in enumerate(("acne", "eczema", "acne", None))
    ]
    found = _pools(cases)
    condition, sex = found["condition", "", True], found["stratum", "sex", True]
    assert condition.levels == ("acne", "eczema")
    assert condition.cases.tolist() == [0, 1, 2]
    assert condition.strata.tolist() == [0, 0, 0]
    assert sex.cases.tolist() == [0, 1, 2, 3]
    assert sex.strata[0] == sex.strata[2] != sex.strata[1] != sex.strata[3]


def test_conditions_are_compared_within_the_levels_of_each_column_too():
    cases = [
        OneCase(f"c{n}", "acne", metadata={"sex": sex, "skin_tone": "1"} if sex else {})
        for n, sex in enumerate(("f", "m", "", "f"))
    ]
    images, results = rows_of(cases)
    table = case_table(images, results)
    found = pools(table, np.ones(4, dtype=bool), images, {}, FindingsSettings())
    strata = [p.strata.tolist() for p in found if p.kind == "condition" and p.is_correct]
    assert strata == [[0, 0, 0, 0], [0, 1, 2, 0], [0, 0, 1, 0]]


def test_correct_and_incorrect_cases_are_pools_of_their_own():
    cases = [OneCase(f"c{n}", "acne", correct) for n, correct in enumerate((True, False, NONE))]
    found = _pools(cases)
    assert found["condition", "", True].cases.tolist() == [0]
    assert found["condition", "", False].cases.tolist() == [1]


def test_body_parts_are_known_of_cases_with_a_labelled_image():
    cases = [OneCase(f"c{n}", images=[{}, {}]) for n in range(3)]
    labels = {"c0/1.png": frozenset({"lip"}), "c0/0.png": frozenset(), "c2/0.png": frozenset()}
    pool = _pools(cases, labels)["body_part", "", True]
    assert pool.levels == ("lip",)
    assert pool.cases.tolist() == [0, 2]
    assert pool.groups.tolist() == [[1, 0]]


def test_columns_and_parts_that_no_case_has_are_no_candidates():
    found = _pools([OneCase("c")], {"c/0.png": frozenset()})
    assert {kind for kind, _, _ in found} == {"condition"}
