import copy

import numpy as np
import pytest
import torch
from torch import nn

from engine.domain.measure import Reason, Undefined
from engine.domain.problem import Refusal
from engine.saliency.randomisation import Randomisation, RandomisedStage, randomisation_check
from tests.tiny_networks import (
    case_classifier_of,
    case_for,
    case_network,
    classifier_of,
    explained,
    explained_case,
    picture_for,
    smooth_network,
)


@pytest.fixture
def smooth():
    return classifier_of(smooth_network())


def check(classifier, **options):
    prepared = picture_for(classifier)
    method = options.pop("method", "integrated_gradients")
    return randomisation_check(
        classifier, lambda model: explained(model, prepared, method=method), **options
    )


def test_layers_become_random_one_after_another_from_the_head_down(smooth):
    stages = check(smooth).stages
    assert [stage.layer for stage in stages] == ["6", "2", "0"]
    assert [stage.layers for stage in stages] == [1, 2, 3]


def test_a_map_that_shows_the_model_loses_its_likeness(smooth):
    found = check(smooth)
    assert abs(found.stages[-1].signed) < 0.5
    assert found.depends_on_model is True


class BlindToWeights(nn.Module):
    """Its map is the image's own, whatever its one parameter."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor([1.0, 3.0]))

    def forward(self, images):
        total = images.square().mean((1, 2, 3)) * (1 + self.scale.square().sum())
        return torch.stack((total, -total, total * 0), 1)


def test_a_map_that_does_not_change_is_told_not_to_depend_on_the_model():
    found = check(classifier_of(BlindToWeights()))
    assert found.stages[-1].signed > 0.95
    assert found.depends_on_model is False


def test_correlations_are_spearmans_of_the_maps_and_of_their_absolute_values(smooth):
    from scipy.stats import spearmanr

    seen = []
    prepared = picture_for(smooth)
    found = randomisation_check(
        smooth, lambda model: seen.append(explained(model, prepared)) or seen[-1]
    )
    real, *others = (each.values.ravel().astype(int) for each in seen)
    for stage, other in zip(found.stages, others, strict=True):
        assert stage.signed == pytest.approx(spearmanr(real, other).statistic)
        assert stage.absolute == pytest.approx(spearmanr(abs(real), abs(other)).statistic)


def test_the_model_itself_is_never_touched_and_the_seed_decides(smooth):
    state = copy.deepcopy(smooth.module.state_dict())
    first, again, other = check(smooth), check(smooth), check(smooth, seed=1)
    assert first == again != other
    assert all(torch.equal(state[name], v) for name, v in smooth.module.state_dict().items())


def test_layers_above_stay_random_and_those_below_stay_real(smooth):
    models = []
    prepared = picture_for(smooth)
    randomisation_check(
        smooth, lambda model: models.append(model.module) or explained(model, prepared)
    )
    real, *randomised = models
    same = [
        [torch.equal(m[layer].weight, real[layer].weight) for layer in (0, 2, 6)]
        for m in randomised
    ]
    assert same == [[True, True, False], [True, False, False], [False, False, False]]
    assert torch.equal(randomised[0][6].weight, randomised[2][6].weight)
    assert float(randomised[2][2].weight.std()) == pytest.approx(
        float(real[2].weight.std()), rel=0.2
    )


def test_many_layers_are_randomised_in_few_stages():
    network = nn.Sequential(*[nn.Conv2d(3, 3, 1) for _ in range(25)], nn.AdaptiveAvgPool2d(1))
    stages = check(classifier_of(nn.Sequential(network, nn.Flatten())), stages=4).stages
    assert [stage.layers for stage in stages] == [6, 12, 19, 25]
    assert stages[-1].layer == "0.0"


def test_constant_maps_leave_the_answer_undefined():
    class Constant(nn.Linear):
        def forward(self, images):
            return super().forward(images.mean((2, 3)) * 0)

    found = check(classifier_of(Constant(3, 3)))
    assert found.stages[0].signed == Undefined(Reason.CONSTANT_MAP)
    assert found.depends_on_model == Undefined(Reason.CONSTANT_MAP)


def test_the_verdict_falls_at_one_half_of_either_correlation():
    undefined = Undefined(Reason.CONSTANT_MAP)
    for signed, absolute, depends in [
        (0.5, -0.2, True), (0.51, 0.0, False), (0.0, 0.9, False), (-0.8, 0.1, False),
        (undefined, 0.2, True),
    ]:  # fmt: skip
        found = Randomisation((RandomisedStage("0", 1, signed, absolute),))
        assert found.depends_on_model is depends


def test_an_image_of_a_case_is_checked_like_any_other():
    classifier = case_classifier_of(case_network())
    case = case_for(classifier)
    found = randomisation_check(classifier, lambda model: explained_case(model, case)[0])
    assert [stage.layer for stage in found.stages] == ["head", "backbone.2", "backbone.0"]
    assert found.stages[-1].signed < 0.9


def test_a_model_without_parameters_is_refused():
    class Fixed(nn.Module):
        def forward(self, images):
            return images.mean((2, 3))

    with pytest.raises(Refusal, match="no parameters") as refused:
        check(classifier_of(Fixed()))
    assert refused.value.problem.code == "model_parameters"


def test_an_exported_program_and_a_module_that_cannot_be_copied_are_refused(smooth):
    class Uncopyable(nn.Sequential):
        def __deepcopy__(self, memo):
            raise TypeError("not me")

    exported = classifier_of(smooth_network(), kind="torch_export", factory=None, weights="x.pt2")
    with pytest.raises(Refusal, match="keeps no layers"):
        check(exported)
    uncopyable = classifier_of(Uncopyable(*smooth_network()))
    with pytest.raises(Refusal, match="cannot be copied"):
        check(uncopyable)
    assert np.isfinite(smooth.module[0].weight.numpy()).all()
