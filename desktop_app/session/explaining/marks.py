"""Stars and comments on findings, shown at once and stored as statements of the study."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from desktop_app.session.explaining.jobs import Jobs
from desktop_app.session.explaining.runs import KeptRun, Runs
from desktop_app.session.explaining.tasks import Place, with_marks
from engine.domain.findings import Cue, FindingMark
from engine.tasks.executors import Lane


class Marks(QObject):
    """What people made of the findings; marks belong to a model and the name of a candidate.

    So all runs of one model share them.
    """

    def __init__(
        self, place: Place, jobs: Jobs, runs: Runs, *, author: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._place = place
        self._jobs = jobs
        self._runs = runs
        self._author = author
        self._last: dict[tuple[str, str], FindingMark] = {}

    def of(self, run: KeptRun, cue: Cue) -> FindingMark:
        """Return the mark of a finding, an empty one where there is none."""
        return run.result.marks.get(cue.key, FindingMark(run.result.name, cue.key))

    def star(self, run: KeptRun, cue: Cue, *, is_starred: bool) -> None:
        """Star a finding, or take its star away."""
        self._set(run, replace(self.of(run, cue), is_starred=is_starred))

    def comment(self, run: KeptRun, cue: Cue, text: str) -> None:
        """Say something of a finding; an empty text says nothing any more."""
        self._set(run, replace(self.of(run, cue), comment=text.strip()))

    def _set(self, run: KeptRun, mark: FindingMark) -> None:
        before = run.result.marks.get(mark.key)
        if mark == (before or FindingMark(mark.model, mark.key)):
            return
        mark = replace(mark, author=self._author, time="")
        self._show(mark)
        self._last[mark.model, mark.key] = mark
        self._jobs.run(
            Lane.STUDY,
            partial(self._store, mark),
            then=partial(self._on_stored, mark),
            must_finish=True,
        )

    def _store(self, mark: FindingMark) -> FindingMark:
        self._place.study.mark_finding(mark, author=self._author)
        return self._place.study.finding_marks(mark.model).get(mark.key, mark)

    def _on_stored(self, mark: FindingMark, stored: FindingMark) -> None:
        """Show a mark as the study has it, unless it was changed once more meanwhile."""
        if self._last.get((mark.model, mark.key)) is mark:
            self._show(stored)

    def _show(self, mark: FindingMark) -> None:
        for run in tuple(self._runs.all):
            if run.result.name == mark.model:
                marks = {**run.result.marks, mark.key: mark}
                self._runs.replace(run, with_marks(run.result, marks))
