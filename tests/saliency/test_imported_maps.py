import numpy as np
import pytest
from PIL import Image

from engine.domain.problem import Refusal
from engine.saliency.imported import read_map

ROWS, COLUMNS = 4, 6
SIZE = {"width": 600, "height": 400}


@pytest.fixture
def signed():
    return np.random.default_rng(0).normal(size=(ROWS, COLUMNS))


def saved(path, array):
    np.save(path, array)
    return path


def normalised(array):
    return np.rint(array / np.abs(array).max() * 32700)


def code_of(path, **size):
    with pytest.raises(Refusal) as refused:
        read_map(path, **SIZE | size)
    assert str(path) in refused.value.problem.where
    return refused.value.problem.code


def test_a_numpy_map_keeps_its_signs_and_covers_the_whole_image(tmp_path, signed):
    found = read_map(saved(tmp_path / "map.npy", signed), **SIZE)
    assert np.array_equal(found.values, normalised(signed))
    geometry = found.geometry
    assert (geometry.model_width, geometry.model_height) == (COLUMNS, ROWS)
    assert (geometry.image_width, geometry.image_height) == (600, 400)
    assert (geometry.scale_x, geometry.scale_y) == (0.01, 0.01)
    assert found.halves is None
    assert found.facts.method == "imported"
    assert found.facts.target == ""
    assert found.facts.peak == np.abs(signed).max()


@pytest.mark.parametrize("axis", [0, 2])
def test_channels_are_summed_with_their_signs_wherever_they_lie(tmp_path, signed, axis):
    channels = np.stack([signed, -0.5 * signed, 2 * signed], axis=axis)
    found = read_map(saved(tmp_path / "map.npy", channels), **SIZE)
    assert np.array_equal(found.values, normalised(2.5 * signed))


def test_an_archive_gives_its_only_array_or_the_one_named_map(tmp_path, signed):
    np.savez(tmp_path / "one.npz", anything=signed)
    np.savez_compressed(tmp_path / "two.npz", other=-signed, map=signed)
    for name in ("one.npz", "two.npz"):
        found = read_map(tmp_path / name, **SIZE)
        assert np.array_equal(found.values, normalised(signed))


def test_an_archive_of_several_arrays_without_the_name_is_refused(tmp_path, signed):
    np.savez(tmp_path / "two.npz", a=signed, b=signed)
    assert code_of(tmp_path / "two.npz") == "map_file"


@pytest.mark.parametrize(("dtype", "white"), [(np.uint8, 255), (np.uint16, 65535)])
def test_a_gray_png_is_read_from_0_to_1(tmp_path, dtype, white):
    gray = np.linspace(0, white // 2, ROWS * COLUMNS).astype(dtype).reshape(ROWS, COLUMNS)
    Image.fromarray(gray).save(tmp_path / "map.png")
    found = read_map(tmp_path / "map.png", **SIZE)
    assert np.array_equal(found.values, normalised(gray.astype(float)))
    assert found.facts.peak == pytest.approx(0.5, abs=0.01)


def test_a_coloured_png_is_no_map(tmp_path):
    Image.new("RGB", (COLUMNS, ROWS)).save(tmp_path / "map.png")
    assert code_of(tmp_path / "map.png") == "map_file"


def test_a_map_of_zeros_stays_zero_and_is_flagged(tmp_path):
    found = read_map(saved(tmp_path / "map.npy", np.zeros((ROWS, COLUMNS))), **SIZE)
    assert found.facts.is_zero
    assert not found.values.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_map_that_is_not_finite_is_refused(tmp_path, signed, bad):
    signed[1, 2] = bad
    assert code_of(saved(tmp_path / "map.npy", signed)) == "not_finite"


@pytest.mark.parametrize(
    ("columns", "rows", "width", "height"),
    [(7, 5, 700, 467), (224, 149, 4032, 2688), (100, 67, 3000, 2000), (1, 1, 2, 3)],
)
def test_proportions_may_differ_by_the_rounding_of_a_side(tmp_path, columns, rows, width, height):
    path = saved(tmp_path / "map.npy", np.ones((rows, columns)))
    assert read_map(path, width=width, height=height).values.shape == (rows, columns)


@pytest.mark.parametrize("shape", [(6, 4), (4, 4), (400, 597), (402, 600)])
def test_other_proportions_are_refused_with_both_sizes(tmp_path, shape):
    path = saved(tmp_path / "map.npy", np.ones(shape))
    with pytest.raises(Refusal, match=f"{shape[1]} x {shape[0]}.*600 x 400") as refused:
        read_map(path, **SIZE)
    assert refused.value.problem.code == "map_aspect"


@pytest.mark.parametrize("shape", [(6,), (5, 6, 7), (1, 4, 6, 3), (0, 6)])
def test_other_shapes_are_refused(tmp_path, shape):
    assert code_of(saved(tmp_path / "map.npy", np.ones(shape))) == "map_shape"


@pytest.mark.parametrize("array", [np.ones((4, 6), complex), np.full((4, 6), "x")])
def test_what_are_no_real_numbers_is_refused(tmp_path, array):
    assert code_of(saved(tmp_path / "map.npy", array)) == "map_shape"


def test_a_pickled_array_is_never_loaded(tmp_path):
    path = tmp_path / "map.npy"
    np.save(path, np.array([[{}]], dtype=object), allow_pickle=True)
    assert code_of(path) == "map_file"


@pytest.mark.parametrize("name", ["map.npy", "map.npz", "map.png"])
def test_a_damaged_or_missing_file_is_refused(tmp_path, name):
    assert code_of(tmp_path / name) == "map_file"
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    assert code_of(tmp_path / name) == "map_file"


def test_another_format_is_refused(tmp_path):
    assert code_of(tmp_path / "map.tiff") == "map_file"
