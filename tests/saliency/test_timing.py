"""How long a map takes is told from a small part of its work."""

import pytest
import torch
from torch import nn

from engine.domain.settings import SaliencySettings
from engine.saliency.timing import passes_of, seconds_of_whole, shortened
from tests.tiny_networks import classifier_of, explained

SIZE = (32, 24)

ALL = {
    "joint": {"sampler": "joint"},
    "literal": {"sampler": "literal", "noise_samples": 6},
    "one path": {"sampler": "literal", "noise_samples": 1, "steps": 200},
    "shap": {"method": "gradient_shap"},
    "occlusion": {"method": "occlusion", "occlusion_window": 4, "occlusion_stride": 2},
    "grad_cam": {"method": "grad_cam"},
    "gradients": {"method": "gradients"},
    "input_x_gradient": {"method": "input_x_gradient"},
}


def settings_of(name):
    return SaliencySettings(**ALL[name])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("batch", [1, 8, 64, 1000])
def test_a_time_that_is_a_part_for_each_pass_is_told_exactly(name, batch):
    asked = []

    def seconds(settings):
        asked.append(settings)
        return 0.25 + 0.01 * passes_of(settings, SIZE)

    settings = settings_of(name)
    told = seconds_of_whole(settings, SIZE, batch=batch, seconds=seconds)
    assert told == pytest.approx(0.25 + 0.01 * passes_of(settings, SIZE))
    assert asked[0] == asked[1]  # the first is for what happens only once
    assert len(asked) <= 3


@pytest.mark.parametrize("name", ALL)
def test_little_of_a_long_method_is_done(name):
    settings = settings_of(name)
    done = []
    seconds_of_whole(
        settings, SIZE, batch=8, seconds=lambda s: done.append(passes_of(s, SIZE)) or 1.0
    )
    assert sum(done) <= 6 * done[0]


def test_a_slow_batch_is_followed_by_one_more_only():
    done = []

    def seconds(settings):
        done.append(passes_of(settings, SIZE))
        return 10.0 * done[-1]

    seconds_of_whole(SaliencySettings(), SIZE, batch=8, seconds=seconds)
    assert done == [8, 8, 16]


def test_a_clock_that_stands_still_or_runs_back_gives_no_negative_time():
    times = iter([1.0, 1.0, 0.9])
    told = seconds_of_whole(SaliencySettings(), SIZE, batch=8, seconds=lambda _: next(times))
    assert told == pytest.approx(0.9 * 500 / 16)


@pytest.mark.parametrize("name", ALL)
def test_shortened_work_is_never_more_than_the_whole(name):
    settings = settings_of(name)
    whole = passes_of(settings, SIZE)
    for wanted in (8, 16, 72, 80_000):
        short = shortened(settings, SIZE, batch=8, wanted=wanted)
        assert min(wanted, whole) <= short.passes <= whole
        assert short.passes == passes_of(short.settings, SIZE)


class Counting(nn.Module):
    """A network that counts the images it is shown."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 3, 3, padding=1)
        self.shown = 0

    def forward(self, images):
        self.shown += len(images)
        return torch.tanh(self.layer(images)).mean(dim=(2, 3))


@pytest.mark.parametrize(
    ("window", "stride", "size"),
    [(4, 2, (9, 7)), (4, 4, (9, 7)), (16, 8, (9, 7)), (3, 3, (9, 7)), (5, 3, (16, 16))],
)
def test_hidden_squares_are_counted_as_captum_hides_them(window, stride, size, monkeypatch):
    monkeypatch.setattr("engine.saliency.explain.folded", lambda module, _: module)
    network = Counting()
    classifier = classifier_of(network, size=size)
    settings = {"occlusion_window": window, "occlusion_stride": stride, "method": "occlusion"}
    explained(classifier, **settings)
    of_clean_scores, of_the_whole_image = 2, 1
    squares = network.shown - of_clean_scores - of_the_whole_image
    assert squares == passes_of(SaliencySettings(**settings), size)


@pytest.mark.parametrize("name", ["joint", "literal", "shap", "gradients", "input_x_gradient"])
def test_gradients_are_counted_as_the_map_says(name):
    classifier = classifier_of(Counting())
    settings = settings_of(name)
    made = explained(classifier, **settings.model_dump(exclude={"target"}))
    assert made.facts.gradients == passes_of(settings, classifier.card.input_size)
