"""What CVAT's XML says is drawn, what is refused of it, and what is written."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from engine.domain.grading import Grading, Role, Status
from engine.domain.image import Image
from engine.domain.problem import Refusal, Severity
from engine.formats.cvat import MAX_DEPTH, is_cvat, read_cvat
from engine.formats.outlines import Answers, Contents
from engine.regions.rasterise import rasterise
from tests.round_trip import gradings_in, polygon, read, shape_of, write, xml

IMAGE = Image("a.jpg", 10, 8)
SQUARE = polygon((1, 1), (5, 1), (5, 4), (1, 4))


def cvat(shapes: str = "", meta: str = "", image: str = 'name="a.jpg"') -> str:
    task = f"<meta><task><mode>annotation</mode>{meta}</task></meta>"
    drawn = f'<image id="0" {image} width="10" height="8">{shapes}</image>'
    return f"<annotations><version>1.1</version>{task}{drawn}</annotations>"


def person(role: str, name: str) -> str:
    return f"<{role}><username>{name}</username><email></email></{role}>"


@pytest.fixture
def contents(tmp_path: Path):
    def read_text(text: str | bytes) -> Contents:
        path = tmp_path / "f.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_cvat(path, "f.xml")

    return read_text


def mask_of(grading: Grading) -> np.ndarray:
    return rasterise(grading.region, width=IMAGE.width, height=IMAGE.height).to_mask()


@pytest.mark.parametrize(
    ("shape", "area", "tolerance"),
    [
        ('<polygon points="1,1;5,1;5,4;1,4"/>', 12, 0),
        ('<polygon points="1.00,1.00;5.00,1.00;5.00,4.00;1.00,4.00;"/>', 12, 0),
        ('<box xtl="1" ytl="1" xbr="5" ybr="4"/>', 12, 0),
        ('<box xtl="5" ytl="4" xbr="1" ybr="1"/>', 12, 0),
        ('<ellipse cx="5" cy="4" rx="4" ry="2"/>', np.pi * 8, 0.7),
        ('<mask rle="1, 2, 1, 2" left="3" top="2" width="3" height="2"/>', 4, 0),
    ],
)
def test_each_shape_that_outlines_an_area_is_read(contents, shape, area, tolerance) -> None:
    (grading,), _ = gradings_in(contents(cvat(shape)), IMAGE)
    assert shape_of(grading.region).area == pytest.approx(area, abs=tolerance)


def test_a_turned_box_turns_about_its_middle(contents) -> None:
    text = cvat('<box xtl="1" ytl="3" xbr="7" ybr="5" rotation="90"/>')
    (grading,), _ = gradings_in(contents(text), IMAGE)
    assert shape_of(grading.region).bounds == pytest.approx((3, 1, 5, 7))


def test_a_turned_ellipse_turns_from_x_towards_y(contents) -> None:
    text = cvat('<ellipse cx="5" cy="4" rx="3" ry="0.5" rotation="45"/>')
    (grading,), _ = gradings_in(contents(text), IMAGE)
    assert mask_of(grading)[5, 6]
    assert not mask_of(grading)[2, 6]


def test_the_runs_of_a_mask_lie_along_the_rows_of_its_own_rectangle(contents) -> None:
    text = cvat('<mask rle="1,2,1,1,1" left="4" top="3" width="3" height="2"/>')
    (grading,), problems = gradings_in(contents(text), IMAGE)
    expected = np.zeros((8, 10), bool)
    expected[3, 5:7] = expected[4, 5] = True
    assert np.array_equal(mask_of(grading), expected)
    assert problems == []


@pytest.mark.parametrize(
    "shape",
    [
        '<polygon points="1,1;5,1;nan,4"/>',
        '<polygon points="1,1;5,1;inf,4"/>',
        '<polygon points="1,1;5,1;1e300,4"/>',
        '<polygon points="1,1;5;1,4"/>',
        '<polygon points=""/>',
        "<polygon/>",
        '<box xtl="1" ytl="1" xbr="5"/>',
        '<box xtl="1" ytl="1" xbr="5" ybr="inf"/>',
        '<box xtl="1" ytl="1" xbr="5" ybr="4" rotation="inf"/>',
        '<box xtl="1" ytl="1" xbr="1" ybr="4"/>',
        '<ellipse cx="1" cy="1" rx="-2" ry="1"/>',
        '<ellipse cx="1" cy="1" rx="1e300" ry="1"/>',
        '<ellipse cx="1" cy="1" rx="2" ry="1" rotation="nan"/>',
        '<mask rle="1,2" left="0" top="0" width="2" height="2"/>',
        '<mask rle="1,2,9" left="0" top="0" width="2" height="2"/>',
        '<mask rle="5,-1" left="0" top="0" width="2" height="2"/>',
        '<mask rle="0,4" left="-1" top="0" width="2" height="2"/>',
        '<mask rle="0,4" left="9" top="0" width="2" height="2"/>',
        '<mask rle="0,0.5" left="0" top="0" width="2" height="2"/>',
        f'<mask rle="0,{"9" * 5000}" left="0" top="0" width="2" height="2"/>',
        '<polyline points="1,1;5,1;5,4"/>',
        '<points points="1,1"/>',
        "<skeleton/>",
        '<cuboid xtl1="1"/>',
    ],
)
def test_a_shape_that_is_no_area_or_damaged_is_left_out_alone(contents, shape) -> None:
    read_in = contents(cvat(f'{shape}<box xtl="1" ytl="1" xbr="5" ybr="4"/>'))
    (grading,), problems = gradings_in(read_in, IMAGE)
    assert mask_of(grading).sum() == 12
    assert [problem.code for problem in problems] == ["annotation_left_out", "annotation_changed"]
    assert "f.xml, a.jpg, " in problems[0].where


def test_a_mask_that_claims_more_pixels_than_any_picture_costs_no_memory(contents) -> None:
    mask = '<mask rle="0,1000000000000" left="0" top="0" width="1000000" height="1000000"/>'
    text = cvat(mask).replace('width="10" height="8"', 'width="1000000" height="1000000"')
    tracemalloc.start()
    (annotated,) = contents(text).images
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert annotated.outlines[0].region is None
    assert "more than" in annotated.outlines[0].problems[0].message
    assert peak < 5e6


def test_what_has_been_read_is_not_kept_in_memory(tmp_path) -> None:
    junk = f"<junk><more>{'x' * 1000}</more></junk>" * 8000
    path = tmp_path / "f.xml"
    path.write_text(cvat().replace("<meta>", f"{junk}<meta>"))
    tracemalloc.start()
    read_in = read_cvat(path, "f.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read_in.images) == 1
    assert peak < 1e6


@pytest.mark.parametrize(
    ("meta", "author"),
    [
        ("", ""),
        ("<owner></owner><assignee></assignee>", ""),
        (person("owner", "lead"), "lead"),
        (person("owner", "lead") + person("assignee", "ann"), "ann"),
        ("<assignee>ann</assignee>", "ann"),
    ],
)
def test_the_assignee_else_the_owner_is_the_grader(contents, meta, author) -> None:
    assert contents(cvat("", meta)).author == author


def test_the_assignee_of_a_job_goes_before_that_of_its_task(contents) -> None:
    job = f"</task><job>{person('assignee', 'ben')}</job><task>"
    assert contents(cvat("", person("assignee", "ann") + job)).author == "ben"


def test_each_task_of_a_project_has_its_own_grader(contents) -> None:
    tasks = "".join(
        f"<task><id>{number}</id>{person('assignee', name)}</task>"
        for number, name in ((3, "ann"), (4, "ben"))
    )
    text = (
        f"<annotations><meta><project><tasks>{tasks}</tasks></project></meta>"
        '<image name="a.jpg" task_id="3" width="10" height="8"/>'
        '<image name="b.jpg" task_id="4" width="10" height="8">'
        '<box xtl="1" ytl="1" xbr="5" ybr="4"/></image></annotations>'
    )
    found, _ = gradings_in(contents(text), IMAGE, Image("b.jpg", 10, 8))
    assert [(grading.image, grading.grader) for grading in found] == [
        ("a.jpg", "ann"),
        ("b.jpg", "ben"),
    ]


def test_a_tag_named_grading_holds_the_answers(contents) -> None:
    words = {"visible": "no", "roi_count": "5", "problem": "blurred", "status": "started"}
    parts = "".join(f'<attribute name="{key}">{word}</attribute>' for key, word in words.items())
    other = '<tag label="light"><attribute name="visible">yes</attribute></tag>'
    read_in = contents(cvat(f'<tag label="grading">{parts}</tag>{other}'))
    answers = Answers(visible=False, roi_count=5, problem="blurred", status=Status.STARTED)
    assert read_in.images[0].answers == {"": answers}


def test_an_answer_that_means_nothing_is_told_and_one_not_given_is_not(contents) -> None:
    parts = '<attribute name="visible">__undefined__</attribute>'
    parts += '<attribute name="status">perhaps</attribute>'
    read_in = contents(cvat(f'<tag label="grading">{parts}</tag>'))
    (problem,) = read_in.problems
    assert problem.code == "answer_unknown"
    assert "perhaps" in problem.message
    assert read_in.images[0].answers == {"": Answers()}


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<annotations>&b;</annotations>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotations>&x;</annotations>'
VIDEO = "<meta><task><mode>interpolation</mode></task></meta>"


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (LAUGHS, "xml_entities", "entities"),
        (OUTSIDE, "xml_entities", "entities"),
        ('<!DOCTYPE annotations SYSTEM "http://h/x.dtd"><annotations/>', "xml_entities", "type"),
        ("<!DOCTYPE annotations><annotations/>", "xml_entities", "document type"),
        (cvat()[:-9], "xml_invalid", "line 1"),
        ("<annotations>&nbsp;</annotations>", "xml_invalid", "undefined entity"),
        ("", "xml_invalid", "no element found"),
        ('<?xml version="1.0" encoding="nonsense"?><annotations/>', "xml_encoding", "encoding"),
        (b"<annotations>\xff</annotations>", "xml_invalid", "line 1"),
        ("<a>" * 10, "format_unknown", "'a'"),
        ("<annotations>" + "<a>" * (MAX_DEPTH + 1), "xml_too_deep", "nested"),
        (f"<annotations>{VIDEO}</annotations>", "cvat_video", "tracks of a video"),
        ('<annotations><track id="0"/></annotations>', "cvat_video", "tracks of a video"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_file_or_a_video_is_refused(contents, content, code, said) -> None:
    with pytest.raises(Refusal) as refused:
        contents(content)
    problem = refused.value.problem
    assert (problem.code, problem.severity) == (code, Severity.ERROR)
    assert said in str(problem)
    assert problem.where.startswith("f.xml")


def test_a_file_over_the_limit_or_missing_is_refused(contents, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("engine.formats.cvat.MAX_BYTES", 10)
    with pytest.raises(Refusal, match="MiB"):
        contents(cvat())
    with pytest.raises(Refusal, match="cannot be read"):
        read_cvat(tmp_path / "none.xml", "none.xml")


def test_single_images_of_a_video_are_read(contents) -> None:
    text = cvat('<box xtl="1" ytl="1" xbr="5" ybr="4"/>').replace("annotation<", "interpolation<")
    assert "interpolation" in text
    assert len(contents(text).images) == 1


def test_a_file_without_images_is_told(contents) -> None:
    assert [p.code for p in contents("<annotations/>").problems] == ["cvat_empty"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_unicode_encoding_is_known_and_read(contents, tmp_path, encoding) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>' + cvat(image='name="é.jpg"')
    assert contents(text.encode(encoding)).images[0].name == "é.jpg"
    assert is_cvat(tmp_path / "f.xml")


def test_other_xml_and_a_missing_file_are_not_cvat(tmp_path) -> None:
    (tmp_path / "f.xml").write_text("<Annotations/>")
    assert not is_cvat(tmp_path / "f.xml")
    assert not is_cvat(tmp_path / "g.xml")


def test_a_name_shared_by_images_of_two_subsets_gets_its_subset(contents) -> None:
    text = cvat(image='name="a.jpg" subset="s"')
    assert contents(text).images[0].name == "a.jpg"
    twice = text.replace("</annotations>", '<image name="a.jpg" subset="t"/></annotations>')
    assert [image.name for image in contents(twice).images] == ["s/a.jpg", "t/a.jpg"]


def test_each_grader_and_each_role_has_a_file_of_their_own(tmp_path) -> None:
    gradings = [
        Grading("a.jpg", "ann", True, 1, (SQUARE,)),
        Grading("a.jpg", "ann", False, role=Role.REPEAT),
        Grading("a.jpg", "ann-repeat", None),
    ]
    assert write("cvat", gradings, tmp_path, IMAGE) == []
    assert len(list(tmp_path.rglob("*.xml"))) == 3
    found, _ = read("cvat", tmp_path, IMAGE)
    assert {(g.grader, g.role, g.visible) for g in found} == {
        ("ann", Role.ASSIGNED, True),
        ("ann", Role.REPEAT, False),
        ("ann-repeat", Role.ASSIGNED, None),
    }


def test_the_written_file_has_what_cvat_asks_for(tmp_path) -> None:
    other = Image("b.jpg", 4, 4)
    gradings = [Grading("a.jpg", "a@b.c", True, 1, (SQUARE,)), Grading("b.jpg", "a@b.c")]
    write("cvat", gradings, tmp_path, IMAGE, other)
    (path,) = tmp_path.rglob("*.xml")
    root = xml(path)
    assert root.findtext("version") == "1.1"
    assert root.findtext("meta/task/assignee/email") == "a@b.c"
    labels = [label.findtext("name") for label in root.iterfind("meta/task/labels/label")]
    assert labels == ["pathology", "grading"]
    images = root.findall("image")
    assert [image.get("id") for image in images] == ["0", "1"]
    assert [image.get("name") for image in images] == ["a.jpg", "b.jpg"]
    drawn = images[0].find("polygon")
    assert drawn.get("points") == "1.0,1.0;5.0,1.0;5.0,4.0;1.0,4.0"
    assert drawn.get("label") == "pathology"
    declared = {a.findtext("name") for a in root.iter("attribute") if a.find("name") is not None}
    used = {a.get("name") for a in images[0].iter("attribute")}
    assert used < declared


def test_a_polygon_with_a_hole_is_written_in_parts_of_one_group_and_told(tmp_path) -> None:
    holed = polygon((1, 1), (9, 1.5), (8, 7), (1, 6), holes=[[(3, 3), (6, 3), (5, 5)]])
    grading = Grading("a.jpg", "ann", True, 2, (holed, polygon((8, 1), (10, 1), (10, 2))))
    (problem,) = write("cvat", [grading], tmp_path, IMAGE)
    assert (problem.code, problem.severity) == ("holes_cut", Severity.NOTE)
    (path,) = tmp_path.rglob("*.xml")
    groups = [part.get("group_id") for part in xml(path).iter("polygon")]
    assert len(groups) > 2
    assert set(groups[:-1]) == {"1"}
    assert groups[-1] is None


def test_control_characters_are_replaced_and_told(tmp_path) -> None:
    grading = Grading("a.jpg", "ann", note="one\x01two\r\nthree ]]> <b>&amp;")
    (problem,) = write("cvat", [grading], tmp_path, IMAGE)
    assert problem.code == "characters_lost"
    (found,), _ = read("cvat", tmp_path, IMAGE)
    assert found.note == "one\ufffdtwo\nthree ]]> <b>&amp;"
