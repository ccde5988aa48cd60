"""Pointer events for tool states, without a window: 10 screen pixels to an image pixel."""

from desktop_app.canvas.tools.pointer import Pointer, Scene
from engine.domain.polygon import Polygon, ring

SCALE = 10.0


def box(x, y, side):
    """Return the corners of a square."""
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def square(x, y, side, *holes):
    """Return a square with square holes."""
    return Polygon(ring(box(x, y, side)), tuple(ring(box(*hole)) for hole in holes))


def scene(*region, selected=-1, may_edit=True):
    """Return a scene of 100 by 80 pixels."""
    return Scene(region, selected, 100, 80, may_edit)


def at(x, y, *, alt=False, scale=SCALE):
    """Return the pointer at a point of the image."""
    return Pointer((x, y), scale, alt)


class Hand:
    """Leads one tool through events and remembers all that it answered."""

    def __init__(self, state, a_scene):
        self.state, self.scene, self.steps = state, a_scene, []

    def _take(self, step):
        self.state = step.state
        self.steps.append(step)
        return step

    def press(self, x, y, **more):
        return self._take(self.state.press(at(x, y, **more), self.scene))

    def move(self, x, y, **more):
        return self._take(self.state.move(at(x, y, **more), self.scene))

    def release(self, x, y, **more):
        return self._take(self.state.release(at(x, y, **more), self.scene))

    def double_press(self, x, y):
        return self._take(self.state.double_press(at(x, y), self.scene))

    def close(self):
        return self._take(self.state.close(self.scene))

    def drop(self):
        return self._take(self.state.drop(SCALE))

    def click(self, x, y, **more):
        self.move(x, y, **more)
        self.press(x, y, **more)
        return self.release(x, y, **more)

    def drag(self, *points, **more):
        """Press at the first point and release at the last."""
        self.press(*points[0], **more)
        for point in points[1:]:
            self.move(*point, **more)
        return self.release(*points[-1], **more)

    @property
    def intents(self):
        """What was asked for so far."""
        return [step.intent for step in self.steps if step.intent is not None]
