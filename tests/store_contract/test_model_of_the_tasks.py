"""Any order of asking, taking back and drawing gives what two plain dictionaries would give."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.grading import Grading, Role, Status, Task
from engine.domain.image import Image
from engine.study.protocol import Conflict

IMAGES = ["a.png", "b.png", "c.png"]

keys = st.tuples(
    st.sampled_from(IMAGES), st.sampled_from(["ada", "bo"]), st.sampled_from([*Role][:2])
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), keys),
        st.tuples(st.just("place"), st.lists(st.tuples(keys, st.integers(0, 5)), max_size=3)),
        st.tuples(st.just("withdraw"), st.lists(keys, max_size=3)),
        st.tuples(st.just("draw"), keys),
    ),
    max_size=14,
)


class Model:
    """Places of the records that are asked for, in the order they were asked for."""

    def __init__(self):
        self.places = {}
        self.known = set()
        self.begun = set()

    def ask(self, key):
        self.known.add(key)
        self.places.setdefault(key, None)

    def place(self, given):
        """Place tasks in the order in which a store takes them: by image."""
        last = {grader: self._last(grader) for grader in ("ada", "bo")}
        places = dict(self.places)
        taken = set()
        for key, place in sorted(given, key=lambda one: one[0][0]):
            grader = key[1]
            if places.get(key) is not None:
                if places[key] != place:
                    return False
            elif place <= last[grader] or (grader, place) in taken:
                return False
            else:
                taken.add((grader, place))
                places[key] = place
        self.places = places
        self.known |= places.keys()
        return True

    def withdraw(self, given):
        """Return the codes of the problems."""
        problems = []
        for key in dict.fromkeys(given):
            if key not in self.known:
                problems.append("unknown_task")
            elif key in self.begun:
                problems.append("task_begun")
            else:
                self.places.pop(key, None)
        return problems

    def draw(self, key):
        self.ask(key)
        self.begun.add(key)

    def tasks(self, grader):
        """Return what a grader is asked for: the placed tasks in order, then the others."""
        mine = {key: place for key, place in self.places.items() if key[1] == grader}
        placed = sorted((place, key) for key, place in mine.items() if place is not None)
        return [key for _, key in placed], {key for key, place in mine.items() if place is None}

    def _last(self, grader):
        mine = [p for key, p in self.places.items() if key[1] == grader and p is not None]
        return max(mine, default=-1)


def take(study, model, what, given):
    """Do one step in both, and require them to refuse the same."""
    if what == "ask":
        study.assign(*given, author="lead")
        model.ask(given)
    elif what == "draw":
        last = study.revisions(*given)
        grading = Grading(given[0], given[1], True, role=given[2], status=Status.STARTED)
        parent = last[-1].number if last else None
        study.append(grading, author=given[1], parent=parent, gesture="answer visible")
        model.draw(given)
    elif what == "withdraw":
        changes = study.withdraw_tasks([Task(*key, 0) for key in given], author="lead")
        assert [problem.code for problem in changes.problems] == model.withdraw(given)
    else:
        tasks = [Task(*key, place) for key, place in given]
        try:
            study.assign_tasks(tasks, author="lead", seed=1)
            is_stored = True
        except Conflict:
            is_stored = False
        assert is_stored == model.place(given)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_the_store_asks_for_what_a_dictionary_of_places_would(make_study, steps):
    study, model = make_study(), Model()
    study.add_images([Image(path, 9, 9) for path in IMAGES], author="lead")
    for step in steps:
        take(study, model, *step)
    for grader in ("ada", "bo"):
        tasks = [(task.image, task.grader, task.role) for task in study.tasks(grader)]
        placed, unplaced = model.tasks(grader)
        assert tasks[: len(placed)] == placed
        assert set(tasks[len(placed) :]) == unplaced
        assert len(tasks) == len(set(tasks))
        assert [(item.image, grader, item.role) for item in study.queue(grader)] == tasks
    read = {(image.path, r.grader, r.role) for image, rs in study.readings() for r in rs}
    assert read == model.places.keys()
    assert study.check() == []
