"""What holds for every figure: an empty picture, odd names, text inside, the same bytes."""

import warnings
from functools import cache

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from engine.domain.rows import ImageResult
from engine.domain.saliency_map import SCALE, Geometry, MapFacts, SaliencyMap
from engine.figures.body_parts import body_part_shares
from engine.figures.conditions import condition_scatter
from engine.figures.flow import image_flow
from engine.figures.gallery import Thumbnail, gallery
from engine.figures.groups import group_comparisons
from engine.figures.kappa_histogram import kappa_histogram
from engine.figures.map_stages import map_stages
from engine.figures.metric_scatter import metric_scatter
from engine.figures.persistence import persistence_lines
from engine.figures.reference import ds_reference
from engine.figures.signed_map import Display, signed_map_stages
from engine.figures.style import PAGE, house_style
from engine.figures.write import png_bytes, svg_bytes
from engine.findings.persistence import rank_persistence
from engine.regions.runs import runs_of_mask
from tests.figures.made_up import (
    CONDITIONS,
    ODD,
    UNDEFINED,
    UNSEEN,
    agreement,
    comparison,
    comparisons,
    points,
    result,
    share,
    study,
)

NO_REFERENCE = ds_reference([])
NOISE = np.random.default_rng(0).normal(size=(16, 20))


def thumbnail(name="Acne", **values):
    given = {"is_correct": True, "is_lowest": True, "ds": 0.1, "srcc": UNDEFINED} | values
    return Thumbnail(strip=np.zeros((20, 80, 3), np.uint8), condition=name, predicted=name, **given)


def flow(name="Acne", *, size=(60, 80), graders=3, has_map=True):
    mask = np.zeros(size, bool)
    mask[10:20, 20:30] = True
    region = runs_of_mask(mask)
    values = np.rint(NOISE / np.abs(NOISE).max() * SCALE).astype(np.int16)
    geometry = Geometry(size[1], size[0], 20, 16, 20 / size[1], 16 / size[0])
    return image_flow(
        result(path=name, condition=name) if has_map else ImageResult(agreement()),
        pixels=np.full((*size, 3), 90, np.uint8),
        regions=[region] * graders,
        consensus=region,
        saliency_map=SaliencyMap(values, geometry, MapFacts("x")) if has_map else None,
    )


def persistence(by_method):
    return persistence_lines(by_method, rank_persistence(by_method))


EMPTY = {
    "kappa": lambda: kappa_histogram([], cut=0.4),
    "kappa and AC1": lambda: kappa_histogram([agreement(UNDEFINED)], cut=0.4, with_ac1=True),
    "conditions": lambda: condition_scatter([], reference=NO_REFERENCE),
    "body parts": lambda: body_part_shares([]),
    "groups": lambda: group_comparisons([], [], [], reference=NO_REFERENCE),
    "scatter": lambda: metric_scatter([], reference=NO_REFERENCE),
    "persistence": lambda: persistence({"a": {"x": 0.1}, "b": {"x": UNDEFINED}}),
    "gallery": lambda: gallery([], reference=NO_REFERENCE),
    "stages": lambda: map_stages(()),
}


@cache
def rows():
    return study(400)


@cache
def few():
    return study(44)


def large():
    images, cases = rows()
    reference = ds_reference(images)
    parts = [share(f"part {n}", group) for n in range(14) for group in ("ds", "srcc", "both")]
    values = {f"p{n}": float(n) for n in range(90)}
    names = ("integrated_gradients", "grad_cam", "occlusion")
    return {
        "kappa": lambda: kappa_histogram([r.agreement for r in images], cut=0.4, with_ac1=True),
        "conditions": lambda: condition_scatter(points(CONDITIONS), reference=reference),
        "body parts": lambda: body_part_shares(parts),
        "groups": lambda: group_comparisons(comparisons(), images, cases, reference=reference),
        "scatter": lambda: metric_scatter(images, reference=reference),
        "persistence": lambda: persistence(dict.fromkeys(names, values)),
        "gallery": lambda: gallery(
            [
                thumbnail(name, is_correct=n % 2 == 0, is_lowest=n % 3 == 0)
                for n, name in enumerate(CONDITIONS)
            ],
            reference=reference,
        ),
        "flow": lambda: flow(CONDITIONS[16]),
        "stages": lambda: map_stages(
            signed_map_stages(NOISE, display=Display(clean_up=True, outlines=True))
        ),
    }


def tiny():
    images, cases = few()
    reference = ds_reference(images)
    return {
        "kappa": lambda: kappa_histogram([r.agreement for r in images], cut=0.4),
        "conditions": lambda: condition_scatter(points(CONDITIONS[:3]), reference=reference),
        "body parts": lambda: body_part_shares([share()]),
        "groups": lambda: group_comparisons(comparisons(), images, cases, reference=reference),
        "scatter": lambda: metric_scatter(images, reference=reference),
        "persistence": lambda: persistence({"a": {"x": 0.1}, "b": {"x": 0.2}}),
        "gallery": lambda: gallery([thumbnail()], reference=reference),
        "flow": lambda: flow(graders=1, has_map=False),
        "flat flow": lambda: flow(graders=5, size=(20, 200)),
        "tall flow": lambda: flow(graders=2, size=(400, 40)),
        "stages": lambda: map_stages(signed_map_stages(np.zeros((4, 30)))),
    }


def odd(name):
    images, cases = few()
    reference = ds_reference(images)
    levels = [(name, 0.3, 20), (name * 4, UNDEFINED, 0)]
    left_out = ((name, 1),) * 6
    return {
        "conditions": lambda: condition_scatter(points([name, name * 3]), reference=reference),
        "body parts": lambda: body_part_shares([share(name), share(name * 3)]),
        "groups": lambda: group_comparisons(
            [
                comparison(name, levels=levels, left_out=left_out),
                comparison(name, p=UNDEFINED, is_significant=UNDEFINED),
            ],
            images,
            cases,
            reference=reference,
        ),
        "gallery": lambda: gallery([thumbnail(name * 3)], reference=reference),
        "flow": lambda: flow(name),
        "persistence": lambda: persistence({name: {"x": 0.1}, name * 5: {"x": 0.2}}),
    }


def drawn_texts(figure: Figure) -> list[Text]:
    """Return all texts that are drawn; ticks beyond the limits are kept by matplotlib but not."""
    found = list(figure.texts)
    for axes in figure.axes:
        legend = axes.get_legend()
        found += [*axes.texts, *(legend.get_texts() if legend else ())]
        for axis in (axes.xaxis, axes.yaxis):
            ticks = axis._update_ticks() if axes.axison else []
            found += [axis.label, *(tick.label1 for tick in ticks)]
    return [text for text in found if text.get_visible() and text.get_text()]


def outside(figure: Figure) -> list[str]:
    """Return the texts that reach beyond the figure."""
    with house_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.canvas.draw()
        boxes = [(text.get_text(), text.get_window_extent()) for text in drawn_texts(figure)]
    width, height = figure.bbox.width, figure.bbox.height
    return [
        text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]


@pytest.mark.parametrize("name", EMPTY)
def test_a_figure_of_nothing_says_so_and_can_be_written(name: str) -> None:
    figure = EMPTY[name]()
    assert isinstance(figure, Figure)
    message = figure.axes[0].texts[0].get_text()
    assert message.startswith(("No ", "None ", "There is no "))
    assert outside(figure) == []
    assert svg_bytes(figure).startswith(b"<?xml")


@pytest.mark.parametrize("name", large())
def test_a_large_study_fits_its_figure(name: str) -> None:
    figure = large()[name]()
    assert isinstance(figure.canvas, FigureCanvasAgg)
    assert figure.get_size_inches()[0] == PAGE
    assert outside(figure) == []


@pytest.mark.parametrize("name", tiny())
def test_a_tiny_study_fits_its_figure(name: str) -> None:
    assert outside(tiny()[name]()) == []


@pytest.mark.parametrize("text", [ODD, UNSEEN], ids=["odd", "unseen"])
@pytest.mark.parametrize("name", odd(""))
def test_odd_names_show_literally_and_harm_no_file(name: str, text: str) -> None:
    figure = odd(text)[name]()
    assert outside(figure) == []
    written = svg_bytes(figure)
    assert png_bytes(figure).startswith(b"\x89PNG")
    words = " ".join(" ".join(one.itertext()) for one in fromstring(written).iter())
    assert ("<script>" if text is ODD else "漢字") in words
    assert b"<script" not in written


@pytest.mark.parametrize("name", ["conditions", "scatter", "kappa", "flow", "gallery"])
def test_the_same_rows_give_the_same_bytes(name: str) -> None:
    first, second = (tiny()[name]() for _ in range(2))
    assert svg_bytes(first) == svg_bytes(second)
    assert png_bytes(first) == png_bytes(second)


def test_files_hold_no_date_author_or_program() -> None:
    figure = tiny()["flow"]()
    svg, png = svg_bytes(figure), png_bytes(figure)
    assert b"metadata" not in svg
    assert b"Matplotlib" not in svg
    assert b"<dc:" not in svg
    assert not any(name in png for name in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"))


def test_text_stays_text_in_an_svg() -> None:
    svg = svg_bytes(tiny()["conditions"]()).decode()
    assert ">mean SRCC</text>" in svg
    assert "'DejaVu Sans', sans-serif" in svg
