"""A half-drawn outline that cannot be read is no reason to keep its record closed."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from engine.domain.grading import Grading, Role
from engine.domain.polygon import ring
from engine.domain.queue import Draft
from engine.study.sqlite import open_study

KEY = ("00.png", "ada", Role.ASSIGNED)


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("points", b"cut short"),
        ("points", np.zeros(3).tobytes()),
        ("points", np.array([1, np.nan]).tobytes()),
        ("points", np.array([np.inf, 1]).tobytes()),
        ("points", "no bytes"),
        ("tool", "lasso"),
        ("tool", ""),
    ],
)
def test_a_spoilt_draft_counts_as_none_and_the_record_is_read_and_written(file, column, content):
    with open_study(file) as study:
        study.keep_draft(*KEY, Draft("hole", ring([[1, 2], [3, 4]])))
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute(f"UPDATE drafts SET {column} = ?", [content]).rowcount == 1
        plain.commit()
    with open_study(file) as study:
        sheet = study.sheet(*KEY)
        assert sheet.draft is None
        assert sheet.parent == 1
        study.keep_draft(*KEY, Draft("region", ring([[5, 6]])))
        assert study.sheet(*KEY).draft.tool == "region"
        study.append(Grading(*KEY[:2], visible=False), author="ada", parent=1, gesture="done")
        assert study.check() == []
