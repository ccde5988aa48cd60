"""Names beside points: wherever the points lie, no name covers a mark or another name."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.figures.label_places import MARK, label_places

BOUNDS = (6.0, 3.0)
FACTS = st.tuples(
    st.floats(0, BOUNDS[0]), st.floats(0, BOUNDS[1]), st.floats(0.1, 1.8), st.floats(0.1, 0.3),
    st.booleans(),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(FACTS, max_size=30))
def test_names_lie_within_the_plot_and_cover_neither_marks_nor_each_other(names) -> None:
    table = np.array(names, dtype=float).reshape(-1, 5)
    anchors, sizes, first = table[:, :2], table[:, 2:4], table[:, 4] > 0
    places = label_places(anchors, sizes, bounds=BOUNDS, are_first=first)
    assert len(places) == len(names)
    placed = [index for index, place in enumerate(places) if place is not None]
    centres = np.array([places[index] for index in placed]).reshape(-1, 2)
    low, high = centres - sizes[placed] / 2, centres + sizes[placed] / 2
    assert (low >= -1e-9).all()
    assert (high <= np.array(BOUNDS) + 1e-9).all()
    on_marks = (low[:, None] < anchors + MARK) & (high[:, None] > anchors - MARK)
    assert not on_marks.all(axis=-1).any()
    meet = ((low[:, None] < high) & (high[:, None] > low)).all(axis=-1)
    assert meet.sum() == len(placed)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, BOUNDS[0] - 0.5), st.floats(0.5, BOUNDS[1] - 0.5))
def test_a_point_alone_has_its_name_close_by(x: float, y: float) -> None:
    (place,) = label_places(
        np.array([[x, y]]), np.array([[0.3, 0.1]]), bounds=BOUNDS, are_first=np.array([False])
    )
    assert place is not None
    assert np.hypot(place[0] - x, place[1] - y) < 0.4
