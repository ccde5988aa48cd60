"""One scale for all maps of a report: equal attributions look equal, whatever a map's peak."""

import numpy as np

from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.domain.settings import FigureSettings
from engine.figures.look import at_scale, common_scale, look_of
from engine.figures.signed_map import strengths


def map_of(attributions):
    """Return a map of attributions in score units, normalised as every other."""
    exact = np.array(attributions, float)
    peak = float(np.abs(exact).max())
    values = np.rint(exact / (peak or 1) * SCALE).astype(np.int16)
    height, width = values.shape
    geometry = Geometry(width, height, width, height, 1.0, 1.0)
    return SaliencyMap(values, geometry, MapFacts("gradients", peak=peak, is_zero=peak == 0))


STRONG = map_of([[8.0, 2.0, 1.0, -1.0]])
WEAK = map_of([[2.0, 0.5, 1.0, -1.0]])
LOOK = look_of(FigureSettings(clip_above=100))


def shown(one, common):
    look = at_scale(LOOK, common, one)
    return strengths(one.values, display=look.display, scale=look.scale)[:, 0]


def test_equal_attributions_of_a_strong_and_a_weak_map_look_equal():
    common = common_scale([STRONG, WEAK], LOOK.display)
    strong, weak = shown(STRONG, common), shown(WEAK, common)
    np.testing.assert_allclose(weak[0], [0.25, 0.0625, 0.125, 0], atol=1e-3)
    np.testing.assert_allclose(strong[0], [1, 0.25, 0.125, 0], atol=1e-3)
    np.testing.assert_allclose(weak[1, 3], strong[1, 3], atol=1e-3)


def test_without_a_common_scale_the_peak_of_each_map_is_at_full_strength():
    assert shown(STRONG, None)[0, 0] == shown(WEAK, None)[0, 0] == 1


def test_a_map_of_zeros_shows_nothing_and_changes_no_scale():
    nothing = map_of([[0.0, 0.0, 0.0, 0.0]])
    common = common_scale([STRONG, nothing], LOOK.display)
    assert not shown(nothing, common).any()
    assert common == common_scale([STRONG], LOOK.display)


def test_no_map_has_no_scale():
    assert common_scale([], LOOK.display) is None
    assert at_scale(LOOK, None, WEAK) == at_scale(LOOK, common_scale([WEAK], LOOK.display), None)
