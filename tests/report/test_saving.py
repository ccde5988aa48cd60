"""Tables and figures are written by themselves as a run writes them, each with its manifest."""

import json

import pytest

from engine.domain.problem import Problem, Refusal, Severity
from engine.figures.drawn import DrawnFigure
from engine.report.csv_file import csv_bytes
from engine.report.manifest import with_problems
from engine.report.saving import save_figure, save_tables

MANIFEST = {"study": {"id": "abc"}, "settings": {}}
FIGURE = DrawnFigure("figure2-kappa", "Kappa", b"<svg/>", b"png")


def test_each_table_is_written_with_the_manifest_beside_it(content, tmp_path):
    tables = {
        tmp_path / "a.csv": content.run.image_table,
        tmp_path / "b.csv": content.run.case_table,
    }
    save_tables(tables, MANIFEST)
    for path, table in tables.items():
        assert path.read_bytes() == csv_bytes(table)
        manifest = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text())
        assert manifest["result"] == path.name
        assert manifest["study"] == {"id": "abc"}
        assert "dermconcord" in manifest["versions"]
    assert len(list(tmp_path.iterdir())) == 4


def test_a_byte_order_mark_is_all_that_differs(content, tmp_path):
    path = tmp_path / "a.csv"
    save_tables({path: content.run.case_table}, MANIFEST, byte_order_mark=True)
    assert path.read_bytes() == b"\xef\xbb\xbf" + csv_bytes(content.run.case_table)


def test_an_earlier_table_is_replaced(content, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("earlier")
    save_tables({path: content.run.case_table}, MANIFEST)
    assert path.read_bytes() == csv_bytes(content.run.case_table)


@pytest.mark.parametrize(
    ("name", "data"), [("f.svg", b"<svg/>"), ("f.png", b"png"), ("f.PNG", b"png")]
)
def test_a_figure_is_written_by_the_end_of_its_name(tmp_path, name, data):
    save_figure(FIGURE, tmp_path / name, MANIFEST)
    assert (tmp_path / name).read_bytes() == data
    assert json.loads((tmp_path / "f.manifest.json").read_text())["result"] == name


@pytest.mark.parametrize("name", ["f.jpg", "f", "f.pdf"])
def test_a_figure_of_another_kind_is_refused_and_nothing_written(tmp_path, name):
    with pytest.raises(Refusal) as refused:
        save_figure(FIGURE, tmp_path / name, MANIFEST)
    assert refused.value.problem.code == "figure_format"
    assert refused.value.problem.remedy == "Give a name that ends in .svg or .png"
    assert not list(tmp_path.iterdir())


def test_a_photograph_has_no_svg(tmp_path):
    photograph = DrawnFigure("figure4-panels", "Panels", b"", b"png")
    with pytest.raises(Refusal) as refused:
        save_figure(photograph, tmp_path / "f.svg", MANIFEST)
    assert refused.value.problem.remedy == "Give a name that ends in .png"


def test_a_folder_that_is_not_there_is_refused(content, tmp_path):
    with pytest.raises(Refusal) as refused:
        save_tables({tmp_path / "no" / "a.csv": content.run.case_table}, MANIFEST)
    assert refused.value.problem.code == "cannot_write"


def test_problems_stand_in_a_manifest_with_all_their_fields():
    problem = Problem("odd", "row 3", "it is odd", "Look at it", Severity.NOTE)
    assert with_problems({"a": 1}, [problem]) == {
        "a": 1,
        "problems": [
            {
                "code": "odd",
                "severity": "note",
                "where": "row 3",
                "message": "it is odd",
                "remedy": "Look at it",
            }
        ],
    }
