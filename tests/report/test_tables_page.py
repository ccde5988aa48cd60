"""The page of tables is made from the tables themselves: run this file to write it anew."""

from pathlib import Path

import pytest

from engine.domain.agreement import StudyGraders
from engine.domain.findings import Extremes, Findings
from engine.domain.settings import FindingsSettings
from engine.report.columns import agreement_table, case_table, image_table
from engine.report.findings_tables import findings_tables, labelling_table
from engine.report.grader_tables import grader_tables
from engine.report.method_tables import method_table, pair_table, sanity_table

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"
NOTHING = Findings(Extremes(0.1, 0, (), (), (), (), ()), (), (), (), (), 0, ())

OPENING = """# Tables

Every CSV is UTF-8 with a header line; floats have 12 significant digits, booleans are `true` and
`false`, an undefined number is an empty cell. The last column, `undefined`, names each undefined
number of the row with its reason: `ds=roi_empty; srcc=roi_empty`. Beside `NAME.csv` lies
`NAME.manifest.json`: versions, study, every setting, model, image digests, counts at every step of
admission, and how many numbers are undefined for which reason.

Text cells that a spreadsheet would run as a formula get a leading apostrophe. Columns of a manifest
that you imported (sex, age, ...) stand behind those listed here; one whose name is taken gets
`meta_` before it.

`dermconcord report` writes all tables down to the answers; the other commands write theirs.
"""

WHAT = {
    "agreement": "`dermconcord agreement --csv`: one row an image.",
    "images": "`dermconcord explain --csv OUT.csv`: one row an image, admitted or not.",
    "cases": "`OUT.cases.csv` beside it: one row a case with an admitted image. With the default"
    " case rule each\nmetric is that of the case's best image, possibly a different one for each"
    " metric.",
    "cues": "Candidate wrong cues: only what is significant after correction, the largest effect"
    " first.",
    "untested": "Candidates that could not be tested.",
    "extremes": "Images that are extreme by either metric, and the random control sample.",
    "body_parts": "Body parts in the lowest images against the control sample (Figure 6).",
    "conditions": "One row a condition and correctness (Figure 7).",
    "levels": "One row for each group of each comparison (Figure 8).",
    "tests": "One row for each test of each comparison; the one that decides carries the verdict.",
    "to_label": "The images whose body parts are to be labelled, shuffled: whoever fills in `parts`"
    " cannot see which of\nthem are lowest. `dermconcord label` reads it back.",
    "graders": "One row a grader.",
    "pairs": "One row for each two graders with a common image.",
    "answers": "One row for each of the two questions.",
    "methods": "`dermconcord compare --csv OUT.csv`: one row an image, with DS and SRCC by each"
    " method.",
    "method_pairs": "`OUT.pairs.csv` beside it: one row for each metric and two methods.",
    "sanity": "`dermconcord sanity --csv`: one row for each image and step of forgetting.",
}


def tables():
    """Return every table that the product writes, empty."""
    return [
        agreement_table([]),
        image_table([]),
        case_table([]),
        *findings_tables(NOTHING, []),
        labelling_table(NOTHING.extremes, FindingsSettings()),
        *grader_tables(StudyGraders((), ()), []),
        method_table(["METHOD"], []),
        pair_table({}),
        sanity_table([]),
    ]


def page():
    """Return the page that the tables of today should have."""
    parts = [OPENING]
    for table in tables():
        rows = "\n".join(f"| `{c.name}` | {c.meaning} |" for c in table.columns)
        title = table.name.replace("_", " ").capitalize()
        parts.append(
            f"## {title}\n\n{WHAT[table.name]}\n\n| column | meaning |\n|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def test_the_page_of_tables_is_that_of_the_tables():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/tables.md is out of date; write it anew: python tests/report/test_tables_page.py"
    )


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_no_two_columns_of_a_table_have_one_name(table):
    assert len(set(table.header)) == len(table.header)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
