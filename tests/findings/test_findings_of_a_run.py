import sys
from subprocess import run

import numpy as np

from engine.domain.settings import FindingsSettings
from engine.findings.findings import find
from tests.finding_rows import NONE, OneCase, numbers, rows_of

QUICK = FindingsSettings(permutations=999, resamples=200)


def _run(count=60):
    rng = np.random.default_rng(1)
    return rows_of([
        OneCase(
            f"c{n:02}",
            ["acne", "eczema", "melanoma"][n % 3],
            n % 10 > 0,
            {"sex": "fm"[n % 2], "age": f"{20 + n}"},
            [numbers(rng, level=0.55 if n % 3 == 2 else 0.85)],
        )
        for n in range(count)
    ])  # fmt: skip


def test_all_questions_are_answered_at_once():
    images, cases = _run()
    labels = {image.image.path: frozenset({"lip"}) for image in images[::2]}
    found = find(images, cases, labels, QUICK)
    assert found.extremes.ranked == 60
    assert {share.part for share in found.body_parts} == {"lip"}
    assert {point.condition for point in found.conditions} == {"acne", "eczema", "melanoma"}
    assert len(found.comparisons) == 12
    assert found.cues[0].level == "melanoma"
    assert found.tested + len(found.untested) == 2 * (3 + 2 + 2 + 1)


def test_a_seed_decides_everything_random():
    images, cases = _run()
    one, again, other = (
        find(images, cases, {}, QUICK.model_copy(update={"seed": seed})) for seed in (0, 0, 1)
    )
    assert one == again
    assert one.extremes.control != other.extremes.control
    assert one.cues[0].interval != other.cues[0].interval


def test_a_run_without_images_has_empty_findings():
    found = find([], [], {}, QUICK)
    assert (found.conditions, found.cues, found.body_parts) == ((), (), ())
    assert found.extremes.ranked == 0
    assert len(found.comparisons) == 12


def test_images_that_were_not_admitted_or_failed_take_no_part():
    images, cases = _run(30)
    more, failed = rows_of([OneCase("z", "acne", NONE)])
    assert find(images + more, cases, {}, QUICK) == find(images, cases, {}, QUICK)
    with_failed = find(images + more, cases + failed, {}, QUICK)
    assert (
        with_failed.comparisons[0].missing
        == 1 + find(images, cases, {}, QUICK).comparisons[0].missing
    )


def test_the_room_is_imported_without_scipy():
    code = "import sys, engine.findings.findings; sys.exit('scipy' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
