"""What DS is measured by: how well people do, and what a map without knowledge would reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Literal

from engine.domain.measure import Measure, Reason, Undefined, value_of
from engine.domain.rows import ImageResult
from engine.figures.style import INK, SMALL, counted, shown, text_width, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class DsReference:
    """Two DS to read every other DS by; drawn as lines on every axis of DS.

    Attributes
    ----------
    human_ceiling
        Mean over admitted images of the Dice of each grader with the consensus of the others.
    chance
        Mean chance-level DS, 2 f p / (f + p), over the images that have a map.
    ceiling_images, chance_images
        Numbers of images with a defined value, whose means these are.
    images
        Number of admitted images.
    """

    human_ceiling: Measure
    chance: Measure
    ceiling_images: int
    chance_images: int
    images: int

    @property
    def caption(self) -> str:
        """What the two lines are, with the numbers of images behind them."""
        ceiling = _said(self.human_ceiling, self.ceiling_images, self.images)
        chance = _said(self.chance, self.chance_images, self.images)
        return (
            f"Human ceiling of DS (dashed): each grader against the consensus of the others,"
            f" {ceiling}. Chance level of DS (dotted): {chance}."
        )


def ds_reference(results: Iterable[ImageResult]) -> DsReference:
    """Return the human ceiling and the chance level of DS over the admitted images (method 8)."""
    admitted = [result for result in results if result.agreement.admitted]
    ceilings = _defined([result.agreement.human_ceiling for result in admitted])
    located = [result.localisation for result in admitted if result.localisation]
    chances = _defined([localisation.ds_chance for localisation in located])
    return DsReference(
        human_ceiling=_mean(ceilings),
        chance=_mean(chances),
        ceiling_images=len(ceilings),
        chance_images=len(chances),
        images=len(admitted),
    )


def draw_reference(
    axes: "Axes", reference: DsReference, *, axis: Literal["x", "y"], is_named: bool = True
) -> None:
    """Draw human ceiling and chance level across axes whose x or y is DS.

    Names stand outside: above the axes where x is DS, to the right of them where y is. Of two
    lines close together the names lean away from each other.
    """
    lines = [
        ("ceiling", reference.human_ceiling, (0, (5, 2))),
        ("chance", reference.chance, (0, (1, 1.5))),
    ]
    values = [value for _, value, _ in lines if not isinstance(value, Undefined)]
    for name, value, dashes in lines:
        if isinstance(value, Undefined):
            continue
        draw = axes.axvline if axis == "x" else axes.axhline
        draw(value, color=INK, linewidth=0.9, linestyle=dashes, zorder=4)
        if is_named:
            is_upper = len(values) == 1 or value == max(values)
            _name(axes, f"{name} {shown(value)}", at=value, axis=axis, is_upper=is_upper)


def _name(axes: "Axes", text: str, *, at: float, axis: Literal["x", "y"], is_upper: bool) -> None:
    if axis == "x":
        is_rightward = is_upper and _fits_beyond(axes, at, text)
        axes.annotate(
            text,
            (at, 1),
            (1 if is_rightward else -1, 3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            fontsize=SMALL,
            ha="left" if is_rightward else "right",
            va="bottom",
            annotation_clip=False,
        )
        return
    axes.annotate(
        text.replace(" ", "\n"),
        (1, at),
        (4, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=SMALL,
        va="bottom" if is_upper else "top",
        annotation_clip=False,
    )


def _fits_beyond(axes: "Axes", at: float, text: str) -> bool:
    """Return whether a text that begins at this x ends within the axes, or hardly beyond."""
    left, right = axes.get_xlim()
    room = (right - at) / (right - left) * axes.bbox.width / axes.figure.dpi
    return bool(text_width(text, size=SMALL) < room + 0.12)


def _defined(measures: Iterable[Measure]) -> list[float]:
    return [value for value in map(value_of, measures) if value is not None]


def _mean(values: Sequence[float]) -> Measure:
    return fmean(values) if values else Undefined(Reason.TOO_FEW_IMAGES)


def _said(mean: Measure, images: int, admitted: int) -> str:
    if isinstance(mean, Undefined):
        return f"undefined ({words(mean)})"
    without = f" ({admitted - images:,} without)" if admitted > images else ""
    return f"mean {shown(mean)} of {counted(images, 'image')}{without}"
