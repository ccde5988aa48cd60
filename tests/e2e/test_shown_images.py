"""One image of a study as a screen shows it: from the cache where its map was made before."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from engine.domain.image import PrivacyBox
from engine.domain.problem import Problem
from engine.pipeline import explain_study, measure_study, show_image, show_images
from engine.stages.gallery import Shown
from engine.stages.prepare import map_folder
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


@pytest.fixture
def ran(bench):
    """A run that is finished, and what it found, by path."""
    prepared = bench.prepare()
    explained = explain_study(bench.study, prepared.run, bench.job)
    return prepared, {result.image.path: result for result in explained.images}


def same(one, other):
    """Tell whether two shown images are the same, to the pixel and to the attribution."""
    return (
        one.image == other.image
        and np.array_equal(one.pixels, other.pixels)
        and one.consensus == other.consensus
        and np.array_equal(one.saliency_map.values, other.saliency_map.values)
        and one.saliency_map.facts == other.saliency_map.facts
    )


@pytest.mark.parametrize("target", ["predicted", "reference"])
def test_an_image_is_shown_as_the_report_shows_it(bench, target):
    prepared = bench.prepare(target=target)
    explained = explain_study(bench.study, prepared.run, bench.job)
    rows = [result.agreement for result in explained.images]
    wanted = {result.image.path: result for result in explained.images if result.localisation}
    assert len(wanted) == 5
    shown = dict(show_images(bench.study, prepared.run, rows, set(wanted), bench.job))
    for path, result in wanted.items():
        for predicted in (result.predicted, None):
            alone = show_image(
                bench.study, prepared.run, result.agreement, bench.job,
                predicted=predicted, side=512,
            )  # fmt: skip
            assert same(alone, shown[path])


def test_a_map_that_is_made_waits_for_no_model(bench, ran):
    prepared, results = ran
    busy, done = threading.Event(), threading.Event()

    def hold():
        busy.set()
        done.wait(20)

    held = bench.job.executor.submit(Lane.GPU, hold)
    assert busy.wait(20)
    try:
        for result in results.values():
            for predicted in (result.predicted if result.localisation else None, None):
                shown = show_image(
                    bench.study, prepared.run, result.agreement, bench.job, predicted=predicted
                )
                assert (shown.saliency_map is not None) == (result.localisation is not None)
        assert not held.done()
    finally:
        done.set()


def test_a_map_that_is_gone_is_made_again(bench, ran):
    prepared, results = ran
    result = next(result for result in results.values() if result.localisation)
    before = show_image(bench.study, prepared.run, result.agreement, bench.job)
    for file in map_folder(bench.study.file).iterdir():
        file.unlink()
    after = show_image(
        bench.study, prepared.run, result.agreement, bench.job, predicted=result.predicted
    )
    assert same(before, after)


def test_an_image_that_was_not_admitted_is_shown_without_a_map(bench, ran):
    prepared, results = ran
    left_out = next(r for r in results.values() if not r.agreement.admitted)
    shown = show_image(bench.study, prepared.run, left_out.agreement, bench.job)
    assert isinstance(shown, Shown)
    assert shown.saliency_map is None


def test_an_image_without_a_region_says_why_it_is_not_shown(bench):
    prepared = bench.prepare()
    image = replace(bench.study.images()[0], path="photographs/alone.png", case="alone")
    bench.study.add_images([image], author="test")
    rows = measure_study(bench.study, prepared.run.settings.agreement, bench.job)
    row = next(row for row in rows if row.image.path == image.path)
    told = show_image(bench.study, prepared.run, row, bench.job)
    assert isinstance(told, Problem)
    assert told.code == "fewer_than_two_answers"


def test_a_photograph_that_is_gone_says_so(bench, ran):
    prepared, results = ran
    result = next(result for result in results.values() if result.localisation)
    (bench.study.folder / result.image.path).unlink()
    told = show_image(
        bench.study, prepared.run, result.agreement, bench.job, predicted=result.predicted
    )
    assert isinstance(told, Problem)
    assert told.code == "pixels_missing"


def test_the_longest_side_is_as_asked_for_and_privacy_boxes_are_burnt_in(bench):
    path = bench.study.images()[2].path
    bench.study.set_privacy_boxes(path, [PrivacyBox(0, 0, 20, 50)], author="test")
    prepared = bench.prepare()
    rows = measure_study(bench.study, prepared.run.settings.agreement, bench.job)
    row = next(row for row in rows if row.image.path == path)
    shown = show_image(bench.study, prepared.run, row, bench.job, side=200)
    assert max(shown.pixels.shape) <= 200
    left = shown.pixels[:, : shown.pixels.shape[1] // 5]
    assert np.ptp(left) == 0


def test_a_privacy_box_that_is_drawn_after_the_run_is_burnt_in_too(bench, ran):
    prepared, results = ran
    result = next(result for result in results.values() if result.localisation)
    path, row = result.image.path, result.agreement
    before = show_image(bench.study, prepared.run, row, bench.job, predicted=result.predicted)
    width, height = result.image.width, result.image.height
    bench.study.set_privacy_boxes(path, [PrivacyBox(0, 0, width, height)], author="test")
    shown = show_image(bench.study, prepared.run, row, bench.job, predicted=result.predicted)
    rows = [one.agreement for one in results.values()]
    of_report = dict(show_images(bench.study, prepared.run, rows, {path}, bench.job))[path]
    assert np.ptp(before.pixels) > 0
    assert np.ptp(shown.pixels) == np.ptp(of_report.pixels) == 0


def test_imported_maps_are_shown(bench):
    folder = bench.files.folder / "maps"
    folder.mkdir()
    for n in range(6):
        np.save(folder / f"img_{n:02}.npy", np.linspace(-1, 1, 50 * (60 + 4 * n)).reshape(50, -1))
    prepared = bench.prepare(maps=folder)
    explained = explain_study(bench.study, prepared.run, bench.job)
    result = next(result for result in explained.images if result.localisation)
    shown = show_image(bench.study, prepared.run, result.agreement, bench.job)
    assert shown.saliency_map.facts.method == "imported"


class NotedLanes:
    """Lanes that note which of them were asked for."""

    def __init__(self, lanes):
        self._lanes = lanes
        self.asked = set()

    def submit(self, lane, task, /, *args, **kwargs):
        self.asked.add(lane)
        return self._lanes.submit(lane, task, *args, **kwargs)


def test_an_image_is_shown_while_its_run_goes_on_without_the_model(bench):
    run = bench.prepare().run
    noted = NotedLanes(bench.job.executor)
    shown = []

    def show(case):
        for result in case.images:
            job = JobContext(noted)
            one = show_image(bench.study, run, result.agreement, job, predicted=result.predicted)
            shown.append(one.saliency_map is not None)

    explain_study(bench.study, run, bench.job, on_case=show)
    assert shown == [True] * 5
    assert noted.asked == {Lane.STUDY, Lane.CPU}
