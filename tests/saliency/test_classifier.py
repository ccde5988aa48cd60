import shutil
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from engine.domain.problem import Refusal
from engine.saliency import batching, loading
from engine.saliency.batching import batch_size, free_memory, in_pieces
from engine.saliency.classifier import open_classifier, scores
from engine.saliency.preprocess import PREPROCESSING_VERSION, prepare
from engine.saliency.trust import TrustStore

SOURCE = """
import torch
from torch import nn

def make(channels=4, seed=0, classes=3, last=None):
    torch.manual_seed(seed)
    layers = [
        nn.Conv2d(3, channels, 3, stride=2), nn.BatchNorm2d(channels), nn.SiLU(),
        nn.Conv2d(channels, channels, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(channels, classes),
    ]
    return nn.Sequential(*layers, *([last] if last is not None else []))
"""
PYTHON = {"kind": "python", "factory": "net:make", "weights": None}
DYNAMIC = ({0: torch.export.Dim("batch")},)


def make(**options):
    names: dict = {}
    exec(SOURCE, names)
    return names["make"](**options).eval()


class FixedBatch(nn.Module):
    """Keeps the batch that it was saved with."""

    def __init__(self, batch):
        super().__init__()
        self.net = make()
        self.batch = batch

    def forward(self, x):
        return self.net(x).view(self.batch, 3)


class NoGradient(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = make()

    def forward(self, x):
        return self.net(x.detach())


def save_torchscript(module, path, *, batch=1):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(module, torch.zeros(batch, 3, 12, 16)).save(str(path))


def save_exported(module, path, *, batch=2, dynamic=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(
            module, (torch.zeros(batch, 3, 12, 16),), dynamic_shapes=dynamic
        )
        torch.export.save(program, path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Files of one network: TorchScript, exported with any batch, and its state dict."""
    folder = tmp_path_factory.mktemp("models")
    save_torchscript(make(), folder / "tiny.pt")
    save_exported(make(), folder / "tiny.pt2", dynamic=DYNAMIC)
    torch.save(make().state_dict(), folder / "tiny.pth")
    return folder


@pytest.fixture
def trust(tmp_path):
    return TrustStore(tmp_path / "trust.json", ask=lambda _question: True)


@pytest.fixture
def beside(saved, tmp_path):
    """Put the saved files and the factory beside the card."""
    for path in saved.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "net.py").write_text(SOURCE)


@pytest.fixture
def open_card(card_of, trust, beside):
    """Open a card with these changes, on the CPU."""

    def open_changed(**changes):
        return open_classifier(card_of(**changes), trust=trust, device="cpu")

    return open_changed


KINDS = [
    {"kind": "torchscript", "weights": "tiny.pt"},
    {"kind": "torch_export", "weights": "tiny.pt2"},
    {**PYTHON, "weights": "tiny.pth", "arguments": {"seed": 5}},
]


@pytest.fixture
def images(card_of, beside):
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (5, 30, 20, 3), dtype=np.uint8)
    return [prepare(one, card_of()) for one in pixels]


def reference(images):
    with torch.no_grad():
        return make()(torch.from_numpy(np.stack([one.model_values for one in images])))


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_the_softmax_of_the_networks_logits(open_card, images, kind):
    probabilities = open_card(**kind).predict(images)
    assert probabilities.dtype == np.float64
    assert probabilities == pytest.approx(reference(images).double().softmax(1).numpy(), abs=1e-6)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_reach_the_image_and_no_parameter(open_card, images, kind):
    opened = open_card(**kind)
    inputs = opened.inputs(images).requires_grad_()
    score = scores(opened.outputs(inputs), output="logits", score="softmax")[:, 1].sum()
    (gradient,) = torch.autograd.grad(score, inputs)
    twin = inputs.detach().clone().requires_grad_()
    (expected,) = torch.autograd.grad(make()(twin).softmax(1)[:, 1].sum(), twin)
    assert torch.allclose(gradient, expected, atol=1e-7)
    assert not any(p.requires_grad for p in opened.module.parameters())
    assert inputs.is_contiguous(memory_format=torch.channels_last)


def test_timm_architectures_open_with_safetensors(open_card, tmp_path):
    timm = pytest.importorskip("timm")
    from safetensors.torch import save_file

    save_file(
        timm.create_model("resnet10t", num_classes=3).state_dict(), tmp_path / "t.safetensors"
    )
    opened = open_card(
        kind="timm", architecture="resnet10t", weights="t.safetensors", input_size=64
    )
    assert opened.image_bytes > 0


@pytest.fixture
def stub_timm(monkeypatch):
    """Stands where timm is not installed: one architecture, this file's own network."""
    stub = types.ModuleType("timm")
    stub.__version__ = "0"
    stub.is_model = lambda name: name == "tiny"
    stub.create_model = lambda name, pretrained, num_classes: make(classes=num_classes, seed=3)
    monkeypatch.setitem(sys.modules, "timm", stub)


def test_a_timm_architecture_is_filled_with_the_cards_weights(open_card, images, stub_timm):
    opened = open_card(kind="timm", architecture="tiny", weights="tiny.pth")
    assert opened.predict(images) == pytest.approx(reference(images).softmax(1).numpy(), abs=1e-6)


def test_an_architecture_that_timm_does_not_know_is_refused(open_card, stub_timm):
    problem = refusal(open_card, kind="timm", architecture="tinny", weights="tiny.pth")
    assert "no architecture tinny" in problem.message


def test_a_missing_timm_is_told_with_how_to_install_it(open_card, monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    problem = refusal(open_card, kind="timm", architecture="tiny", weights="tiny.pth")
    assert problem.code == "missing_package"
    assert "dermconcord[timm]" in problem.remedy


def test_safetensors_and_torch_state_dicts_give_the_same_model(open_card, tmp_path, images):
    from safetensors.torch import save_file

    save_file(make().state_dict(), tmp_path / "tiny.safetensors")
    one = open_card(**PYTHON | {"weights": "tiny.pth"})
    two = open_card(**PYTHON | {"weights": "tiny.safetensors"})
    assert one.digest == two.digest
    assert np.array_equal(one.predict(images), two.predict(images))


def test_a_checkpoint_may_hold_its_state_dict_under_that_name(open_card, tmp_path, images):
    torch.save({"state_dict": make(seed=9).state_dict(), "epoch": 3}, tmp_path / "c.pth")
    opened = open_card(**PYTHON | {"weights": "c.pth"})
    assert opened.digest == open_card(**PYTHON | {"arguments": {}, "weights": "c.pth"}).digest
    assert opened.digest != open_card(**PYTHON | {"weights": "tiny.pth"}).digest


def test_the_digest_follows_what_changes_a_result_and_nothing_else(open_card):
    standard = open_card().digest
    assert open_card(name="renamed", conditions={"rash": "Other"}).digest == standard
    changed = [
        {"mean": [0.5, 0.4, 0.31]},
        {"std": [0.2, 0.25, 0.51]},
        {"resize": "pad"},
        {"interpolation": "bicubic"},
        {"classes": ["psoriasis", "eczema", "Other"]},
        {"resize": "crop", "resize_to": 20},
    ]
    digests = {open_card(**changes).digest for changes in changed}
    assert len(digests | {standard}) == 1 + len(changed)


def test_the_digest_follows_the_version_of_the_preprocessing(open_card, monkeypatch):
    standard = open_card().digest
    monkeypatch.setattr(loading, "PREPROCESSING_VERSION", PREPROCESSING_VERSION + 1)
    assert open_card().digest != standard


def test_a_factory_without_weights_is_told_apart_by_its_parameters(open_card):
    one, same, other = (
        open_card(**PYTHON, arguments={"seed": seed, "channels": 4}) for seed in (1, 1, 2)
    )
    assert one.digest == same.digest != other.digest


def test_a_model_that_returns_probabilities_is_taken_as_it_is(open_card, tmp_path, images):
    save_torchscript(make(last=nn.Softmax(1)), tmp_path / "p.pt")
    opened = open_card(weights="p.pt", output="probabilities")
    assert opened.predict(images) == pytest.approx(reference(images).softmax(1).numpy(), abs=1e-6)


def test_logits_that_the_card_calls_probabilities_are_refused(open_card, images):
    with pytest.raises(Refusal, match="no probabilities that sum to 1"):
        open_card(output="probabilities").predict(images)


def test_negative_numbers_that_sum_to_one_are_no_probabilities(open_card, tmp_path, images):
    class Shifted(nn.Module):
        def forward(self, x):
            return x.mean((2, 3)) * 0 + torch.tensor([-0.5, 0.5, 1.0])

    save_torchscript(Shifted(), tmp_path / "p.pt")
    with pytest.raises(Refusal, match="no probabilities"):
        open_card(weights="p.pt", output="probabilities").predict(images)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_outputs_that_are_not_finite_are_refused(open_card, tmp_path, images, value):
    module = make()
    module[-1].bias.data[1] = value
    torch.save(module.state_dict(), tmp_path / "bad.pth")
    opened = open_card(**PYTHON | {"weights": "bad.pth"})
    with pytest.raises(Refusal, match="NaN or infinite") as caught:
        opened.predict(images)
    assert caught.value.problem.code == "not_finite"


def test_another_number_of_classes_is_refused_with_both_numbers_and_the_card(open_card, tmp_path):
    with pytest.raises(Refusal, match="3 outputs, but the card names 2 classes") as caught:
        open_card(classes=["a", "b"])
    assert caught.value.problem.where == str(tmp_path / "card.toml")


def refusal(open_card, **changes):
    with pytest.raises(Refusal) as caught:
        open_card(**changes)
    return caught.value.problem


def test_a_model_that_does_not_take_the_cards_size_is_refused(open_card, tmp_path):
    problem = refusal(open_card, kind="torch_export", weights="tiny.pt2", input_size=[20, 20])
    assert problem.code == "model_failed"


def test_a_model_that_no_gradient_passes_is_refused(open_card, tmp_path):
    save_torchscript(NoGradient(), tmp_path / "n.pt")
    assert "no gradient reaches the image" in refusal(open_card, weights="n.pt").message


@pytest.mark.parametrize("layer", [nn.Dropout(0.5), nn.BatchNorm1d(3)])
def test_a_model_saved_in_training_mode_is_refused(open_card, tmp_path, layer):
    module = make(last=layer).train()
    save_exported(module, tmp_path / "train.pt2", batch=4, dynamic=DYNAMIC)
    problem = refusal(open_card, kind="torch_export", weights="train.pt2")
    assert "saved in training mode" in problem.message


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_an_exported_model_of_a_fixed_batch_takes_any_number_of_images(
    open_card, tmp_path, images, batch
):
    save_exported(make(), tmp_path / "fixed.pt2", batch=batch)
    opened = open_card(kind="torch_export", weights="fixed.pt2")
    assert (opened.smallest_batch, opened.largest_batch) == (batch, batch)
    expected = reference(images).double().softmax(1).numpy()
    assert opened.predict(images) == pytest.approx(expected, abs=1e-6)
    inputs = opened.inputs(images).requires_grad_()
    (gradient,) = torch.autograd.grad(opened.outputs(inputs)[:, 0].sum(), inputs)
    twin = inputs.detach().clone().requires_grad_()
    (expected,) = torch.autograd.grad(make()(twin)[:, 0].sum(), twin)
    assert torch.allclose(gradient, expected, atol=1e-6)


def test_an_exported_model_keeps_to_the_limits_of_its_batch(open_card, tmp_path, images):
    limited = ({0: torch.export.Dim("batch", min=2, max=4)},)
    save_exported(make(), tmp_path / "limited.pt2", batch=3, dynamic=limited)
    opened = open_card(kind="torch_export", weights="limited.pt2")
    assert (opened.smallest_batch, opened.largest_batch) == (2, 4)
    assert opened.predict(images) == pytest.approx(reference(images).softmax(1).numpy(), abs=1e-6)


def test_torchscript_of_a_fixed_batch_of_one_takes_any_number_of_images(
    open_card, tmp_path, images
):
    save_torchscript(FixedBatch(1), tmp_path / "one.pt")
    opened = open_card(weights="one.pt")
    assert opened.largest_batch == 1
    assert opened.predict(images) == pytest.approx(reference(images).softmax(1).numpy(), abs=1e-6)


@pytest.mark.parametrize("kind", KINDS[:2])
@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut off"])
def test_a_damaged_model_file_is_refused(open_card, tmp_path, kind, content):
    (tmp_path / "bad").write_bytes(content)
    problem = refusal(open_card, **{**kind, "weights": "bad"})
    assert problem.code == "model_file"
    assert problem.where == str(tmp_path / "bad")


def test_a_model_file_of_another_kind_is_refused(open_card):
    assert refusal(open_card, kind="torch_export", weights="tiny.pt").code == "model_file"
    assert refusal(open_card, kind="torchscript", weights="tiny.pt2").code == "model_file"
    assert refusal(open_card, **PYTHON | {"weights": "tiny.pt2"}).code == "model_file"


@pytest.mark.parametrize("name", ["bad.pth", "bad.safetensors"])
def test_a_damaged_weights_file_is_refused(open_card, tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of use")
    assert refusal(open_card, **PYTHON | {"weights": name}).code == "model_file"


def test_a_pickled_module_is_never_unpickled(open_card, tmp_path):
    torch.save(make(), tmp_path / "whole.pth")
    problem = refusal(open_card, **PYTHON | {"weights": "whole.pth"})
    assert problem.code == "model_file"
    assert "state_dict" in problem.remedy


def test_code_in_a_weights_file_is_never_run(open_card, tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"layer": Trap()}, tmp_path / "trap.pth")
    assert refusal(open_card, **PYTHON | {"weights": "trap.pth"}).code == "model_file"
    assert not (tmp_path / "ran").exists()


def test_a_checkpoint_with_other_things_beside_its_tensors_is_refused(open_card, tmp_path):
    torch.save({"model": make().state_dict(), "epoch": 3}, tmp_path / "c.pth")
    assert "'model' is no tensor" in refusal(open_card, **PYTHON | {"weights": "c.pth"}).message


def test_weights_of_another_architecture_are_refused(open_card, tmp_path):
    torch.save(make(channels=7).state_dict(), tmp_path / "seven.pth")
    problem = refusal(open_card, **PYTHON | {"weights": "seven.pth"})
    assert problem.code == "model_weights"
    assert "size mismatch" in problem.message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def make(): return 3\n", "returned int, no torch module"),
        ("def make(): 1 / 0\n", "ZeroDivisionError"),
        ("import no_such_package\n", "no_such_package"),
        ("def other(): pass\n", "no attribute 'make'"),
        ("def make(:\n", "SyntaxError"),
    ],
)
def test_a_factory_that_fails_is_refused_with_what_it_said(card_of, trust, tmp_path, source, said):
    (tmp_path / "net.py").write_text(source)
    with pytest.raises(Refusal, match=said) as caught:
        open_classifier(card_of(**PYTHON), trust=trust, device="cpu")
    assert caught.value.problem.code == "model_code"


def test_nothing_runs_before_it_is_trusted(card_of, tmp_path):
    (tmp_path / "net.py").write_text("from pathlib import Path\nPath(__file__ + '.ran').touch()\n")
    with pytest.raises(Refusal, match="not trusted"):
        open_classifier(card_of(**PYTHON), trust=TrustStore(tmp_path / "t.json"), device="cpu")
    assert not (tmp_path / "net.py.ran").exists()


def test_a_device_that_is_not_there_is_refused(open_card, card_of, trust, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(Refusal, match="no such device"):
        open_classifier(card_of(), trust=trust, device="cuda")


def test_no_images_have_no_predictions(open_card):
    assert open_card().predict([]).shape == (0, 3)


def test_out_of_memory_halves_the_batch_and_loses_nothing(open_card, images, monkeypatch):
    opened = open_card(**KINDS[2])
    expected = opened.predict(images)
    sizes = []
    forward = nn.Sequential.forward

    def cramped(self, x):
        sizes.append(len(x))
        if len(x) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return forward(self, x)

    monkeypatch.setattr(nn.Sequential, "forward", cramped)
    assert opened.predict(images) == pytest.approx(expected, abs=1e-6)
    assert sizes == [5, 2, 1, 1, 1, 1, 1]


def test_an_image_that_never_fits_is_refused(open_card, images, monkeypatch):
    opened = open_card(**KINDS[2])

    def full(self, x):
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(nn.Sequential, "forward", full)
    with pytest.raises(Refusal) as caught:
        opened.predict(images)
    assert caught.value.problem.code == "out_of_memory"


def test_pieces_cover_everything_once_in_order_at_any_memory():
    def run(start, stop):
        if stop - start > 3:
            raise MemoryError
        return list(range(start, stop))

    pieces = in_pieces(run, total=11, batch=8)
    assert [item for piece in pieces for item in piece] == list(range(11))
    assert list(in_pieces(run, total=0, batch=8)) == []


def test_other_errors_pass_through_the_halving():
    def run(start, stop):
        raise RuntimeError("shape mismatch")

    with pytest.raises(RuntimeError, match="shape mismatch"):
        list(in_pieces(run, total=4, batch=2))


def test_the_batch_takes_half_of_the_free_memory_within_the_devices_limit():
    assert batch_size(10, device="cuda", free_bytes=1000) == 50
    assert batch_size(10, device="cpu", free_bytes=10**9) == batching.LARGEST_BATCH["cpu"]
    assert batch_size(10**12, device="cpu", free_bytes=1000) == 1
    assert batch_size(0, device="cpu", free_bytes=1000) == batching.LARGEST_BATCH["cpu"]
    assert free_memory() > 0


def test_the_memory_that_a_gradient_keeps_grows_with_the_image(open_card):
    small = open_card(**PYTHON, input_size=32).image_bytes
    large = open_card(**PYTHON, input_size=64).image_bytes
    assert 3 * small < large < 5 * small
    assert small > 4 * 3 * 32 * 32


LOGITS = torch.tensor([[1.0, -2.0, 0.5], [30.0, 0.0, -90.0]])


def test_scores_are_probabilities_or_logits_whatever_the_model_returns():
    chances = LOGITS.softmax(1)
    assert torch.allclose(scores(LOGITS, output="logits", score="softmax"), chances)
    assert torch.equal(scores(LOGITS, output="logits", score="logit"), LOGITS)
    assert torch.equal(scores(chances, output="probabilities", score="softmax"), chances)
    logs = scores(chances, output="probabilities", score="logit")
    assert torch.allclose(logs[0], LOGITS[0].log_softmax(0))


def test_the_logit_of_a_zero_probability_stays_finite_with_a_finite_gradient():
    chances = torch.tensor([[1.0, 0.0]], requires_grad=True)
    logs = scores(chances, output="probabilities", score="logit")
    logs.sum().backward()
    assert logs.isfinite().all()
    assert chances.grad.isfinite().all()
