"""How the page's own controls look, in the theme's colours and lengths."""

from string import Template

from PySide6.QtWidgets import QWidget

from desktop_app.window.theme import Theme

SHEET = Template("""
QWidget#side, QWidget#queue, QWidget#foot { background: $surface; }
QWidget#side { border-left: 1px solid $border; }
QWidget#tools { background: $surface; border-bottom: 1px solid $border; }
QWidget#hints { background: $surface; border-top: 1px solid $border; }
QWidget#foot { border-left: 1px solid $border; border-top: 1px solid $border; }
QWidget#inside { background: transparent; }
QWidget#state { background: $window; }

QPushButton[role="answer"] {
    background: $surface; border: 1px solid $edge; border-radius: ${radius}px;
    padding: ${inner}px ${xs}px; min-height: ${answer}px;
}
QPushButton[role="answer"][keyed="true"] { padding-right: ${cap}px; }
QPushButton[role="answer"]:hover { background: $hover; }
QPushButton[role="answer"]:pressed { background: $pressed; }
QPushButton[role="answer"]:checked {
    background: $accent_soft; color: $on_accent_soft; border: 2px solid $accent; font-weight: 600;
    padding: ${inner_2}px ${xs_1}px;
}
QPushButton[role="answer"]:focus {
    border: 2px solid $focus; padding: ${inner_2}px ${xs_1}px;
}
QPushButton[role="answer"]:checked:focus { border: 2px solid $text; }
QPushButton[role="answer"]:disabled { color: $disabled; background: $window; }
QPushButton[role="answer"]:checked:disabled { border-color: $edge; background: $pressed; }

QPushButton[role="done"] {
    background: $surface; border: 1px solid $edge; border-radius: ${radius}px;
    font-size: ${heading}pt; font-weight: 600; min-height: ${big}px; padding: 0 ${l}px;
    text-align: left;
}
QPushButton[role="done"]:hover { background: $hover; }
QPushButton[role="done"]:disabled { color: $disabled; background: $window; }
QPushButton[role="done"]:focus { border: 2px solid $focus; }
QPushButton[role="done"][ready="true"] {
    background: $accent; color: $on_accent; border-color: $accent;
}
QPushButton[role="done"][ready="true"]:hover, QPushButton[role="done"][ready="true"]:pressed {
    background: $accent_hover; border-color: $accent_hover;
}
QPushButton[role="done"][ready="true"]:focus { border: 2px solid $text; }

QPushButton[role="field"] {
    background: $surface; border: 1px solid $outline; border-radius: ${radius}px;
    text-align: left; padding: ${field}px ${s}px;
}
QPushButton[role="field"]:hover { background: $hover; }
QPushButton[role="field"]:focus {
    border: 2px solid $focus; padding: ${field_1}px ${s_1}px;
}

QPushButton[role="chip"] {
    background: transparent; border: 1px solid transparent; border-radius: ${radius}px;
    padding: ${xs}px; icon-size: ${icon}px; color: $muted;
}
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:checked {
    background: $accent_soft; color: $on_accent_soft; border-color: $accent;
}
QPushButton[role="chip"]:focus { border: 1px solid $focus; padding: ${xs}px; }

QLabel[role="key"] {
    color: $muted; border: 1px solid $edge; border-radius: ${xs}px; padding: 0 ${xs}px;
    font-size: ${small}pt; background: $surface;
}
QLabel[role="on_accent_key"] {
    color: $on_accent; border: 1px solid $on_accent; border-radius: ${xs}px; padding: 0 ${xs}px;
    font-size: ${small}pt; background: transparent;
}

QTableView#images { border: none; background: $surface; }
QTableView#images QHeaderView, QTableView#regions QHeaderView { border: none; }
QTableView#regions { border: 1px solid $border; border-radius: ${radius}px; }
QTableView#regions:focus { border-color: $focus; }
QTableView#regions::item { padding: 0 ${xs}px; }
QProgressBar#progress { background: $sunken; border: none; border-radius: ${bar_radius}px; }
QProgressBar#progress::chunk { background: $success; border-radius: ${bar_radius}px; }
""")


def page_sheet(theme: Theme) -> str:
    """Return the style sheet of the Grade page for the theme in force."""
    px = theme.metrics.px
    names = {name: str(theme.px(name)) for name in ("xs", "s", "m", "l", "radius", "icon")}
    lengths = {
        "inner": px(3),
        "inner_2": max(px(3) - 1, 0),
        "xs_1": max(theme.px("xs") - 1, 0),
        "field": theme.px("field_padding"),
        "field_1": theme.px("field_padding") - 1,
        "s_1": theme.px("s") - 1,
        "answer": px(24),
        "big": px(42),
        "cap": px(30),
        "bar_radius": px(2),
    }
    return SHEET.substitute(
        theme.colours.named()
        | names
        | {name: str(value) for name, value in lengths.items()}
        | {name: str(size) for name, size in theme.metrics.text.items()}
    )


def set_ready(widget: QWidget, is_ready: bool) -> None:
    """Give a button the look of what may be pressed now, or take it away."""
    if widget.property("ready") == is_ready:
        return
    widget.setProperty("ready", is_ready)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
