"""What the page shows where there is no image to grade: why, and what to do next."""

from statistics import median

from desktop_app.window.state_page import State
from engine.domain.problem import Problem

LOADING = State("study", "Opening your images…")


def no_task(grader: str, *, is_packet: bool) -> State:
    """Return the state of a queue without a task."""
    whose = "This packet" if is_packet else "This study"
    text = (
        f"{whose} holds no image that {grader} was asked to grade."
        " Ask the lead for images, or check that the name is yours."
    )
    return State("grader", "No images for you yet", text)


def all_done(count: int, seconds: list[float], *, is_packet: bool) -> State:
    """Return the state of a queue with nothing left to do.

    Parameters
    ----------
    seconds
        Time at work on each image that has any.
    """
    images = "Your one image is" if count == 1 else f"All your {count} images are"
    half = duration(median(seconds)) if seconds else ""
    pace = f" Half of them took you at most {half} each." if half else ""
    then = " Now send the file back to the lead." if is_packet else ""
    return State("done", f"{images} done", f"Thank you.{pace}{then}", "success")


NO_PICTURE = {
    "no_picture": "There is no photograph to look at",
    "image_changed": "The photograph is not the one it was",
    "image_missing": "The photograph is not where it was",
}
FOR_GRADERS = frozenset({"no_picture", "image_changed", "picture_failed"})
"""Problems whose remedy a grader can act on; the others are for whoever keeps the files."""


def without_picture(problem: Problem) -> State:
    """Return the state of an image whose picture cannot be shown."""
    is_expected = problem.code == "no_picture"
    title = NO_PICTURE.get(problem.code, "The photograph cannot be shown")
    remedy = problem.remedy
    if problem.code not in FOR_GRADERS:
        remedy = f"For whoever keeps the photographs: {remedy[:1].lower()}{remedy[1:]}"
    text = f"{_sentence(problem.message)} {_sentence(remedy)}\n\n{STILL}"
    return State("missing" if is_expected else "warning", title, text, TONE[is_expected])


TONE = {True: "muted", False: "warning"}
STILL = (
    "Nothing can be outlined here. A note, a problem and the answers beside can still be left for"
    " this image."
)


def duration(seconds: float) -> str:
    """Return a time at work in words, such as ``8 seconds`` or ``2 min 5 s``."""
    whole = round(seconds)
    if whole < 60:
        return "1 second" if whole == 1 else f"{whole} seconds"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
