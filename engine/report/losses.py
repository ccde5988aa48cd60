"""What a format could not hold, as a table beside the files of an export."""

import csv
from collections import Counter
from collections.abc import Callable
from typing import TextIO

from engine.domain.problem import Problem
from engine.report.csv_file import cell_text

LOSSES = "losses.csv"
"""Beside it lies the run manifest, so that an import of the folder passes both over."""


class Losses:
    """The table, written as the losses come, and how much there is of each kind.

    Attributes
    ----------
    counts, examples
        By code: how many there were, and the first of them.
    """

    def __init__(self, stream: TextIO, on_loss: Callable[[Problem], None]) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, Problem] = {}
        self._on_loss = on_loss
        self._rows = csv.writer(stream, lineterminator="\n")
        self._rows.writerow(("code", "where", "message"))

    def add(self, loss: Problem) -> None:
        """Write one row, and tell of it."""
        cells = (loss.code, loss.where, loss.message)
        self._rows.writerow(map(cell_text, cells))
        self.counts[loss.code] += 1
        self.examples.setdefault(loss.code, loss)
        self._on_loss(loss)
