"""How the files at the given paths are sorted."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.domain.problem import Refusal, Severity
from engine.formats.options import ImportOptions
from engine.formats.sources import Sources, find_sources


def files(sources: Sources) -> dict[str, list[str]]:
    return {
        "images": [path.name for path in sources.images],
        "manifests": [path.name for path in sources.manifests],
        "annotations": [f"{file.kind} {file.path.name}" for file in sources.annotations],
    }


@pytest.fixture
def folder(write, tmp_path):
    for name in ("b/2.JPG", "a/1.png", "meta.csv", "a/ann.json", "notes.txt", "b/.hidden.png"):
        write(f"data/{name}", "x")
    return tmp_path / "data"


def test_a_folder_is_walked_in_order_and_sorted_by_kind(folder) -> None:
    found = find_sources([folder], ImportOptions())
    assert files(found) == {
        "images": ["1.png", "2.JPG"], "manifests": ["meta.csv"], "annotations": ["json ann.json"],
    }  # fmt: skip
    (note,) = found.problems
    assert note.severity is Severity.NOTE
    assert "1 .txt" in note.message
    assert found.annotations[0].label == "data/a/ann.json"
    assert found.annotations[0].inside == "a/ann.json"


@pytest.mark.parametrize(
    "options",
    [
        {"format": "mask"},
        {"grader": "ann"},
        {"name_pattern": "{grader}_{image}"},
        {"mask_value": "dark"},
    ],
)
def test_a_raster_is_a_mask_only_where_the_options_say_so(folder, options) -> None:
    found = find_sources([folder], ImportOptions(**options))
    assert found.images == ()
    assert [file.path.name for file in found.annotations if file.kind == "mask"] == [
        "1.png",
        "2.JPG",
    ]


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ("images", (2, 0, 0)),
        ("manifest", (0, 1, 0)),
        ("labelme", (0, 0, 1)),
        ("coco", (0, 0, 1)),
        ("mask", (0, 0, 2)),
    ],
)
def test_a_format_that_is_given_passes_over_all_others(folder, wanted, kinds) -> None:
    found = find_sources([folder], ImportOptions(format=wanted, grader="ann"))
    assert (len(found.images), len(found.manifests), len(found.annotations)) == kinds


def test_a_file_given_twice_is_taken_once(folder) -> None:
    found = find_sources([folder / "a", folder, folder / "a" / "1.png"], ImportOptions())
    assert files(found)["images"] == ["1.png", "2.JPG"]


def test_a_file_given_by_itself_has_its_folder_as_root(folder) -> None:
    (file,) = find_sources([folder / "a" / "ann.json"], ImportOptions()).annotations
    assert (file.label, file.inside) == ("a/ann.json", "ann.json")


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [("notes.txt", {}, ".txt"), ("meta.csv", {"format": "images"}, "--format images")],
)
def test_a_file_of_no_use_is_a_warning_where_it_was_given_by_itself(folder, name, options, told):
    given = folder / name
    for paths in ([given], [folder, given]):
        found = find_sources(paths, ImportOptions(**options)).problems
        (problem,) = [problem for problem in found if problem.code == "file_ignored"]
        assert problem.severity is Severity.WARNING
        assert problem.where == str(given)
        assert told in problem.message


def test_the_study_and_its_results_are_passed_over_without_a_word(write, tmp_path) -> None:
    for name in (
        "x.concord", "x.concord-wal", "x.concord.maps/a.png", "out.csv", "out.manifest.json",
    ):  # fmt: skip
        write(name, "x")
    assert find_sources([tmp_path], ImportOptions()) == Sources()


def test_a_path_that_does_not_exist_is_refused(tmp_path) -> None:
    with pytest.raises(Refusal, match="no such file") as refusal:
        find_sources([tmp_path / "nothing"], ImportOptions())
    assert "nothing" in refusal.value.problem.where


def test_cvat_xml_is_taken_by_its_root_and_other_xml_is_ignored(write, tmp_path) -> None:
    write("cvat.xml", "<?xml version='1.0'?><annotations><version>1.1</version></annotations>")
    write("config.xml", "<View/>")
    sources = find_sources([tmp_path], ImportOptions())
    assert [(file.kind, file.inside) for file in sources.annotations] == [("xml", "cvat.xml")]
    assert [problem.code for problem in sources.problems] == ["files_ignored"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("image,grader,visible", "csv"),
        ("Image;Width;Grader;Region", "csv"),
        ("image,grader", "manifest"),
        ("image,region,visible", "manifest"),
        ("", "manifest"),
    ],
)
def test_a_table_with_graders_and_their_answers_is_one_of_gradings(
    write, tmp_path, header, kind
) -> None:
    write("t.csv", f"{header}\n")
    sources = find_sources([tmp_path], ImportOptions())
    assert len(sources.manifests) == (kind == "manifest")
    assert [file.kind for file in sources.annotations] == ["csv"] * (kind == "csv")
    chosen = find_sources([tmp_path], ImportOptions(format="manifest"))
    assert len(chosen.manifests) == 1


def test_geojson_is_read_as_json(write, tmp_path) -> None:
    write("a.geojson", "{}")
    assert [file.kind for file in find_sources([tmp_path], ImportOptions()).annotations] == ["json"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind")
def test_a_folder_that_may_not_be_read_is_told(folder) -> None:
    (folder / "b").chmod(0)
    try:
        problems = find_sources([folder], ImportOptions()).problems
    finally:
        (folder / "b").chmod(0o700)
    assert "folder_unreadable" in [problem.code for problem in problems]


@pytest.mark.parametrize(
    "options", [{"format": "voc"}, {"grader": "  "}, {"mask_value": "white"}, {"colour": "x"}]
)
def test_unknown_options_are_refused(options) -> None:
    with pytest.raises(ValidationError):
        ImportOptions(**options)


def test_a_name_that_is_no_text_is_told_and_the_others_are_found(tmp_path):
    (tmp_path / "good.png").touch()
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.png")).touch()
    except OSError:
        pytest.skip("this file system takes no such name")
    sources = find_sources([tmp_path], ImportOptions())
    assert [path.name for path in sources.images] == ["good.png"]
    (problem,) = sources.problems
    assert problem.code == "name_not_text"
    problem.where.encode()
