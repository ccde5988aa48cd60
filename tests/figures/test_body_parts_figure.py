"""Figure 6: bars are shares, numbers stand behind them, asterisks mark corrected p."""

import pytest

from engine.figures.body_parts import body_part_shares
from tests.figures.made_up import UNDEFINED, share


def widths(axes) -> list[float]:
    return [patch.get_width() for patch in axes.patches]


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_bars_are_the_shares_of_lowest_images_and_of_the_control() -> None:
    figure = body_part_shares([share(shown=3, labelled=12, control=(1, 10))])
    assert widths(figure.axes[0]) == pytest.approx([0.25, 0.1])
    assert texts(figure.axes[0]) == ["3/12", "1/10"]


@pytest.mark.parametrize(("p", "mark"), [(0.049, " *"), (0.05, ""), (0.9, ""), (UNDEFINED, "")])
def test_an_asterisk_marks_a_corrected_p_below_alpha(p, mark) -> None:
    figure = body_part_shares([share(p_holm=p)], alpha=0.05)
    assert texts(figure.axes[0])[0] == f"3/12{mark}"


def test_groups_stand_side_by_side_with_the_parts_in_one_order() -> None:
    figure = body_part_shares(
        [
            share("lip", "ds", shown=1),
            share("hand", "ds", shown=9),
            share("lip", "both", shown=5),
            share("hand", "both", shown=2),
        ]
    )
    ds, both = figure.axes
    assert widths(ds)[::2] == pytest.approx([9 / 12, 1 / 12])
    assert widths(both)[::2] == pytest.approx([2 / 12, 5 / 12])
    said = [text.get_text() for text in figure.texts]
    assert "Lowest by DS" in said
    assert "Lowest by both" in said
    assert "Lowest by SRCC" not in said


def test_a_sample_without_labels_has_no_share() -> None:
    figure = body_part_shares([share(control=(0, 0))])
    assert texts(figure.axes[0])[1] == "not labelled"
