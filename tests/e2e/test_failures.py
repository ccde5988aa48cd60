"""What goes wrong becomes a row or a clear message, and nothing finished is lost."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

QUICK = ("--set", "saliency.joint_gradients=100")


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def command(*arguments):
    return [sys.executable, "-m", "engine.cli", *map(str, arguments)]


def wait_for(condition, *, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.01)


def maps_of(files):
    return sorted((files.folder / "small.concord.maps").rglob("*.npz"))


def trusted(files, run, card):
    """Trust the card's code and return the arguments of a run with it."""
    arguments = ("explain", files.study, "--model", card, "--csv", files.folder / "out.csv")
    digest = run(*arguments, code=1).output.split("--trust ")[1].split()[0].strip(".")
    return (*arguments, "--trust", digest, *QUICK)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_or_interrupted_goes_on_where_it_was(imported, run, how):
    arguments = trusted(imported, run, imported.card("slow"))
    process = subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(maps_of(imported)) >= 2)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    kept = {path: path.stat().st_mtime_ns for path in maps_of(imported)}
    assert 2 <= len(kept) < 5
    assert not (imported.folder / "out.csv").exists()
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert "the same command again" in said
    assert json.loads(run("doctor", imported.study, "--json").output)["problems"] == []
    run(*arguments)
    assert len(read_rows(imported.folder / "out.csv")) == 6
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_an_import_that_is_killed_leaves_whole_gradings_and_is_finished_by_the_next(files, run):
    run("new", files.study)
    run("import", files.study, files.photographs)
    for n in range(400):
        for source in (files.gradings / "grader_0").glob("*.json"):
            target = files.gradings / f"more_{n}" / source.name
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    process = subprocess.Popen(command("import", files.study, files.gradings))

    from engine.study.sqlite import open_study

    def some_graders_are_in():
        with open_study(files.study, read_only=True) as study:
            return len(study.graders()) > 20

    wait_for(some_graders_are_in)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    assert json.loads(run("doctor", files.study, "--json").output)["problems"] == []
    run("import", files.study, files.gradings)
    with open_study(files.study) as study:
        readings = [reading for _, of_image in study.readings() for reading in of_image]
    assert len(readings) == 6 * 403
    assert all(reading.first and reading.first.region for reading in readings)


def test_a_model_that_returns_nan_gives_rows_with_a_reason(imported, explain):
    explain(imported, imported.card("nan"), code=1)
    rows = read_rows(imported.folder / "out.csv")
    assert [row["failure"] for row in rows] == ["", *["not_finite"] * 5]
    assert "NaN" in rows[1]["failure_detail"] or "finite" in rows[1]["failure_detail"]


def test_a_model_with_more_outputs_than_classes_is_refused_naming_both(imported, explain):
    said = explain(imported, imported.card("three"), code=1).output
    assert "3" in said
    assert "2" in said
    assert "card.toml" in said


def test_a_model_that_sees_nothing_gives_zero_maps_that_say_so(imported, explain):
    explain(imported, imported.card("blind"), *QUICK)
    for row in read_rows(imported.folder / "out.csv")[1:]:
        assert row["zero_map"] == "true"
        assert row["ds"] == ""
        assert "ds=zero_map" in row["undefined"]
    for case in read_rows(imported.folder / "out.cases.csv"):
        assert "ds=zero_map" in case["undefined"]


def test_missing_and_changed_photographs_are_rows_and_doctor_says_what_to_do(
    imported, explain, run
):
    (imported.photographs / "img_01.png").unlink()
    shutil.copy(imported.photographs / "img_03.png", imported.photographs / "img_02.png")
    explain(imported, imported.card(), *QUICK, code=1)
    rows = read_rows(imported.folder / "out.csv")
    assert [row["failure"] for row in rows] == [
        "", "pixels_missing", "pixels_changed", "", "", "",
    ]  # fmt: skip
    told = json.loads(run("doctor", imported.study, "--json", code=1).output)["problems"]
    assert {problem["code"] for problem in told} == {"pixels_missing", "pixels_changed"}
    assert all(problem["remedy"] for problem in told)


def test_a_damaged_photograph_is_told_at_import_and_the_others_are_kept(files, run):
    damaged = files.photographs / "img_04.png"
    damaged.write_bytes(damaged.read_bytes()[:400])
    run("new", files.study)
    said = json.loads(run("import", files.study, files.photographs, "--json", code=1).output)
    assert said["photographs"]["added"] == 5
    (problem,) = said["problems"]
    assert "img_04.png" in problem["where"]
    assert problem["remedy"]


def test_a_damaged_map_file_is_made_again(imported, explain, run):
    card = imported.card()
    explain(imported, card, *QUICK)
    first = (imported.folder / "out.csv").read_bytes()
    maps_of(imported)[0].write_bytes(b"not a map")
    run("explain", imported.study, "--model", card, "--csv", imported.folder / "b.csv", *QUICK)
    assert (imported.folder / "b.csv").read_bytes() == first


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs mount rights")
def test_a_full_disk_ends_the_run_with_words_and_the_study_stays_whole(files, run, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        study = disk / "small.concord"
        run("new", study)
        run("import", study, files.photographs, files.manifest, files.gradings)
        card = files.card()
        arguments = ("explain", study, "--model", card, "--csv", files.folder / "out.csv")
        digest = run(*arguments, code=1).output.split("--trust ")[1].split()[0].strip(".")
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"\0" * (free - 4096))
        said = run(*arguments, "--trust", digest, *QUICK, code=1).output
        assert "Traceback" not in said
        assert "disk" in said.lower()
        (disk / "filler").unlink()
        assert json.loads(run("doctor", study, "--json").output)["problems"] == []
        run(*arguments, *QUICK)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_a_study_that_is_no_study_is_refused_in_words(files, run):
    files.study.write_bytes(b"this is not a database, whatever its name says" * 50)
    said = run("agreement", files.study, code=1).output
    assert "small.concord" in said
    assert "Traceback" not in said


def test_a_model_that_raises_on_some_photographs_fails_those_rows_alone(imported, explain):
    explain(imported, imported.card("picky"), *QUICK, code=1)
    rows = read_rows(imported.folder / "out.csv")[1:]
    failed = [row for row in rows if row["failure"] == "model_failed"]
    assert 0 < len(failed) < len(rows)
    assert all("too bright" in row["failure_detail"] for row in failed)
    assert all(row["ds"] for row in rows if row not in failed)


def test_a_folder_that_cannot_be_written_is_refused_before_the_work(imported, run, monkeypatch):
    def read_only(*_arguments, **_keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", read_only)
    said = run("agreement", imported.study, "--csv", imported.folder / "o.csv", code=1).output
    assert "cannot be written" in said
    assert "Traceback" not in said


def test_panels_never_join_those_of_another_run_unasked(imported, explain, run):
    panels = imported.folder / "panels"
    card = imported.card()
    explain(imported, card, *QUICK, "--panels", panels)
    first = sorted(path.name for path in panels.iterdir())
    arguments = ("explain", imported.study, "--model", card, *QUICK, "--panels", panels)
    again = (*arguments, "--csv", imported.folder / "again.csv")
    assert "not empty" in run(*again, code=1).output
    run(*again, "--overwrite", "--set", "agreement.kappa_cut=0.97")
    left = sorted(path.name for path in panels.iterdir())
    assert set(left) < set(first)


def test_a_changed_photograph_is_told_though_its_map_is_imported(imported, run):
    maps = imported.folder / "maps"
    maps.mkdir()
    for n in range(1, 6):
        np.save(maps / f"img_{n:02}.npy", np.ones((50, 60 + 4 * n)))
    shutil.copy(imported.photographs / "img_03.png", imported.photographs / "img_02.png")
    out = imported.folder / "maps.csv"
    run("explain", imported.study, "--maps", maps, "--csv", out, code=1)
    assert [row["failure"] for row in read_rows(out)] == [
        "", "", "pixels_changed", "", "", "",
    ]  # fmt: skip


def test_predictions_of_a_class_the_model_lacks_are_refused_by_name(imported, run):
    card = imported.card()
    arguments = trusted(imported, run, card)
    table = imported.folder / "predictions.csv"
    table.write_text("image,predicted\nimg_01.png,wart\n")
    said = run(*arguments, "--predictions", table, code=1).output
    assert "wart" in said
    assert "Traceback" not in said


def test_no_class_that_the_model_lacks_can_win_by_the_mean_over_a_case(imported, run):
    arguments = trusted(imported, run, imported.card())
    table = imported.folder / "predictions.csv"
    rows = ["img_02.png,0.5,0.05,0.45", "img_03.png,0.05,0.5,0.45"]
    table.write_text("\n".join(["image,lesion,clear,wart", *rows]) + "\n")
    assert "wart" in run(*arguments, "--predictions", table, code=1).output


def test_a_case_whose_images_name_two_conditions_has_no_correctness(files, run, explain):
    text = files.manifest.read_text().replace(
        "img_03.png,case_1,melanoma", "img_03.png,case_1,nevus"
    )
    first, second = files.folder / "first.csv", files.folder / "second.csv"
    lines = text.splitlines()
    first.write_text("\n".join(line for line in lines if "img_03" not in line) + "\n")
    second.write_text("\n".join([lines[0], *(line for line in lines if "img_03" in line)]) + "\n")
    run("new", files.study)
    run("import", files.study, files.photographs, first, files.gradings)
    run("import", files.study, second)
    explain(files, files.card(), *QUICK)
    cases = {row["case"]: row for row in read_rows(files.folder / "out.cases.csv")}
    assert "is_correct=conditions_differ" in cases["case_1"]["undefined"]
    assert cases["case_2"]["is_correct"] == "true"


def test_gradings_that_come_again_differently_are_told_with_what_counts(imported, run):
    for path in (imported.gradings / "grader_1").glob("*.json"):
        shutil.copy(imported.gradings / "grader_0" / path.name, path)
    said = json.loads(run("import", imported.study, imported.gradings, "--json", code=1).output)
    assert said["gradings"]["changed"] == 6
    (problem,) = (p for p in said["problems"] if p["code"] == "gradings_replaced")
    assert "agreement.reading=latest" in problem["remedy"]
