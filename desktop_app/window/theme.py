"""Light, dark or as the system has it, at 100 to 200 %: switched while the window is open."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QWidget

from desktop_app.window.icons import line_icon, line_pixmap
from desktop_app.window.settings import Settings, ThemeChoice
from desktop_app.window.tokens import Colours, Metrics, load_colours, metrics_at, style_sheet

SCHEMES = {
    ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
    ThemeChoice.LIGHT: Qt.ColorScheme.Light,
    ThemeChoice.DARK: Qt.ColorScheme.Dark,
}
FALLBACK_POINTS = 9.0
ICON_SIZES = ("small_icon", "icon", "large_icon")

Role = QPalette.ColorRole


class Theme(QObject):
    """The colours and sizes in force, for the whole application.

    Whoever paints for themselves, or sets sizes, reads `colours` and `metrics` again at `changed`.
    """

    changed = Signal()

    def __init__(
        self, application: QApplication, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._settings = settings
        self._choice = settings.theme
        self._scale = settings.scale
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        points = QFontInfo(font).pointSizeF()
        self._points = points if points > 0 else FALLBACK_POINTS
        self._font = font
        application.setStyle("Fusion")
        hints = application.styleHints()
        hints.setColorScheme(SCHEMES[self._choice])
        self._system_is_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        hints.colorSchemeChanged.connect(self.follow_system)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    @property
    def scale(self) -> int:
        """Size of text and controls in percent."""
        return self._scale

    @property
    def is_dark(self) -> bool:
        """True where dark colours are in force."""
        if self._choice is ThemeChoice.SYSTEM:
            return self._system_is_dark
        return self._choice is ThemeChoice.DARK

    @property
    def name(self) -> str:
        """The theme in force: ``light`` or ``dark``."""
        return "dark" if self.is_dark else "light"

    def choose(self, choice: ThemeChoice) -> None:
        """Switch to other colours and remember them."""
        self._settings.theme = choice
        self._choice = choice
        # the window's own frame follows where the system allows it
        self._application.styleHints().setColorScheme(SCHEMES[choice])
        self._apply()

    def set_scale(self, percent: int) -> None:
        """Switch to another size of text and controls and remember it."""
        self._settings.scale = percent
        self._scale = percent
        self._apply()

    def follow_system(self, scheme: Qt.ColorScheme) -> None:
        """Take note of the system's colours; they show where the person wants the system's."""
        if self._choice is not ThemeChoice.SYSTEM:
            return
        was_dark, self._system_is_dark = self._system_is_dark, scheme == Qt.ColorScheme.Dark
        if self._system_is_dark != was_dark:
            self._apply()

    def px(self, name: str) -> int:
        """Return a named length in pixels at the scale in force."""
        return self.metrics.pixels[name]

    def icon(self, name: str, *, tone: str = "text") -> QIcon:
        """Return a line icon in a colour of the theme."""
        named = self.colours.named()
        sizes = tuple(self.px(size) for size in ICON_SIZES)
        return line_icon(name, colour=named[tone], disabled=named["disabled"], sizes=sizes)

    def pixmap(self, name: str, *, tone: str = "text", size: str = "icon") -> QPixmap:
        """Return a line icon as a picture, for labels."""
        ratio = self._application.devicePixelRatio()
        return line_pixmap(name, self.colours.named()[tone], self.px(size), ratio=ratio)

    def _apply(self) -> None:
        self.colours: Colours = load_colours(self.name)
        self.metrics: Metrics = metrics_at(self._scale, points=self._points)
        font = self._font
        font.setPointSizeF(self.metrics.points)
        self._application.setPalette(palette_of(self.colours))
        self._application.setFont(font)
        self._application.setStyleSheet(style_sheet(self.name, self.colours, self.metrics))
        self.changed.emit()


def palette_of(colours: Colours) -> QPalette:
    """Return the palette of a theme, for all that the style sheet does not name."""
    c = colours
    table = {
        Role.Window: c.window, Role.WindowText: c.text, Role.Base: c.surface,
        Role.AlternateBase: c.window, Role.Text: c.text, Role.Button: c.surface,
        Role.ButtonText: c.text, Role.BrightText: c.error, Role.ToolTipBase: c.raised,
        Role.ToolTipText: c.text, Role.PlaceholderText: c.muted, Role.Highlight: c.accent,
        Role.HighlightedText: c.on_accent, Role.Accent: c.accent, Role.Link: c.accent,
        Role.LinkVisited: c.accent, Role.Light: c.raised, Role.Midlight: c.hover,
        Role.Mid: c.border, Role.Dark: c.edge, Role.Shadow: c.outline,
    }  # fmt: skip
    palette = QPalette()
    for role, colour in table.items():
        palette.setColor(role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, QColor(c.pressed))
    return palette


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget the look that the style sheet has under a role, such as ``primary``."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class HasIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Show an icon."""
        ...


class _Kept(QObject):
    """Something that a theme decides, set now and at each change for as long as its owner lives."""

    def __init__(self, owner: QObject, theme: Theme) -> None:
        super().__init__(owner)
        self.theme = theme
        theme.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Set it as the theme in force has it."""
        raise NotImplementedError


class KeptIcon(_Kept):
    """The icon of a button or an action, or the picture of a label."""

    def __init__(
        self,
        owner: QObject,
        theme: Theme,
        name: str,
        *,
        tone: str = "text",
        size: str = "icon",
    ) -> None:
        super().__init__(owner, theme)
        self._owner = owner
        self._name, self._tone, self._size = name, tone, size
        self.refresh()

    def show(self, name: str, *, tone: str = "") -> None:
        """Show another icon from now on."""
        wanted = name, tone or self._tone
        if wanted != (self._name, self._tone):
            self._name, self._tone = wanted
            self.refresh()

    def refresh(self) -> None:
        """Draw the icon in the theme's colour."""
        if isinstance(self._owner, QLabel):
            pixmap = self.theme.pixmap(self._name, tone=self._tone, size=self._size)
            self._owner.setPixmap(pixmap)
            return
        owner: HasIcon = self._owner  # type: ignore[assignment]
        owner.setIcon(self.theme.icon(self._name, tone=self._tone))


class KeptSheet(_Kept):
    """The style sheet of a page, beside the window's own.

    Parameters
    ----------
    sheet
        Returns the style sheet for a theme.
    """

    def __init__(self, owner: QWidget, theme: Theme, sheet: Callable[[Theme], str]) -> None:
        super().__init__(owner, theme)
        self._owner = owner
        self._sheet = sheet
        self.refresh()

    def refresh(self) -> None:
        """Set it as the theme in force has it."""
        self._owner.setStyleSheet(self._sheet(self.theme))


class KeptSpace(_Kept):
    """Margins and spacing of a layout, by the names of lengths."""

    def __init__(self, layout: QLayout, theme: Theme, *, margins: str, spacing: str) -> None:
        super().__init__(layout, theme)
        self._layout = layout
        self._margins = _four(margins)
        self._spacing = spacing
        self.refresh()

    def refresh(self) -> None:
        """Set them at the theme's scale."""
        left, top, right, bottom = (self.theme.px(name) for name in self._margins)
        self._layout.setContentsMargins(left, top, right, bottom)
        self._layout.setSpacing(self.theme.px(self._spacing))


def space(layout: QLayout, theme: Theme, margins: str = "none", *, spacing: str = "s") -> None:
    """Keep margins and spacing of a layout at the theme's scale.

    Parameters
    ----------
    margins
        One name of a length, two (sideways, up and down) or four (left, top, right, bottom).
    """
    KeptSpace(layout, theme, margins=margins, spacing=spacing)


def _four(margins: str) -> list[str]:
    names = margins.split()
    return names * (4 // len(names))
