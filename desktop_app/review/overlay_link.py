"""What lies over the photograph, made on a lane from the votes and kept as the lead switched it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.canvas.boxes import BoxesItem
from desktop_app.canvas.canvas import Canvas
from desktop_app.canvas.grader_look import look_of
from desktop_app.canvas.grader_outlines import GraderOutlinesItem, Lettered
from desktop_app.canvas.raster import RasterItem
from desktop_app.canvas.vote_pictures import (
    Pixels,
    counted_picture,
    heat_picture,
    only_picture,
)
from desktop_app.session.reviewing.image import AT_ONCE, ImageAtHand, Records
from desktop_app.worker.bridge import Bridge

if TYPE_CHECKING:
    from engine.stages.reviewing import ImageReview

COUNTED, VOTES, ONLY = "show_majority", "show_votes", "show_only"
FADED = 0.45
"""Opacity of the graders' outlines while a copy is edited."""


class OverlayLink(QObject):
    """Shows what graders and lead marked on the image at hand.

    A picture is made when it is first looked at; what comes late for another image is dropped.
    """

    switched = Signal(object)
    """The ids of the overlays that are on."""

    def __init__(
        self, canvas: Canvas, at_hand: ImageAtHand, bridge: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._at_hand = at_hand
        self._bridge = bridge
        self._is_editing = False
        self.on = frozenset({COUNTED})
        self.rasters = {COUNTED: RasterItem(), VOTES: RasterItem(), ONLY: RasterItem()}
        self.outlines = GraderOutlinesItem()
        self.boxes = BoxesItem()
        for item in (*self.rasters.values(), self.outlines, self.boxes):
            canvas.add_overlay(item)
        at_hand.opening.connect(lambda _: self.clear())
        at_hand.read.connect(self._on_records)
        at_hand.reviewed.connect(self._on_review)

    def toggle(self, name: str) -> None:
        """Show an overlay, or take it away; votes and only-one take turns."""
        self.on ^= {name}
        if name in self.on and name in {VOTES, ONLY}:
            self.on -= {VOTES, ONLY} - {name}
        self._show()
        self.switched.emit(self.on)

    def set_editing(self, is_editing: bool) -> None:
        """Step back while a copy is edited."""
        self._is_editing = is_editing
        self.outlines.setOpacity(FADED if is_editing else 1.0)
        self._show()

    def clear(self) -> None:
        """Show nothing, as for another image."""
        self._forget_pictures()
        self.outlines.set_graders(())
        self.boxes.set_boxes(())

    def _forget_pictures(self) -> None:
        for raster in self.rasters.values():
            raster.set_pixels(None)

    def _on_records(self, records: Records) -> None:
        self.boxes.set_boxes(records.boxes)

    def _on_review(self, review: "ImageReview") -> None:
        self._forget_pictures()
        self.outlines.set_graders(
            [
                Lettered(voter.letter, voter.region, look_of(place))
                for place, voter in enumerate(review.voters)
            ]
        )
        self._show()

    def _show(self) -> None:
        review = self._at_hand.review
        for name, raster in self.rasters.items():
            is_on = name in self.on and not self._is_editing
            raster.setOpacity(1.0 if is_on else 0.0)
            if is_on and review is not None and not raster.has_pixels:
                self._bridge.run(
                    AT_ONCE,
                    partial(_PICTURES[name], review),
                    then=partial(self._on_pixels, review, name),
                )

    def _on_pixels(self, review: "ImageReview", name: str, pixels: Pixels) -> None:
        if self._at_hand.review is review:
            self.rasters[name].set_pixels(pixels)


def _counted(review: "ImageReview") -> Pixels:
    return counted_picture(review.counted)


def _votes(review: "ImageReview") -> Pixels:
    return heat_picture(review.patterns, votes_of(review))


def _only(review: "ImageReview") -> Pixels:
    looks = [look_of(place) for place in range(len(review.voters))]
    return only_picture(review.patterns, looks)


_PICTURES: dict[str, Callable[["ImageReview"], Pixels]] = {
    COUNTED: _counted,
    VOTES: _votes,
    ONLY: _only,
}


def votes_of(review: "ImageReview") -> int:
    """Return how many graders vote, at least one."""
    votes: Sequence[bool] = [voter.votes for voter in review.voters]
    return max(sum(votes), 1)
