"""What lies on or beside the lesion in a photograph: pen marks, a ruler, hairs, a finger."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from resources.demo.shapes import Field, Points, clearance, smooth_noise, smooth_step
from resources.demo.skin import BASE_COLOURS, linear_light

Light = NDArray[np.floating]
"""A picture in linear light, shape (height, width, 3)."""

INK = linear_light(np.array([98, 46, 158]))
FINE = 3
"""Lines are drawn this many times larger, then shrunk, so that their edges are smooth."""


def draw_ink(rng: np.random.Generator, light: Light, *, centre: tuple[float, float]) -> Light:
    """Return the picture with a surgeon's violet pen mark: a cross, a ring, an arrow or dashes."""
    side = min(light.shape[:2])
    reach = side * rng.uniform(0.085, 0.115)
    strokes = _STROKES[int(rng.integers(len(_STROKES)))] * reach
    turn = rng.uniform(-0.5, 0.5)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    wobble = rng.normal(0, 0.03 * reach, strokes.shape)
    lines = (strokes + wobble) @ spin + np.array(centre)
    cover = _draw_lines(light.shape[:2], lines, width=side * rng.uniform(0.026, 0.034))
    fading = 0.86 + 0.1 * smooth_noise(rng, light.shape[:2], cell=side / 40)
    return _cover(light, INK, cover * np.clip(fading, 0.5, 0.97))


def _ring_strokes() -> Points:
    theta = np.linspace(0, 2 * np.pi, 25)
    corners = 0.85 * np.column_stack([np.cos(theta), np.sin(theta)])
    return np.stack([corners[:-1], corners[1:]], axis=1)


_STROKES: Sequence[Points] = (
    np.array([[[-1, 0], [1, 0]], [[0, -1], [0, 1]]], dtype=float),
    np.array([[[-1, 0], [1, 0]], [[1, 0], [0.4, -0.5]], [[1, 0], [0.4, 0.5]]], dtype=float),
    np.array([[[-1, -0.4], [1, -0.4]], [[-1, 0.4], [1, 0.4]]], dtype=float),
    _ring_strokes(),
)
"""Pen marks as strokes, shape (n, 2 ends, 2), within the circle of radius about 1."""


def draw_hairs(rng: np.random.Generator, light: Light) -> Light:
    """Return the picture with thin dark hairs across it."""
    height, width = light.shape[:2]
    side = min(height, width)
    t = np.linspace(0, 1, 12)[:, None]
    lean = rng.uniform(0, np.pi)
    lines = []
    for _ in range(rng.integers(14, 30)):
        start = rng.uniform(0, 1, 2) * (width, height)
        turn = lean + rng.normal(0, 0.35)
        reach = side * rng.uniform(0.2, 0.5)
        bend = rng.normal(0, 0.12 * reach, 2)
        ahead = reach * np.array([np.cos(turn), np.sin(turn)])
        curve = start + t * ahead + t * (1 - t) * 4 * bend
        lines.append(np.stack([curve[:-1], curve[1:]], axis=1))
    cover = _draw_lines((height, width), np.concatenate(lines), width=side * 0.0045)
    colour = linear_light(np.array([(38, 28, 24), (70, 48, 34), (24, 22, 24)][rng.integers(3)]))
    return _cover(light, colour, 0.75 * cover)


def draw_ruler(rng: np.random.Generator, light: Light) -> Light:
    """Return the picture with a white paper ruler along one of its four sides."""
    turns = int(rng.integers(4))
    turned = np.rot90(light, turns)
    height, width = turned.shape[:2]
    side = min(height, width)
    depth = side * rng.uniform(0.085, 0.11)
    paper = Image.new("L", (width * FINE, height * FINE), 0)
    ImageDraw.Draw(paper).rectangle((0, 0, width * FINE, depth * FINE), fill=255)
    step = side * 0.022
    ticks = [
        ((x, depth), (x, depth * (0.45 if number % 10 == 0 else 0.62 if number % 5 == 0 else 0.76)))
        for number, x in enumerate(np.arange(rng.uniform(0, step), width, step))
    ]
    marks = _draw_lines((height, width), np.array(ticks), width=side * 0.004)
    ruled = _cover(turned, np.array([0.80, 0.80, 0.77], dtype=np.float32), _shrink(paper))
    ruled = _cover(ruled, np.array([0.03, 0.03, 0.03], dtype=np.float32), 0.85 * marks)
    return np.ascontiguousarray(np.rot90(ruled, -turns))


def draw_finger(
    rng: np.random.Generator, light: Light, *, tone: int, avoided: Sequence[Points]
) -> tuple[Light, Points]:
    """Return the picture with a fingertip that reaches in from an edge, and its outline.

    Parameters
    ----------
    tone
        Index into `BASE_COLOURS`.
    avoided
        Rings that the finger keeps away from.
    """
    height, width = light.shape[:2]
    side = min(height, width)
    length, half = side * rng.uniform(0.2, 0.26), side * rng.uniform(0.055, 0.07)
    base, ahead = _way_in(rng, (height, width), length=length, avoided=avoided)
    x = np.arange(width) + 0.5 - base[0]
    y = np.arange(height)[:, None] + 0.5 - base[1]
    along, across = x * ahead[0] + y * ahead[1], y * ahead[0] - x * ahead[1]
    from_bone = np.hypot(np.maximum(along - (length - half), 0), across)
    shadow = 0.35 * np.exp(-np.maximum(from_bone - half, 0) / (0.4 * half))
    shadow *= smooth_step((along / half).astype(np.float32))
    skin = linear_light(BASE_COLOURS[tone] * (1.0, 0.95, 0.94))
    round_shade = 0.55 + 0.45 * np.sqrt(np.clip(1 - (from_bone / half) ** 2, 0, 1))
    cover = smooth_step((half - from_bone) / 1.2)
    from_nail = np.hypot((along - length + 0.85 * half) / (0.72 * half), across / (0.62 * half))
    nail = 0.8 * skin + 0.2 * np.array([0.95, 0.8, 0.78], dtype=np.float32)
    shaded = _cover(light * (1 - shadow[..., None]), skin * round_shade[..., None], cover)
    drawn = _cover(shaded, nail * (0.2 + 0.8 * round_shade[..., None]), _edge(1 - from_nail))
    tip = np.linspace(-np.pi / 2, np.pi / 2, 9)[:, None]
    sideways = np.array([-ahead[1], ahead[0]])
    bow = base + (length - half) * ahead + half * (np.cos(tip) * ahead + np.sin(tip) * sideways)
    return drawn, np.concatenate([bow, [base + half * sideways, base - half * sideways]])


def _edge(depth: Field) -> Field:
    return smooth_step((8 * depth).astype(np.float32))


def _way_in(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    length: float,
    avoided: Sequence[Points],
) -> tuple[Points, Points]:
    """Return where on an edge a finger comes in, and its direction: of 24 ways the freest."""
    height, width = shape
    place, lean = rng.uniform(0.15, 0.85, 24), rng.uniform(-0.4, 0.4, 24)
    turns = rng.integers(4, size=24) * (np.pi / 2)
    ahead = np.column_stack([np.cos(turns + lean), np.sin(turns + lean)])
    # from the left, top, right or bottom edge, by the direction without the lean
    inward = np.column_stack([np.cos(turns), np.sin(turns)]).round()
    base = np.where(inward > 0, 0.0, np.where(inward < 0, 1.0, place[:, None])) * (width, height)
    best = int(clearance(base + length * ahead, avoided).argmax())
    return base[best], ahead[best]


def _draw_lines(shape: tuple[int, int], lines: Points, *, width: float) -> Field:
    """Return how far lines, shape (n, 2 ends, 2) in pixels, cover each pixel, 0..1."""
    canvas = Image.new("L", (shape[1] * FINE, shape[0] * FINE), 0)
    draw = ImageDraw.Draw(canvas)
    thick = max(1, round(width * FINE))
    cap = (thick - 1) / 2
    for start, end in lines * FINE:
        draw.line([*start, *end], fill=255, width=thick)
        for x, y in (start, end):
            draw.ellipse((x - cap, y - cap, x + cap, y + cap), fill=255)
    return _shrink(canvas)


def _shrink(canvas: Image.Image) -> Field:
    return np.asarray(canvas.reduce(FINE), dtype=np.float32) / 255


def _cover(light: Light, colour: Light, share: Field) -> Light:
    return np.asarray(light + share[..., None] * (colour - light), dtype=np.float32)
