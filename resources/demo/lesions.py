"""Five conditions, each painted into the skin in its own way, with the outline it truly has."""

from collections.abc import Callable

import numpy as np

from resources.demo.shapes import Blob, Points, random_blob, smooth_noise, smooth_step
from resources.demo.skin import Canvas

Outlines = list[Points]
Painter = Callable[[np.random.Generator, Canvas], Outlines]


def _places(
    rng: np.random.Generator, canvas: Canvas, *, radii: list[float]
) -> list[tuple[float, float]]:
    """Return centres, in pixels, that keep lesions of these radii apart and inside the skin."""
    height, width = canvas.shape
    chosen: list[tuple[float, float]] = []
    for number, radius in enumerate(radii):
        best, best_gap = (width / 2, height / 2), -np.inf
        for _ in range(30):
            x = rng.uniform(min(1.1 * radius, width / 2), max(width - 1.1 * radius, width / 2))
            y = rng.uniform(min(1.1 * radius, height / 2), max(height - 1.1 * radius, height / 2))
            gaps = [
                np.hypot(x - u, y - v) - 1.25 * (radius + other)
                for (u, v), other in zip(chosen, radii[:number], strict=True)
            ]
            gap = min([0.0, *gaps]) - 2 * canvas.side * float(canvas.cloth[int(y), int(x)])
            if gap > best_gap:
                best, best_gap = (x, y), gap
            if gap == 0:
                break
        chosen.append(best)
    return chosen


def _blobs(
    rng: np.random.Generator,
    canvas: Canvas,
    *,
    count: int,
    radius: tuple[float, float],
    aspect: float,
    roughness: float,
) -> list[Blob]:
    """Return blobs in their places; `radius` is a range, as a share of the shorter side."""
    radii = [canvas.side * rng.uniform(*radius) for _ in range(count)]
    return [
        random_blob(rng, centre=place, radius=r, aspect=rng.uniform(1, aspect), roughness=roughness)
        for place, r in zip(_places(rng, canvas, radii=radii), radii, strict=True)
    ]


def paint_psoriasis(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint sharply bordered, raised, salmon-red plaques under silvery flakes."""
    count = int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.2]))
    blobs = _blobs(rng, canvas, count=count, radius=(0.13, 0.25), aspect=1.7, roughness=0.10)
    return _paint_plaques(rng, canvas, blobs)


def paint_guttate_psoriasis(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint many drop-sized plaques, more than anyone would outline."""
    count = int(rng.integers(8, 13))
    blobs = _blobs(rng, canvas, count=count, radius=(0.04, 0.07), aspect=1.3, roughness=0.06)
    return _paint_plaques(rng, canvas, blobs)


def _paint_plaques(rng: np.random.Generator, canvas: Canvas, blobs: list[Blob]) -> Outlines:
    redness, scaling = rng.uniform(0.65, 1.0), rng.uniform(0.5, 0.8)
    for blob in blobs:
        window = blob.window(canvas.shape)
        depth = blob.depth(window)
        cover = smooth_step(depth / 0.06)
        flakes = smooth_noise(rng, depth.shape, cell=canvas.side / 28) + 0.8 * smooth_noise(
            rng, depth.shape, cell=canvas.side / 70
        )
        canvas.blood[window] += redness * cover
        canvas.scale[window] = np.maximum(
            canvas.scale[window],
            scaling * smooth_step(0.33 * flakes) * smooth_step((depth - 0.14) / 0.12),
        )
        canvas.relief[window] += 0.9 * cover + 0.16 * flakes * cover
    return [blob.outline() for blob in blobs]


def paint_eczema(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint red patches that fade into the skin, with fine papules and a few scratches."""
    count = int(rng.choice([1, 2], p=[0.6, 0.4]))
    blobs = _blobs(rng, canvas, count=count, radius=(0.16, 0.28), aspect=1.9, roughness=0.14)
    redness = rng.uniform(0.75, 1.1)
    for blob in blobs:
        window = blob.window(canvas.shape)
        depth = blob.depth(window)
        patchy = smooth_noise(rng, depth.shape, cell=canvas.side / 14)
        papules = np.maximum(smooth_noise(rng, depth.shape, cell=canvas.side / 48) - 0.5, 0)
        cover = smooth_step((depth + 0.10 * patchy) / 0.34)
        canvas.blood[window] += cover * (redness * (1 + 0.18 * patchy) + 0.22 * papules)
        canvas.melanin[window] += 0.12 * cover
        canvas.relief[window] += 0.22 * papules * cover
    return [blob.outline() for blob in blobs]


def paint_acne(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint crops of red papules, some with a pale yellow head; the crop is outlined as a whole."""
    count = int(rng.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))
    blobs = _blobs(rng, canvas, count=count, radius=(0.14, 0.23), aspect=1.5, roughness=0.08)
    for blob in blobs:
        window = blob.window(canvas.shape)
        canvas.blood[window] += 0.3 * smooth_step(blob.depth(window) / 0.35)
        for _ in range(rng.integers(14, 23)):
            _paint_papule(rng, canvas, blob)
    return [blob.outline() for blob in blobs]


def _paint_papule(rng: np.random.Generator, canvas: Canvas, crop: Blob) -> None:
    reach, theta = 0.9 * np.sqrt(rng.random()), rng.uniform(0, 2 * np.pi)
    rim = crop.outline(64)[int(theta / (2 * np.pi) * 64)]
    centre = (crop.x + reach * (rim[0] - crop.x), crop.y + reach * (rim[1] - crop.y))
    size = canvas.side * rng.uniform(0.016, 0.034)
    papule = random_blob(rng, centre=centre, radius=size, aspect=1.2, roughness=0.06)
    window = papule.window(canvas.shape, margin=2.6)
    depth = papule.depth(window)
    if not depth.size:
        return
    canvas.blood[window] += rng.uniform(0.8, 1.4) * smooth_step((depth + 0.25) / 0.6)
    canvas.relief[window] += 1.1 * smooth_step((depth + 0.1) / 0.7)
    if rng.random() < 0.45:
        head = smooth_step((depth - 0.62) / 0.2)
        canvas.scale[window] = np.maximum(canvas.scale[window], 0.8 * head)


def paint_nevus(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint an even, roundish, brown mole, at times with another beside it."""
    count = int(rng.choice([1, 2], p=[0.85, 0.15]))
    return _paint_moles(rng, canvas, count=count, roughness=(0.02, 0.09), variegation=(0.05, 0.35))


def paint_melanoma(rng: np.random.Generator, canvas: Canvas) -> Outlines:
    """Paint a mole, often rougher at the border and less even; many look like a nevus."""
    return _paint_moles(rng, canvas, count=1, roughness=(0.04, 0.13), variegation=(0.1, 0.5))


def _paint_moles(
    rng: np.random.Generator,
    canvas: Canvas,
    *,
    count: int,
    roughness: tuple[float, float],
    variegation: tuple[float, float],
) -> Outlines:
    blobs = _blobs(
        rng,
        canvas,
        count=count,
        radius=(0.09, 0.18),
        aspect=1.45,
        roughness=rng.uniform(*roughness),
    )
    for blob in blobs:
        _paint_mole(rng, canvas, blob, variegation=rng.uniform(*variegation))
    return [blob.outline() for blob in blobs]


def _paint_mole(
    rng: np.random.Generator, canvas: Canvas, blob: Blob, *, variegation: float
) -> None:
    window = blob.window(canvas.shape)
    depth = blob.depth(window)
    cover = smooth_step(depth / 0.12)
    network = smooth_noise(rng, depth.shape, cell=canvas.side / 60)
    islands = smooth_noise(rng, depth.shape, cell=blob.radius / 1.6)
    strength = rng.uniform(1.1, 1.9) * (1 + variegation * islands + 0.08 * network)
    canvas.melanin[window] += cover * np.maximum(strength, 0.4)
    canvas.blood[window] += 0.15 * cover
    canvas.relief[window] += 0.6 * cover


PAINTERS: dict[str, Painter] = {
    "acne": paint_acne,
    "eczema": paint_eczema,
    "melanoma": paint_melanoma,
    "nevus": paint_nevus,
    "psoriasis": paint_psoriasis,
}
"""How each condition is painted, by its name, in the order of the classifier's output."""

WIDESPREAD: dict[str, Painter] = {"psoriasis": paint_guttate_psoriasis}
"""Conditions that also come in more lesions than anyone would outline."""
