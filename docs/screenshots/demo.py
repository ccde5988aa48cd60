"""The demo study that Review and Explain are pictured on: made once, copied for each picture."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.domain.options import StudyOptions
from engine.domain.settings import RunSettings, SaliencySettings
from engine.formats.options import ImportOptions
from engine.pipeline import explain_study, import_files
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.study.protocol import Study
from engine.study.sqlite import create_study, open_study
from engine.tasks.context import JobContext
from engine.tasks.executors import LocalLanes
from resources.demo.study import CARD, write_demo

LEAD, ANALYST = "Dr. Ada Keller", "Max Weber"
NAME = "demo.concord"
INSTRUCTIONS = """# Spots of the demo study

Outline **each spot of pathology as you see it**, along the border where the skin looks normal
again.

- Scale belongs to the region; ink, rulers and hairs do not.
- A clear spot inside a region is a *hole* (S).

Nobody was photographed: all of this is computed.
"""
FEW = SaliencySettings(steps=25, joint_gradients=25)
"""Gradients that suffice for a picture."""

SETTINGS = RunSettings(saliency=FEW)


class DemoShelf:
    """Copies of the demo study, with or without the maps of its classifier.

    Parameters
    ----------
    folder
        Where the original lies; made where it is not there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maps = folder.with_name(f"{folder.name}-maps")

    def copy_to(self, folder: Path, *, with_maps: bool = False) -> Path:
        """Return the study's file in a copy of its own."""
        if not (self._folder / NAME).is_file():
            make(self._folder)
        if with_maps and not self._maps.is_dir():
            explain(shutil.copytree(self._folder, self._maps) / NAME)
        shutil.copytree(self._maps if with_maps else self._folder, folder)
        return folder / NAME


@contextmanager
def shelf(folder: Path | None = None) -> Iterator[DemoShelf]:
    """Open a shelf in a folder that is kept, or in one that goes afterwards."""
    if folder is not None:
        yield DemoShelf(folder)
        return
    with TemporaryDirectory() as place:
        yield DemoShelf(Path(place) / "demo")


def make(folder: Path) -> None:
    """Write the demo study into a folder, with a lead and an analyst."""
    made = write_demo(folder)
    with LocalLanes() as lanes:
        job = JobContext(lanes)
        study = job.on_study(create_study, folder / NAME, author=LEAD)
        sources = [made.photographs, made.manifest, made.gradings]
        import_files(study, sources, ImportOptions(), job, author=LEAD)
        job.on_study(_set_up, study)
        job.on_study(study.close)


def explain(file: Path) -> None:
    """Make the maps of the demo's classifier, beside the study."""
    with LocalLanes() as lanes:
        job = JobContext(lanes)
        study = job.on_study(open_study, file)
        trust = TrustStore(file.with_name("trusted.json"))
        prepared = prepare_run(study, file, RunRequest(CARD), SETTINGS, trust, job)
        explain_study(study, prepared.run, job)
        job.on_study(study.close)


def _set_up(study: Study) -> None:
    options = StudyOptions(INSTRUCTIONS, False, (LEAD,), (ANALYST,), SETTINGS)
    study.set_options(options, author=LEAD)
