"""The demo from end to end: it finds the planted flaw, and nothing that is not there."""

import csv
import json

import pytest

from resources.demo.photographs import PLANTED


def read_rows(path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_the_demo_finds_the_planted_flaw_first_and_alone(run, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    document = json.loads(run("demo", tmp_path / "demo", "--json").stdout)
    (cue,) = document["cues"]
    assert f"correctly classified cases of {PLANTED}" in cue
    rows = read_rows(tmp_path / "demo" / "explain.csv")
    assert {row["reason"] for row in rows} == {
        "", "not_visible", "too_many_regions", "kappa_below_cut"
    }  # fmt: skip
    assert {row["failure"] for row in rows} == {""}
    cases = [row for row in read_rows(tmp_path / "demo" / "explain.cases.csv") if row["is_correct"]]
    assert sum(row["is_correct"] == "true" for row in cases) >= 0.8 * len(cases)
    page = tmp_path / "demo" / "report" / "report.html"
    assert document["report"] == str(page)
    assert PLANTED in page.read_text(encoding="utf-8")

    def never(*arguments, **keywords):
        raise AssertionError("a map was made again")

    monkeypatch.setattr("engine.saliency.explain.explain_case", never)
    again = json.loads(run("demo", tmp_path / "demo", "--json").stdout)
    assert again["cues"] == [cue]
