"""Annotations and manifests made by strangers, read as they lie."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.domain.problem import Severity
from engine.formats.annotations import ParsedFile, read_each
from engine.formats.manifest import read_manifest
from engine.formats.names import ImageNames
from engine.formats.options import Columns, ImportOptions
from engine.formats.photographs import read_photograph
from engine.formats.sources import find_sources
from engine.images.decode import decode
from engine.regions.rasterise import rasterise

pytestmark = pytest.mark.real


def read(paths: list[Path], known: ImageNames, **chosen: object) -> list[ParsedFile]:
    options = ImportOptions(**chosen)
    return list(read_each(find_sources(paths, options).annotations, options, known))


def photographs(folder: Path, study: Path) -> ImageNames:
    files = find_sources([folder], ImportOptions()).images
    found = [read_photograph(file, study_folder=study, verify=False) for file in files]
    return ImageNames(found, folder=study)


def codes(parsed: list[ParsedFile]) -> Counter[str]:
    return Counter(problem.code for file in parsed for problem in file.problems)


def test_all_112_dermxdb_files_are_14_images_of_8_graders_without_pixels(real_data: Path) -> None:
    known = ImageNames()
    parsed = read([real_data / "dermxdb"], known, name_pattern="{grader}_{image}")
    gradings = [grading for file in parsed for grading in file.gradings]
    assert len({(g.image, g.grader) for g in gradings}) == len(gradings) == 112
    assert {g.grader for g in gradings} == {f"labeller{n}" for n in range(1, 9)}
    images = [image for file in parsed for image in file.new_images]
    assert len(images) == 14
    assert not any(image.has_pixels for image in images)
    assert sum(not g.region for g in gradings) == 34
    problems = [problem for file in parsed for problem in file.problems]
    assert {problem.severity for problem in problems} == {Severity.NOTE}
    assert codes(parsed)["image_added"] == 14
    assert codes(parsed)["annotation_changed"] > 0
    manifest = read_manifest(real_data / "dermxdb" / "metadata.csv", Columns(), known)
    conditions = {row.path: row.condition for row in manifest.rows}
    assert len(conditions) == 13
    assert conditions["016174HB"] == "Actinic keratosis"
    assert manifest.rows[0].metadata["skin_tone"] == "light"


@pytest.mark.parametrize(
    ("pattern", "grader"),
    [("{grader}/seg_{image}", "expert_1"), ("expert_{grader}/seg_{image}", "1")],
)
def test_masks_of_five_experts_find_their_pictures(
    real_data: Path, pattern: str, grader: str
) -> None:
    folder = real_data / "bubil"
    known = photographs(folder / "images", folder)
    parsed = read([folder / "expert_1"], known, name_pattern=pattern, mask_value="dark")
    assert codes(parsed) == Counter()
    assert {g.grader for file in parsed for g in file.gradings} == {grader}
    assert len(parsed) == 10
    grading = parsed[0].gradings[0]
    assert grading.image == "images/B01.png"
    drawn = decode(folder / "expert_1" / "seg_B01.png")[:, :, 0] == 0
    assert np.array_equal(rasterise(grading.region, width=1024, height=811).to_mask(), drawn)


def test_a_mask_read_with_the_wrong_polarity_is_doubted(real_data: Path) -> None:
    folder = real_data / "bubil"
    known = photographs(folder / "images", folder)
    parsed = read([folder / "expert_1"], known, name_pattern="seg_{image}")
    assert codes(parsed)["mask_polarity"] == 10


def test_masks_that_do_not_fit_are_refused_with_both_sizes(real_data: Path) -> None:
    folder = real_data / "bubil"
    known = photographs(folder / "images", folder)
    parsed = read([folder / "crowd_wrong_size"], known, name_pattern="seg_{image}")
    assert codes(parsed)["mask_size"] == 3
    assert not any(file.gradings for file in parsed)
    assert "900 x 321" in str(parsed[0].problems[0])
    assert "1024 x 811" in str(parsed[0].problems[0])


@pytest.mark.parametrize(
    ("name", "gradings", "told"),
    [
        ("coco/coco/annotations/instances_val.json", 1, ["annotation_changed"]),
        ("coco/coco/annotations/image_info_val.json", 1, []),
        ("coco/coco/annotations/labels_val.json", 1, []),
        ("coco/coco/annotations/captions_val.json", 1, []),
        ("coco/coco/annotations/person_keypoints_val.json", 1, ["annotation_changed"]),
        ("coco/coco/annotations/person_keypoints_train.json", 0, ["coco_keypoints"]),
        (
            "coco/coco/annotations/instances_train.json",
            0,
            ["annotation_left_out", "grading_left_out"],
        ),
        ("labelstudio_json_min/data.json", 1, ["image_added"]),
        ("labelstudio_json_min/data_repeater.json", 0, ["task_image"]),
        ("labelstudio_json_min/label_config_repeater.json", 0, ["format_unknown"]),
        ("labelstudio_polygons/data.json", 3, ["annotation_changed", "image_added"]),
        ("labelstudio_polygons/data_obb.json", 3, ["annotation_changed", "image_added"]),
        ("labelstudio_polygons/data_polygons.json", 1, ["image_added"]),
    ],
)
def test_files_of_other_tools_import_or_say_clearly_why_not(
    real_data: Path, name: str, gradings: int, told: list[str]
) -> None:
    folder = real_data / "annotations" / "coco" / "coco"
    known = photographs(folder / "images", folder)
    (parsed,) = read([real_data / "annotations" / name], known)
    codes_told = sorted({problem.code for problem in parsed.problems})
    assert (len(parsed.gradings), codes_told) == (gradings, told)


def test_a_real_coco_file_unites_a_polygon_and_a_crowd_of_run_lengths(real_data: Path) -> None:
    folder = real_data / "annotations" / "coco" / "coco"
    known = photographs(folder / "images", folder)
    (parsed,) = read([folder / "annotations" / "instances_val.json"], known)
    mask = rasterise(parsed.gradings[0].region, width=5, height=10).to_mask()
    expected = np.zeros((10, 5), bool)
    expected[:, :2] = True
    assert np.array_equal(mask, expected)


def test_coco_files_beside_their_images_find_them(real_data: Path) -> None:
    folder = real_data / "annotations" / "coco" / "coco_roboflow"
    known = photographs(folder, folder)
    parsed = read([folder / "val"], known)
    assert [g.image for file in parsed for g in file.gradings] == ["val/b.jpg"]


def test_cvat_images_are_read_and_the_video_is_refused(real_data: Path) -> None:
    parsed = read([real_data / "annotations" / "cvat"], ImageNames())
    assert [len(file.gradings) for file in parsed] == [6, 0, 0]
    assert codes([parsed[0]])["image_added"] == 6
    assert codes([parsed[1]]) == {"image_ambiguous": 2}  # of three folders, and the file names none
    assert [problem.code for problem in parsed[2].problems] == ["cvat_video"]


def test_a_published_table_is_a_manifest_as_it_lies(real_data: Path) -> None:
    folder = real_data / "pad_ufes20"
    manifest = read_manifest(folder / "metadata.csv", Columns(), ImageNames(folder=folder))
    assert len(manifest.rows) == 14
    row = manifest.rows[-1]
    assert row.path == "images/PAT_1074_322_864.png"
    assert row.file == folder / "images" / "PAT_1074_322_864.png"
    assert (row.condition, row.case) == ("ACK", None)
    assert "gender" not in row.metadata
    assert row.metadata["region"] == "ARM"
    known = photographs(folder, folder)
    mapped = read_manifest(folder / "metadata.csv", Columns(case="lesion_id"), known)
    assert [row.case for row in mapped.rows][:2] == ["1068", "158"]
    assert all(row.file is None for row in mapped.rows)
