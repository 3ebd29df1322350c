"""The schedules do with sticks all that they should: a step that is always refused would test nothing."""

import pytest

from tests.simulator.engine import run_many
from tests.simulator.templates import make_templates

pytestmark = pytest.mark.timeout(600)


def test_sticks_go_every_way_that_sticks_can_go(tmp_path):
    templates = make_templates(tmp_path / "templates")
    counted, broken = run_many(range(5001, 5061), templates, tmp_path)

    assert broken == []
    for what in ("stick handed in", "stick taken", "by stick through", "stick refused"):
        assert sum(count for said, count in counted.items() if said.startswith(what)), what
