"""CSV manifests: columns, encodings, rows that are good and rows that are not."""

import pytest

from engine.domain.image import Image
from engine.domain.problem import Refusal, Severity
from engine.formats.manifest import Manifest, read_manifest
from engine.formats.names import ImageNames
from engine.formats.options import Columns


@pytest.fixture
def take(write, tmp_path):
    """Read a manifest of the given text for a study of a.jpg and b.jpg."""

    def read(content: object, *, strict: bool = False, folder=tmp_path, **columns) -> Manifest:
        path = write("meta/m.csv", content)
        images = [Image(name, 10, 8, digest="0") for name in ("a.jpg", "b.jpg")]
        names = ImageNames(images, folder=folder)
        return read_manifest(path, Columns(**columns), names, strict=strict)

    return read


def told(manifest: Manifest) -> list[tuple[str, str]]:
    found = [problem for problem in manifest.problems if problem.severity is not Severity.NOTE]
    return [(problem.code, problem.where) for problem in found]


def test_a_row_gives_case_condition_and_every_other_column_as_metadata(take) -> None:
    manifest = take("image,case,condition,age,sex\na.jpg,c1,eczema,41,F\n")
    (row,) = manifest.rows
    assert (row.number, row.path, row.case, row.condition) == (2, "a.jpg", "c1", "eczema")
    assert row.metadata == {"age": "41", "sex": "F"}
    assert told(manifest) == []


def test_columns_that_are_left_out_do_not_become_metadata(take) -> None:
    text = "image,age,sex,name\na.jpg,41,F,Ada\n"
    (row,) = take(text, left_out="name, sex").rows
    assert row.metadata == {"age": "41"}


def test_an_empty_name_says_that_no_column_holds_it(take) -> None:
    (row,) = take("image,case,condition\na.jpg,c1,eczema\n", case="", condition="").rows
    assert (row.case, row.condition) == (None, None)
    assert row.metadata == {"case": "c1", "condition": "eczema"}


def test_missing_values_are_absent(take) -> None:
    (row,) = take("image,case,condition,age,sex,x\na.jpg,,NA, nan ,N/A,none of them\n").rows
    assert (row.case, row.condition, row.metadata) == (None, None, {"x": "none of them"})


def test_what_a_row_leaves_open_stays_with_the_image(take) -> None:
    (row,) = take("image,case,condition,age\na.jpg,,psoriasis,\n").rows
    known = Image("a.jpg", 1, 1, case="c", condition="eczema", metadata={"age": "4", "sex": "F"})
    described = row.describe(known)
    assert (described.case, described.condition) == ("c", "psoriasis")
    assert described.metadata == {"age": "4", "sex": "F"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found(take, delimiter, encoding) -> None:
    text = 'image,condition,place\r\na.jpg,eczéma,"hand, left; right"\r\n'.replace(
        ",", delimiter, 2
    ).replace("a.jpg,eczéma,", f"a.jpg{delimiter}eczéma{delimiter}")
    manifest = take(text.encode(encoding))
    (row,) = manifest.rows
    assert (row.condition, row.metadata) == ("eczéma", {"place": "hand, left; right"})
    notes = [problem.code for problem in manifest.problems]
    assert ("csv_encoding" in notes) == (encoding == "cp1252")


def test_the_columns_taken_are_told(take) -> None:
    manifest = take("file,diagnosis,lesion_id\na.jpg,eczema,7\n")
    (note,) = manifest.problems
    assert note.severity is Severity.NOTE
    assert "image is column 'file', case none, condition 'diagnosis'" in note.message
    assert "lesion_id" in note.remedy


def test_columns_can_be_mapped_and_then_go_before_common_names(take) -> None:
    text = "image,picture,lesion_id,dx,label\nx,a.jpg,7,eczema,1\n"
    (row,) = take(text, image="picture", case="lesion_id", condition="label").rows
    assert (row.path, row.case, row.condition) == ("a.jpg", "7", "1")
    assert row.metadata == {"image": "x", "dx": "eczema"}


def test_of_several_columns_for_the_image_the_one_that_finds_images_is_taken(take) -> None:
    (row,) = take("image_id,file_name,name\n77,x.jpg,b\n").rows
    assert row.path == "b.jpg"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no row of column names"),
        ("colour,age\nred,4\n", "colour, age"),
        ("image,age,age\na.jpg,1,2\n", "age more than once"),
        (b"\x00\x01\x02,\x03\n", "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(take, text, said) -> None:
    with pytest.raises(Refusal, match=said) as refusal:
        take(text)
    assert refusal.value.problem.where == "m.csv"


def test_a_mapped_column_that_is_absent_is_refused(take) -> None:
    with pytest.raises(Refusal, match="no column 'lesion'"):
        take("image\na.jpg\n", case="lesion")


def test_bad_rows_are_told_one_by_one_and_good_rows_are_kept(take) -> None:
    manifest = take('image,age\na.jpg,1\nnobody.jpg,2\n,3\nb.jpg,4,5\n\n"b"x,6\nb.jpg,7\n')
    assert [(row.path, row.number) for row in manifest.rows] == [("a.jpg", 2), ("b.jpg", 8)]
    assert told(manifest) == [
        ("image_unknown", "m.csv, row 3"),
        ("row_without_image", "m.csv, row 4"),
        ("row_malformed", "m.csv, row 5"),
        ("row_malformed", "m.csv, row 7"),
    ]


def test_strict_refuses_the_whole_manifest_and_lists_every_bad_row(take) -> None:
    with pytest.raises(Refusal) as refusal:
        take("image,age\na.jpg,1\nx.jpg,2\ny.jpg,3\n", strict=True)
    assert "2 rows" in refusal.value.problem.message
    assert "row 3" in refusal.value.problem.message
    assert "row 4" in refusal.value.problem.message
    assert len(take("image,age\na.jpg,1\n", strict=True).rows) == 1


def test_a_second_row_of_an_image_is_told_unless_it_says_the_same(take) -> None:
    manifest = take("image,age\na.jpg,1\na,1\na.jpg,2\n")
    assert [row.metadata for row in manifest.rows] == [{"age": "1"}]
    assert told(manifest) == [("row_conflict", "m.csv, row 4")]


def test_a_second_condition_in_one_case_is_told(take) -> None:
    text = "image,case,condition\na.jpg,c,eczema\nb.jpg,c,acne\n"
    manifest = take(text)
    assert [row.path for row in manifest.rows] == ["a.jpg"]
    assert told(manifest) == [("row_conflict", "m.csv, row 3")]
    assert "case c" in manifest.problems[-1].message
    assert len(take(text.replace("acne", "")).rows) == 2


def test_an_ambiguous_name_is_told_with_its_candidates(write, tmp_path) -> None:
    path = write("m.csv", "image\na\n")
    names = ImageNames([Image("x/a.jpg", 1, 1), Image("y/a.jpg", 1, 1)], folder=tmp_path)
    manifest = read_manifest(path, Columns(), names)
    assert told(manifest) == [("image_ambiguous", "m.csv, row 2")]


@pytest.mark.parametrize("name", ["n.png", "meta/n.png", "../meta/n.png"])
def test_a_file_beside_the_manifest_or_in_the_study_is_to_be_added(write, take, name) -> None:
    file = write("meta/n.png", b"")
    (row,) = take(f"image,width,height\n{name},3,4\n").rows
    assert row.path == "meta/n.png"
    assert row.file.resolve() == file.resolve()
    assert row.size is None


def test_a_file_of_the_very_name_goes_before_an_image_of_the_same_file_name(write, take) -> None:
    write("new/a.jpg", b"")
    rows = take("image,age\nnew/a.jpg,1\na.jpg,2\nother/a.jpg,2\n").rows
    assert [(row.path, row.metadata["age"]) for row in rows] == [("new/a.jpg", "1"), ("a.jpg", "2")]


def test_a_name_with_width_and_height_makes_an_image_without_pixels(take) -> None:
    manifest = take("image,width,height,age\nn.jpg,30,20,4\no.jpg,,20,4\np.jpg,0,1,4\n")
    (row,) = manifest.rows
    assert (row.path, row.size, row.file, row.metadata) == ("n.jpg", (30, 20), None, {"age": "4"})
    assert [where for _, where in told(manifest)] == ["m.csv, row 3", "m.csv, row 4"]


def test_a_quote_that_is_never_closed_is_told(take) -> None:
    manifest = take('image,age\na.jpg,1\n"b.jpg,2\n')
    assert [row.path for row in manifest.rows] == ["a.jpg"]
    assert told(manifest) == [("row_malformed", "m.csv, row 3")]
