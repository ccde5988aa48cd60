"""The guides as tests read them: their tables of keys, of trouble, and their pictures."""

import re
from dataclasses import dataclass
from pathlib import Path

from desktop_app.window.action_table import ACTIONS, Group, Place

DOCS = Path(__file__).parents[3] / "docs"
BEGIN = "<!-- keys: written by tests/desktop_app/window/test_guide.py -->\n"
END = "<!-- end of keys -->\n"


@dataclass(frozen=True)
class Guide:
    """One person's guide, and the page of the window that it is about."""

    name: str
    place: Place

    @property
    def file(self):
        return DOCS / "guide" / f"{self.name}.md"

    @property
    def text(self):
        return self.file.read_text(encoding="utf-8")

    def with_keys(self):
        """Return the guide with the table of keys that it should have."""
        before, rest = self.text.split(BEGIN)
        return before + BEGIN + keys_table(self.place) + END + rest.split(END)[1]

    def tells(self, message):
        """Say whether the table of trouble has a message, as far as its first clause."""
        said = re.split(r"[;,(:]| while ", message)[0].strip()
        table = self.text.split("## When something is wrong")[1]
        return f"| {said[0].upper()}{said[1:]}" in table


GRADER = Guide("grader", Place.GRADE)
LEAD = Guide("lead", Place.REVIEW)
ANALYST = Guide("analyst", Place.EXPLAIN)
GUIDES = (GRADER, LEAD, ANALYST)


def keys_table(place):
    """Return the table that the actions of today should have."""
    parts = []
    for group in Group:
        here = [spec for spec in ACTIONS if spec.group is group and place in spec.places]
        rows = "\n".join(map(row, here))
        parts += [f"| {group.value} | keys | |\n|---|---|---|\n{rows}\n"] if here else []
    return "\n".join(parts)


def row(spec):
    """Return the line of one action."""
    keys = ", ".join(f"`{key}`" for key in spec.keys) or "none"
    return f"| {spec.text.rstrip('…')} | {keys} | {spec.hint} |"
