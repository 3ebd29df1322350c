"""The office of the pages, with both plans as they were issued."""

import json
from datetime import UTC, date, datetime

import pytest

from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.indicators.standing import standings
from server.plans.issuing import as_issued, known
from server.plans.listing import plan
from server.store import reading
from tests.server.pages.conftest import Office, office

__all__ = ["Office", "district", "office", "province"]
TODAY = date(2026, 11, 20)
HALF = {"report": "half_year", "from": "2023-01-01", "to": "2023-06-19"}


class Reports:
    """A plan at an office: figures entered for units, and where its indicators stand."""

    def __init__(self, office, issued):
        self.office, self.unit = office, f"{known(issued).epoch}:{known(issued).area}"
        self.plan = office.enter("plan", as_issued(known(issued)))[0]

    def say(self, indicator, unit, *figures, author="command", **more):
        """Say one line of apply and return its problems."""
        named = {"plan": self.plan, "indicator": indicator, "epoch": unit[:3], "unit": unit[4:], **HALF}
        if figures:
            named |= dict(zip(("numerator", "denominator"), figures, strict=False))
        line = {"do": "indicator_value", **named, **more}
        return apply_one(self.office.db, json.loads(json.dumps(line)), author=author, at=self.office.at)["problems"]

    def standing(self, indicator, unit=None, seen_by="", first=date(2023, 1, 1), last=date(2023, 6, 19)):
        """Return where one indicator stands."""
        conn = self.office.db.conn
        with reading(self.office.db):
            found = standings(conn, unit_tree(conn), plan(conn, self.plan, TODAY), unit or self.unit, first, last,
                              TODAY, seen_by=seen_by)  # fmt: skip
        return next(one for one in found if one.indicator.code == indicator)


@pytest.fixture
def district(office):
    office.at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    return Reports(office, "trieu-son-2021-2025")


@pytest.fixture
def province(office):
    office.at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    return Reports(office, "thanh-hoa-2023")
