"""How maps look by the settings, and the one scale that several of them share."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.domain.saliency_map import SCALE, SaliencyMap
from engine.domain.settings import FigureSettings
from engine.figures.panels import Look
from engine.figures.signed_map import (
    COLOUR_BLIND_SAFE,
    PAPER,
    Display,
    Scale,
    shared_scale,
)

PALETTES = {"colour_blind_safe": COLOUR_BLIND_SAFE, "paper": PAPER}


def look_of(settings: FigureSettings) -> Look:
    """Return the look that the settings ask for, each map at its own scale."""
    display = Display(
        clip_above=settings.clip_above,
        clip_below=settings.clip_below,
        clean_up=settings.clean_up,
        outlines=settings.outlines,
    )
    return Look(PALETTES[settings.palette], display)


def common_scale(maps: Iterable[SaliencyMap], display: Display) -> Scale | None:
    """Return the scale that maps share, in score units, or None where there is no map.

    An imported map has no unit but its own.
    """
    values = [one.values.astype(np.float32) * (_peak(one) / SCALE) for one in maps]
    return shared_scale(values, display) if values else None


def at_scale(look: Look, common: Scale | None, saliency_map: SaliencyMap | None) -> Look:
    """Return the look of one map at the common scale; without one, each map has its own."""
    if common is None or saliency_map is None:
        return look
    peak = _peak(saliency_map)
    return replace(look, scale=Scale(common.low / peak, common.high / peak))


def _peak(saliency_map: SaliencyMap) -> float:
    return saliency_map.facts.peak or 1.0
