"""What every page of an open study is given to work with."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.window.keymap import Keymap
from desktop_app.window.pickers import Pickers
from desktop_app.window.settings import Settings
from desktop_app.window.theme import Theme
from desktop_app.worker.bridge import Bridge
from engine.study.protocol import Study
from engine.tasks.executors import Executor

if TYPE_CHECKING:
    from engine.domain.options import StudyOptions


@dataclass(frozen=True, slots=True)
class Workplace:
    """An open study, who works in it, and the means of the window.

    Attributes
    ----------
    file
        The study's file; maps lie beside it.
    study_id
        Identity of the study, for what is remembered of it on this machine.
    person
        Who is at the window; the author of whatever is written.
    options
        What the study laid down when it was opened; read `study.options()` for what holds now.
    trust_file
        Where this person's trusted model code is listed.
    """

    study: Study
    file: Path
    study_id: str
    person: str
    options: "StudyOptions"
    is_synthetic: bool
    bridge: Bridge
    executor: Executor
    theme: Theme
    keymap: Keymap
    settings: Settings
    pickers: Pickers
    trust_file: Path
