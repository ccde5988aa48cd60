"""The demo study with maps of few gradients: made once for all tests, copied for each."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.domain.options import StudyOptions
from engine.domain.settings import RunSettings, SaliencySettings
from engine.formats.options import ImportOptions
from engine.pipeline import explain_study, import_files
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor
from resources.demo.study import write_demo

SALIENCY = SaliencySettings(steps=10, joint_gradients=10)
QUICK = RunSettings(saliency=SALIENCY)
"""Settings whose maps lie beside the study already."""

AS_OPTIONS = ("--set", "saliency.steps=10", "--set", "saliency.joint_gradients=10")


@dataclass(frozen=True)
class Demo:
    """Files of the demo study."""

    file: Path
    card: Path
    body_parts: Path
    trust: Path


def make_demo(folder: Path) -> Demo:
    """Write the demo study with the quick settings laid down, and make its maps."""
    made = write_demo(folder)
    demo = Demo(folder / "demo.concord", made.card, made.body_parts, folder / "trusted.json")
    job = JobContext(InlineExecutor())
    with create_study(demo.file, author="demo") as study:
        sources = [made.photographs, made.manifest, made.gradings]
        import_files(study, sources, ImportOptions(), job, author="demo")
        study.set_options(StudyOptions(leads=("Ada",), settings=QUICK), author="demo")
    with open_study(demo.file) as study:
        request, trust = RunRequest(demo.card), TrustStore(demo.trust)
        prepared = prepare_run(study, demo.file, request, QUICK, trust, job)
        explain_study(study, prepared.run, job)
    return demo


def copy_of(demo: Demo, folder: Path) -> Demo:
    """Return a copy that a test may change."""
    shutil.copytree(demo.file.parent, folder)
    return Demo(
        folder / demo.file.name,
        demo.card,
        folder / demo.body_parts.relative_to(demo.file.parent),
        folder / demo.trust.name,
    )


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory):
    """The demo study, to be copied."""
    return make_demo(tmp_path_factory.mktemp("explain") / "demo")
