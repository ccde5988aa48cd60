"""People as rows of a table, whose roles are boxes to be ticked."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from desktop_app.setup.people import Person
from desktop_app.tables.rows import Column, Index, RowsModel

NAME, READ, LEAD, ANALYST = range(4)
CHECK = int(Qt.ItemDataRole.CheckStateRole)
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


class PeopleModel(RowsModel[Person]):
    """One row a person; ticking a box only asks, since the study decides."""

    ticked = Signal(str, int, bool)
    """A person's name, `LEAD` or `ANALYST`, and whether they are to be one."""

    def __init__(self, parent: QObject | None = None) -> None:
        columns: tuple[Column[Person], ...] = (
            Column("Person", lambda person: person.name),
            Column("Images read", lambda person: person.progress),
            _box("Lead", lambda person: person.is_lead),
            _box("Analyst", lambda person: person.is_analyst),
        )
        super().__init__(columns, parent)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the roles be ticked."""
        flags = super().flags(index)
        is_role = index.isValid() and index.column() in (LEAD, ANALYST)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_role else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a role to be given or taken; the row changes once the study has it."""
        number = self.number_of(index)
        if number is None or int(role) != CHECK or index.column() not in (LEAD, ANALYST):
            return False
        wants = Qt.CheckState(value) == Qt.CheckState.Checked
        self.ticked.emit(self.rows[number].name, index.column(), wants)
        return False


def _box(title: str, has: Callable[[Person], bool]) -> Column[Person]:
    def state(person: Person) -> Qt.CheckState:
        return Qt.CheckState.Checked if has(person) else Qt.CheckState.Unchecked

    def spoken(person: Person) -> str:
        return f"{title} {person.name}: {'yes' if has(person) else 'no'}"

    return Column(title, lambda _: "", {CHECK: state, SPOKEN: spoken})
