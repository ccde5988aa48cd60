"""Figure 6: which body parts the images of lowest agreement show, beside a control sample."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.domain.findings import BodyPartShare
from engine.domain.measure import value_of
from engine.figures.style import (
    NEUTRAL,
    NEUTRAL_EDGE,
    SMALL,
    Box,
    axes_in,
    broken,
    counted,
    empty_figure,
    framed,
    in_house_style,
    text_width,
    write,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "Body parts in the images of lowest agreement"
GROUPS = {"ds": "Lowest by DS", "srcc": "Lowest by SRCC", "both": "Lowest by both"}
ROW, BAR = 0.27, 0.36
"""Height of a body part in inches, and of a bar as a share of it."""

NAME_WIDTH = 1.5


@in_house_style
def body_part_shares(shares: Sequence[BodyPartShare], *, alpha: float = 0.05) -> "Figure":
    """Return shares of images that show each part: lowest images and control sample (Figure 6).

    Parameters
    ----------
    shares
        One for each part and group, ``ds``, ``srcc`` or ``both``.
    alpha
        An asterisk marks a p, corrected by Holm over the parts of a group, below it.
    """
    if not any(share.labelled for share in shares):
        return empty_figure(TITLE, "None of the images of lowest agreement has body part labels")
    groups = [group for group in GROUPS if any(share.group == group for share in shares)]
    parts = parts_in_order(shares)
    names = {part: broken(part, width=NAME_WIDTH, size=SMALL, most=2) for part in parts}
    widths = [text_width(line, size=SMALL) for lines in names.values() for line in lines]
    left = max(widths, default=0.0) + 0.1
    plot = ROW * len(parts)
    figure, room = framed(TITLE, body=plot + 0.72, note=_note(alpha))
    share_of_width = (room.width - left) / len(groups)
    for number, group in enumerate(groups):
        of_group = {share.part: share for share in shares if share.group == group}
        place = room.left + left + number * share_of_width
        box = Box(place, room.top + 0.36, share_of_width - 0.2, plot)
        write(figure, place, room.top + 0.02, GROUPS[group], bold=True)
        write(figure, place, room.top + 0.17, _counts(list(of_group.values())), size=SMALL)
        axes = axes_in(figure, box)
        _draw(axes, [of_group.get(part) for part in parts], alpha)
        axes.set_yticks(range(len(parts)), ["\n".join(names[part]) for part in parts])
        axes.tick_params(axis="y", length=0, labelleft=number == 0)
    return figure


def _draw(axes: "Axes", shares: Sequence[BodyPartShare | None], alpha: float) -> None:
    for row, share in enumerate(shares):
        if share is None:
            continue
        is_marked = (p := value_of(share.p_holm)) is not None and p < alpha
        star = " *" if is_marked else ""
        _bar(axes, row - BAR / 2, share.shown, share.labelled, star=star)
        _bar(axes, row + BAR / 2, share.control_shown, share.control_labelled, is_control=True)
    # room beyond 1 for the numbers behind the longest bars
    axes.set(xlim=(0, 1.32), ylim=(len(shares) - 0.5, -0.5), xlabel="share of images")
    axes.set_xticks([0, 0.5, 1])
    axes.grid(axis="x")


def _bar(
    axes: "Axes",
    row: float,
    part: int,
    whole: int,
    *,
    star: str = "",
    is_control: bool = False,
) -> None:
    length = part / whole if whole else 0.0
    axes.barh(
        row,
        length,
        BAR,
        color="white" if is_control else NEUTRAL,
        edgecolor=NEUTRAL_EDGE,
        linewidth=0.6,
    )
    text = f"{part:,}/{whole:,}{star}" if whole else "not labelled"
    axes.annotate(
        text,
        (length, row),
        (2, 0),
        textcoords="offset points",
        fontsize=SMALL - 1,
        fontweight="bold" if star else "normal",
        va="center",
    )


def parts_in_order(shares: Sequence[BodyPartShare]) -> list[str]:
    """Return the parts, those most often shown in the lowest images first."""
    highest: dict[str, float] = {}
    for share in shares:
        length = share.shown / share.labelled if share.labelled else 0.0
        highest[share.part] = max(highest.get(share.part, 0.0), length)
    return sorted(highest, key=lambda part: (-highest[part], part))


def _counts(shares: Sequence[BodyPartShare]) -> str:
    labelled = max(share.labelled for share in shares)
    control = max(share.control_labelled for share in shares)
    return f"{counted(labelled, 'image')}, control {control:,}"


def _note(alpha: float) -> str:
    return (
        "Dark: images of lowest agreement that show the part, of those labelled. White: the same of"
        f" a random control sample.\n* Fisher's exact test, p corrected by Holm below {alpha:g}."
    )
