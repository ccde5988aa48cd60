"""What a person changes about keys is kept, and no key ever has two actions."""

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import QSettings

from desktop_app.window.action_table import ACTIONS, ActionSpec, Group, Place
from desktop_app.window.keymap import Keymap, native, normal
from desktop_app.window.settings import Settings, open_store

IDS = [spec.id for spec in ACTIONS]
KEYS = ["D", "P", "Q", "Ctrl+Z", "F1", "Left", "Ctrl+,", "J", "Ctrl+J", "!"]


def reopened(store):
    """Return the keymap as another start of the program reads it."""
    store.sync()
    return Keymap(QSettings(store.fileName(), QSettings.Format.IniFormat))


def ids(specs):
    return [spec.id for spec in specs]


def test_at_first_every_action_has_its_default_keys(keymap):
    assert keymap.keys("next") == ("D", "PgDown")
    assert keymap.keys("delete") == ("Del",)  # Qt's notation
    assert keymap.keys("about") == ()
    assert not any(keymap.is_changed(action_id) for action_id in IDS)


def test_a_changed_key_is_there_at_the_next_start(keymap, store):
    keymap.set_keys("next", ["J", "Ctrl+,"])
    again = reopened(store)
    assert again.keys("next") == ("J", "Ctrl+,")
    assert again.is_changed("next")


def test_an_action_can_be_left_without_keys(keymap, store):
    keymap.set_keys("next", [])
    assert reopened(store).keys("next") == ()
    assert keymap.label("next") == ""


def test_a_conflict_names_the_other_action(keymap):
    assert ids(keymap.conflicts(["p"], but="next")) == ["draw"]
    assert keymap.conflicts(["P"], but="draw") == ()
    assert keymap.conflicts(["Ctrl+J"]) == ()


def test_actions_of_different_places_share_a_key_without_a_conflict(keymap):
    assert ids(keymap.conflicts(["P"])) == ["draw", "privacy_box"]
    assert keymap.conflicts(["P"], but="privacy_box") == ()
    keymap.set_keys("privacy_box", ["D"])
    assert keymap.keys("next") == ("D", "PgDown")


def test_a_key_given_to_one_action_leaves_the_other(keymap, store):
    keymap.set_keys("next", ["P"])
    for now in (keymap, reopened(store)):
        assert now.keys("next") == ("P",)
        assert now.keys("draw") == ("N",)


def test_a_swap_gives_the_other_action_the_key_that_became_free(keymap, store):
    keymap.swap("next", ["Q"])
    for now in (keymap, reopened(store)):
        assert now.keys("next") == ("Q",)
        assert now.keys("not_visible") == ("D",)


def test_a_swap_with_an_action_without_keys_leaves_the_other_without_one(keymap):
    keymap.swap("who", ["Q"])
    assert keymap.keys("who") == ("Q",)
    assert keymap.keys("not_visible") == ()


def test_reset_brings_back_the_default_and_takes_it_from_who_had_it(keymap):
    keymap.swap("next", ["Q"])
    keymap.reset("next")
    assert keymap.keys("next") == ("D", "PgDown")
    assert keymap.keys("not_visible") == ()


def test_reset_all_brings_back_every_default(keymap, store):
    keymap.swap("next", ["Q"])
    keymap.set_keys("fit", [])
    keymap.reset_all()
    for now in (keymap, reopened(store)):
        assert not any(now.is_changed(action_id) for action_id in IDS)


def test_a_change_is_told(qtbot, keymap):
    with qtbot.waitSignal(keymap.changed):
        keymap.set_keys("next", ["J"])
    with qtbot.waitSignal(keymap.changed):
        keymap.reset_all()


def test_what_a_person_chose_wins_over_a_default_of_a_newer_version(store):
    Settings(store).set_keys("old", ["K"])
    newer = (
        ActionSpec("new", "New", ("K", "L"), Group.VIEW),
        ActionSpec("old", "", (), Group.VIEW),
    )
    keymap = Keymap(store, newer)
    assert keymap.keys("old") == ("K",)
    assert keymap.keys("new") == ("L",)


@pytest.mark.parametrize("nonsense", ["", "{", '{"a": 1}', "[1, 2]", "K"])
def test_nonsense_in_the_file_is_no_key(store, nonsense):
    store.setValue("keys/next", nonsense)
    assert Keymap(store).keys("next") in ((), ("D", "PgDown"))


def test_keys_are_compared_in_one_notation():
    assert normal("ctrl+shift+z") == normal("Ctrl+Shift+Z")
    assert normal("no such key") == ""
    assert native("Ctrl+Z")


commands = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["set_keys", "swap"]),
            st.sampled_from(IDS),
            st.lists(st.sampled_from(KEYS), max_size=3),
        ),
        st.tuples(st.just("reset"), st.sampled_from(IDS)),
    ),
    max_size=12,
)


@given(commands)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_one_place_no_key_ever_has_two_actions_and_all_is_kept(tmp_path_factory, commands):
    store = open_store(tmp_path_factory.mktemp("keys") / "settings.ini")
    keymap = Keymap(store)
    for name, *arguments in commands:
        getattr(keymap, name)(*arguments)
    for place in Place:
        here = [spec.id for spec in ACTIONS if place in spec.places]
        keys = [key for action_id in here for key in keymap.keys(action_id)]
        assert len(keys) == len(set(keys))
    again = reopened(store)
    assert {i: again.keys(i) for i in IDS} == {i: keymap.keys(i) for i in IDS}
