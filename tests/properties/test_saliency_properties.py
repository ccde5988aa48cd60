"""What holds for every map, whatever the network, the picture and the settings."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.domain.settings import SaliencySettings
from engine.saliency.noise import noise, noise_key
from engine.saliency.normalise import monte_carlo_error, normalised
from engine.saliency.samplers import SAMPLERS
from tests.tiny_networks import (
    Linear,
    attributions_of,
    classifier_of,
    explained,
    picture_for,
    smooth_network,
)

finite = st.floats(-1e6, 1e6, allow_subnormal=True)
maps = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=finite)
quick = settings(max_examples=25, deadline=None)


@st.composite
def plans(draw):
    steps, sweeps = draw(st.integers(1, 12)), draw(st.integers(1, 7))
    chosen = SaliencySettings(
        steps=steps, joint_gradients=steps * sweeps, noise_samples=sweeps,
        sampler=draw(st.sampled_from(sorted(SAMPLERS))),
    )  # fmt: skip
    return SAMPLERS[chosen.sampler](chosen), steps, sweeps


@given(maps)
def test_normalising_keeps_zero_signs_and_order(attributions):
    values, peak = normalised(attributions)
    assert peak == np.abs(attributions).max()
    assert np.abs(values).max() == (32700 if peak else 0)
    assert not values[attributions == 0].any()
    assert (values * np.sign(attributions) >= 0).all()
    order = np.argsort(attributions, axis=None)
    assert (np.diff(values.ravel()[order].astype(int)) >= 0).all()


@given(maps, st.floats(1e-3, 1e3))
def test_the_monte_carlo_error_does_not_depend_on_the_unit_of_the_score(attributions, unit):
    other = attributions[::-1]
    one, scaled = (monte_carlo_error(a, b) for a, b in
                   ((attributions, other), (unit * attributions, unit * other)))  # fmt: skip
    assert one == scaled or abs(one - scaled) <= 1e-6 * max(one, scaled)


@given(plans())
def test_every_sweep_visits_every_node_once(drawn):
    plan, steps, sweeps = drawn
    assert len(plan) == steps * sweeps
    for sweep in range(sweeps):
        assert sorted(plan.nodes[plan.sweeps == sweep]) == list(range(1, steps + 1))


@given(plans())
def test_no_noise_is_shared_between_sweeps(drawn):
    plan, _, sweeps = drawn
    streams = [set(plan.streams[plan.sweeps == sweep].tolist()) for sweep in range(sweeps)]
    assert sum(map(len, streams)) == len(set().union(*streams))


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=5), st.text(), st.integers(0, 2**63))
@quick
def test_noise_is_the_same_whoever_else_is_in_the_batch(streams, digest, seed):
    key = noise_key(digest, seed)
    together = noise(key, streams, shape=(3, 3, 5))
    assert np.isfinite(together).all()
    for stream, drawn in zip(streams, together, strict=True):
        assert np.array_equal(noise(key, [stream], shape=(3, 3, 5))[0], drawn)


@given(hnp.arrays(np.float32, (3, 3, 4, 5), elements=st.floats(-1, 1, width=32)), st.integers(0, 9))
@quick
def test_attributions_of_a_linear_logit_add_up_to_its_difference_from_black(weights, seed):
    classifier = classifier_of(Linear(weights), size=(5, 4))
    prepared = picture_for(classifier, seed)
    found = explained(
        classifier, prepared, score="logit", noise_level=0, steps=2, joint_gradients=4
    )
    inputs = (prepared.model_values, np.broadcast_to(prepared.black, (3, 4, 5)))
    high, low = (classifier.module(torch.tensor(x)[None])[0, 1].item() for x in inputs)
    tolerance = 1e-4 + 20 * found.facts.peak / 32700
    assert abs(attributions_of(found).sum() - (high - low)) < tolerance


@given(st.integers(1, 30), st.sampled_from(["literal", "joint"]), st.integers(0, 2**32))
@quick
def test_a_map_is_reproducible_and_depends_on_image_and_seed(steps, sampler, seed):
    classifier = classifier_of(NETWORK)
    chosen = {"steps": steps, "joint_gradients": 2 * steps, "noise_samples": 2}
    one, again, other_seed, other_image = (
        explained(classifier, digest=digest, seed=number, sampler=sampler, **chosen)
        for digest, number in (("a", seed), ("a", seed), ("a", seed + 1), ("b", seed))
    )
    assert np.array_equal(one.values, again.values)
    assert one.facts == again.facts
    assert not np.array_equal(one.values, other_seed.values)
    assert not np.array_equal(one.values, other_image.values)


NETWORK = smooth_network()
