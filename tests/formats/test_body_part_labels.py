"""Labels of body parts: the vocabulary, and what a CSV file says of each image."""

import re

import pytest

from engine.domain.image import Image
from engine.domain.problem import Refusal, Severity
from engine.formats.body_parts import NOTHING, read_labels, read_vocabulary
from engine.formats.names import ImageNames

VOCABULARY = read_vocabulary()
NAMES = ImageNames([Image("d/a.png", 9, 9), Image("d/b.png", 9, 9), Image("e/b.png", 9, 9)])


@pytest.fixture
def labels(tmp_path):
    """Read a CSV file of this text; return labels and problems."""

    def read(text):
        file = tmp_path / "labels.csv"
        file.write_text(text, encoding="utf-8")
        return read_labels(file, VOCABULARY, NAMES.find)

    return read


def codes(problems):
    return [(problem.code, problem.where) for problem in problems]


# the vocabulary


def test_the_vocabulary_holds_the_parts_of_figure_6_and_of_the_discussion():
    assert {"lips", "hair", "fingernails", "mouth", "chin", "ear", "eye", "nose"} < set(VOCABULARY)
    assert {"clothing", "background", "scale_reference", "marking"} < set(VOCABULARY)


def test_every_part_has_a_stable_key_a_name_of_its_own_and_a_meaning():
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", key) for key in VOCABULARY)
    assert all(part.key == key and part.meaning for key, part in VOCABULARY.items())
    words = {*VOCABULARY, *(part.name.lower().replace(" ", "_") for part in VOCABULARY.values())}
    shared = [p for p in VOCABULARY.values() if p.name.lower().replace(" ", "_") == p.key]
    assert len(words) == 2 * len(VOCABULARY) - len(shared)
    assert NOTHING not in words


# one column of parts


def test_a_column_lists_parts_by_key_or_name_in_any_letters(labels):
    found, problems = labels(
        "image,parts\na.png,lips; Hair of the Head ;lips\nd/b.png,SCALE-REFERENCE\ne/b.png,none\n"
    )
    assert found == {
        "d/a.png": {"lips", "hair"},
        "d/b.png": {"scale_reference"},
        "e/b.png": frozenset(),
    }
    assert problems == []


def test_semicolons_may_part_the_columns_where_cells_are_quoted(labels):
    found, problems = labels('image;parts\na.png;"lips;hair"\n')
    assert (found, problems) == ({"d/a.png": {"lips", "hair"}}, [])


def test_an_image_without_an_entry_is_not_taken_as_one_that_shows_nothing(labels):
    found, (problem,) = labels("image,parts\na.png,\n")
    assert found == {}
    assert (problem.code, problem.where) == ("row_left_out", "labels.csv, row 2")
    assert "Write none where" in problem.remedy


def test_a_row_with_an_unknown_part_is_left_out_and_the_closest_part_is_offered(labels):
    found, (problem,) = labels("image,parts\na.png,hair;fingernail\nd/b.png,hair\n")
    assert found == {"d/b.png": {"hair"}}
    assert str(problem) == (
        "labels.csv, row 2: there is no body part 'fingernail'; the row was left out."
        " Write fingernails."
    )


def test_where_no_part_is_close_all_are_offered(labels):
    _, (problem,) = labels("image,parts\na.png,qqq\n")
    assert (
        problem.remedy == f"Write one of {', '.join(sorted(VOCABULARY, key=[*VOCABULARY].index))}"
    )


# a column for each part


def test_each_part_may_have_a_column_of_its_own(labels):
    found, problems = labels(
        "file_name,Lips,facial hair,Ear,age\na.png,1,0,x,31\nd/b.png,no,0.0,FALSE,40\n"
    )
    assert found == {"d/a.png": {"lips", "ear"}, "d/b.png": frozenset()}
    (note,) = problems
    assert (note.severity, note.message) == (
        Severity.NOTE,
        "columns without body parts were passed over: age",
    )


@pytest.mark.parametrize("cell", ["", "2", "maybe"])
def test_a_cell_that_is_neither_0_nor_1_leaves_its_row_out(labels, cell):
    found, (problem,) = labels(f"image,lips,ear\na.png,1,{cell}\nd/b.png,1,0\n")
    assert found == {"d/b.png": {"lips"}}
    assert f"'{cell}' in column ear is neither 0 nor 1" in str(problem)


def test_two_columns_of_one_part_are_refused(labels):
    with pytest.raises(Refusal, match="several columns stand for hair"):
        labels("image,hair,hair of the head\na.png,1,0\n")


# rows and files


def test_rows_that_name_no_image_or_several_are_left_out(labels):
    found, problems = labels(
        "image,parts\nb.png,lips\nzz.png,lips\n,lips\na.png,lips,more\na.png,ear\n"
    )
    assert found == {"d/a.png": {"ear"}}
    assert codes(problems) == [
        ("image_ambiguous", "labels.csv, row 2"),
        ("image_unknown", "labels.csv, row 3"),
        ("row_without_image", "labels.csv, row 4"),
        ("row_malformed", "labels.csv, row 5"),
    ]


def test_a_later_row_that_says_something_else_is_left_out(labels):
    found, problems = labels("image,parts\na.png,lips\nd/a.png,lips\na.png,ear\n")
    assert found == {"d/a.png": {"lips"}}
    assert codes(problems) == [("row_conflict", "labels.csv, row 4")]
    assert "than row 2" in problems[0].message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("image,age\na.png,31\n", "no column holds body parts; there are image, age"),
        ("patient,lips\na.png,1\n", "no column names the image; there are patient, lips"),
        ("", "no row of column names"),
    ],
)
def test_a_file_without_the_columns_is_refused(labels, text, told):
    with pytest.raises(Refusal, match=told):
        labels(text)
