import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.domain.settings import SaliencySettings
from engine.saliency import explain as explain_module
from engine.saliency import folding, gradients
from engine.saliency.classifier import CPU_BATCH, Classifier
from engine.saliency.noise import noise, noise_key
from engine.saliency.normalise import monte_carlo_error, normalised
from engine.saliency.samplers import SAMPLERS as SAMPLERS_BY_NAME
from engine.saliency.samplers import joint, literal
from engine.tasks.cancel import CancelToken, Stopped
from tests.tiny_networks import (
    STD,
    Linear,
    attributions_of,
    classifier_of,
    explained,
    picture_for,
    smooth_network,
)

SAMPLERS = ("literal", "joint")

PINNED_NOISE = [
    -2.223806, 0.804098, -0.045597, 0.524869, -0.620873, -0.358065,
    1.300491, 0.614769, -0.946513, -1.908727, -1.328766, -0.449191,
]  # fmt: skip


@pytest.fixture
def linear():
    weights = np.random.default_rng(1).normal(size=(3, 3, 7, 9)).astype(np.float32)
    return classifier_of(Linear(weights))


@pytest.fixture(scope="module")
def smooth():
    return classifier_of(smooth_network())


def largest_difference(one, other):
    a, b = attributions_of(one), attributions_of(other)
    return np.abs(a - b).max() / np.abs(a).max()


# what a map is


def test_a_linear_logit_is_explained_by_weight_times_distance_from_black(linear):
    prepared = picture_for(linear)
    found = explained(linear, prepared, sampler="literal", score="logit", noise_level=0)
    expected = linear.module.weights[1].numpy() * (prepared.model_values - prepared.black)
    assert attributions_of(found) == pytest.approx(expected.sum(0), abs=found.facts.peak / 32000)
    assert found.values.dtype == np.int16
    assert np.abs(found.values).max() == 32700
    assert found.geometry == prepared.geometry


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_linear_logit_has_no_completeness_gap_but_that_of_its_own_noise(linear, sampler):
    found = explained(linear, sampler=sampler, score="logit", noise_level=0)
    assert found.facts.completeness_gap == pytest.approx(0, abs=1e-4)
    noisy = explained(linear, sampler="literal", score="logit", noise_level=0.15)
    assert noisy.facts.completeness_gap == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("steps", [1, 8])
def test_the_completeness_gap_of_joint_is_the_noise_of_its_gradients_and_its_copies(linear, steps):
    prepared = picture_for(linear)
    settings = {"steps": steps, "joint_gradients": 40, "noise_samples": 40, "score": "logit"}
    gaps = [
        explained(linear, prepared, seed=seed, **settings).facts.completeness_gap
        for seed in range(100)
    ]
    scale = 0.15 * (prepared.high - prepared.low) / np.array(STD)[:, None, None]
    of_one_copy = np.linalg.norm(linear.module.weights[1].numpy() * scale)
    # A linear score feels the copies' noise, and that of gradients without an antithetic twin.
    expected = of_one_copy * np.sqrt(1 / 40 + steps % 2 / 40)
    assert np.sqrt(np.mean(np.square(gaps))) == pytest.approx(expected, rel=0.15)
    assert np.mean(gaps) == pytest.approx(0, abs=3 * expected / 10)


def test_the_path_of_a_nonlinear_score_ends_in_a_right_riemann_sum(smooth):
    prepared = picture_for(smooth)
    settings = {"steps": 3, "joint_gradients": 3, "noise_samples": 1, "noise_level": 0}
    found = explained(smooth, prepared, sampler="literal", **settings)
    x, black = (torch.from_numpy(a.copy()) for a in (prepared.model_values, prepared.black))
    total = torch.zeros_like(x)
    for k in (1, 2, 3):
        point = (black + k / 3 * (x - black))[None].requires_grad_()
        score = smooth.module(point).softmax(1)[0, 1]
        total += torch.autograd.grad(score, point)[0][0] / 3
    expected = (total * (x - black)).sum(0).numpy()
    assert attributions_of(found) == pytest.approx(expected, abs=found.facts.peak / 30000)


def test_noise_is_scaled_by_the_pictures_range_and_by_each_channels_std(linear, monkeypatch):
    prepared = replace(picture_for(linear), low=0.25, high=0.75)
    seen = []
    monkeypatch.setattr(Linear, "forward", lambda self, x: seen.append(x) or x[:, :, 0, 0])
    explained(linear, prepared, sampler="literal", noise_samples=1, noise_level=0.2, steps=1)
    drawn = noise(noise_key("image", 0), [0], shape=(3, 7, 9))[0]
    expected = prepared.model_values + drawn * (0.2 * 0.5 / np.array(STD)[:, None, None])
    assert seen[-1][0].detach().numpy() == pytest.approx(expected, abs=1e-5)


def test_facts_tell_clean_and_noisy_scores_and_the_share_that_keeps_the_target(smooth):
    prepared = picture_for(smooth)
    facts = explained(smooth, prepared, sampler="literal", noise_samples=6, noise_level=0.5).facts
    scale = 0.5 * (prepared.high - prepared.low) / np.array(STD)[:, None, None]
    drawn = noise(noise_key("image", 0), range(6), shape=(3, 7, 9))
    copies = torch.from_numpy((prepared.model_values + drawn * scale).astype(np.float32))
    scores = smooth.module(copies).softmax(1).numpy()
    clean = smooth.module(torch.from_numpy(prepared.model_values)[None]).softmax(1).numpy()
    assert facts.score == pytest.approx(clean[0, 1], abs=1e-6)
    assert facts.noisy_score == pytest.approx(scores[:, 1].mean(), abs=1e-6)
    assert facts.kept_target_share == (scores.argmax(1) == 1).mean()
    assert facts.target == "psoriasis"


def test_logit_and_softmax_give_different_maps(smooth):
    by_score = [explained(smooth, score=score) for score in ("softmax", "logit")]
    assert largest_difference(*by_score) > 0.05


def test_a_model_that_returns_probabilities_is_explained_as_one_that_returns_logits(smooth):
    both = classifier_of(nn.Sequential(smooth.module, nn.Softmax(1)), output="probabilities")
    assert largest_difference(explained(smooth), explained(both)) < 1e-4


# samplers and halves


@pytest.mark.parametrize("steps", [1, 5, 10])
def test_joint_visits_every_node_equally_often_in_both_halves(steps):
    plan = joint(SaliencySettings(steps=steps, joint_gradients=4 * steps))
    for half in (0, 1):
        nodes = plan.nodes[plan.sweeps % 2 == half]
        assert np.array_equal(np.bincount(nodes)[1:], np.full(steps, 2))


@pytest.mark.parametrize("steps", [1, 5, 10])
def test_joint_uses_each_noise_once_with_either_sign_and_in_one_half_only(steps):
    plan = joint(SaliencySettings(steps=steps, joint_gradients=4 * steps, noise_samples=3))
    uses = list(zip(plan.streams, plan.signs, strict=True))
    assert len(set(uses)) == len(uses) == 4 * steps
    halves = [set(plan.streams[plan.sweeps % 2 == half]) for half in (0, 1)]
    assert not halves[0] & halves[1]
    assert not set(plan.copies) & set(plan.streams)


def test_literal_gives_each_copy_its_whole_path_and_records_its_score():
    plan = literal(SaliencySettings(steps=5, noise_samples=3))
    assert len(plan) == 15
    assert np.array_equal(plan.streams, np.repeat([0, 1, 2], 5))
    assert np.array_equal(plan.nodes, np.tile([1, 2, 3, 4, 5], 3))
    assert np.array_equal(plan.copies, [0, 1, 2])


def test_joint_and_literal_share_one_expectation(smooth, monkeypatch):
    monkeypatch.setattr(gradients.Subject, "batch", 500)  # as quick as it gets
    prepared = picture_for(smooth)
    settings = {"noise_level": 0.5, "noise_samples": 600, "joint_gradients": 6000}
    found = [explained(smooth, prepared, sampler=s, steps=10, **settings) for s in SAMPLERS]
    a, b = map(attributions_of, found)
    assert np.linalg.norm(a - b) / np.linalg.norm(b) < 0.06
    # The test tells them from a sampler that drops the noise of the multiplier.
    clean = attributions_of(explained(smooth, prepared, noise_level=0))
    assert np.linalg.norm(clean - b) / np.linalg.norm(b) > 0.12


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_whole_map_is_the_mean_of_its_halves_weighted_by_their_samples(linear, sampler):
    prepared = picture_for(linear)
    settings = {"sampler": sampler, "steps": 5, "noise_samples": 3, "joint_gradients": 15}
    found = explained(linear, prepared, score="logit", noise_level=0.5, **settings)
    plan = SAMPLERS_BY_NAME[sampler](SaliencySettings(**settings))
    drawn = noise(noise_key("image", 0), plan.streams.tolist(), shape=(3, 7, 9))
    scale = 0.5 * (prepared.high - prepared.low) / np.array(STD)[:, None, None]
    distance = (
        prepared.model_values - prepared.black + drawn * plan.signs.reshape(-1, 1, 1, 1) * scale
    )
    each = (linear.module.weights[1].numpy() * distance).sum(1)
    even, odd = each[plan.sweeps % 2 == 0], each[plan.sweeps % 2 == 1]
    assert (len(even), len(odd)) == (10, 5)
    halves = even.mean(0), odd.mean(0)
    whole = (2 * halves[0] + halves[1]) / 3
    for values, expected in zip((found.values, *found.halves), (whole, *halves), strict=True):
        assert values == pytest.approx(normalised(expected)[0], abs=2)
    assert found.facts.monte_carlo_error == pytest.approx(monte_carlo_error(*halves), rel=1e-4)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_single_sweep_has_no_halves_and_no_monte_carlo_error(smooth, sampler):
    found = explained(smooth, sampler=sampler, steps=5, noise_samples=1, joint_gradients=5)
    assert found.halves is None
    assert found.facts.monte_carlo_error == Undefined(Reason.SINGLE_SAMPLE)


def test_halves_are_normalised_each_by_itself(smooth):
    found = explained(smooth, noise_level=0.5)
    assert all(np.abs(half).max() == 32700 for half in found.halves)
    assert not np.array_equal(*found.halves)


def test_the_monte_carlo_error_falls_with_more_gradients(smooth, monkeypatch):
    monkeypatch.setattr(gradients.Subject, "batch", 500)
    few, many = (explained(smooth, joint_gradients=n, noise_level=0.5) for n in (20, 1000))
    assert few.facts.monte_carlo_error > 3 * many.facts.monte_carlo_error > 0


def test_the_monte_carlo_error_is_half_the_distance_over_the_norm_of_the_mean():
    assert monte_carlo_error(np.array([3.0, 0]), np.array([1.0, 0])) == 0.5
    assert monte_carlo_error(np.zeros(2), np.zeros(2)) == Undefined(Reason.ZERO_MAP)


# noise, batches and memory


def test_noise_depends_on_digest_seed_and_stream_alone():
    shape = (3, 5, 7)
    together = noise(noise_key("a", 0), [0, 1, 2], shape=shape)
    assert np.array_equal(noise(noise_key("a", 0), [2], shape=shape)[0], together[2])
    for key in (noise_key("b", 0), noise_key("a", 1)):
        assert np.abs(noise(key, [0], shape=shape)[0] - together[0]).max() > 0.5


def test_noise_is_standard_normal_and_its_streams_are_independent():
    drawn = noise(noise_key("a", 0), range(40), shape=(3, 64, 64)).reshape(40, -1)
    assert drawn.dtype == np.float32
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert drawn.std() == pytest.approx(1, abs=0.01)
    assert (np.abs(drawn) < 1.96).mean() == pytest.approx(0.95, abs=0.002)
    assert (np.abs(drawn) > 4.5).any()
    assert np.abs(np.corrcoef(drawn) - np.eye(40)).max() < 0.05


def test_noise_is_pinned_so_that_old_maps_can_be_made_again():
    drawn = noise(noise_key("image", 7), [3], shape=(3, 2, 2)).ravel()
    assert drawn == pytest.approx(PINNED_NOISE, abs=1e-5)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_map_is_the_same_at_any_batch_size(smooth, sampler, monkeypatch):
    found = []
    for batch in (1, 7, 50):
        monkeypatch.setattr(gradients.Subject, "batch", batch)
        found.append(explained(smooth, sampler=sampler, noise_level=0.3))
    assert all(largest_difference(found[0], other) < 1e-4 for other in found[1:])


class Crowded(nn.Module):
    """Runs out of memory above a number of images, as a device does."""

    def __init__(self, network, most):
        super().__init__()
        self.network, self.most, self.batches = network, most, []

    def forward(self, images):
        self.batches.append(len(images))
        if len(images) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.network(images)


def test_out_of_memory_halves_the_batch_and_keeps_what_is_finished(smooth):
    crowded = classifier_of(Crowded(smooth.module, 4))
    found = explained(crowded, noise_samples=4, sampler="literal", steps=10)
    assert largest_difference(explained(smooth, sampler="literal"), found) < 1e-4
    # x and x', four noisy copies, a batch that fails, then 40 gradients by four
    assert crowded.module.batches == [2, 4, 8] + [4] * 10


def test_a_single_image_that_does_not_fit_is_refused_with_a_remedy(smooth):
    with pytest.raises(Refusal) as refused:
        explained(classifier_of(Crowded(smooth.module, 0)))
    assert refused.value.problem.code == "out_of_memory"


def test_no_more_than_a_batch_of_noisy_copies_is_ever_alive(smooth, monkeypatch):
    sizes = []
    ask = Classifier.outputs
    monkeypatch.setattr(Classifier, "outputs", lambda self, x: sizes.append(len(x)) or ask(self, x))
    explained(smooth, joint_gradients=200)
    assert max(sizes) == CPU_BATCH


# stopping and failing


def test_a_cancelled_job_stops_within_one_batch(smooth):
    cancel = CancelToken()
    batches = []

    class Cancelling(nn.Module):
        def forward(self, images):
            if images.requires_grad:
                batches.append(len(images))
                cancel.cancel()
            return smooth.module(images)

    with pytest.raises(Stopped):
        explained(classifier_of(Cancelling()), cancel=cancel, joint_gradients=400)
    assert len(batches) == 1


class Nan(nn.Module):
    """Has finite outputs on clean images, and others under noise or in the gradient."""

    def __init__(self, in_gradient):
        super().__init__()
        self.in_gradient = in_gradient

    def forward(self, images):
        means = images.mean((2, 3))
        if self.in_gradient:
            return means + (means - means.detach()).pow(2).sqrt()
        return means * torch.where(images.amax() > 6, torch.nan, 1.0)


@pytest.mark.parametrize("in_gradient", [False, True])
def test_numbers_that_are_not_finite_are_refused(in_gradient):
    with pytest.raises(Refusal) as refused:
        explained(classifier_of(Nan(in_gradient)), noise_level=1.0)
    assert refused.value.problem.code == "not_finite"
    assert "tiny" in refused.value.problem.message


def test_a_map_of_zeros_stays_zero_and_is_flagged():
    found = explained(classifier_of(Linear(np.zeros((3, 3, 7, 9)))))
    assert found.facts.is_zero
    assert found.facts.peak == 0
    assert not found.values.any()
    assert found.facts.monte_carlo_error == Undefined(Reason.ZERO_MAP)


def test_normalising_rounds_half_to_even_and_keeps_the_smallest_peak():
    values, peak = normalised(np.array([-2.0, 1.0, 0.5 / 32700 * 2, 1.5 / 32700 * 2]))
    assert values.tolist() == [-32700, 16350, 0, 2]
    assert peak == 2
    assert normalised(np.array([5e-324, 0]))[0].tolist() == [32700, 0]


# fewer layers


class Block(nn.Module):
    """A convolution and batch norm by module and by function, shared and in other guises."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.first = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.act = nn.ReLU6()
        self.second = nn.Conv2d(4, 4, 3, stride=2, groups=2)
        self.second_norm = nn.BatchNorm2d(4, affine=False)
        self.shared = nn.Conv2d(4, 4, 1)
        self.last = nn.Linear(4, 3)
        for norm in (self.norm, self.second_norm):
            norm.running_mean.normal_()
            norm.running_var.uniform_(0.5, 2)
        nn.init.normal_(self.norm.weight)

    def forward(self, x):
        x = self.act(self.norm(self.first(x)))
        x = nn.functional.conv2d(x, self.second.weight, self.second.bias, 2, groups=2)
        x = self.act(self.second_norm(x))
        y = self.shared(x)
        return self.last((self.second_norm(y) + y + x).mean((2, 3)))


def test_batch_norms_fold_into_their_convolutions_and_nothing_else_changes():
    network = Block().eval().requires_grad_(False)
    state = copy.deepcopy(network.state_dict())
    image = torch.randn(1, 3, 7, 9)
    light = folding.folded(network, image)
    assert light is folding.folded(network, image)
    # The third norm's convolution is used twice, so it must stay.
    assert [type(m).__name__ for m in light.modules()].count("BatchNorm2d") == 1
    images = torch.randn(5, 3, 7, 9)
    assert torch.allclose(light(images), network(images), atol=1e-5)
    assert all(torch.equal(state[name], value) for name, value in network.state_dict().items())


def test_a_network_that_cannot_be_traced_serves_as_it_is():
    class Branching(Block):
        def forward(self, x):
            return super().forward(x) if x.sum() > 0 else super().forward(-x)

    network = Branching().eval()
    assert folding.folded(network, torch.randn(1, 3, 7, 9)) is network


def test_a_network_that_folds_ever_so_slightly_wrongly_serves_as_it_is(monkeypatch):
    fuse = folding.fuse_conv_bn_weights

    def wrongly(*given):
        weight, bias = fuse(*given)
        return weight * (1 + 1e-6), bias

    monkeypatch.setattr(folding, "fuse_conv_bn_weights", wrongly)
    network = Block().eval().requires_grad_(False)
    assert folding.folded(network, torch.randn(1, 3, 7, 9)) is network


@pytest.mark.parametrize(
    ("expected", "actual", "is_close"),
    [
        ([1.0, -2.0], [1.0, -2.001], True),
        ([1.0, -2.0], [1.0, -2.1], False),
        ([0.0, 0.0], [0.0, 0.0], True),
        ([0.0, 0.0], [0.0, 1e-9], False),
        ([1.0, np.nan], [1.0, np.nan], False),
        ([1.0, 2.0], [1.0, np.nan], False),
        ([np.inf, 2.0], [1.0, 2.0], False),
    ],
)
def test_what_is_not_a_number_is_never_close_and_zeros_are_equal(expected, actual, is_close):
    pair = torch.tensor(expected), torch.tensor(actual)
    assert folding._is_close(*pair, tolerance=1e-2) is is_close


def test_a_network_whose_gradients_cannot_be_compared_serves_as_it_is():
    class Undifferentiable(Block):
        def forward(self, x):
            outputs = super().forward(x)
            return outputs + (outputs - outputs.detach()).pow(2).sqrt()

    network = Undifferentiable().eval().requires_grad_(False)
    assert folding.folded(network, torch.randn(1, 3, 7, 9)) is network


class Rectifying(nn.BatchNorm2d):
    """A batch norm that does more, as timm's."""

    def forward(self, x):
        statistics = (self.running_mean, self.running_var, self.weight, self.bias)
        return nn.functional.batch_norm(x, *statistics, self.training, 0.1, self.eps).relu()


class Forked(nn.Module):
    """Layers that fold, with one result that is used twice."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.act = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()
        self.even, self.uneven = nn.ZeroPad2d((2, 2, 1, 1)), nn.ZeroPad2d((0, 1, 2, 2))
        self.second, self.more = nn.Conv2d(4, 4, 3), Rectifying(4)
        self.more.running_mean.normal_()

    def forward(self, x):
        x = self.norm(self.first(x))
        x = self.act(x) - x  # the rectifier may not overwrite its input
        both = (self.second(pad(x)) for pad in (self.even, self.uneven))
        return sum(self.more(y).mean((2, 3)) for y in both)[:, :3]


def test_only_what_may_be_rewritten_is_rewritten():
    torch.manual_seed(0)
    network = Forked().eval().requires_grad_(False)
    images = torch.randn(4, 3, 7, 9)
    light = folding.folded(network, images[:1])
    assert [type(layer) for layer in light.modules()][1:] == [nn.ReLU, nn.ZeroPad2d]
    assert torch.allclose(light(images), network(images), atol=1e-5)


# reduced precision, as far as a CPU can tell


def test_autocast_changes_nothing_without_cuda(smooth):
    on, off = (explained(smooth, autocast=autocast) for autocast in (True, False))
    assert np.array_equal(on.values, off.values)
    assert on.facts == off.facts


@pytest.fixture
def reduced(monkeypatch):
    """Run as on CUDA with autocast on, in bfloat16 on the CPU."""
    make = explain_module._subject
    monkeypatch.setattr(
        explain_module,
        "_subject",
        lambda *args, **more: replace(make(*args, **more), reduced=torch.bfloat16),
    )


def test_reduced_precision_is_told_by_its_rank_correlation_with_float32(smooth, reduced):
    found = explained(smooth)
    assert 0.95 < found.facts.autocast_rank_correlation < 1


def test_gradients_that_overflow_in_reduced_precision_are_taken_again_unscaled(smooth, reduced):
    steep = classifier_of(nn.Sequential(smooth.module, Scale(40.0)))
    found = explained(steep, score="logit")
    assert not found.facts.is_zero


class Scale(nn.Module):
    """Multiplies, and has a gradient that overflows when it is asked for too much."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return _Overflowing.apply(x) * self.factor


class _Overflowing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return torch.where(gradient.abs() > 1000, torch.inf, gradient)
