"""Who reads which image: drawn live, looked at, and only then written."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.setup.assigning import Drawn, Load, Roster, Wish, draw, read_roster, store
from desktop_app.setup.fields import ChoiceField, NumberField, form
from desktop_app.setup.frame import SetupDialog
from desktop_app.setup.pool import Pool
from desktop_app.tables.grid import Grid
from desktop_app.tables.table_model import TableModel
from desktop_app.window.theme import set_role, space
from desktop_app.window.workplace import Workplace
from desktop_app.window.wrapped_label import WrappedLabel
from engine.domain.problem import Problem, Refusal
from engine.report.table import Column, Table
from engine.study.protocol import Changes, Conflict
from engine.tasks.executors import Lane

SENTENCE = (
    "Loads differ by at most one image, pairs of graders share images evenly, and everyone has an"
    " order of their own. The same names and seed always give the same lots."
)
NEW, GIVE = "Assign images", "Give away or take back"
MOST_SEED = 2.0**53
CHANGED = Problem(
    "tasks_changed",
    "assignment",
    "Somebody else assigned images meanwhile",
    "Nothing was written; look at the new preview and assign again",
)


class AssignDialog(SetupDialog):
    """Takes a pool and numbers, shows what would come of them, and writes what was shown.

    Parameters
    ----------
    newcomer
        A grader who is to be in the pool though the study does not know them yet.
    """

    tasks_changed = Signal()
    """Readings were asked for, or given to others."""

    def __init__(
        self, place: Workplace, *, newcomer: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(place, "Assignment", SENTENCE, size=(860, 640), parent=parent)
        self.roster = Roster()
        self.drawn: Drawn | None = None
        self._is_drawing = False
        self._is_stale = False
        self._make_fields()
        self._lay_out()
        self.add_button("Close", self.reject)
        self.write = self.add_button("Assign", self._on_write, is_primary=True)
        if newcomer:
            self.pool.add_grader(newcomer)
        self.write.setEnabled(False)
        self.load()

    @property
    def is_giving(self) -> bool:
        """True where images are given to others, False where they are newly assigned."""
        return self.modes[GIVE].isChecked()

    @property
    def wish(self) -> Wish:
        """What is wanted now."""
        pool = self.takers if self.is_giving else self.pool
        return Wish(
            pool=pool.chosen,
            per_image=int(self.per_image.number),
            repeats=self.repeats.number / 100,
            seed=int(self.seed.number),
            giver=self.giver.choice if self.is_giving else "",
        )

    def load(self) -> None:
        """Read again what was asked of whom, and draw anew."""
        self.ask(partial(read_roster, self.place.study), self._on_roster)

    # Drawing

    def refresh(self) -> None:
        """Draw anew for what is wanted now; one draw at a time, the last wish counts."""
        self._is_stale = self._is_drawing
        if self._is_drawing:
            return
        self._is_drawing = True
        self.write.setEnabled(False)
        task = partial(draw, self.roster, self.wish)
        self.work(Lane.CPU, task, self._on_drawn, self._on_refused)

    def _on_roster(self, roster: Roster) -> None:
        self.roster = roster
        chosen = self.giver.choice
        self.giver.blockSignals(True)
        self.giver.show_choices(
            (g, f"{g}: {count:,} not begun") for g, count in roster.idle_counts.items()
        )
        self.giver.choose(chosen)
        self.giver.blockSignals(False)
        self.pool.show_graders(roster.graders)
        self._show_takers()

    def _show_takers(self) -> None:
        self.takers.show_graders(self.roster.graders, but=self.giver.choice)

    def _on_drawn(self, drawn: Drawn) -> None:
        if self._is_over(drawn.wish):
            return
        self.drawn = drawn
        self.model.set_table(Table("loads", COLUMNS, drawn.loads))
        self.table.fit_columns()
        self.table.setVisible(bool(drawn.loads))
        self._say(said_of(drawn, len(self.roster.images)))
        self.write.setText(button_of(drawn))
        self.write.setAccessibleName(self.write.text())
        self.write.setEnabled(bool(drawn.new or drawn.away))

    def _on_refused(self, error: BaseException) -> None:
        if self._is_over(None):
            return
        self.drawn = None
        self.table.hide()
        self.write.setText("Assign")
        if isinstance(error, Refusal):
            self._say(str(error.problem), is_fault=True)
        else:
            self.tell_error(error)

    def _is_over(self, wish: Wish | None) -> bool:
        """Tell whether something else is wanted by now, which is then drawn."""
        self._is_drawing = False
        if self._is_stale or (wish is not None and wish != self.wish):
            self.refresh()
            return True
        return False

    # Writing

    def _on_write(self) -> None:
        if self.drawn is None:
            return
        self.write.setEnabled(False)
        task = partial(store, self.place.study, self.drawn, author=self.place.person)
        self.lay_down(task, self._on_stored, self._on_not_stored)

    def _on_stored(self, changes: Changes) -> None:
        self.banners.withdraw(CHANGED.code)
        for problem in changes.problems[:1]:
            self.tell(problem)
        self.tasks_changed.emit()
        self.load()

    def _on_not_stored(self, error: BaseException) -> None:
        if isinstance(error, Conflict):
            self.tell(CHANGED)
            self.load()
        else:
            self.tell_error(error)
            self.write.setEnabled(True)

    def _on_mode(self) -> None:
        self.pools.setCurrentIndex(int(self.is_giving))
        for field in (self.per_image, self.repeats):
            field.setEnabled(not self.is_giving)
        self.refresh()

    # How it looks

    def _make_fields(self) -> None:
        self.modes = {text: self._mode(text) for text in (NEW, GIVE)}
        self._group = QButtonGroup(self)
        for button in self.modes.values():
            self._group.addButton(button)
        self.modes[NEW].setChecked(True)
        self.pool = Pool(self.place.theme, "Graders who may be asked")
        self.takers = Pool(self.place.theme, "Graders who take them over")
        self.giver = ChoiceField("Whose images are given away")
        self.per_image = NumberField("Graders for each image", low=1, high=50)
        self.per_image.setValue(3)
        self.repeats = NumberField("Images read twice, percent", high=50)
        self.repeats.setSuffix(" %")
        self.seed = NumberField("Seed of the lots", high=MOST_SEED)
        for field in (self.per_image, self.repeats, self.seed):
            field.valueChanged.connect(lambda _: self.refresh())
        for pool in (self.pool, self.takers):
            pool.changed.connect(self.refresh)
        self.giver.currentIndexChanged.connect(lambda _: self._show_takers())
        self._group.buttonClicked.connect(lambda _: self._on_mode())

    def _mode(self, text: str) -> QPushButton:
        button = QPushButton(text)
        set_role(button, "segment")
        button.setCheckable(True)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        theme = self.place.theme
        segments = QHBoxLayout()
        space(segments, theme, spacing="xs")
        for button in self.modes.values():
            segments.addWidget(button)
        segments.addStretch()
        columns = QHBoxLayout()
        space(columns, theme, spacing="xl")
        columns.addLayout(self._left(), stretch=2)
        columns.addLayout(self._right(), stretch=3)
        self.body.addLayout(segments)
        self.body.addLayout(columns, stretch=1)

    def _left(self) -> QVBoxLayout:
        theme = self.place.theme
        giving = QWidget()
        column = QVBoxLayout(giving)
        space(column, theme, spacing="s")
        column.addWidget(WrappedLabel("Images that are not begun, of", "strong"))
        column.addWidget(self.giver)
        column.addWidget(self.takers, stretch=1)
        column.addWidget(WrappedLabel("With nobody ticked they are only taken back.", "muted"))
        self.pools = QStackedWidget()
        self.pools.addWidget(self.pool)
        self.pools.addWidget(giving)
        rows = (
            ("Graders for each image", self.per_image),
            ("Images read twice", self.repeats),
            ("Seed of the lots", self.seed),
        )
        left = QVBoxLayout()
        space(left, theme, spacing="m")
        left.addWidget(self.pools, stretch=1)
        left.addLayout(form(rows, theme))
        return left

    def _right(self) -> QVBoxLayout:
        self.model = TableModel(self)
        self.table = Grid(self.model, self.place.theme)
        self.table.setAccessibleName("What each grader would read")
        self.said = WrappedLabel()
        right = QVBoxLayout()
        space(right, self.place.theme, spacing="s")
        right.addWidget(WrappedLabel("What would come of it", "strong"))
        right.addWidget(self.said)
        right.addWidget(self.table, stretch=1)
        right.addStretch()
        return right

    def _say(self, text: str, *, is_fault: bool = False) -> None:
        self.said.setText(text)
        set_role(self.said, "error" if is_fault else "")


COLUMNS: tuple[Column[Load], ...] = (
    Column("grader", "who reads", lambda load: load.grader),
    Column("now", "images as an assigned grader, now", lambda load: load.before),
    Column("change", "images more than now, or fewer", lambda load: load.after - load.before),
    Column("then", "images as an assigned grader, then", lambda load: load.after),
    Column("twice", "images to be read twice, then", lambda load: load.again),
)


def said_of(drawn: Drawn, images: int) -> str:
    """Say how even it would be."""
    if drawn.wish.giver and not drawn.away:
        return f"{drawn.wish.giver} has no image that is not begun."
    if drawn.wish.giver and not drawn.new:
        return "Nobody takes them over: their images have a grader less each."
    if not drawn.new and not drawn.away:
        enough = f"All {images:,} images have their graders already: nothing to assign."
        return f"{enough} {_evenness(drawn)}"
    return _evenness(drawn)


def button_of(drawn: Drawn) -> str:
    """Say what the button would write."""
    count = len(drawn.new or drawn.away)
    verb = "Assign" if not drawn.wish.giver else "Give away" if drawn.new else "Take back"
    return f"{verb} {count:,} reading{'s' * (count != 1)}"


def _evenness(drawn: Drawn) -> str:
    loads = [load.after for load in drawn.loads if load.grader != drawn.wish.giver]
    text = f"Each grader reads {_between(min(loads), max(loads))} images."
    if len(drawn.wish.pool) > 1:
        text += f" Any two share {_between(*drawn.shared)}."
    return text


def _between(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
