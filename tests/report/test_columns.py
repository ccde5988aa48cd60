"""Tables have stable, documented, unambiguous columns."""

from pathlib import Path

import pytest

from engine.domain.image import Image
from engine.domain.measure import Reason, Undefined
from engine.domain.rows import ImageAgreement, ImageResult
from engine.report.columns import agreement_table, case_table, image_table

DOCUMENT = Path(__file__).parents[2] / "docs" / "tables.md"
NOTHING = Undefined(Reason.NO_GRADINGS)


def result(path, **metadata):
    image = Image(path, 10, 10, metadata=metadata)
    agreement = ImageAgreement(
        image, 0, 0, 0, *[NOTHING] * 7, admitted=False, reason=Reason.NO_GRADINGS
    )
    return ImageResult(agreement)


@pytest.mark.parametrize("table", [agreement_table([]), image_table([]), case_table([])])
def test_every_column_is_documented_with_its_meaning(table):
    text = DOCUMENT.read_text(encoding="utf-8")
    for column in table.columns:
        assert f"| `{column.name}` | {column.meaning} |" in text


@pytest.mark.parametrize("table", [agreement_table([]), image_table([]), case_table([])])
def test_no_two_columns_have_one_name(table):
    assert len(set(table.header)) == len(table.header)


def test_an_image_without_a_result_has_empty_cells_and_its_reason():
    table = image_table([result("a.png")])
    cells = dict(zip(table.header, table.cells(table.rows[0]), strict=True))
    assert cells["image"] == "a.png"
    assert cells["reason"] == "no_gradings"
    assert cells["ds"] is None
    assert cells["failure"] == ""


def test_metadata_become_columns_and_a_taken_name_is_told_apart():
    table = image_table([result("a.png", sex="F", ds="x"), result("b.png")])
    assert table.header[-3:] == ("meta_ds", "sex", "undefined")
    assert table.cells(table.rows[1])[-3:-1] == (None, None)
