"""How the page's own controls look, in the theme's colours and lengths."""

from string import Template

from desktop_app.window.theme import Theme

SHEET = Template("""
QWidget#side, QWidget#left, QWidget#foot, QWidget#top, QWidget#overlays { background: $surface; }
QWidget#side { border-left: 1px solid $border; }
QWidget#foot { border-left: 1px solid $border; border-top: 1px solid $border; }
QWidget#top, QWidget#overlays { border-bottom: 1px solid $border; }
QWidget#legend { background: $surface; border-top: 1px solid $border; }
QWidget#inside { background: transparent; }
QWidget#state { background: $window; }

QPushButton[role="answer"] {
    background: $surface; border: 1px solid $edge; border-radius: ${radius}px;
    padding: ${inner}px ${xs}px; min-height: ${answer}px;
}
QPushButton[role="answer"][keyed="true"] { padding-right: ${cap}px; }
QPushButton[role="answer"][wide="true"] { padding-right: ${wide_cap}px; }
QPushButton[role="answer"]:hover { background: $hover; }
QPushButton[role="answer"]:pressed { background: $pressed; }
QPushButton[role="answer"]:focus { border: 2px solid $focus; padding: ${inner_2}px ${xs_1}px; }
QPushButton[role="answer"][keyed="true"]:focus { padding-right: ${cap}px; }
QPushButton[role="answer"]:disabled { color: $disabled; background: $window; }

QToolButton[role="toggle"] {
    background: transparent; border: 1px solid transparent; border-radius: ${radius}px;
    padding: ${xs}px ${s}px; color: $muted; icon-size: ${icon}px;
}
QToolButton[role="toggle"]:hover { background: $hover; }
QToolButton[role="toggle"]:checked {
    background: $accent_soft; color: $on_accent_soft; border-color: $accent;
}
QToolButton[role="toggle"]:focus { border: 1px solid $focus; }
QToolButton[role="letter"] {
    background: transparent; border: 1px solid transparent; border-radius: ${radius}px;
    padding: ${hair}px;
}
QToolButton[role="letter"]:hover { background: $hover; }
QToolButton[role="letter"]:focus { border: 1px solid $focus; }

QLabel[role="key"] {
    color: $muted; border: 1px solid $edge; border-radius: ${xs}px; padding: 0 ${xs}px;
    font-size: ${small}pt; background: $surface;
}
QTabBar::tab {
    background: transparent; color: $muted; padding: ${xs}px ${s}px;
    border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
""")


def page_sheet(theme: Theme) -> str:
    """Return the style sheet of the Review page for the theme in force."""
    px = theme.metrics.px
    names = {name: str(theme.px(name)) for name in ("xs", "s", "m", "l", "radius", "icon")}
    lengths = {
        "hair": max(px(2), 1),
        "inner": px(3),
        "inner_2": max(px(3) - 1, 0),
        "xs_1": max(theme.px("xs") - 1, 0),
        "answer": px(24),
        "cap": px(30),
        "wide_cap": px(64),
    }
    return SHEET.substitute(
        theme.colours.named()
        | names
        | {name: str(value) for name, value in lengths.items()}
        | {name: str(size) for name, size in theme.metrics.text.items()}
    )
