"""One study to its outcome, many studies side by side, and outcomes that survive a killed run."""

import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.power.studies import Kind, Plan
from engine.domain.findings import Cue
from engine.domain.settings import FindingsSettings

VERSION = 1
"""Rises whenever the same seed would give another study; older outcomes are then done anew."""

Key = tuple[int, Kind, int, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine said of one study.

    Attributes
    ----------
    planted
        What the cue is tied to, as in `Plan`.
    first
        What the first sentence names, in the same words; empty where there is none.
    sentences
        All listed cues in words, the first one first.
    accuracy
        Share of cases that the study's classifier has right.
    seconds, processor_seconds
        Time of the whole study, by the clock and of the processor; other work on the machine
        stretches the first.
    """

    version: int
    kind: Kind
    seed: int
    strength: float
    planted: str
    first: str
    sentences: tuple[str, ...]
    accuracy: float
    seconds: float
    processor_seconds: float

    @property
    def key(self) -> Key:
        """What makes the study what it is."""
        return self.version, self.kind, self.seed, self.strength

    @property
    def is_counted(self) -> bool:
        """True for a hit: the first sentence names what is planted; or for any accusation."""
        return bool(self.first) if self.kind == "none" else self.first == self.planted


def key_of(plan: Plan) -> Key:
    """Return the key of a study's outcome."""
    return VERSION, plan.kind, plan.seed, plan.strength


def run_study(plan: Plan) -> Outcome:
    """Make one study, train its classifier and let the engine look for wrong cues."""
    import torch

    from benchmarks.power.analysis import analyse
    from engine.findings.case_table import case_table
    from engine.findings.cues import find_cues

    torch.set_num_threads(1)
    start, processor_start = time.perf_counter(), time.process_time()
    images, cases = analyse(plan)
    found = find_cues(case_table(images, cases), images, {}, FindingsSettings())
    accuracy = sum(case.is_correct is True for case in cases) / len(cases)
    return Outcome(
        *key_of(plan),
        planted=plan.planted,
        first=first_named(found.cues),
        sentences=tuple(cue.sentence for cue in found.cues),
        accuracy=round(accuracy, 4),
        seconds=round(time.perf_counter() - start, 2),
        processor_seconds=round(time.process_time() - processor_start, 2),
    )


def first_named(cues: Sequence[Cue]) -> str:
    """Return what the first cue is tied to, in the words of a `Plan`; empty where there is none."""
    return f"{cues[0].column or cues[0].kind} {cues[0].level}" if cues else ""


def outcomes_of(
    plans: Sequence[Plan],
    file: Path,
    *,
    run: Callable[[Sequence[Plan]], AbstractContextManager[Iterable[Outcome]]],
) -> Iterator[Outcome]:
    """Yield the outcome of every plan: those that the file has already, then the others.

    Each new outcome is a line of the file before it is yielded, so that a killed run goes on
    where it was.

    Parameters
    ----------
    run
        Runs studies, such as `in_processes`; it gets those that the file does not have.
    """
    known = {each.key: each for each in read_outcomes(file)}
    yield from (known[key_of(plan)] for plan in plans if key_of(plan) in known)
    missing = [plan for plan in plans if key_of(plan) not in known]
    with file.open("a", encoding="utf-8") as stream, run(missing) as outcomes:
        for each in outcomes:
            # begins with the line's end, which a run killed while writing may not have reached
            stream.write(f"\n{json.dumps(asdict(each))}")
            stream.flush()
            yield each


@contextmanager
def in_processes(plans: Sequence[Plan], *, processes: int) -> Iterator[Iterable[Outcome]]:
    """Run studies side by side, each on a core of its own, in the order they are finished."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield pool.imap_unordered(run_study, plans)


def read_outcomes(file: Path) -> Iterator[Outcome]:
    """Yield the outcomes of this version in a file, if there is one; cut-off lines are skipped."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for line in lines:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if row["version"] == VERSION:
            yield Outcome(**row | {"sentences": tuple(row["sentences"])})
