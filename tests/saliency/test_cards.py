import subprocess
import sys
from pathlib import Path

import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.saliency.cards import condition_class, read_card

CLASSES = ("eczema", "psoriasis", "Other")


def refusal_of(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read_card(path)
    assert caught.value.problem.code == "model_card"
    assert caught.value.problem.where == str(path)
    return caught.value.problem.message


def test_a_card_is_read_with_its_weights_beside_it(card_of, tmp_path):
    card = card_of(conditions={"atopic eczema": "eczema"})
    assert card.weights == tmp_path / "tiny.pt"
    assert card.input_size == (16, 12)
    assert card.classes == CLASSES
    assert card.conditions == {"atopic eczema": "eczema"}
    assert card.interpolation == "bilinear"


def test_one_number_is_a_square_input(card_of):
    assert card_of(input_size=224).input_size == (224, 224)


def test_class_names_may_stand_in_a_text_file_one_a_line(card_of, tmp_path):
    (tmp_path / "names.txt").write_text("\ufeffa nevus\n\n  wart \n", encoding="utf-8")
    assert card_of(classes="names.txt").classes == ("a nevus", "wart")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"mean": None}, "`mean` is missing"),
        ({"output": None}, "`output` is missing"),
        ({"inputsize": 3}, "`inputsize` is no key"),
        ({"file": "other.toml"}, "`file` is no key"),
        ({"std": [1, 1, 0]}, "`std`: every number must be above 0"),
        ({"mean": [1, 2]}, "`mean.2` is missing"),
        ({"input_size": [0, 4]}, "`input_size`: width and height"),
        ({"input_size": "big"}, "`input_size`"),
        ({"kind": "onnx"}, "`kind`"),
        ({"classes": ["a", "b", "a"]}, "named more than once: a"),
        ({"classes": ["one"]}, "`classes`"),
        ({"classes": "absent.txt"}, "absent.txt cannot be read"),
        ({"classes": ["a", ""]}, "a class name is empty"),
        ({"weights": "absent.pt"}, "`weights`: there is no file"),
        ({"weights": None}, "`weights` is missing"),
        ({"factory": "m:f"}, "`factory` does not belong"),
        ({"kind": "python", "weights": None}, "`factory` is missing"),
        ({"kind": "python", "factory": "no colon"}, "`factory`"),
        ({"kind": "timm"}, "`architecture` is missing"),
        ({"resize": "crop"}, "needs `resize_to` of at least 16"),
        ({"resize": "crop", "resize_to": 15}, "needs `resize_to` of at least 16"),
        ({"resize_to": 32}, "`resize_to` belongs to"),
        ({"conditions": {"rash": "no class"}}, "'rash' goes to 'no class'"),
    ],
)
def test_a_card_with_a_fault_is_refused_and_the_key_is_named(card_path, tmp_path, changes, named):
    (tmp_path / "tiny.pt").touch()
    assert named in refusal_of(card_path(**changes))


def test_all_faults_of_a_card_are_told_at_once(card_path):
    message = refusal_of(card_path(mean=None, resize="squeeze"))
    assert "`mean`" in message
    assert "`resize`" in message


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text("name = \n")
    assert "no TOML" in refusal_of(path)
    path.write_bytes(b"\xff\xfe\x00")
    assert "no TOML" in refusal_of(path)


def test_cards_images_and_tables_are_read_without_torch():
    rooms = "cards, trust, factories, preprocess, predictions, batching, cache, samplers"
    program = f"from engine.saliency import {rooms}; import sys; print('torch' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


def test_a_missing_card_is_refused(tmp_path):
    assert "no such file" in refusal_of(tmp_path / "none.toml")


def test_a_mapped_condition_goes_to_its_class_before_one_of_its_own_name():
    assert condition_class(CLASSES, {"eczema": "psoriasis"}, "eczema") == "psoriasis"


def test_a_condition_of_a_class_name_needs_no_mapping():
    assert condition_class(CLASSES, {}, "eczema") == "eczema"


def test_an_unmapped_condition_goes_to_other_where_the_model_has_it():
    assert condition_class(CLASSES, {}, "lichen") == "Other"
    assert condition_class(("a", "b"), {}, "lichen") == Undefined(Reason.CONDITION_NOT_MAPPED)


@pytest.mark.parametrize("unknown", [None, ""])
def test_an_unknown_condition_has_no_class_even_beside_other(unknown):
    assert condition_class(CLASSES, {}, unknown) == Undefined(Reason.NO_CONDITION)
