"""The reason a lead gave last for each kind of deed, offered the next time."""

from desktop_app.window.settings import Settings

SUGGESTED = {
    "adopt": "Follows the visible border best",
    "majority": "The graders agree on what matters",
    "edit": "Corrected by hand",
    "withdraw": "Reconsidered",
    "send_back": "Please look at this image again",
}
"""What is offered before anybody gave a reason, by kind of deed."""


class Reasons:
    """Remembers reasons on this machine."""

    def __init__(self, settings: Settings) -> None:
        self._store = settings.store

    def suggestion(self, kind: str) -> str:
        """Return what to offer for a kind of deed."""
        kept = self._store.value(f"review/reason/{kind}", "")
        return str(kept) or SUGGESTED[kind]

    def remember(self, kind: str, reason: str) -> None:
        """Offer this reason from now on."""
        self._store.setValue(f"review/reason/{kind}", reason)
