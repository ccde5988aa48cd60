"""Where on the screen the image lies, exactly: zoom, pan and fit as arithmetic."""

from dataclasses import dataclass, replace

Point = tuple[float, float]

LARGEST_ZOOM = 64.0
SMALLEST_ZOOM = 1 / 64
MARGIN = 16.0
"""Screen pixels kept free around a picture that is fitted."""

IN_SIGHT = 48.0
"""Screen pixels of the picture that stay in the window however far it is pushed."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Screen pixels are image pixels times the scale, plus the offset.

    Attributes
    ----------
    zoom
        Device pixels per image pixel: at 1 a pixel of the image is one of the screen.
    x, y
        Where the corner of the image lies, in screen pixels.
    ratio
        Device pixels per screen pixel.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    ratio: float = 1.0

    @property
    def scale(self) -> float:
        """Screen pixels per image pixel."""
        return self.zoom / self.ratio

    @property
    def corner(self) -> Point:
        """Where the corner of the image is painted: `x` and `y` on a whole device pixel."""
        return round(self.x * self.ratio) / self.ratio, round(self.y * self.ratio) / self.ratio

    def to_screen(self, at: Point) -> Point:
        """Return where a point of the image is painted."""
        x, y = self.corner
        return at[0] * self.scale + x, at[1] * self.scale + y

    def to_image(self, at: Point) -> Point:
        """Return which point of the image is painted at a place on the screen."""
        x, y = self.corner
        return (at[0] - x) / self.scale, (at[1] - y) / self.scale

    def panned(self, by: Point) -> "Camera":
        """Return the camera with the image pushed by screen pixels."""
        return replace(self, x=self.x + by[0], y=self.y + by[1])

    def zoomed(self, zoom: float, about: Point) -> "Camera":
        """Return the camera at another zoom, with the same point of the image at `about`."""
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        factor = zoom / self.zoom
        x = about[0] - (about[0] - self.x) * factor
        y = about[1] - (about[1] - self.y) * factor
        return replace(self, zoom=zoom, x=x, y=y)

    def kept_in_sight(self, image: Point, window: Point) -> "Camera":
        """Return the camera with the image pushed back where little of it would be seen.

        Parameters
        ----------
        image, window
            Width and height, in image and in screen pixels.
        """
        x = _held(self.x, image[0] * self.scale, window[0])
        y = _held(self.y, image[1] * self.scale, window[1])
        return replace(self, x=x, y=y)


def fitted(image: Point, window: Point, ratio: float) -> Camera:
    """Return the camera that shows all of an image as large as the window allows, centred."""
    free = [max(side - 2 * MARGIN, 1.0) * ratio for side in window]
    zoom = min(free[0] / image[0], free[1] / image[1], LARGEST_ZOOM)
    return centred(Camera(max(zoom, SMALLEST_ZOOM), ratio=ratio), image, window)


def centred(camera: Camera, image: Point, window: Point) -> Camera:
    """Return the camera with the image in the middle of the window."""
    x = (window[0] - image[0] * camera.scale) / 2
    y = (window[1] - image[1] * camera.scale) / 2
    return replace(camera, x=x, y=y)


def _held(offset: float, length: float, window: float) -> float:
    keep = min(IN_SIGHT, length, window)
    return min(max(offset, keep - length), window - keep)
