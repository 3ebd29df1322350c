"""Schedules drawn from seeds: nothing is lost or doubled, and every copy is what the server says it should be."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.simulator import steps
from tests.simulator.engine import run_many, run_seed
from tests.simulator.templates import make_templates

SEEDS, CHUNK = 200, 10
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make both stores once a process; every schedule copies them."""
    return make_templates(tmp_path_factory.mktemp("templates"))


@pytest.mark.parametrize("first", range(1, SEEDS, CHUNK))
def test_whatever_happens_nothing_is_lost_and_both_ends_agree(templates, tmp_path, first):
    _, broken = run_many(range(first, first + CHUNK), templates, tmp_path)

    assert not broken, "\n\n".join(broken)


def test_with_eight_laptops(templates, tmp_path):
    run_seed(178, templates, tmp_path / "eight", most=8, length=200)


def test_a_seed_gives_the_same_schedule_every_time(templates, tmp_path):
    counted = [run_seed(7, templates, tmp_path / str(n)) for n in range(2)]

    assert counted[0] == counted[1]


def test_the_schedules_do_all_that_they_should(templates, tmp_path):
    """A step that is always refused, or a standing that never comes, would test nothing."""
    counted: Counter[str] = Counter()
    for seed in range(1, 31):
        counted += run_seed(seed, templates, tmp_path / str(seed))

    wanted = ["killed", "sync killed", "sync locked", "apply merge accepted", "apply unit accepted",
              "apply review accepted", "apply void accepted", "apply operator accepted"]  # fmt: skip
    wanted += [f"standing {said}" for said in ("accepted", "held", "conflict", "quarantined")]
    wanted += [f"sync {said}" for said in ("through", "offline", "fault", "bad-reply", "refused", "later")]
    wanted += [f"line {fate}" for fate in ("double", "reordered", "late", "answer lost", "answer cut", "page cut",
                                           "forged", "stale", "slip", "server killed")]  # fmt: skip
    wanted += [step.__name__ for step, _ in (*steps.AT_A_LAPTOP, *steps.AT_THE_OFFICE)]
    assert [what for what in wanted if not counted[what]] == []
    for step in ("visit", "drafted", "correct", "mend", "new_place", "edit_place", "merge_here", "edited_by_two",
                 "corrected_by_two", "tapped_twice", "typed_for_days", "mended"):  # fmt: skip
        assert counted[f"{step} refused"] < counted[step] / 2, step


def test_a_seed_that_breaks_says_how_to_run_it_again(templates, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.simulator.ended.verify", lambda db: (_ for _ in ()).throw(OSError("disk")))

    _, broken = run_many(range(5, 6), templates, tmp_path)

    assert broken[0].endswith("make soak FROM=5 SEEDS=1")
    assert not list(tmp_path.glob(f"seed-5-{os.getpid()}"))
