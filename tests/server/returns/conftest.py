"""The office of the pages, with a plan that orders returns, places and visits of this year."""

import json

import pytest

from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.returns import freezing
from server.returns.draft import Where
from server.returns.one import shown
from server.returns.sent import find
from server.store import reading
from tests.server.pages.conftest import AT, COMMUNE, DISTRICT, office

__all__ = ["office"]
ELSEWHERE = "new:15682"
DEADLINES = {
    "deadline/1": {"code": "HD2", "report": "half_year", "due": "06-20", "receiver": "Phòng Y tế; UBND huyện",
                   "words": "Báo cáo 06 tháng: Trước ngày 20/6 hằng năm"},
    "deadline/2": {"code": "HD3", "report": "half_year", "due": "06-25", "receiver": "Sở Y tế", "compiles": "HD2"},
    "deadline/3": {"code": "HD4", "report": "year", "due": "12-20", "receiver": "Phòng Y tế"},
}  # fmt: skip


class Returns:
    """An office, and short ways to open, send and look at its returns."""

    def __init__(self, office):
        self.office = office
        self.plan = office.plan(area=DISTRICT, **DEADLINES)

    def apply(self, **asked):
        return apply_one(self.office.db, asked, author="test", at=self.office.at)

    def open(self, unit=COMMUNE, report="half_year", **more):
        asked = {"do": "return", "unit": unit, "report": report, "plan": self.plan, "year": 2026, **more}
        answer = self.apply(**asked)
        assert answer["standing"] == "accepted", answer
        return self.office.db.conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()[0]

    def send(self, id):
        answer = self.apply(do="freeze", **{"return": id})
        assert answer["standing"] == "accepted", answer
        return id

    def sent(self, **more):
        return self.send(self.open(**more))

    def where(self):
        db = self.office.db
        return Where(db.conn, unit_tree(db.conn), self.office.settings.files, AT.date())

    def shown(self, id):
        with reading(self.office.db):
            return shown(self.where(), id)

    def raw(self, id):
        document = find(self.office.db.conn, id).document
        return freezing.path_of_document(self.office.settings.files, document).read_bytes()

    def total(self, id, code="visits"):
        return self.shown(id).content.figures.total.cells[code].value

    def changed(self, id, kind=None):
        """Return what has changed since: by figure, of the whole or of a kind."""
        return {line.code: (line.reported, line.now, [cause.why for cause in line.causes])
                for line in self.shown(id).restated if kind is None or line.kind == kind}  # fmt: skip

    def state(self, id):
        row = self.office.db.conn.execute("SELECT state FROM things WHERE kind = 'return' AND id = ?", (id,)).fetchone()
        return json.loads(row[0])


@pytest.fixture
def returns(office):
    """Return an office with a plan, one place that was inspected in May, and another that was not."""
    office.visit(office.place("Karaoke Đông Đô"), "2026-05-06")
    return Returns(office)
