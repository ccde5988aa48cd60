"""Whatever is done to a table in whatever order, it shows what plain lists would."""

import math
import re

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop_app.tables import table_model
from desktop_app.tables.filters import Choice, Contains, Defined, NumberRange
from desktop_app.tables.table_model import TableModel
from engine.domain.measure import Undefined
from tests.desktop_app.tables.measured import COLUMNS, EMPTY, Row, table

ORDERS = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
NAMES = [column.name for column in COLUMNS]
TEXTS = st.one_of(st.none(), st.text("aAb019/ ", max_size=5))
NUMBERS = st.one_of(st.none(), st.just(EMPTY), st.sampled_from([-1.0, 0.0, 0.25, 0.5, math.inf]))
FLAGS = st.sampled_from([True, False, None, EMPTY])
ROWS = st.builds(Row, TEXTS, NUMBERS, FLAGS, st.integers(0, 12))
FILTERS = {
    "image": st.one_of(
        st.builds(Contains, st.text("aAb019", min_size=1, max_size=2)),
        st.builds(Choice, st.frozensets(st.text("aAb019", max_size=2), max_size=3)),
        st.builds(Defined, st.booleans()),
    ),
    "ds": st.one_of(
        st.builds(NumberRange, st.sampled_from([None, 0.0]), st.sampled_from([None, 0.25])),
        st.builds(Defined, st.booleans()),
    ),
    "is_correct": st.builds(Choice, st.frozensets(st.sampled_from(["yes", "no", ""]))),
    "graders": st.builds(NumberRange, st.integers(0, 5), st.none()),
}


def has_value(value):
    return value is not None and value != "" and not isinstance(value, Undefined)


def passes(wanted, value):
    match wanted:
        case NumberRange(low, high):
            return has_value(value) and (low is None or value >= low) and (
                high is None or value <= high
            )  # fmt: skip
        case Choice(chosen):
            said = {True: "yes", False: "no"}.get(value, value) if has_value(value) else ""
            return said in chosen
        case Contains(part):
            return has_value(value) and part.casefold() in value.casefold()
        case Defined(wants_value):
            return has_value(value) is wants_value


def natural(value):
    """Return the parts of a text that compare in turn; a number stands where its digits would."""
    if not isinstance(value, str):
        return value
    parts = re.findall(r"\d+|\D", value.casefold())
    return [("0", int(part)) if part.isdigit() else (part, 0) for part in parts]


class Lists:
    """The same table as plain lists, sorted and filtered anew each time."""

    def __init__(self):
        self.rows, self.sorting, self.filters, self.words, self.mask = [], None, {}, [], None

    def shown(self):
        numbers = [n for n, row in enumerate(self.rows) if self.is_shown(n, row)]
        if self.sorting is None:
            return numbers
        name, order = self.sorting
        value = {number: getattr(self.rows[number], name) for number in numbers}
        defined = [number for number in numbers if has_value(value[number])]
        others = [number for number in numbers if not has_value(value[number])]
        is_down = order is Qt.SortOrder.DescendingOrder
        # reverse=True keeps equal ones in their order
        return sorted(defined, key=lambda n: natural(value[n]), reverse=is_down) + others

    def is_shown(self, number, row):
        if self.mask is not None and not (number < len(self.mask) and self.mask[number]):
            return False
        text = (row.image or "").casefold()
        return all(word.casefold() in text for word in self.words) and all(
            passes(wanted, getattr(row, name)) for name, wanted in self.filters.items()
        )


class Tables(RuleBasedStateMachine):
    """A model, the lists beside it, and indices that must go on meaning the rows they meant."""

    @initialize(rows=st.lists(ROWS, max_size=8))
    def begin(self, rows):
        self.model, self.lists = TableModel(), Lists()
        mode = QAbstractItemModelTester.FailureReportingMode.Fatal
        self.tester = QAbstractItemModelTester(self.model, mode)
        self.replace_all(rows)

    @rule(rows=st.lists(ROWS, max_size=8))
    def replace_all(self, rows):
        self.lists.rows = list(rows)
        self.model.set_table(table(*rows))
        self.kept = {}

    @rule(rows=st.lists(ROWS, max_size=4))
    def append(self, rows):
        self.lists.rows += rows
        self.model.append_rows(rows)

    @rule(data=st.data(), row=ROWS)
    def update(self, data, row):
        if self.lists.rows:
            number = data.draw(st.integers(0, len(self.lists.rows) - 1))
            self.lists.rows[number] = row
            self.model.update_rows([(number, row)])

    @rule(name=st.sampled_from([*NAMES, None]), order=st.sampled_from(ORDERS))
    def sort(self, name, order):
        self.lists.sorting = (name, order) if name else None
        self.model.sort(self.model.column_at(name) if name else -1, order)

    @rule(words=st.lists(st.text("aAb01/", min_size=1, max_size=2), max_size=2))
    def search(self, words):
        self.lists.words = words
        self.model.set_search(" ".join(words))

    @rule(name=st.sampled_from(NAMES), data=st.data())
    def set_filter(self, name, data):
        self.lists.filters[name] = data.draw(FILTERS[name])
        self.model.set_filter(name, self.lists.filters[name])

    @rule(name=st.sampled_from(NAMES))
    def take_off_a_filter(self, name):
        self.lists.filters.pop(name, None)
        self.model.set_filter(name, None)

    @rule(mask=st.one_of(st.none(), st.lists(st.booleans(), max_size=10)))
    def brush(self, mask):
        self.lists.mask = mask
        self.model.set_mask(None if mask is None else np.array(mask, dtype=bool))

    @rule()
    def show_all(self):
        self.lists.filters, self.lists.words, self.lists.mask = {}, [], None
        self.model.clear_filters()

    @rule(data=st.data())
    def keep_an_index(self, data):
        if self.model.rowCount():
            place = data.draw(st.integers(0, self.model.rowCount() - 1))
            at = data.draw(st.integers(0, len(NAMES) - 1))
            index = self.model.index(place, at)
            self.kept[self.model.shown[place]] = QPersistentModelIndex(index)

    @invariant()
    def shows_what_the_lists_show(self):
        if not hasattr(self, "model"):
            return
        self.model.settle()
        shown = self.lists.shown()
        assert list(self.model.shown) == shown
        assert [self.model.index_of(n).row() for n in shown] == list(range(len(shown)))
        cells = [self.model.index(place, 0).data() for place in range(len(shown))]
        assert cells == [self.lists.rows[n].image if self.lists.rows[n].image is not None else "–"
                         for n in shown]  # fmt: skip
        assert self.model.shown_mask.tolist() == [
            number in set(shown) for number in range(len(self.lists.rows))
        ]

    @invariant()
    def kept_indices_mean_the_same_rows(self):
        if not hasattr(self, "model"):
            return
        self.model.settle()
        gone = [number for number, index in self.kept.items() if not index.isValid()]
        for number in gone:
            del self.kept[number]
        for number, index in self.kept.items():
            assert self.model.number_of(index) == number
        assert not set(gone) - set(self.hidden_once())

    def hidden_once(self):
        """Return rows that are out of sight now; only those may have lost their index."""
        return set(range(len(self.lists.rows))) - set(self.lists.shown())


class TablesReadInSlices(Tables):
    """The same where no column is ever read on the spot."""

    @initialize(rows=st.lists(ROWS, max_size=8))
    def begin(self, rows):
        self.at_once, table_model.AT_ONCE = table_model.AT_ONCE, 0
        super().begin(rows)

    def teardown(self):
        table_model.AT_ONCE = getattr(self, "at_once", table_model.AT_ONCE)


def run(machine, qapp):
    case = machine.TestCase
    case.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
    case("runTest").runTest()


def test_a_table_shows_what_plain_lists_would(qapp):
    run(Tables, qapp)


def test_a_table_that_is_read_in_slices_shows_what_plain_lists_would(qapp):
    run(TablesReadInSlices, qapp)
