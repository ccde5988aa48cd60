"""Colours and sizes of the window by what they are for, read from ``resources/themes``."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import resources

RESOURCES = Path(resources.__path__[0])
THEMES = RESOURCES / "themes"
ICONS = RESOURCES / "icons"


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme; each colour as ``#rrggbb``."""

    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    pressed: str
    border: str
    edge: str
    outline: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    focus: str
    note: str
    note_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    success: str
    success_soft: str

    def named(self) -> dict[str, str]:
        """Return all colours by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


TEXT_ON_GROUND: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "muted") for ground in ("window", "surface", "raised")),
    *(("text", ground) for ground in ("hover", "pressed", "sunken")),
    *(("text", f"{severity}_soft") for severity in ("note", "warning", "error", "success")),
    *(
        (severity, ground)
        for severity in ("note", "warning", "error", "success")
        for ground in ("window", "surface", f"{severity}_soft")
    ),
    ("muted", "hover"),
    ("accent", "window"),
    ("accent", "surface"),
    ("accent_hover", "surface"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent_soft", "accent_soft"),
)
"""Every pair of a text's colour and the ground it is written on."""

SHAPE_ON_GROUND: tuple[tuple[str, str], ...] = tuple(
    (shape, ground) for shape in ("outline", "focus") for ground in ("window", "surface")
)
"""Every pair of a shape that has to be seen and its ground."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes of the window at one scale.

    Attributes
    ----------
    scale
        1.0 is 100 %.
    points
        Size of body text, in points.
    pixels
        Lengths by name, already scaled.
    text
        Text sizes in points by name, already scaled.
    """

    scale: float
    points: float
    pixels: dict[str, int]
    text: dict[str, float]

    def px(self, length: float) -> int:
        """Return a length that is given at 100 %, in pixels at this scale."""
        return round(length * self.scale)


@cache
def load_colours(name: str) -> Colours:
    """Read a theme, ``light`` or ``dark``."""
    return Colours(**_toml(f"{name}.toml"))


def metrics_at(percent: int, *, points: float) -> Metrics:
    """Return all sizes at a scale, where body text at 100 % has so many points."""
    scale = percent / 100
    table = _toml("metrics.toml")
    return Metrics(
        scale=scale,
        points=points * scale,
        pixels={name: round(length * scale) for name, length in table["pixels"].items()},
        text={name: round(points * scale * part, 2) for name, part in table["text"].items()},
    )


def style_sheet(name: str, colours: Colours, metrics: Metrics) -> str:
    """Return the style sheet of a theme at a scale."""
    px = metrics.pixels
    derived = {
        "theme": name,
        "icons": ICONS.as_posix(),
        # a border that grows by one pixel takes it from the padding, so that nothing moves
        "inner_field": px["field_padding"] - 1,
        "inner_button": px["button_padding"] - 1,
        "inner_s": px["s"] - 1,
        "inner_xs": px["xs"] - 1,
        "link_padding": max(px["xs"] // 2, 1),
        "round": (px["indicator"] + 2) // 2,
        "bar": metrics.px(3),
        "bar_height": metrics.px(6),
        "bar_radius": (px["scroll_bar"] - 4) // 2,
    }
    lines = {
        f"{severity}_line": _clear(colours.named()[severity], 90)
        for severity in ("note", "warning", "error")
    }
    lines["accent_veil"] = _clear(colours.accent_soft, 240)
    return Template(_text("window.qss")).substitute(
        colours.named() | {k: str(v) for k, v in (px | metrics.text | derived | lines).items()}
    )


def _clear(colour: str, opacity: int) -> str:
    """Return a colour that lets its ground through, from 0 (all of it) to 255 (nothing)."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name))


@cache
def _text(name: str) -> str:
    return (THEMES / name).read_text(encoding="utf-8")
