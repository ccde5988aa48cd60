"""How far a grader is with an image, as the window knows it before the store does."""

from engine.domain.grading import Status
from engine.domain.queue import QueueState, Sheet, is_blank


def state_of(sheet: Sheet) -> QueueState:
    """Return how far a sheet is, as the store will say it."""
    present = sheet.history.present
    if present.status is Status.DONE:
        return QueueState.DONE
    if waits_for(sheet):
        return QueueState.SENT_BACK
    return QueueState.TO_DO if is_blank(present) else QueueState.STARTED


def waits_for(sheet: Sheet) -> str:
    """Return the lead's reason where a sheet was not done since it was sent back, else empty."""
    states = sheet.history.states[: sheet.history.at + 1]
    is_done_since = any(state.status is Status.DONE for state in states)
    return "" if is_done_since else sheet.sent_back
