"""A small study on disk: photographs with a disc as lesion, three graders, a tiny classifier."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.domain.settings import RunSettings, SaliencySettings
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.study.sqlite import open_study
from engine.study.sqlite_study import SqliteStudy
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes

FACTORY = """
import torch
from torch import nn


class Redness(nn.Module):
    \"\"\"Two classes: how red the middle is, and a constant.\"\"\"

    def __init__(self, mode="red"):
        super().__init__()
        self.mode = mode
        self.scale = nn.Parameter(torch.tensor(4.0))

    def forward(self, x):
        if self.mode == "slow":
            import time
            time.sleep(0.08)
        red = torch.tanh(x[:, 0] - 0.5 * (x[:, 1] + x[:, 2])).mean(dim=(1, 2)) * self.scale
        zero = torch.zeros_like(red)
        if self.mode == "nan":
            return torch.stack([red * float("nan"), zero], dim=1)
        if self.mode == "blind":
            return torch.stack([0.0 * red + 1.0, 0.0 * red], dim=1)
        if self.mode == "picky" and x.shape[0] == 1 and float(x[0, 0, 0, 0]) > 1.26:
            raise ValueError("this corner is too bright")
        if self.mode == "three":
            return torch.stack([red, zero, zero], dim=1)
        return torch.stack([red, zero], dim=1)


def build(mode="red"):
    return Redness(mode)
"""


@dataclass(frozen=True)
class Files:
    """Where the parts of the small study lie."""

    folder: Path
    study: Path
    photographs: Path
    gradings: Path
    manifest: Path

    def card(self, mode="red", classes=("lesion", "clear")):
        """Write a model card (and its factory) whose model behaves as the mode says."""
        folder = self.folder / f"model_{mode}"
        folder.mkdir(exist_ok=True)
        (folder / "redness.py").write_text(FACTORY)
        card = folder / "card.toml"
        card.write_text(
            f'name = "redness"\nkind = "python"\nfactory = "redness:build"\n'
            f'input_size = 32\nresize = "stretch"\n'
            f"mean = [0.5, 0.5, 0.5]\nstd = [0.25, 0.25, 0.25]\n"
            f'classes = {json.dumps(list(classes))}\noutput = "logits"\n'
            f'arguments = {{ mode = "{mode}" }}\n'
            f'[conditions]\nmelanoma = "{classes[0]}"\n'
        )
        return card


def photograph(rng, *, size, centre, radius):
    """Return skin with a red disc on it."""
    width, height = size
    y, x = np.mgrid[:height, :width] + 0.5
    disc = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2
    pixels = np.full((height, width, 3), (205, 160, 140), float)
    pixels[disc] = (170, 40, 40)
    return np.clip(pixels + rng.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)


def outline(centre, radius, *, wobble=0.0):
    """Return a ring of 24 points about the disc."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    r = radius * (1 + wobble * np.cos(3 * angles))
    return np.stack([centre[0] + r * np.cos(angles), centre[1] + r * np.sin(angles)], 1).tolist()


def labelme(name, size, rings):
    """Return a labelme document."""
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": [
            {"label": "lesion", "points": ring, "shape_type": "polygon", "flags": {}}
            for ring in rings
        ],
        "imagePath": name,
        "imageData": None,
        "imageWidth": size[0],
        "imageHeight": size[1],
    }


def write_files(folder, *, images=6):
    """Write photographs, outlines of three graders and a manifest; one grader errs on image 0."""
    rng = np.random.default_rng(3)
    files = Files(
        folder,
        folder / "small.concord",
        folder / "photographs",
        folder / "gradings",
        folder / "manifest.csv",
    )
    files.photographs.mkdir()
    rows = ["image,case,condition,sex,age"]
    for n in range(images):
        size = (60 + 4 * n, 50)
        centre, radius = (20 + 3 * n, 22), 9 + n % 3
        name = f"img_{n:02}.png"
        pixels = photograph(rng, size=size, centre=centre, radius=radius)
        Image.fromarray(pixels).save(files.photographs / name)
        rows.append(f"{name},case_{n // 2},melanoma,{'FM'[n % 2]},{40 + n if n else ''}")
        for g, wobble in enumerate((0.0, 0.05, -0.08)):
            wrong = n == 0 and g == 2
            rings = [outline((50, 8) if wrong else centre, 5 if wrong else radius, wobble=wobble)]
            target = files.gradings / f"grader_{g}" / f"img_{n:02}.json"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(labelme(name, size, rings)))
    files.manifest.write_text("\n".join(rows) + "\n")
    return files


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return write_files(tmp_path)


@pytest.fixture
def imported(files, run):
    """The small study with everything imported."""
    run("new", files.study)
    run("import", files.study, files.photographs, files.manifest, files.gradings)
    return files


@pytest.fixture
def explain(run):
    """Run explain with a card, trusting its code the way a person would."""

    def explain(files, card, *options, code=0):
        arguments = ("explain", files.study, "--model", card, *options)
        if "--csv" not in options:
            arguments = (*arguments, "--csv", files.folder / "out.csv")
        refused = run(*arguments, code=1)
        digest = refused.output.split("--trust ")[1].split()[0].strip(".")
        return run(*arguments, "--trust", digest, code=code)

    return explain


@dataclass(frozen=True)
class Bench:
    """A study that is open with its lanes, and a person who trusts every model."""

    files: Files
    study: SqliteStudy
    job: JobContext
    trust: TrustStore

    def prepare(self, *, card=None, maps=None, predictions=None, **saliency):
        """Prepare a run with few gradients of the small model, or of what is given."""
        quick = {"steps": 5, "joint_gradients": 10, "noise_samples": 2, "shap_samples": 6}
        settings = RunSettings(saliency=SaliencySettings(**quick | saliency))
        model = None if maps else card or self.files.card()
        request = RunRequest(model, maps, predictions)
        return prepare_run(self.study, self.study.file, request, settings, self.trust, self.job)


@pytest.fixture
def bench(imported):
    trust = TrustStore(imported.folder / "trusted.json", ask=lambda _: True)
    with open_study(imported.study) as study, LocalLanes() as lanes:
        yield Bench(imported, study, JobContext(lanes), trust)
