"""A small table as the engine makes them: a text, a number that may be undefined, yes or no."""

from dataclasses import dataclass

from engine.domain.measure import Measure, Reason, Undefined
from engine.report.columns import named
from engine.report.table import Table

EMPTY = Undefined(Reason.ROI_EMPTY)


@dataclass(frozen=True, slots=True)
class Row:
    image: str | None
    ds: Measure | None = EMPTY
    is_correct: bool | Undefined | None = None
    graders: int = 3


COLUMNS = named(
    image="path of the image",
    ds="thresholded Dice score",
    is_correct="whether the prediction is right",
    graders="graders assigned",
)


def table(*rows):
    return Table("images", COLUMNS, list(rows))


def few():
    """Return five rows: numbers 1 and 4 are undefined, image names count from 2 to 10."""
    return table(
        Row("visit 10/a.jpg", 0.5, True),
        Row("visit 2/b.jpg", EMPTY, False),
        Row("Visit 3/c.jpg", 0.25, None),
        Row("visit 2/a.jpg", 0.75, True),
        Row("", None, EMPTY),
    )
