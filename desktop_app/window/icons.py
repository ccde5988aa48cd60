"""Icons drawn by us: lines in the colour of the theme, and the program's own.

``python -m desktop_app.window.icons`` draws ``app-SIZE.png`` beside the program's icon anew.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap

from desktop_app.window.tokens import ICONS

APP_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
VIEW_BOX = 'viewBox="0 0 512 512"'
VIEW_BOX_WITHOUT_MARGIN = 'viewBox="24 24 464 464"'
SMALL_UP_TO = 48
"""Up to this size the program's icon is drawn from its plain version."""


def draw(svg: bytes, size: int) -> QImage:
    """Return a square picture of a drawing, in pixels."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - the first icon loads it

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def line_pixmap(name: str, colour: str, size: int, *, ratio: float = 1.0) -> QPixmap:
    """Return a line icon in a colour; its size is in device-independent pixels."""
    pixmap = QPixmap.fromImage(draw(_line_svg(name, colour), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def line_icon(name: str, *, colour: str, disabled: str, sizes: tuple[int, ...]) -> QIcon:
    """Return a line icon at several sizes, and at twice each for dense screens."""
    icon = QIcon()
    for size in sorted({*sizes, *(2 * size for size in sizes)}):
        for mode, tone in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
            icon.addPixmap(line_pixmap(name, tone, size), mode)
    return icon


def app_icon() -> QIcon:
    """Return the program's own icon, from the pictures drawn beforehand."""
    icon = QIcon()
    for size in APP_SIZES:
        icon.addFile(str(ICONS / f"app-{size}.png"), QSize(size, size))
    return icon


def emblem(size: int, *, ratio: float = 1.0) -> QPixmap:
    """Return the program's own icon in full, for its pages; in device-independent pixels."""
    whole = (ICONS / "app.svg").read_text(encoding="utf-8")
    svg = whole.replace(VIEW_BOX, VIEW_BOX_WITHOUT_MARGIN).encode()
    pixmap = QPixmap.fromImage(draw(svg, round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def draw_app_icon(size: int) -> QImage:
    """Draw the program's own icon."""
    name = "app-small" if size <= SMALL_UP_TO else "app"
    return draw((ICONS / f"{name}.svg").read_bytes(), size)


@cache
def _line_svg(name: str, colour: str) -> bytes:
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).encode()


if __name__ == "__main__":
    for size in APP_SIZES:
        draw_app_icon(size).save(str(ICONS / f"app-{size}.png"))
