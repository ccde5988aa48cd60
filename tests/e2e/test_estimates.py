"""The time of a run is told before it: what is made already is counted, and nothing is stored."""

import numpy as np
import pytest

from engine.pipeline import explain_study
from engine.stages.estimating import RunEstimate, estimate_run
from engine.stages.prepare import map_folder
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import Lane


def stored(bench):
    """Return what a run would have left behind: the study's state, and files of maps."""
    folder = map_folder(bench.study.file)
    maps = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    return bench.study.info(), maps


GRADIENTS = {
    "integrated_gradients": 10,
    "gradients": 1,
    "input_x_gradient": 1,
    "occlusion": 9,
    "gradient_shap": 6,
}


@pytest.mark.parametrize("method", GRADIENTS)
def test_an_estimate_counts_what_is_to_be_made_and_stores_nothing(bench, method):
    prepared = bench.prepare(method=method)
    before = stored(bench)
    told = estimate_run(bench.study, prepared, bench.job)
    assert stored(bench) == before
    assert (told.images, told.cached, told.gradients) == (5, 0, GRADIENTS[method])
    assert told.device.startswith("cpu, ")
    assert told.seconds == pytest.approx(5 * told.seconds_per_image)
    assert told.seconds > 0


def test_grad_cam_is_measured_by_itself(bench):
    files = bench.files
    card = files.card()
    (card.parent / "layered.py").write_text(
        "import torch\nfrom torch import nn\n"
        "def build():\n"
        "    torch.manual_seed(0)\n"
        "    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(1),\n"
        "        nn.Flatten(), nn.Linear(4, 2))\n"
    )
    text = card.read_text().replace("redness:build", "layered:build")
    card.write_text(text.replace('arguments = { mode = "red" }\n', 'layer = "0"\n'))
    told = estimate_run(bench.study, bench.prepare(card=card, method="grad_cam"), bench.job)
    assert (told.images, told.cached, told.gradients) == (5, 0, 1)
    assert told.seconds > 0


def test_maps_of_an_earlier_run_count_as_made_though_predictions_came_later(bench):
    prepared = bench.prepare()
    explain_study(bench.study, prepared.run, bench.job)
    before = stored(bench)
    told = estimate_run(bench.study, prepared, bench.job)
    assert (told.images, told.cached) == (5, 5)
    assert told.seconds_per_image == 0
    assert told.seconds > 0  # they are still read and compared
    assert stored(bench) == before


def test_a_part_that_is_made_is_counted(bench):
    prepared = bench.prepare()
    explain_study(bench.study, prepared.run, bench.job)
    next(map_folder(bench.study.file).iterdir()).unlink()
    told = estimate_run(bench.study, prepared, bench.job)
    assert told.images == 5
    assert told.cached == 4 - (told.cached == 3)  # the lost map's case may hold two images
    assert told.seconds_per_image > 0


def test_other_settings_have_no_maps_yet(bench):
    explain_study(bench.study, bench.prepare().run, bench.job)
    told = estimate_run(bench.study, bench.prepare(noise_level=0.3), bench.job)
    assert (told.images, told.cached) == (5, 0)


def test_imported_maps_take_no_time(bench):
    folder = bench.files.folder / "maps"
    folder.mkdir()
    for n in range(6):
        np.save(folder / f"img_{n:02}.npy", np.ones((50, 60 + 4 * n)))
    told = estimate_run(bench.study, bench.prepare(maps=folder), bench.job)
    assert told == RunEstimate(5, 0, 0, 0.0, 0.0, "")


def test_photographs_that_are_gone_are_passed_over(bench):
    for path in sorted(bench.files.photographs.iterdir())[:4]:
        path.unlink()
    told = estimate_run(bench.study, bench.prepare(), bench.job)
    assert told.images == 5
    assert told.seconds_per_image > 0


def test_a_model_that_answers_nothing_is_estimated_as_nothing(bench):
    card = bench.files.card("nan")
    told = estimate_run(bench.study, bench.prepare(card=card), bench.job)
    assert (told.images, told.seconds) == (5, 0)


def test_an_estimate_can_be_stopped(bench):
    prepared = bench.prepare()
    bench.job.cancel.cancel()
    with pytest.raises(Stopped):
        estimate_run(bench.study, prepared, bench.job)


def test_an_estimate_tells_how_many_images_it_has_looked_at(bench):
    steps = []
    job = JobContext(bench.job.executor, bench.job.cancel, steps.append)
    estimate_run(bench.study, bench.prepare(), job)
    assert {step.room for step in steps} == {"estimate"}
    assert (steps[-1].done, steps[-1].total) == (6, 6)


def test_a_paused_estimate_waits_and_stops_when_it_is_cancelled(bench):
    job = JobContext(bench.job.executor, CancelToken(), lambda _: job.cancel.pause())
    prepared = bench.prepare()
    waiting = bench.job.executor.submit(Lane.JOB, estimate_run, bench.study, prepared, job)
    while not job.cancel.is_paused:
        bench.job.on_study(bench.study.image_count)
    assert not waiting.done()
    job.cancel.cancel()
    with pytest.raises(Stopped):
        waiting.result(60)
