import pytest

from engine.domain.measure import Reason, Undefined
from engine.domain.prediction import Prediction
from engine.domain.problem import Problem, Refusal, Severity
from engine.saliency.predictions import case_prediction, correctness, read_predictions

CLASSES = ("eczema", "psoriasis", "Other")
IMAGES = {"a": "photos/a.jpg", "b": "photos/b.jpg", "c, left": "photos/c, left.jpg"}


def prediction(*probabilities, image="i", model="m"):
    return Prediction(image, model, CLASSES, probabilities)


def find(name):
    return IMAGES.get(name) or Problem("no_image", "x", f"{name} is no image", "Import it first")


@pytest.fixture
def read(tmp_path):
    def read_text(text, **options):
        path = tmp_path / "predictions.csv"
        path.write_text(text, encoding="utf-8")
        return read_predictions(path, model="mine", find=find, **options)

    return read_text


def test_the_case_is_given_the_class_of_the_mean_probabilities_not_of_most_images():
    case = case_prediction(
        [prediction(0.4, 0.6, 0.0), prediction(0.45, 0.55, 0.0), prediction(0.9, 0.1, 0.0)]
    )
    assert case.predicted == "eczema"
    assert case.probabilities == pytest.approx((1.75 / 3, 1.25 / 3, 0.0))
    assert case.image == ""


def test_a_case_of_one_image_is_predicted_as_that_image():
    one = prediction(0.2, 0.5, 0.3)
    assert case_prediction([one]).probabilities == one.probabilities


def test_predictions_of_two_models_never_make_a_case():
    with pytest.raises(ValueError, match="one model"):
        case_prediction([prediction(1.0, 0.0, 0.0), prediction(1.0, 0.0, 0.0, model="other")])
    with pytest.raises(ValueError, match="one model"):
        case_prediction([])


@pytest.mark.parametrize(
    ("predicted", "condition", "expected"),
    [
        ("eczema", "eczema", True),
        ("psoriasis", "eczema", False),
        ("Other", "lichen", True),
        ("eczema", "lichen", False),
        ("eczema", "atopic", True),
        ("Other", "atopic", False),
        ("Other", None, Undefined(Reason.NO_CONDITION)),
    ],
)
def test_a_prediction_is_correct_where_it_is_the_class_of_the_condition(
    predicted, condition, expected
):
    assert correctness(predicted, condition, CLASSES, {"atopic": "eczema"}) == expected


def test_correctness_is_undefined_where_no_class_stands_for_the_condition():
    undefined = Undefined(Reason.CONDITION_NOT_MAPPED)
    assert correctness("a", "lichen", ("a", "b"), {}) == undefined


def test_a_table_of_probabilities_is_read_with_its_columns_as_classes(read):
    predictions, problems = read("wart,image,nevus\n0.25,a,0.75\n1,b,0\n")
    assert problems == []
    assert predictions == [
        Prediction("photos/a.jpg", "mine", ("wart", "nevus"), (0.25, 0.75), is_imported=True),
        Prediction("photos/b.jpg", "mine", ("wart", "nevus"), (1.0, 0.0), is_imported=True),
    ]


def test_rounded_probabilities_are_scaled_to_sum_to_one(read):
    ((one,), _) = read("image,x,y,z\na,0.333,0.333,0.333\n")
    assert sum(one.probabilities) == pytest.approx(1, abs=1e-12)


def test_a_table_of_labels_is_read_with_certainty_for_each(read):
    predictions, problems = read("image,predicted\na,wart\nb,nevus\n")
    assert problems == []
    assert [one.predicted for one in predictions] == ["wart", "nevus"]
    assert predictions[0].classes == ("nevus", "wart")
    assert predictions[0].probabilities == (0.0, 1.0)


def test_classes_that_were_never_predicted_can_be_named(read):
    ((one,), _) = read("image,predicted\na,wart\n", classes=["nevus", "wart"])
    assert one.classes == ("nevus", "wart")
    assert correctness(one.predicted, "nevus", one.classes, {}) is False


def test_columns_beside_a_label_are_told_not_silently_dropped(read):
    _, (note,) = read("image,predicted,wart,nevus\na,wart,0.6,0.4\n")
    assert note.severity is Severity.NOTE
    assert "wart, nevus" in note.message


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("absent,0.5,0.5", "no_image"),
        ("a,0.5,0.4", "predictions_probabilities"),
        ("a,50,50", "predictions_probabilities"),
        ("a,1.5,-0.5", "predictions_probabilities"),
        ("a,nan,1", "predictions_probabilities"),
        ("a,inf,-inf", "predictions_probabilities"),
        ("a,1e308,1e308", "predictions_probabilities"),
        ("a,,1", "predictions_probabilities"),
        ("a,high,low", "predictions_probabilities"),
        ("a,1", "predictions_cells"),
        ("c, left,0.5,0.5", "predictions_cells"),
        ("b,1,0", "predictions_repeated"),
    ],
)
def test_a_bad_row_is_left_out_with_its_place_and_the_good_ones_are_kept(read, row, code):
    predictions, (problem,) = read(f"image,x,y\nb,0.5,0.5\n\n{row}\n")
    assert [one.image for one in predictions] == ["photos/b.jpg"]
    assert problem.code == code
    assert problem.where == "predictions.csv, row 4"
    assert problem.remedy


def test_a_row_without_a_label_is_left_out(read):
    predictions, (problem,) = read("image,predicted\na,\nb,wart\n")
    assert [one.image for one in predictions] == ["photos/b.jpg"]
    assert problem.code == "predictions_empty"


def test_quoted_cells_and_a_byte_order_mark_are_read(read):
    ((one,), problems) = read('\ufeffimage,predicted\r\n"c, left","wart, common"\r\n')
    assert problems == []
    assert one.image == "photos/c, left.jpg"
    assert one.predicted == "wart, common"


@pytest.mark.parametrize(
    "text",
    ["", "\n", "name,x,y\n", "image\n", "image,x\n", "image,x,x\n", ",image,x,y\n", 'image,"x\n'],
)
def test_a_table_of_neither_form_is_refused(read, text):
    with pytest.raises(Refusal) as caught:
        read(text)
    assert caught.value.problem.code == "predictions_table"


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(Refusal, match="no CSV text"):
        read_predictions(path, model="m", find=find)
    with pytest.raises(Refusal, match="cannot be read"):
        read_predictions(tmp_path, model="m", find=find)
