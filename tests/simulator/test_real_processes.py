"""Schedules with real processes: a server under its own command, laptops' programs, a cutting proxy, kill -9."""

import pytest

from tests.simulator.real.schedule import run_real
from tests.simulator.templates import make_templates

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    """Make both stores once a process; every schedule copies them."""
    return make_templates(tmp_path_factory.mktemp("templates"))


@pytest.mark.parametrize("seed", range(1, 7))
def test_whatever_is_cut_or_killed_nothing_is_lost_and_both_ends_agree(templates, tmp_path, seed):
    counted = run_real(seed, templates, tmp_path / "run")

    assert counted["sync through"] > 0
