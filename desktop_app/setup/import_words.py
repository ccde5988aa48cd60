"""What an import would bring, or has brought, in words."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.stages.importing import Imported
    from engine.stages.previewing import ImportPreview
    from engine.study.protocol import Changes

PARTS = (("photographs", "photograph"), ("rows", "row of a table"), ("gradings", "grading"))
PLURALS = {"row of a table": "rows of tables"}


def foreseen(preview: "ImportPreview") -> str:
    """Say what an import would bring."""
    if preview.imported is None:
        return "Nothing would be imported: see the problem below."
    lines = lines_of(preview.imported)
    if not lines:
        return "Nothing to import was found there."
    return "Would be stored: " + "; ".join(lines) + "."


def brought(imported: "Imported") -> str:
    """Say what an import has brought."""
    lines = lines_of(imported)
    return "Stored: " + "; ".join(lines) + "." if lines else "Nothing was imported."


def lines_of(imported: "Imported") -> list[str]:
    """Return what became of photographs, of rows and of gradings, where there were any."""
    found = ((getattr(imported, part), word) for part, word in PARTS)
    return [_line(changes, word) for changes, word in found if _total(changes)]


def _line(changes: "Changes", word: str) -> str:
    kinds = (("new", changes.added), ("changed", changes.changed), ("known", changes.unchanged))
    said = [(kind, count) for kind, count in kinds if count]
    many = PLURALS.get(word, f"{word}s")
    if len(said) == 1:
        [(kind, count)] = said
        return f"{count:,} {kind} {word if count == 1 else many}"
    parts = ", ".join(f"{count:,} {kind}" for kind, count in said)
    return f"{_total(changes):,} {many} ({parts})"


def _total(changes: "Changes") -> int:
    return changes.added + changes.changed + changes.unchanged
