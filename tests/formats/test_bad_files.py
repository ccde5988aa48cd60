"""Annotation files that cannot be read: each a clear refusal, and the others go on."""

import pytest

from engine.domain.image import Image
from engine.domain.problem import Severity

PHOTO = Image("a.jpg", 10, 8, digest="0" * 64)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b'{"shapes": [\n 1, 2', "json_invalid", "line 2"),
        (b"", "json_invalid", "line 1"),
        (b"\xff\xd8\xff\xe0 a photograph", "json_encoding", "UTF-8"),
        (b"[" * 100_000, "json_too_deep", "nested"),
        (b"[" + b"9" * 5000 + b"]", "json_invalid", "too long"),
        (b"[1, 2]", "format_unknown", "darwin, labelme, coco"),
        (b'{"name": "package"}', "format_unknown", "darwin, labelme, coco"),
        (b"null", "format_unknown", "darwin, labelme, coco"),
        (b'{"shapes": [], "version": "5", "shapes": []}', "json_key_twice", "shapes"),
    ],
)
def test_a_bad_file_is_told_by_name_and_the_others_are_read(
    write, read, make, content, code, said
) -> None:
    write("1.json", content)
    write("2.json", make.labelme())
    bad, good = read(PHOTO, grader="g")
    (problem,) = bad.problems
    assert problem.code == code
    assert said in str(problem)
    assert "1.json" in problem.where
    assert problem.severity is Severity.WARNING
    assert len(good.gradings) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(write, read, encoding) -> None:
    content = '{"shapes": [], "version": "é", "imagePath": "a.jpg"}'
    write("1.json", content.encode(encoding))
    (parsed,) = read(PHOTO, grader="g")
    assert len(parsed.gradings) == 1


def test_a_file_over_the_limit_is_not_read(write, read, make, monkeypatch) -> None:
    monkeypatch.setattr("engine.formats.document.MAX_BYTES", 10)
    write("1.json", make.labelme())
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.problems[0].code == "file_too_large"


def test_a_format_that_is_given_refuses_files_of_another(write, read, make) -> None:
    write("1.json", make.labelme())
    (parsed,) = read(PHOTO, grader="g", format="coco")
    assert parsed.problems[0].code == "format_unknown"
    assert "coco" in parsed.problems[0].message


def test_a_file_that_vanished_is_told(write, make, tmp_path) -> None:
    from engine.formats.annotations import read_each
    from engine.formats.names import ImageNames
    from engine.formats.options import ImportOptions
    from engine.formats.sources import find_sources

    path = write("1.json", make.labelme())
    options = ImportOptions()
    files = find_sources([tmp_path], options).annotations
    path.unlink()
    (parsed,) = read_each(files, options, ImageNames())
    assert parsed.problems[0].code == "file_unreadable"


def test_a_broken_raster_is_told(write, read) -> None:
    write("a.png", b"no picture at all")
    (parsed,) = read(PHOTO, grader="g")
    assert parsed.gradings == ()
    assert "a.png" in parsed.problems[0].where


def test_sources_are_never_written(write, read, make, tmp_path) -> None:
    path = write("1.json", make.labelme(make.shape([[0, 0], [4, 4], [4, 0], [0, 4]])))
    before = path.read_bytes()
    path.chmod(0o400)
    read(PHOTO, grader="g")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["1.json"]
