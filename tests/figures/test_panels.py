"""The four panels: where things lie, what shows, what the file holds."""

import numpy as np
import pytest
from PIL import Image

from engine.domain.problem import Refusal
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.figures.contour import contour_of, draw_contour
from engine.figures.lettering import font, wrap
from engine.figures.panels import (
    DEFAULT_LOOK,
    GAP,
    LINE,
    MARGIN,
    NARROWEST,
    Look,
    four_panels,
    on_picture,
    panel_pictures,
    write_panels,
)
from engine.figures.signed_map import PAPER, Display, Scale
from engine.regions.runs import runs_of_mask

FACTS = MapFacts("integrated_gradients")


def stretched(width: int, height: int, side: int = 16) -> Geometry:
    return Geometry(width, height, side, side, side / width, side / height)


def centre_crop(width: int, height: int, side: int = 16) -> Geometry:
    scale = side / min(width, height)
    offsets = (side - width * scale) / 2, (side - height * scale) / 2
    return Geometry(width, height, side, side, scale, scale, *offsets)


def square(width: int = 300, height: int = 280) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[height // 3 : height // 2, width // 3 : width // 2] = True
    return mask


def panels_of(picture: np.ndarray, width: int, height: int) -> list[np.ndarray]:
    column = max(width, NARROWEST)
    lefts = [MARGIN + k * (column + GAP) + (column - width) // 2 for k in range(4)]
    top = MARGIN + LINE
    return [picture[top : top + height, left : left + width] for left in lefts]


def draw(pixels, mask, values=None, geometry=None, **options) -> np.ndarray:
    shown = None
    if values is not None:
        stored = np.rint(values * SCALE).astype(np.int16)
        shown = SaliencyMap(stored, geometry or stretched(*mask.shape[::-1]), FACTS)
    return four_panels(pixels=pixels, consensus=runs_of_mask(mask), saliency_map=shown, **options)


@pytest.fixture
def grey() -> np.ndarray:
    return np.full((280, 300, 3), 120, np.uint8)


def test_the_first_panel_is_the_image_itself() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (280, 300, 3), np.uint8)
    first = panels_of(draw(pixels, square(), np.eye(16)), 300, 280)[0]
    assert np.array_equal(first, pixels)


def test_the_contour_lies_around_the_region_and_leaves_its_inside_as_it_is(grey) -> None:
    mask = square()
    second = panels_of(draw(grey, mask), 300, 280)[1]
    assert (second[mask] == 120).all()
    changed = (second != 120).any(axis=2)
    rows, columns = np.nonzero(changed)
    inside_rows, inside_columns = np.nonzero(mask)
    assert inside_rows.min() - 4 == rows.min()
    assert inside_columns.max() + 4 == columns.max()
    assert second[changed].max() == 255
    assert second[changed].min() < 60


@pytest.mark.parametrize("skin", [15, 245])
def test_the_contour_shows_on_black_and_on_white(skin: int) -> None:
    picture = np.full((280, 300, 3), skin, np.uint8)
    drawn = draw_contour(picture, contour_of(runs_of_mask(square()), width=300, height=280))
    line = drawn[(drawn != skin).any(axis=2)].astype(int)
    assert np.abs(line - skin).max() > 200


@pytest.mark.parametrize(("row", "column"), [(1777, 2222), (1778, 2223), (901, 640), (902, 641)])
def test_one_pixel_of_a_large_image_still_has_a_contour(row: int, column: int) -> None:
    mask = np.zeros((3000, 4000), bool)
    mask[row, column] = True
    second = panels_of(draw(np.full((3000, 4000, 3), 90, np.uint8), mask), 512, 384)[1]
    rows, columns = np.nonzero((second != 90).any(axis=2))
    assert abs(rows.mean() - (row + 0.5) * 384 / 3000) < 1
    assert abs(columns.mean() - (column + 0.5) * 512 / 4000) < 1


def test_an_image_without_region_has_no_contour(grey) -> None:
    second = panels_of(draw(grey, np.zeros((280, 300), bool)), 300, 280)[1]
    assert (second == 120).all()


def test_the_last_panel_shows_the_map_on_black_in_its_place(grey) -> None:
    values = np.zeros((16, 16))
    values[:, 12:] = 1
    last = panels_of(draw(grey, np.zeros((280, 300), bool), values), 300, 280)[3]
    assert (last[:, : 11 * 300 // 16] == 0).all()
    assert (last[:, 13 * 300 // 16 :] == (0, 190, 255)).all()


def test_the_third_panel_lays_the_map_over_a_dimmed_image(grey) -> None:
    values = np.zeros((16, 16))
    values[:, 12:] = 1
    third = panels_of(draw(grey, np.zeros((280, 300), bool), values), 300, 280)[2]
    assert (third[:, :100] == 84).all()
    assert (third[:, -20:] == (84, 179, 212)).all()


def test_what_the_model_never_saw_is_hatched_in_the_last_panel() -> None:
    mask, values = np.zeros((280, 420), bool), np.ones((16, 16))
    values[0, 0] = 0
    picture = draw(np.full((280, 420, 3), 120, np.uint8), mask, values, centre_crop(420, 280))
    last = panels_of(picture, 420, 280)[3]
    for cropped in (last[:, :70], last[:, 350:]):
        assert set(np.unique(cropped)) == {52, 84}
    assert (last[40:, 70:350] == (0, 190, 255)).all()


def test_the_map_is_placed_by_bilinear_interpolation() -> None:
    slope = np.broadcast_to(np.arange(16, dtype=np.float32), (2, 16, 16))
    placed, seen = on_picture(slope, stretched(64, 48), width=64, height=48)
    expected = np.clip((np.arange(64) + 0.5) / 4 - 0.5, 0, 15)
    assert np.allclose(placed, np.broadcast_to(expected, (2, 48, 64)), atol=1e-5)
    assert seen.all()


def test_a_crop_is_placed_with_its_offset() -> None:
    values = np.zeros((2, 16, 16), np.float32)
    values[0, 0, 15] = 1
    placed, seen = on_picture(values, centre_crop(96, 48), width=96, height=48)
    assert np.unravel_index(placed[0].argmax(), (48, 96)) in {(0, 71), (1, 70), (0, 70), (1, 71)}
    assert np.flatnonzero(seen[0]).tolist() == list(range(24, 72))
    assert not placed[:, ~seen].any()


def test_a_map_of_one_pixel_covers_what_it_saw() -> None:
    one = np.full((2, 1, 1), 0.5, np.float32)
    placed, _ = on_picture(one, stretched(8, 6, side=1), width=8, height=6)
    assert (placed == 0.5).all()


def test_without_a_map_two_panels_say_so(grey) -> None:
    panels = panels_of(draw(grey, square()), 300, 280)
    for panel in panels[2:]:
        assert (panel[:20, :20] == 238).all()
        assert panel.min() < 130


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [
        (4000, 3000, (512, 384)),
        (400, 300, (400, 300)),
        (40, 30, (480, 360)),
        (1, 1, (512, 512)),
        (20, 2000, (5, 512)),
        (3000, 2, (512, 1)),
    ],
)
def test_panels_fit_their_box_whatever_the_size_of_the_image(width, height, shown) -> None:
    pixels = np.full((height, width, 3), 77, np.uint8)
    picture = draw(pixels, np.zeros((height, width), bool), np.eye(16))
    for panel in panels_of(picture, *shown)[:2]:
        assert (panel == 77).all()
    right = picture[MARGIN + LINE :, -MARGIN - (max(shown[0], NARROWEST) - shown[0]) // 2 :]
    assert (right[: shown[1]] == 255).all()


def test_a_long_caption_is_broken_and_never_cut(grey) -> None:
    short = draw(grey, square(), caption=["a", "b"])
    long = draw(grey, square(), caption=["path/" * 200, "word " * 200])
    assert long.shape[1] == short.shape[1]
    assert (long.shape[0] - short.shape[0]) % LINE == 0
    assert long.shape[0] > short.shape[0] + 6 * LINE
    assert (long[:, -MARGIN:] == 255).all()
    assert (long[-8:] == 255).all()


def test_a_caption_may_be_one_text(grey) -> None:
    assert np.array_equal(
        draw(grey, square(), caption="one line"), draw(grey, square(), caption=["one line"])
    )


@pytest.mark.parametrize(
    "text", ["word " * 40, "x" * 300, "a " + "y" * 90 + " b c", "Größe Ωж " * 9]
)
def test_wrapping_keeps_every_letter_and_the_width(text: str) -> None:
    lines = wrap(text, width=200, letters=font(14))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(font(14).getlength(line) <= 200 for line in lines)


def test_the_file_holds_the_pixels_and_no_metadata(tmp_path, grey) -> None:
    picture = draw(grey, square(), np.eye(16), caption="x")
    file = tmp_path / "deep" / "panels.png"
    write_panels(file, picture)
    with Image.open(file) as opened:
        assert opened.info == {}
        assert np.array_equal(np.asarray(opened), picture)
    content = file.read_bytes()
    chunks = [name for name in (b"tEXt", b"iTXt", b"eXIf", b"tIME", b"pHYs") if name in content]
    assert chunks == []


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, grey) -> None:
    file = tmp_path / "panels.png"
    file.write_bytes(b"old")

    def full_disk(_image: object, path, **_options: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full_disk)
    with pytest.raises(Refusal, match="No space left"):
        write_panels(file, grey)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_written_file_is_readable_by_others_as_the_umask_says(tmp_path, grey) -> None:
    file = tmp_path / "panels.png"
    write_panels(file, grey)
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert file.stat().st_mode == plain.stat().st_mode


PALETTES = [Look(), Look(PAPER), Look(display=Display(outlines=True)), Look(scale=Scale(0, 0.5))]


@pytest.mark.parametrize("look", PALETTES)
@pytest.mark.parametrize("geometry", [stretched, centre_crop])
def test_panels_by_themselves_are_those_of_the_four_to_the_byte(look, geometry) -> None:
    random = np.random.default_rng(3)
    pixels = random.integers(0, 256, (280, 300, 3), np.uint8)
    values = random.uniform(-1, 1, (16, 16))
    sheet = draw(pixels, square(), values, geometry(300, 280), look=look)
    shown = by_themselves(pixels, values, look, geometry=geometry(300, 280))
    assert len(shown) == 4
    for alone, on_sheet in zip(shown, panels_of(sheet, 300, 280), strict=True):
        assert alone.dtype == np.uint8
        assert alone.tobytes() == on_sheet.tobytes()


def by_themselves(pixels, values, look=DEFAULT_LOOK, *, geometry=None, **options):
    stored = np.rint(values * SCALE).astype(np.int16)
    shown = SaliencyMap(stored, geometry or stretched(300, 280), FACTS)
    return panel_pictures(pixels, runs_of_mask(square()), shown, look, **options)


def test_without_a_map_there_are_two_panels(grey) -> None:
    panels = panel_pictures(grey, runs_of_mask(square()), None, DEFAULT_LOOK)
    assert len(panels) == 2
    assert np.array_equal(panels[0], grey)


def test_without_opacity_the_map_lies_invisible_on_the_image(grey) -> None:
    values = np.random.default_rng(0).uniform(-1, 1, (16, 16))
    _, region, both, _ = by_themselves(grey, values, opacity=0)
    assert np.array_equal(both, region)


def test_more_opacity_shows_more_of_the_map_and_less_of_the_image(grey) -> None:
    values = np.zeros((16, 16))
    values[:4] = 1  # above the region: rows 0 to 70
    strong, bare = [], []
    for opacity in (0.1, 0.5, 1.0):
        both = by_themselves(grey, values, Look(PAPER), opacity=opacity)[2]
        strong.append(int(both[10, 10, 1]))
        bare.append(int(both[270, 10, 1]))
    assert strong == sorted(set(strong))
    assert bare == sorted(set(bare), reverse=True)


@pytest.mark.parametrize(("polarity", "channel"), [("positive", 1), ("negative", 0)])
def test_one_polarity_alone_shows_only_its_colour(grey, polarity, channel) -> None:
    values = np.zeros((16, 16))
    values[:4], values[12:] = 1, -1
    look = Look(PAPER)
    alone = by_themselves(grey, values, look, polarity=polarity)[3]
    whole = by_themselves(grey, values, look)[3]
    rows = slice(0, 60) if polarity == "positive" else slice(220, 280)
    others = slice(220, 280) if polarity == "positive" else slice(0, 60)
    assert np.array_equal(alone[rows], whole[rows])
    assert alone[rows, :, channel].max() == 255
    assert not alone[others].any()
    assert whole[others].any()


def test_the_picture_itself_is_left_as_it_is(grey) -> None:
    before = grey.copy()
    by_themselves(grey, np.eye(16), opacity=0.9, polarity="negative")
    assert np.array_equal(grey, before)
