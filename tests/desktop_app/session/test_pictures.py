"""Which pictures are decoded ahead, and how many are kept."""

import pytest

from desktop_app.session.pictures import Pictures, bytes_of
from desktop_app.worker.bridge import Bridge
from engine.study.sqlite import open_study
from engine.tasks.executors import InlineExecutor


@pytest.fixture
def open_pictures(file, qapp):
    """A function that opens the pictures of Ada's queue with room for so many of them."""
    study = open_study(file)
    items = study.queue("Ada")
    bridge = Bridge(InlineExecutor())

    def open_one(room):
        budget = int(room * bytes_of(items[0]))
        return Pictures(study, bridge, budget=budget, parent=bridge), items

    yield open_one
    study.close()


@pytest.fixture
def show(qapp):
    """A function that shows an item with its neighbours and waits until nothing is asked for."""

    def show_one(pictures, items, at):
        around = [items[place] for place in (at + 1, at - 1) if 0 <= place < len(items)]
        pictures.show(items[at], around)
        while pictures._jobs:
            qapp.processEvents()
        return {items.index(item) for item in items if item.image in pictures._kept}

    return show_one


def test_neighbours_are_decoded_ahead_as_far_as_they_fit_beside_the_picture_at_hand(
    open_pictures, show
):
    for room, kept in ((3.5, {1, 2, 3}), (2.5, {2, 3}), (1.5, {2}), (0.5, {2})):
        assert show(*open_pictures(room), at=2) == kept


def test_older_pictures_go_before_another_one_is_decoded(open_pictures, show):
    pictures, items = open_pictures(3)
    show(pictures, items, at=1)
    kept = []
    pictures.ready.connect(lambda _item, _pyramid: kept.append(len(pictures._kept)))
    show(pictures, items, at=4)
    assert kept == [3]


def test_memory_of_a_picture_is_known_before_it_is_decoded(open_pictures, show):
    pictures, items = open_pictures(1)
    show(pictures, items, at=0)
    (pyramid,) = pictures._kept.values()
    assert pyramid.nbytes <= bytes_of(items[0])
