"""CSV files are plain, repeatable and harmless."""

import csv
import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.report.csv_file import FORMULA_STARTS, NUMBER, cell_text, csv_bytes, write_csv
from engine.report.files import require_free
from engine.report.table import Column, Table


@dataclass(frozen=True)
class Row:
    name: str
    number: object


COLUMNS = (
    Column("name", "who", lambda row: row.name),
    Column("number", "how much", lambda row: row.number),
)


def table(*rows):
    return Table("rows", COLUMNS, [Row(*row) for row in rows])


def test_an_undefined_number_is_an_empty_cell_and_its_reason_stands_at_the_end():
    text = csv_bytes(table(("a", Undefined(Reason.ROI_EMPTY)), ("b", 0.5))).decode()
    assert text == "name,number,undefined\na,,number=roi_empty\nb,0.5,\n"


def test_undefined_numbers_are_counted_by_column_and_reason():
    rows = table(("a", Undefined(Reason.ROI_EMPTY)), ("b", Undefined(Reason.ROI_EMPTY)), ("c", 1))
    assert rows.undefined_counts() == {"number": {"roi_empty": 2}}


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(start):
    assert cell_text(f"{start}1+1").startswith("'")


def test_a_negative_number_is_left_a_number():
    assert cell_text(-0.25) == "-0.25"
    assert cell_text(-3) == "-3"


def test_a_float_has_twelve_significant_digits():
    assert cell_text(1 / 3) == "0.333333333333"


def test_nan_is_a_bug_and_never_written():
    with pytest.raises(ValueError, match="reason"):
        cell_text(float("nan"))


def test_a_byte_order_mark_is_there_when_asked_for():
    assert csv_bytes(table(("ä", 1)), byte_order_mark=True).startswith(b"\xef\xbb\xbf")


@given(st.text())
def test_any_text_comes_back_from_a_csv_reader_but_for_its_kind_of_line_breaks(text):
    data = csv_bytes(table((text, 1))).decode()
    (_, row) = csv.reader(io.StringIO(data, newline=""))
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    runs = text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text)
    assert row[0] == (f"'{plain}" if runs else plain)


def test_a_text_that_is_a_number_is_left_as_it_is():
    assert cell_text("-0") == "-0"


def test_a_file_that_exists_is_refused_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(Refusal, match="--overwrite"):
        require_free([path], overwrite=False)
    require_free([path], overwrite=True)


def test_a_missing_folder_is_refused_before_the_work(tmp_path):
    with pytest.raises(Refusal, match="does not exist"):
        require_free([tmp_path / "nowhere" / "out.csv"], overwrite=False)


def test_a_failed_write_leaves_neither_a_part_nor_a_changed_file(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.report.files.os.fsync", full)
    with pytest.raises(Refusal, match="No space left"):
        write_csv(table(("a", 1)), path)
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text() == "old"
