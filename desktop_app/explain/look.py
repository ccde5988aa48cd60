"""How the page's own controls look, in the theme's colours and lengths."""

from string import Template

from PySide6.QtWidgets import QWidget

from desktop_app.window.theme import Theme

SHEET = Template("""
QWidget#explain_side, QWidget#findings, QWidget#facts { background: $surface; }
QWidget#explain_side { border-right: 1px solid $border; }
QWidget#findings { border-left: 1px solid $border; }
QWidget#inside { background: transparent; }
QWidget#state { background: $window; }
QWidget#foot { background: $surface; border-top: 1px solid $border; }
QWidget#strip { background: $accent_soft; border-bottom: 1px solid $border; }
QWidget#strip QLabel { color: $on_accent_soft; }
QWidget#panel_bar { background: $surface; border-bottom: 1px solid $border; }
QWidget#view_bar { background: $window; border-bottom: 1px solid $border; }

QPushButton[role="field"] {
    background: $surface; border: 1px solid $outline; border-radius: ${radius}px;
    text-align: left; padding: ${field}px ${s}px;
}
QPushButton[role="field"]:hover { background: $hover; }
QPushButton[role="field"]:focus { border: 2px solid $focus; padding: ${field_1}px ${s_1}px; }
QPushButton[role="field"]::menu-indicator { image: none; width: 0; }

QPushButton[role="tab"] {
    background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0;
    color: $muted; padding: ${xs}px ${tab}px;
}
QPushButton[role="tab"]:hover { color: $text; background: $hover; }
QPushButton[role="tab"]:checked { color: $text; border-bottom-color: $accent; }
QPushButton[role="tab"]:focus { background: $hover; border-bottom-color: $focus; }
QPushButton[role="tab"]:disabled { color: $disabled; }

QFrame[role="finding"] {
    background: $surface; border: 1px solid $border; border-radius: ${radius}px;
}
QFrame[role="finding"][at="true"] { border: 1px solid $accent; background: $accent_soft; }
QFrame[role="run"] { background: transparent; border: 1px solid transparent;
    border-radius: ${radius}px; }
QFrame[role="run"]:hover { background: $hover; }
QFrame[role="run"][at="true"] { background: $accent_soft; border-color: $accent; }
QPushButton[role="thumb"] { background: transparent; border: 2px solid transparent;
    border-radius: ${radius}px; padding: ${xs}px; }
QPushButton[role="thumb"]:hover { background: $hover; }
QPushButton[role="thumb"]:checked { border-color: $accent; background: $accent_soft; }
QPushButton[role="thumb"]:focus { border-color: $focus; }
QCheckBox[role="part"] { padding: ${xs}px; border-radius: ${radius}px; }
QCheckBox[role="part"]:checked { background: $accent_soft; color: $on_accent_soft; }

QLabel[role="key"] {
    color: $muted; border: 1px solid $edge; border-radius: ${xs}px; padding: 0 ${xs}px;
    font-size: ${small}pt; background: $surface;
}
QLabel[role="on_accent_key"] {
    color: $on_accent; border: 1px solid $on_accent; border-radius: ${xs}px; padding: 0 ${xs}px;
    font-size: ${small}pt; background: transparent;
}
""")


def page_sheet(theme: Theme) -> str:
    """Return the style sheet of the Explain page for the theme in force."""
    names = {name: str(theme.px(name)) for name in ("xs", "s", "m", "l", "radius")}
    lengths = {
        "tab": theme.metrics.px(6),
        "field": theme.px("field_padding"),
        "field_1": theme.px("field_padding") - 1,
        "s_1": theme.px("s") - 1,
    }
    return SHEET.substitute(
        theme.colours.named()
        | names
        | {name: str(value) for name, value in lengths.items()}
        | {name: str(size) for name, size in theme.metrics.text.items()}
    )


def set_at(widget: QWidget, *, is_at: bool) -> None:
    """Give a row the look of the one at hand, or take it away."""
    if widget.property("at") == is_at:
        return
    widget.setProperty("at", is_at)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
