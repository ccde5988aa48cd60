"""A bug is reported without a word of the study, told once, and the work goes on."""

import sys
import threading
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.window.crash import CrashDialog, CrashNotice, CrashReporter, log_folder
from desktop_app.window.crash_report import place_of, report_of, words_of
from desktop_app.window.shortcut_model import ShortcutModel

NOW = datetime(2025, 3, 1, 10, 15, tzinfo=UTC)


def caught(do):
    """Return the error that a function ends in."""
    try:
        do()
    except BaseException as error:
        return error
    raise AssertionError("no error")


@pytest.fixture
def told():
    return []


@pytest.fixture
def reporter(qapp, tmp_path, told):
    reporter = CrashReporter(tmp_path / "log", told.append, now=lambda: NOW)
    reporter.install()
    yield reporter
    reporter.uninstall()


def lose(path):
    raise OSError(f"cannot read {path}")


def fail_at(place):
    """Raise an error whose place in the program is its own."""
    exec(compile("1 / 0", f"/x/desktop_app/{place}.py", "exec"))


def test_a_report_names_the_place_in_the_program_and_the_versions(reporter):
    error = caught(lambda: ShortcutModel(None))
    text = reporter.report(error).read_text()
    assert "desktop_app/window/shortcut_model.py, line" in text
    assert "in __init__" in text
    assert "builtins.AttributeError: 'NoneType' object has no attribute 'changed'" in text
    for word in ("DermConcord", "Python", "Qt for Python", "2025-03-01T10:15:00+00:00", "Thread"):
        assert word in text


def test_a_report_holds_no_path_and_no_word_of_the_study(reporter, tmp_path):
    person, image = "Herr Maier", "visit-3/IMG_2231.jpg"
    study = tmp_path / person / "melanoma.concord"

    def work():
        try:
            lose(study)
        except OSError as error:
            raise KeyError(image, person) from error

    text = reporter.report(caught(work)).read_text()
    for secret in (str(tmp_path), "Maier", "melanoma", "IMG_2231", "visit-3", str(log_folder())):
        assert secret not in text
    assert "OSError" in text
    assert "KeyError" in text
    assert "which led to" in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AttributeError("'NoneType' object has no attribute 'x'"), "attribute 'x'"),
        (NameError("name 'foo' is not defined"), "'foo'"),
        (ImportError("cannot import name 'a' from 'b' (/home/anna/b.py)"), "'a' from 'b' …"),
        (TypeError("bad 'Herr Maier 1950'"), "bad '…'"),
        (TypeError("no C:\\Users\\anna\\x"), "no …"),
        (AttributeError("see visit.jpg"), "see …"),
        (ValueError("Herr Maier"), "left out"),
        (KeyError("visit.jpg"), "left out"),
    ],
)
def test_the_words_of_an_error_are_kept_as_far_as_python_wrote_them(error, words):
    assert words in words_of(error)
    for secret in ("anna", "Maier", "visit"):
        assert secret not in words_of(error)


def test_a_report_without_a_traceback_is_possible():
    text = report_of(ValueError("x"), number="1", time=NOW, thread="t", versions={})
    assert text.splitlines()[0] == "Report: 1"
    assert place_of(ValueError("x")) == "ValueError "


def test_an_error_that_nobody_handled_is_reported_and_told(qtbot, reporter, told, tmp_path):
    error = caught(lambda: fail_at("a"))
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [tmp_path / "log" / "crash-20250301-101500-1.txt"]
    assert told[0].is_file()


def test_an_error_on_another_thread_is_told_on_the_windows_thread(qtbot, tmp_path):
    heard = []
    reporter = CrashReporter(
        tmp_path, lambda file: heard.append((file.read_text(), threading.current_thread()))
    )
    reporter.install()
    try:
        thread = threading.Thread(target=fail_at, args=("b",), name="cpu-lane_0")
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(heard))
    finally:
        reporter.uninstall()
    [(text, told_on)] = heard
    assert "Thread: cpu-lane_0" in text
    assert told_on is threading.main_thread()


def test_the_same_bug_is_reported_once_and_another_one_again(qtbot, reporter, told):
    for place in "aab":
        reporter.report(caught(lambda place=place: fail_at(place)))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert len(set(told)) == 2


def test_no_more_than_twenty_reports_are_written_in_one_run(reporter, tmp_path):
    for number in range(30):
        reporter.report(caught(lambda number=number: fail_at(f"m{number}")))
    assert len(list((tmp_path / "log").iterdir())) == 20


def test_a_folder_that_cannot_be_written_to_still_tells_the_person(qtbot, qapp, tmp_path, told):
    (tmp_path / "file").touch()
    reporter = CrashReporter(tmp_path / "file" / "log", told.append)
    assert reporter.report(caught(lambda: fail_at("a"))) is None
    qtbot.waitUntil(lambda: bool(told))
    assert told == [None]


def test_stopping_the_program_is_no_bug(reporter, tmp_path, monkeypatch):
    passed_on = []
    monkeypatch.setattr(reporter, "_hooks", (lambda *a: passed_on.append(a[0]), None))
    stop = KeyboardInterrupt()
    sys.excepthook(KeyboardInterrupt, stop, None)
    monkeypatch.undo()
    assert passed_on == [KeyboardInterrupt]
    assert not (tmp_path / "log").exists()


def test_the_hooks_of_before_are_put_back(qapp, tmp_path):
    before = (sys.excepthook, threading.excepthook)
    reporter = CrashReporter(tmp_path, print)
    reporter.install()
    assert (sys.excepthook, threading.excepthook) != before
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def said(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel)).replace("\u200b", "")


def test_a_person_reads_that_the_work_is_kept_and_no_traceback(qtbot, theme, tmp_path):
    dialog = CrashDialog(theme, tmp_path / "crash-1.txt")
    qtbot.addWidget(dialog)
    assert "Your work is kept" in said(dialog)
    assert str(tmp_path / "crash-1.txt") in said(dialog)
    assert "Traceback" not in said(dialog)
    assert {b.text() for b in dialog.findChildren(QPushButton)} == {"Show report", "Go on"}


def test_without_a_report_none_is_offered(qtbot, theme):
    dialog = CrashDialog(theme, None)
    qtbot.addWidget(dialog)
    assert "No report could be written." in said(dialog)
    assert [b.text() for b in dialog.findChildren(QPushButton)] == ["Go on"]


def test_one_dialog_is_open_at_a_time(qtbot, theme):
    notice = CrashNotice(theme)
    notice(None)
    first = notice.dialog
    qtbot.addWidget(first)
    notice(None)
    assert notice.dialog is first
    first.accept()
    assert notice.dialog is None
    notice(None)
    assert notice.dialog is not None
    notice.dialog.accept()


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_of_the_dialog_is_cut_off(qtbot, qapp, theme, tmp_path, scale):
    theme.set_scale(scale)
    dialog = CrashDialog(theme, tmp_path / "a-long-folder" / "crash-20250301-101500-1.txt")
    qtbot.addWidget(dialog)
    dialog.show()
    qapp.processEvents()
    assert dialog.told.height() >= dialog.told.heightForWidth(dialog.told.width())
    for button in dialog.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width()
