"""A preview tells exactly what the import afterwards tells, and writes nothing."""

import json
import tempfile
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from engine.domain.grading import Grading, Origin
from engine.domain.image import Image
from engine.domain.problem import Refusal
from engine.domain.settings import RunSettings
from engine.formats.options import Columns, ImportOptions
from engine.pipeline import import_files
from engine.saliency.trust import TrustStore
from engine.stages.prepare import RunRequest, prepare_run
from engine.stages.previewing import (
    preview_import,
    preview_labels,
    preview_maps,
    preview_predictions,
)
from engine.study.sqlite import create_study, open_study
from engine.tasks.cancel import CancelToken, Stopped
from engine.tasks.context import JobContext
from engine.tasks.executors import InlineExecutor, LocalLanes
from tests.packet_studies import INLINE, add_photograph, region, smooth_picture

GOOD = "image,case,diagnosis,age\np/00.png,c1,eczema,30\np/01.png,c2,psoriasis,40\n"


@pytest.fixture
def file(tmp_path):
    """A study of two photographs; ada's and bo's gradings of the first were imported."""
    file = tmp_path / "study.concord"
    with create_study(file, author="lena") as study:
        for number in range(2):
            add_photograph(study, f"p/{number:02}.png", seed=number)
        done = Grading("p/00.png", "ada", True, 1, region(5, 5), origin=Origin.IMPORTED)
        study.record_gradings([done, replace(done, grader="bo")], author="lena")
    return file


@pytest.fixture
def put(tmp_path):
    """Write a file into the folder that is imported."""

    def put(name, content):
        path = tmp_path / "new" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_bytes(content.encode())
        else:
            path.write_text(json.dumps(content))
        return path

    return put


@contextmanager
def untouched(file):
    """Open a study, and check at the end that nothing of it has changed."""
    before = file.read_bytes()
    with open_study(file, read_only=True) as study:
        info, folder = study.info(), sorted(file.parent.rglob("*"))
        yield study
        assert study.info() == info
        assert sorted(file.parent.rglob("*")) == folder
    assert file.read_bytes() == before


def preview(file, *paths, **options):
    with untouched(file) as study:
        return preview_import(study, paths, ImportOptions(**options), INLINE)


def real(file, *paths, **options):
    """Import, and return what was imported, if it was, and all problems."""
    with open_study(file) as study:
        try:
            imported = import_files(study, paths, ImportOptions(**options), INLINE, author="lena")
        except Refusal as refusal:
            return None, (refusal.problem,)
    return imported, imported.problems


def same(file, *paths, **options):
    """Preview, import afterwards, compare, and return the preview."""
    foreseen = preview(file, *paths, **options)
    imported, problems = real(file, *paths, **options)
    assert foreseen.problems == problems
    assert foreseen.imported == imported
    return foreseen


def labelme(image="p/00.png", size=(40, 30), at=5):
    (polygon,) = region(at, at)
    return {
        "version": "5.0", "flags": {}, "imagePath": image, "imageData": None,
        "imageWidth": size[0], "imageHeight": size[1],
        "shapes": [{"label": "lesion", "points": polygon.exterior.tolist(), "group_id": None,
                    "shape_type": "polygon", "flags": {}}],
    }  # fmt: skip


# files of an import


def test_a_good_manifest_is_shown_with_its_columns_and_first_rows(file, put):
    foreseen = same(file, put("m.csv", GOOD))
    (manifest,) = foreseen.manifests
    assert manifest.header == ("image", "case", "diagnosis", "age")
    assert manifest.chosen == {"image": "image", "case": "case", "condition": "diagnosis"}
    assert manifest.metadata == ("age",)
    assert manifest.sample == (
        ("p/00.png", "c1", "eczema", "30"),
        ("p/01.png", "c2", "psoriasis", "40"),
    )
    assert manifest.usable == 2
    assert foreseen.imported.rows.changed == 2


BROKEN = {
    "byte order mark": "\ufeff" + GOOD,
    "semicolons": GOOD.replace(",", ";"),
    "tabs": GOOD.replace(",", "\t"),
    "Windows letters": GOOD.replace("eczema", "Ekzem rötlich").encode("cp1252"),
    "UTF-16": GOOD.encode("utf-16"),
    "no text": b"\0\1\2" * 50,
    "empty": "",
    "header alone": "image,case\n",
    "no column of images": "photograph number,case\n1,c1\n",
    "column twice": "image,case,case\np/00.png,a,b\n",
    "duplicate rows": GOOD + "p/00.png,c1,eczema,30\n",
    "rows that differ": GOOD + "p/00.png,c1,eczema,31\n",
    "another condition of the case": GOOD + "p/01.png,c1,scabies,40\n",
    "too few cells": GOOD + "p/01.png\n",
    "open quote": GOOD + '"p/01.png,c,d\n',
    "unknown image": GOOD + "p/77.png,c9,eczema,1\n",
    "no name": GOOD + ",c9,eczema,1\n",
    "image by size": "image,width,height\nfar/away.png,50,60\n",
    "another size": "image,width,height,case\np/00.png,50,60,c\n",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("strict", [False, True])
def test_a_broken_manifest_is_told_as_its_import_tells_it(file, put, content, strict):
    foreseen = same(file, put("m.csv", content), strict=strict)
    (manifest,) = foreseen.manifests
    if foreseen.imported:
        rows = foreseen.imported.rows
        assert manifest.usable == rows.added + rows.changed + rows.unchanged
        assert manifest.problems == rows.problems
    else:
        assert (manifest.usable, manifest.problems) == (0, foreseen.problems)


def test_a_manifest_without_a_known_column_still_shows_what_there_is_to_choose_from(file, put):
    manifest = put("m.csv", "Foto;Diagnose\np/00.png;Ekzem\n")
    (shown,) = same(file, manifest).manifests
    assert shown.header == ("Foto", "Diagnose")
    assert shown.sample == (("p/00.png", "Ekzem"),)
    assert (shown.chosen, shown.usable) == ({}, 0)
    columns = Columns(image="Foto", condition="Diagnose")
    (chosen,) = same(file, manifest, columns=columns).manifests
    assert chosen.chosen == {"image": "Foto", "condition": "Diagnose"}
    assert chosen.usable == 1


def test_a_column_that_was_chosen_and_is_absent_is_refused_alike(file, put):
    assert same(file, put("m.csv", GOOD), columns=Columns(case="patient")).imported is None


def test_manifests_after_a_refused_one_are_shown_too(file, put):
    put("a.csv", "number\n1\n")
    put("b.csv", GOOD)
    refused, kept_out = same(file, file.parent / "new").manifests
    assert (refused.path.name, refused.usable) == ("a.csv", 0)
    assert (kept_out.path.name, kept_out.usable) == ("b.csv", 2)


def test_a_mixed_folder_is_counted_and_told(file, put):
    folder = file.parent / "new"
    put("m.csv", GOOD + "new/fresh.png,c3,eczema,50\nnew/torn.png,c4,eczema,50\n")
    smooth_picture(40, 30, 7).save(folder / "fresh.png")
    whole = (folder / "fresh.png").read_bytes()
    put("torn.png", whole[: len(whole) // 2])
    put("copy.png", whole)
    put("ada/p_00.json", labelme())
    put("bo/p_00.json", labelme(at=9))
    put("bo/p_01.json", labelme("p/01.png", size=(50, 60)))
    put("cy/elsewhere.json", labelme("elsewhere.png", size=(50, 60)))
    put("cy/other.json", {"some": "thing"})
    put("cy/half.json", '{"version": ')
    put("readme.txt", "hello")
    foreseen = same(file, folder)
    assert foreseen.photographs == 3
    assert foreseen.annotations == {"json": 6}
    codes = {problem.code for problem in foreseen.problems}
    assert {"image_twice", "image_size", "gradings_replaced", "files_ignored"} <= codes
    assert foreseen.imported.photographs.added == 2


def test_images_that_only_gradings_know_are_there_when_the_manifest_is_read_again(file, put):
    put("m.csv", "image,case\nelsewhere.png,c9\n")
    put("ada/elsewhere.json", labelme("elsewhere.png"))
    (manifest,) = same(file, file.parent / "new").manifests
    assert manifest.usable == 1
    assert [problem.code for problem in manifest.problems] == ["manifest_columns"]


def test_a_grading_that_was_sent_back_and_comes_again_is_told(file, put):
    put("ada/p_00.json", labelme())
    folder = file.parent / "new"
    real(file, folder)
    with open_study(file) as study:
        study.send_back("p/00.png", "ada", reason="look again", author="lena")
    codes = [problem.code for problem in same(file, folder).problems]
    assert "still_sent_back" in codes


def test_a_photograph_that_changed_and_masks_are_told_alike(file, put, tmp_path):
    smooth_picture(40, 30, 9).save(tmp_path / "p" / "00.png")
    mask = np.zeros((30, 40), dtype=np.uint8)
    mask[3:9, 4:12] = 255
    for name in ("ada", "bo"):
        (tmp_path / "masks" / name).mkdir(parents=True)
        Picture.fromarray(mask).save(tmp_path / "masks" / name / "01.png")
    assert "image_changed" in {p.code for p in same(file, tmp_path / "p").problems}
    foreseen = same(file, tmp_path / "masks", format="mask", name_pattern="{grader}/{image}.png")
    assert foreseen.annotations == {"mask": 2}


def test_a_path_that_is_not_there_is_refused_before_anything(file, tmp_path):
    with untouched(file) as study, pytest.raises(Refusal) as caught:
        preview_import(study, [tmp_path / "nowhere"], ImportOptions(), INLINE)
    assert caught.value.problem.code == "path_missing"


def test_the_copy_is_deleted_also_where_the_preview_is_stopped(file, put, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    token = CancelToken()
    token.cancel()
    path = put("m.csv", GOOD)
    with open_study(file, read_only=True) as study, pytest.raises(Stopped):
        preview_import(study, [path], ImportOptions(), JobContext(InlineExecutor(), token))
    assert list(scratch.iterdir()) == []


def test_a_preview_on_lanes_of_threads_tells_the_same(file, put):
    path = put("m.csv", BROKEN["unknown image"])
    inline = preview(file, path)
    with LocalLanes() as lanes, open_study(file) as study:
        assert preview_import(study, [path], ImportOptions(), JobContext(lanes)) == inline


def test_a_photograph_is_read_once_for_all_previews_that_share_what_is_known(file, tmp_path):
    known = {}
    with untouched(file) as study:
        first = preview_import(study, [tmp_path / "p"], ImportOptions(), INLINE, known=known)
        assert sorted(path.name for path in known) == ["00.png", "01.png"]
        known |= {path: replace(image, digest="0" * 64) for path, image in known.items()}
        again = preview_import(study, [tmp_path / "p"], ImportOptions(), INLINE, known=known)
    assert first.problems == ()
    assert [problem.code for problem in again.problems].count("image_changed") == 2


# predictions, labels and maps

PREDICTIONS = {
    "classes": "image,eczema,psoriasis\np/00.png,0.25,0.75\np/01.png,1,0\n",
    "predicted": "image,predicted\np/00.png,eczema\np/01.png,psoriasis\n",
    "byte order mark": "\ufeffimage,predicted\np/00.png,eczema\n",
    "semicolons": "image;eczema;psoriasis\np/00.png;0.25;0.75\n",
    "sums wrong": "image,eczema,psoriasis\np/00.png,0.5,0.75\np/01.png,1,0\n",
    "negative": "image,eczema,psoriasis\np/00.png,-0.5,1.5\np/01.png,a,b\n",
    "duplicate rows": "image,predicted\np/00.png,eczema\np/00.png,eczema\n",
    "unknown image": "image,predicted\np/77.png,eczema\n,eczema\np/01.png,\n",
    "no column of images": "photo,predicted\np/00.png,eczema\n",
    "no classes": "image,age\np/00.png,1\n",
    "columns not read": "image,predicted,age\np/00.png,eczema,3\n",
    "too few cells": "image,eczema,psoriasis\np/00.png\n",
    "no text": b"\xff\xfe\0\1\2",
    "empty": "",
}


def run_problems(file, **request):
    with open_study(file) as study:
        try:
            prepared = prepare_run(
                study, file, RunRequest(**request), RunSettings(),
                TrustStore(file.with_name("trust.json")), INLINE,
            )  # fmt: skip
        except Refusal as refusal:
            return (refusal.problem,)
    return prepared.problems


@pytest.mark.parametrize("content", PREDICTIONS.values(), ids=PREDICTIONS)
def test_predictions_are_told_as_the_run_tells_them(file, put, content):
    path = put("predictions.csv", content)
    with untouched(file) as study:
        foreseen = preview_predictions(study, path, INLINE)
    assert foreseen.problems == run_problems(file, predictions=path)
    with open_study(file, read_only=True) as study:
        assert foreseen.usable == len(study.predictions("predictions"))


def test_a_table_of_predictions_shows_its_columns_and_first_rows_as_they_are_read(file, put):
    path = put("predictions.csv", PREDICTIONS["sums wrong"])
    with untouched(file) as study:
        foreseen = preview_predictions(study, path, INLINE)
    assert foreseen.header == ("image", "eczema", "psoriasis")
    assert foreseen.sample == (("p/00.png", "0.5", "0.75"), ("p/01.png", "1", "0"))
    assert foreseen.usable == 1


def test_predictions_of_classes_that_the_model_lacks_are_refused(file, put):
    path = put("predictions.csv", PREDICTIONS["classes"])
    with untouched(file) as study:
        foreseen = preview_predictions(study, path, INLINE, classes=("eczema", "scabies"))
        fits = preview_predictions(study, path, INLINE, classes=("eczema", "psoriasis"))
    assert [problem.code for problem in foreseen.problems] == ["predictions_classes"]
    assert foreseen.usable == 0
    assert (fits.usable, fits.problems) == (2, ())


LABELS = {
    "parts": "image,parts\np/00.png,nose; lips\np/01.png,none\n",
    "byte order mark": "\ufeffimage,parts\np/00.png,nose\n",
    "semicolons": "image;nose;lips\np/00.png;1;0\np/01.png;0;2\n",
    "unknown part": "image,parts\np/00.png,noze\np/77.png,nose\n",
    "rows that differ": "image,parts\np/00.png,nose\np/00.png,lips\n",
    "duplicate rows": "image,parts\np/00.png,nose\np/00.png,nose\n",
    "columns ignored": "image,parts,age\np/00.png,nose,3\n",
    "no column of parts": "image,age\np/00.png,3\n",
    "malformed": "image,parts\np/00.png\n",
    "no text": b"\0\1\2",
    "empty": "",
}


@pytest.mark.parametrize("content", LABELS.values(), ids=LABELS)
def test_labels_are_told_as_their_import_tells_them(file, put, content, run):
    path = put("labels.csv", content)
    with untouched(file) as study:
        foreseen = preview_labels(study, path, INLINE)
    code = 1 if any(p.severity != "note" for p in foreseen.problems) else 0
    told = run("label", file, path, "--json", code=code)
    document = json.loads(told.stdout)
    problems = [document["problem"]] if "problem" in document else document["problems"]
    assert [p["message"] for p in problems] == [p.message for p in foreseen.problems]
    with open_study(file, read_only=True) as study:
        assert foreseen.usable == len(study.body_parts())


def test_maps_are_matched_as_the_run_matches_them(file, put):
    folder = put("maps/p/00.npy", b"x").parents[1]
    put("maps/p/00.png", b"x")
    put("maps/p/99.npz", b"x")
    put("maps/notes.txt", b"x")
    with untouched(file) as study:
        foreseen = preview_maps(study, folder, INLINE)
    assert (foreseen.matched, foreseen.without_map) == (1, 1)
    assert [problem.code for problem in foreseen.problems] == ["second_map", "image_unknown"]
    assert foreseen.problems == run_problems(file, maps=folder)


def test_a_folder_of_maps_that_is_not_there_is_refused(file, tmp_path):
    with untouched(file) as study:
        foreseen = preview_maps(study, tmp_path / "nowhere", INLINE)
    assert (foreseen.matched, foreseen.without_map) == (0, 2)
    assert foreseen.problems == run_problems(file, maps=tmp_path / "nowhere")


def test_a_name_that_fits_two_images_is_told_of_maps(tmp_path, put):
    file = tmp_path / "two.concord"
    with create_study(file, author="lena") as study:
        study.add_images([Image("a/1.png", 4, 4, "0" * 64), Image("b/1.png", 4, 4, "1" * 64)],
                         author="lena")  # fmt: skip
    folder = put("maps/1.npy", b"x").parent
    with untouched(file) as study:
        foreseen = preview_maps(study, folder, INLINE)
    assert [problem.code for problem in foreseen.problems] == ["image_ambiguous"]
    assert foreseen.problems == run_problems(file, maps=folder)
