import pytest

from engine.domain.problem import Refusal
from engine.saliency.metadata import case_digest, encode, encoded_width, shared_metadata, unusable

COLUMNS = {"sex": ("female", "male"), "age": (30.0, 50.0)}


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"sex": "female", "age": "29.9"}, (1, 0, 1, 0, 0)),
        ({"sex": "male", "age": "30"}, (0, 1, 0, 1, 0)),
        ({"age": "50", "sex": "male"}, (0, 1, 0, 0, 1)),
        ({"age": "-5"}, (0, 0, 1, 0, 0)),
        ({"sex": "Male", "age": "old"}, (0, 0, 0, 0, 0)),
        ({"sex": "", "age": "nan"}, (0, 0, 0, 0, 0)),
        ({}, (0, 0, 0, 0, 0)),
    ],
)
def test_columns_are_one_hot_one_after_another_and_zero_where_unknown(metadata, expected):
    assert encode(COLUMNS, metadata) == expected
    assert encoded_width(COLUMNS) == 5


def test_columns_of_which_the_model_is_told_nothing_are_named():
    assert unusable(COLUMNS, {"sex": "f", "age": "40"}) == ["sex"]
    assert unusable(COLUMNS, {"sex": "female"}) == ["age"]
    assert unusable(COLUMNS, {"sex": "female", "age": "40"}) == []


def test_images_that_contradict_each_other_say_nothing():
    shared = shared_metadata([{"sex": "male", "age": "40"}, {"sex": "male", "age": "41"}])
    assert shared == {"sex": "male"}


def test_the_digest_of_a_case_follows_images_order_and_metadata():
    standard = case_digest(["a", "b"], (0.0, 1.0))
    others = [(["b", "a"], (0.0, 1.0)), (["a"], (0.0, 1.0)), (["a", "b"], (1.0, 0.0)), (["ab"], ())]
    assert len({standard, *(case_digest(*other) for other in others)}) == 5
    assert case_digest(("a", "b"), [0.0, 1.0]) == standard


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metadata": {"sex": ["female", "male"]}}, "which have `case_images`"),
        ({"case_images": 6, "metadata": {"sex": []}}, "'sex' names no levels"),
        ({"case_images": 6, "metadata": {"sex": ["m", "m"]}}, "'sex' names a level more than once"),
        ({"case_images": 6, "metadata": {"age": [50, 30]}}, "'age' has bounds that do not rise"),
        ({"case_images": 6, "metadata": {"age": [30, "old"]}}, "metadata"),
        ({"case_images": 0}, "case_images"),
    ],
)
def test_a_card_with_bad_metadata_is_refused_with_the_column(card_of, changes, said):
    with pytest.raises(Refusal, match=said):
        card_of(**changes)


def test_a_card_of_a_case_model_keeps_its_columns_in_order(card_of):
    card = card_of(case_images=6, metadata={"sex": ["female", "male"], "age": [30, 50.5]})
    assert list(card.metadata.items()) == [("sex", ("female", "male")), ("age", (30.0, 50.5))]
