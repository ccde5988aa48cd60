"""What a study knows a model by, and the condition-to-class map that belongs to the name."""

import numpy as np
import pytest

from engine.domain.measure import Undefined
from engine.pipeline import explain_study


@pytest.fixture
def maps(bench):
    """A folder of maps that were made elsewhere, and a table of predictions beside it."""
    folder = bench.files.folder / "maps"
    folder.mkdir()
    lines = ["image,predicted"]
    for n in range(6):
        np.save(folder / f"img_{n:02}.npy", np.linspace(0, 1, 50 * (60 + 4 * n)).reshape(50, -1))
        lines.append(f"img_{n:02}.png,{'mole' if n % 2 else 'wart'}")
    table = bench.files.folder / "predictions.csv"
    table.write_text("\n".join(lines) + "\n")
    return folder, table


def verdicts(bench, prepared):
    explained = explain_study(bench.study, prepared.run, bench.job)
    return [case.is_correct for case in explained.cases]


def test_a_model_is_known_by_its_digest(bench):
    prepared = bench.prepare()
    assert prepared.name == prepared.run.classifier.digest == prepared.model["digest"]
    assert prepared.model["conditions"] == {"melanoma": "lesion"}


def test_maps_are_known_by_what_is_in_their_files(bench, maps):
    folder, _ = maps
    name = bench.prepare(maps=folder).name
    assert name.startswith("maps:")
    assert len(name) == len("maps:") + 64
    assert bench.prepare(maps=folder).name == name
    np.save(folder / "img_03.npy", np.ones((50, 72)))
    assert bench.prepare(maps=folder).name != name


def test_the_study_s_map_counts_with_imported_maps_too(bench, maps):
    folder, table = maps
    prepared = bench.prepare(maps=folder, predictions=table)
    assert all(isinstance(verdict, Undefined) for verdict in verdicts(bench, prepared))
    bench.study.set_condition_map(prepared.name, {"melanoma": "mole"}, author="ana")
    again = bench.prepare(maps=folder, predictions=table)
    assert again.model["conditions"] == {"melanoma": "mole"}
    assert all(isinstance(verdict, bool) for verdict in verdicts(bench, again))


def test_the_study_s_map_stands_in_place_of_the_card_s(bench):
    prepared = bench.prepare()
    assert verdicts(bench, prepared) == [True] * 3
    bench.study.set_condition_map(prepared.name, {"melanoma": "clear"}, author="ana")
    assert verdicts(bench, bench.prepare()) == [False] * 3
    bench.study.set_condition_map(prepared.name, {"rosacea": "clear"}, author="ana")
    assert all(isinstance(verdict, Undefined) for verdict in verdicts(bench, bench.prepare()))
    bench.study.set_condition_map(prepared.name, {}, author="ana")
    assert verdicts(bench, bench.prepare()) == [True] * 3


def test_a_mapped_class_is_explained_where_the_reference_is(bench):
    prepared = bench.prepare(target="reference")
    bench.study.set_condition_map(prepared.name, {"melanoma": "clear"}, author="ana")
    explained = explain_study(bench.study, bench.prepare(target="reference").run, bench.job)
    targets = {result.facts.target for result in explained.images if result.facts}
    assert targets == {"clear"}
