"""The report of a run that is there is that of a run made for it; marks of findings are in it."""

import csv
import re
from dataclasses import replace

import pytest

from engine.checking import compare_methods, persistence_of
from engine.domain.findings import Cue, FindingMark
from engine.domain.measure import Reason, Undefined
from engine.domain.settings import RunSettings
from engine.pipeline import explain_study
from engine.report.folder import write_report
from engine.report.manifest import with_problems
from engine.report.run import ExplainRun, Span
from engine.reporting import find_in, report_of, report_study

THEN = "2026-01-02T03:04:05+00:00"


def few_resamples(prepared):
    """Return a prepared run of which half of the images are extreme, found in little time."""
    findings = {"extreme_fraction": 0.5, "resamples": 100, "permutations": 99}
    settings = prepared.run.settings
    changed = settings.findings.model_copy(update=findings)
    settings = settings.model_copy(update={"findings": changed})
    return replace(prepared, run=replace(prepared.run, settings=settings))


def run_of(bench, prepared):
    explained = explain_study(bench.study, prepared.run, bench.job)
    settings = prepared.run.settings
    return ExplainRun(
        bench.study.info(), settings, prepared.model, explained.images, explained.cases,
        Span(THEN, THEN),
    )  # fmt: skip


def files_of(content, folder):
    write_report(content, with_problems(content.manifest(), content.problems), folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("with_images", [True, False])
def test_a_report_of_a_run_that_is_there_has_the_same_bytes(bench, tmp_path, with_images):
    first = few_resamples(bench.prepare())  # it knows no prediction yet
    explain_study(bench.study, first.run, bench.job)
    options = {"with_images": with_images, "clock": lambda: THEN}
    whole = report_study(bench.study, few_resamples(bench.prepare()), bench.job, **options)
    run = run_of(bench, first)
    later = report_of(bench.study, first, run, bench.job, **options)
    one, other = files_of(whole, tmp_path / "one"), files_of(later, tmp_path / "other")
    assert set(one) == set(other)
    assert len(one) > 20
    assert [name for name in one if one[name] != other[name]] == []
    assert any(name.startswith("figures/figure5") for name in one) == with_images


def test_a_report_began_with_its_run_and_ended_with_itself(bench):
    prepared = few_resamples(bench.prepare())
    run = run_of(bench, prepared)
    later = "2026-01-03T00:00:00+00:00"
    content = report_of(
        bench.study, prepared, run, bench.job, with_images=False, clock=lambda: later
    )
    assert content.run.span == Span(THEN, later)
    assert content.run.info == run.info


def test_problems_of_the_run_are_told_in_its_report(bench, tmp_path):
    prepared = few_resamples(bench.prepare())
    run = run_of(bench, prepared)
    from engine.domain.problem import Problem

    problem = Problem("odd", str(tmp_path / "deep" / "file.png"), "it is odd", "Look at it")
    content = report_of(
        bench.study, prepared, run, bench.job,
        with_images=False, clock=lambda: THEN, problems=[problem],
    )  # fmt: skip
    assert content.problems == (replace(problem, where="file.png"),)


def test_findings_of_a_run_are_those_of_its_report(bench):
    prepared = few_resamples(bench.prepare())
    run = run_of(bench, prepared)
    bench.study.label_body_parts({run.images[1].image.path: frozenset({"hand"})}, author="ana")
    found = find_in(bench.study, run, bench.job)
    content = report_of(
        bench.study, prepared, run, bench.job, with_images=False, clock=lambda: THEN
    )
    assert found == content.findings
    assert any(share.part == "hand" for share in found.body_parts)


CUE = Cue(
    "condition", "", "melanoma", True, "auc", 0.3, Undefined(Reason.TOO_FEW_CASES), 1e-4, 0.002,
    10, 40, (), "Maps of melanoma lie elsewhere",
)  # fmt: skip


def test_what_somebody_noted_of_a_finding_is_in_the_report(bench, tmp_path, monkeypatch):
    prepared = few_resamples(bench.prepare())
    run = run_of(bench, prepared)
    findings = replace(find_in(bench.study, run, bench.job), cues=(CUE,))
    monkeypatch.setattr("engine.reporting.find_in", lambda *_: findings)
    mark = FindingMark(prepared.name, CUE.key, is_starred=True, comment="a <ruler>?\nlook")
    bench.study.mark_finding(mark, author="ana")
    bench.study.mark_finding(replace(mark, model="another"), author="otto")
    content = report_of(
        bench.study, prepared, run, bench.job, with_images=False, clock=lambda: THEN
    )
    files = files_of(content, tmp_path / "report")
    (row,) = csv.DictReader(files["tables/cues.csv"].decode().splitlines(keepends=True))
    assert (row["starred"], row["comment"]) == ("true", "a <ruler>?\nlook")
    page = files["report.html"].decode()
    assert 'aria-label="starred"' in page
    assert "a &lt;ruler&gt;?\nlook" in page
    assert re.search(r"ana, 20\d\d-\d\d-\d\d", page)
    assert "otto, 20" not in page


def test_runs_of_any_kind_are_compared_by_how_they_rank_images(bench):
    prepared = bench.prepare()
    compared = compare_methods(
        bench.study, prepared, ["integrated_gradients", "gradients"], bench.job
    )
    other = explain_study(bench.study, bench.prepare(noise_level=0.5).run, bench.job)
    third = explain_study(
        bench.study,
        bench.prepare(card=bench.files.card("three", ("lesion", "clear", "Other"))).run,
        bench.job,
    )
    runs = {
        "first": compared.explained["integrated_gradients"].images,
        "noisier": other.images,
        "another model": third.images,
    }
    fraction = RunSettings().findings.extreme_fraction
    found = persistence_of(runs, fraction=fraction)
    assert set(found) == {"ds", "srcc"}
    assert found["ds"].methods == ("first", "noisier", "another model")
    assert found["ds"].images == 5
    assert len(found["ds"].pairs) == 3
    assert found["ds"].lowest == 1
    by_method = {name: one.images for name, one in compared.explained.items()}
    assert persistence_of(by_method, fraction=fraction) == compared.persistence


def test_one_run_alone_cannot_be_compared(bench):
    with pytest.raises(ValueError, match="two"):
        persistence_of({"only": ()}, fraction=0.1)
