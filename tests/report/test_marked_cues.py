"""What somebody noted of a candidate cue stands beside it, in the table and on the page."""

from dataclasses import replace

from engine.domain.findings import FindingMark
from engine.report.csv_file import csv_bytes
from engine.report.findings_tables import findings_tables
from engine.report.html import html_page
from engine.report.manifest import versions


def cues_of(content, marks):
    table = findings_tables(content.findings, content.run.images, marks)[0]
    assert table.name == "cues"
    return [dict(zip(table.header, table.cells(row), strict=True)) for row in table.rows]


def mark_of(content, **said):
    cue = content.findings.cues[0]
    return {cue.key: FindingMark("model", cue.key, author="ana", time="2026-02-03T04:05", **said)}


def test_a_cue_that_nobody_marked_has_no_star_and_no_comment(content):
    (row,) = cues_of(content, {})
    assert (row["starred"], row["comment"]) == (False, None)


def test_a_star_and_a_comment_stand_behind_the_other_columns(content):
    (row,) = cues_of(content, mark_of(content, is_starred=True, comment="pen marks"))
    assert list(row)[-3:] == ["starred", "comment", "undefined"]
    assert (row["starred"], row["comment"]) == (True, "pen marks")


def test_a_mark_of_another_candidate_is_not_this_one_s(content):
    marks = {"condition||other|correct": FindingMark("model", "condition||other|correct", True)}
    (row,) = cues_of(content, marks)
    assert row["starred"] is False


def test_a_comment_that_a_spreadsheet_would_run_is_text(content):
    table = findings_tables(content.findings, content.run.images, mark_of(content, comment="=1+1"))[
        0
    ]
    assert b",'=1+1," in csv_bytes(table)


def page_of(content, marks):
    content = replace(content, marks=marks)
    return html_page(content, {**content.manifest(), "versions": versions(), "problems": []})


def test_the_page_shows_star_and_comment_as_text(content):
    page = page_of(content, mark_of(content, is_starred=True, comment="<b>pens</b>"))
    assert "★" in page
    assert "&lt;b&gt;pens&lt;/b&gt;" in page
    assert "ana, 2026-02-03" in page


def test_the_page_of_unmarked_findings_shows_neither(content):
    page = page_of(content, {})
    assert "★" not in page
    assert 'class="comment"' not in page
