"""The class that stands for a condition is shown and changed, and later runs count by it."""

import csv
import json

import pytest

QUICK = ("--set", "saliency.joint_gradients=50")


@pytest.fixture
def conditions(imported, run):
    """Run the command with a card, trusting its code once."""
    card = imported.card()
    refused = run("conditions", imported.study, "--model", card, code=1)
    digest = refused.output.split("--trust ")[1].split()[0].strip(".")

    def conditions(*options, code=0):
        return run(
            "conditions", imported.study, "--model", card, "--trust", digest, *options, code=code
        )

    return conditions


def told(result):
    document = json.loads(result.output)
    rows = document["conditions"]
    return document["map"], {row["condition"]: (row["becomes"], row["source"]) for row in rows}


def correct(imported, run):
    """Explain the study and return whether each image was classified correctly."""
    out = imported.folder / "out.csv"
    run("explain", imported.study, "--model", imported.card(), *QUICK, "--csv", out, "--overwrite")
    with out.open(newline="", encoding="utf-8") as stream:
        found = {row["is_correct"] for row in csv.DictReader(stream) if row["ds"]}
    return found, json.loads((imported.folder / "out.manifest.json").read_text())["model"]


def test_the_card_s_map_holds_until_the_study_has_one(conditions, imported, run):
    assert told(conditions("--json")) == ("card", {"melanoma": ("lesion", "map")})
    assert correct(imported, run)[0] == {"true"}


def test_a_changed_map_counts_in_every_later_run_and_stands_in_its_manifest(
    conditions, imported, run
):
    after = told(conditions("--set", "melanoma=clear", "--set", "rosacea = lesion", "--json"))
    assert after == ("study", {"melanoma": ("clear", "map"), "rosacea": ("lesion", "map")})
    found, model = correct(imported, run)
    assert found == {"false"}
    assert model["conditions"] == {"melanoma": "clear", "rosacea": "lesion"}
    assert model["card"]["conditions"] == {"melanoma": "lesion"}


def test_a_condition_taken_out_of_the_map_stands_for_no_class(conditions, imported, run):
    conditions("--set", "rosacea=clear")
    after = told(conditions("--set", "melanoma=", "--json"))
    assert after == ("study", {"melanoma": ("", "none"), "rosacea": ("clear", "map")})
    assert correct(imported, run)[0] == {""}


def test_a_cleared_map_is_the_card_s_again(conditions, imported, run):
    conditions("--set", "melanoma=clear")
    assert told(conditions("--clear", "--json"))[0] == "card"
    assert correct(imported, run)[0] == {"true"}


def test_the_change_is_in_the_study_s_log_with_its_author(conditions, imported):
    from engine.study.sqlite import open_study

    conditions("--set", "melanoma=clear", "--author", "ana")
    with open_study(imported.study) as study:
        entries = [(entry.author, entry.action) for entry in study.audit()]
    assert entries[-1] == ("ana", "set_condition_map")


def test_looking_changes_nothing(conditions, imported):
    from engine.study.sqlite import open_study

    conditions()
    with open_study(imported.study) as study:
        before = study.info()
    conditions()
    with open_study(imported.study) as study:
        assert study.info() == before


def test_the_table_says_who_says_so(conditions):
    shown = conditions().output
    assert "the model card's" in shown
    assert "melanoma" in shown
    shown = conditions("--set", "[red]=clear").output
    assert "the study's own" in shown
    assert "[red]" in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "melanoma"], "CONDITION=CLASS"),
        (["--set", "=lesion"], "CONDITION=CLASS"),
        (["--set", "melanoma=wart"], "choose a class from lesion, clear"),
        (["--set", "melanoma="], "--clear"),
        (["--set", "melanoma=clear", "--clear"], "not both"),
    ],
)
def test_wrong_usage_changes_nothing(conditions, options, words):
    result = conditions(*options, code=2)
    assert words in " ".join(result.output.replace("│", " ").split())
    assert told(conditions("--json")) == ("card", {"melanoma": ("lesion", "map")})


def test_a_stored_class_that_the_model_does_not_have_is_refused_with_words(bench, run):
    from engine.domain.problem import Refusal

    digest = bench.prepare().name
    bench.study.set_condition_map(digest, {"melanoma": "wart"}, author="ana")
    with pytest.raises(Refusal) as refused:
        bench.prepare()
    assert refused.value.problem.code == "condition_map"
