import numpy as np
import pytest

from engine.saliency.preprocess import fit, prepare

SIZES = [(64, 48), (48, 64), (301, 97), (97, 301), (16, 12), (7, 5), (640, 3), (1, 1)]
RULES = [
    {"resize": "stretch"},
    {"resize": "crop", "resize_to": 16},
    {"resize": "crop", "resize_to": 37, "interpolation": "bicubic"},
    {"resize": "pad"},
]


def model_centres(geometry):
    """Image coordinates of the centres of the model's columns and rows."""
    x = (np.arange(geometry.model_width) + 0.5 - geometry.offset_x) / geometry.scale_x
    y = (np.arange(geometry.model_height) + 0.5 - geometry.offset_y) / geometry.scale_y
    return x, y


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_model_grid_lies_on_the_image_by_its_rule(card_of, rule, width, height):
    geometry = fit(width, height, card_of(**rule))
    resized = geometry.scale_x * width, geometry.scale_y * height
    assert np.allclose(resized, np.round(resized), atol=1e-9)
    assert geometry.offset_x == int(geometry.offset_x)
    assert geometry.offset_y == int(geometry.offset_y)
    left, right = geometry.offset_x, geometry.offset_x + resized[0]
    top, bottom = geometry.offset_y, geometry.offset_y + resized[1]
    if rule["resize"] == "stretch":
        assert (left, right, top, bottom) == pytest.approx((0, 16, 0, 12))
    elif rule["resize"] == "crop":
        assert min(resized) == pytest.approx(rule["resize_to"])
        exact = rule["resize_to"] * max(width, height) / min(width, height)
        assert max(resized) == pytest.approx(exact // 1)
        assert (left <= 0, right >= 16, top <= 0, bottom >= 12) == (True,) * 4
        assert abs(left + right - 16) <= 1
        assert abs(top + bottom - 12) <= 1
    else:
        assert (left >= 0, right <= 16, top >= 0, bottom <= 12) == (True,) * 4
        assert resized[0] == pytest.approx(16) or resized[1] == pytest.approx(12)
        assert abs(left + right - 16) <= 1
        assert abs(top + bottom - 12) <= 1


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("width", "height"), [(640, 480), (480, 640), (900, 300)])
def test_a_colour_ramp_is_seen_where_the_geometry_says(card_of, rule, width, height):
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    ramp = np.stack([255 * x / width, 255 * y / height, 0 * x], axis=2)
    prepared = prepare(np.round(ramp).astype(np.uint8), card_of(**rule))
    x, y = model_centres(prepared.geometry)
    margin_x, margin_y = 1.5 / prepared.geometry.scale_x, 1.5 / prepared.geometry.scale_y
    columns = (x > margin_x) & (x < width - margin_x)
    rows = (y > margin_y) & (y < height - margin_y)
    seen = prepared.values[:, rows][:, :, columns]
    assert seen.size
    assert seen[0] == pytest.approx(np.broadcast_to(x[columns] / width, seen[0].shape), abs=0.004)
    assert seen[1] == pytest.approx(
        np.broadcast_to(y[rows, None] / height, seen[1].shape), abs=0.004
    )


def test_without_resizing_every_pixel_is_taken_as_it_is(card_of):
    pixels = np.random.default_rng(3).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    prepared = prepare(pixels, card_of())
    assert np.array_equal(np.round(prepared.values * 255), pixels.transpose(2, 0, 1))
    assert prepared.values.dtype == np.float32
    assert prepared.low == pixels.min() / 255
    assert prepared.high == pixels.max() / 255


def test_a_centre_crop_of_an_odd_margin_cuts_whole_pixels(card_of):
    pixels = np.random.default_rng(4).integers(0, 256, (19, 31, 3), dtype=np.uint8)
    prepared = prepare(pixels, card_of(resize="crop", resize_to=19))
    left, top = -int(prepared.geometry.offset_x), -int(prepared.geometry.offset_y)
    assert (left, top) == (8, 4)
    cut = pixels[top : top + 12, left : left + 16].transpose(2, 0, 1)
    assert np.array_equal(np.round(prepared.values * 255), cut)


def test_padding_is_black_and_left_out_of_the_range_of_values(card_of):
    pixels = np.full((100, 100, 3), 200, dtype=np.uint8)
    prepared = prepare(pixels, card_of(resize="pad"))
    assert prepared.geometry.offset_x == 2
    assert not prepared.values[:, :, :2].any()
    assert not prepared.values[:, :, 14:].any()
    assert prepared.values[:, :, 2:14] == pytest.approx(200 / 255)
    assert (prepared.low, prepared.high) == (200 / 255, 200 / 255)


def test_shrinking_averages_all_pixels_instead_of_picking_some(card_of):
    stripes = np.zeros((120, 160, 3), dtype=np.uint8)
    stripes[:, ::2] = 200
    values = prepare(stripes, card_of()).values
    assert values == pytest.approx(100 / 255, abs=0.03)


def test_model_units_are_shifted_by_the_mean_and_divided_by_the_std(card_of):
    prepared = prepare(np.full((9, 9, 3), 255, dtype=np.uint8), card_of())
    assert prepared.model_values[:, 0, 0] == pytest.approx([0.5 / 0.2, 0.6 / 0.25, 0.7 / 0.5])
    assert prepared.black[:, 0, 0] == pytest.approx([-0.5 / 0.2, -0.4 / 0.25, -0.3 / 0.5])
    assert prepared.black.shape == (3, 1, 1)


def test_read_only_pixels_are_taken_and_the_values_are_read_only_too(card_of):
    pixels = np.zeros((20, 30, 3), dtype=np.uint8)
    pixels.setflags(write=False)
    values = prepare(pixels, card_of()).values
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0, 0] = 1


def test_a_pixel_beside_the_crop_changes_nothing(card_of):
    card = card_of(resize="crop", resize_to=16)
    pixels = np.zeros((160, 640, 3), dtype=np.uint8)
    marked = pixels.copy()
    marked[:, :200] = 255
    assert np.array_equal(prepare(pixels, card).values, prepare(marked, card).values)
