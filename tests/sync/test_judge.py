"""The rule of standings, as a table."""

import pytest

from schemas.items import Item
from sync.judge import Standing, judge

TRUTH, OLDER, OTHER = "t" * 64, "o" * 64, "x" * 64


def visit(base: str | None) -> Item:
    return Item("n" * 64, b"", "inspection", "id", base, "device", "run", 1, "author", "", 1, {})


@pytest.mark.parametrize(
    ("base", "truth", "standing_of_base", "expected"),
    [
        (None, None, None, Standing.ACCEPTED),  # a new visit
        (TRUTH, TRUTH, Standing.ACCEPTED, Standing.ACCEPTED),  # a correction of the present truth
        (OLDER, TRUTH, Standing.ACCEPTED, Standing.CONFLICT),  # a correction of what was corrected meanwhile
        (None, TRUTH, None, Standing.CONFLICT),  # the same id, made from nothing, twice
        (OTHER, TRUTH, None, Standing.HELD),  # its base has not arrived
        (OTHER, None, None, Standing.HELD),
        (OLDER, None, Standing.HELD, Standing.HELD),  # a child of a held item is held
        (OLDER, TRUTH, Standing.HELD, Standing.HELD),
        (OLDER, None, Standing.QUARANTINED, Standing.ACCEPTED),  # mends what was quarantined
        (OLDER, TRUTH, Standing.QUARANTINED, Standing.CONFLICT),  # mended twice: the first one stands
        (OLDER, TRUTH, Standing.CONFLICT, Standing.CONFLICT),  # children of a conflict stand beside the truth
        (OLDER, None, Standing.CONFLICT, Standing.CONFLICT),
        (OLDER, TRUTH, Standing.DECLINED, Standing.CONFLICT),
        (OLDER, None, Standing.DECLINED, Standing.CONFLICT),
        (OLDER, TRUTH, Standing.ERASED, Standing.CONFLICT),
    ],
)
def test_a_visit_stands_where_the_rule_says(base, truth, standing_of_base, expected):
    assert judge(visit(base), truth, standing_of_base) is expected
