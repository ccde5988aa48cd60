"""The people of a study: how far its graders are, who leads it, and who analyses it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_app.setup.assign_dialog import AssignDialog
from desktop_app.setup.fields import ChoiceField
from desktop_app.setup.frame import SetupDialog, push_button
from desktop_app.setup.lists import stretch, table_view
from desktop_app.setup.options import change_options
from desktop_app.setup.people import (
    Person,
    fault_of_name,
    fault_of_removal,
    leads_with,
    read_people,
    without,
)
from desktop_app.setup.people_model import LEAD, NAME, PeopleModel
from desktop_app.window.theme import set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.options import StudyOptions

SENTENCE = (
    "Graders see their own queue. Leads see and set up everything; analysts see results. In a"
    " shared file this is trust, not a lock: packets keep graders blind."
)
NOBODY_LEADS = "No lead is named, so everybody who opens the study leads it."
GRADER, AS_LEAD, AS_ANALYST = "grader", "lead", "analyst"
ROLES = ((GRADER, "as a grader…"), (AS_LEAD, "as a lead"), (AS_ANALYST, "as an analyst"))


class PeopleDialog(SetupDialog):
    """A table of people, and a line that adds one."""

    options_changed = Signal()
    """Leads or analysts are others now."""
    tasks_changed = Signal()
    """Somebody was asked for images, from here."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(place, "People", SENTENCE, size=(680, 560), parent=parent)
        self.options = StudyOptions()
        self.model = PeopleModel(self)
        self.model.ticked.connect(self._on_ticked)
        self.table = table_view(self.model, "People of the study", place.theme)
        stretch(self.table, NAME)
        self.said = WrappedLabel("", "small")
        self.body.addWidget(self.table, stretch=1)
        self.body.addWidget(self.said)
        self.body.addLayout(self._adding())
        self.assign = push_button("Assign images…", self._on_assign)
        self.foot.insertWidget(0, self.assign)
        self.add_button("Close", self.accept, is_primary=True)
        self._say("")
        self.name.setFocus()
        self.load()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is shown."""
        return tuple(self.model.rows)

    def load(self) -> None:
        """Read the people again."""
        study = self.place.study
        self.ask(lambda: (read_people(study), study.options()), self._on_loaded)

    def give(self, name: str, role: int, *, wants: bool) -> None:
        """Make a person lead or analyst, or take the role away where that locks nobody out."""
        me = self.place.person
        if role == LEAD and not wants and (fault := fault_of_removal(self.options, name, me)):
            self._say(fault, is_fault=True)
            return
        change = partial(_change_role, self.place, name, role, wants=wants)
        self.lay_down(change, self._on_options)

    def _on_loaded(self, found: tuple[tuple[Person, ...], StudyOptions]) -> None:
        people, self.options = found
        self.model.set_rows(list(people))
        if not self.options.leads:
            self._say(NOBODY_LEADS)

    def _on_ticked(self, name: str, role: int, wants: bool) -> None:
        self.give(name, role, wants=wants)

    def _on_options(self, _options: StudyOptions) -> None:
        self._say("")
        self.load()
        self.options_changed.emit()

    def _on_add(self) -> None:
        name, role = self.name.text().strip(), self.role.choice
        if fault := fault_of_name(name, self.people):
            self._say(fault, is_fault=True)
            self.name.setFocus()
            return
        self.name.clear()
        if role == GRADER:
            self._on_assign(name)
        else:
            self.give(name, LEAD if role == AS_LEAD else LEAD + 1, wants=True)

    def _on_assign(self, newcomer: str = "") -> None:
        dialog = AssignDialog(self.place, newcomer=newcomer, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.tasks_changed.connect(self._on_tasks)
        dialog.open()

    def _on_tasks(self) -> None:
        self.load()
        self.tasks_changed.emit()

    def _say(self, text: str, *, is_fault: bool = False) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        set_role(self.said, "error" if is_fault else "small")

    def _adding(self) -> QHBoxLayout:
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name of somebody new")
        self.name.setAccessibleName("Name of somebody new")
        self.name.returnPressed.connect(self._on_add)
        self.role = ChoiceField("What they do", ROLES)
        self.add = push_button("Add", self._on_add, "Add this person")
        row = QHBoxLayout()
        space(row, self.place.theme)
        row.addWidget(self.name, stretch=1)
        row.addWidget(self.role)
        row.addWidget(self.add)
        return row


def _change_role(place: Workplace, name: str, role: int, *, wants: bool) -> StudyOptions:
    """Store who leads, or analyses, from now on; runs on the study's lane."""
    options = place.study.options()
    if role != LEAD:
        others = without(options.analysts, name)
        analysts = (*others, name) if wants else others
        return change_options(place.study, place.person, analysts=analysts)
    if wants:
        leads = leads_with(options, name, place.person)
    elif fault_of_removal(options, name, place.person):
        return options  # another page was quicker
    else:
        leads = without(options.leads, name)
    return change_options(place.study, place.person, leads=leads)
