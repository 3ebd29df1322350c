"""Decisions at a country's number: the list of a province, and the repeat answer with its working, beside plain SQL."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.sizes import COMMUNE, PROVINCE, Size
from schemas.text import fold
from server.arrivals.fold_law import DECISION, decision_row
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.decisions.listing import Filter, State, decisions_in
from server.law.counters import counters
from server.law.working import working
from server.pages.areas import whole_communes
from server.store import connect, writing

FIGURES = ("decisions_list", "repeat_answer")
TIMES = 20
CODES = ("ND38-15.5b", "ND38-15.6b", "ND144-27.2", "ND106-20.5")
NAMES = ("Đỗ Văn", "Lê Thị", "Hoàng", "Phú Quý", "Ánh Dương", "Sao Đêm", "Thủy Tiên", "Hoa Sen")
PLAIN_LIST = """
    SELECT id, number FROM flat_decisions
     WHERE unit IN (SELECT value FROM json_each(?)) AND done = 0 AND decided_on BETWEEN ? AND ?
     ORDER BY decided_on DESC, id DESC LIMIT 50
"""
PLAIN_REPEAT = "SELECT number FROM flat_decisions WHERE operator = ? AND code = ? AND decided_on <= ? AND clean > ?"


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Enter one decision a place into a server with years of visits, then ask as the pages do."""
    folder = office_with_history(workshop, size)
    today = local_day(now())
    asked = enter(folder, today)
    conn = connect(folder / "doi178.db").conn
    own = [COMMUNE] if size.country == COMMUNE else whole_communes(unit_tree(conn), PROVINCE)
    wanted, year = Filter(year=today.year - 1, state=State.UNKNOWN), str(today.year - 1)
    days = (f"{year}-01-01", f"{year}-12-31")
    plain = [row[0] for row in conn.execute(PLAIN_LIST, (json.dumps(own), *days))]
    assert plain == [row.id for row in decisions_in(conn, own, wanted, today, limit=50).rows]
    tell(f"  asking {TIMES} times")
    note = f"{len(asked)} decisions, {size.counted_places} places, {size.counted_visits} visits; {len(own)} communes"
    value = milliseconds(lambda: decisions_in(conn, own, wanted, today, limit=50), TIMES, warm_up=2)
    base = milliseconds(lambda: conn.execute(PLAIN_LIST, (json.dumps(own), *days)).fetchall(), TIMES, warm_up=2)
    yield Figure("decisions_list", size.name, value, "ms", {"sql": base}, note)
    yield _answer(conn, size, asked, note)
    conn.close()


def _answer(conn: sqlite3.Connection, size: Size, asked: list[tuple[str, str, str]], note: str) -> Figure:
    some = Random(SEED).sample(asked, min(TIMES, len(asked)))
    ours, theirs = iter(some * 2), iter(some * 2)

    def work() -> None:
        operator, code, day = next(ours)
        working(conn, operator, code, day)
        counters(conn, operator, code, day)

    def plain() -> None:
        operator, code, day = next(theirs)
        conn.execute(PLAIN_REPEAT, (operator, code, day, day)).fetchall()

    value, base = milliseconds(work, len(some)), milliseconds(plain, len(some))
    return Figure("repeat_answer", size.name, value, "ms", {"sql": base}, f"{note}; with working and counters")


def enter(folder: Path, today: date) -> list[tuple[str, str, str]]:
    """Write an operator and a decision for each place into the projections; return operators, codes and days to ask."""
    dice, db = Random(SEED), connect(folder / "doi178.db")
    db.conn.execute("PRAGMA synchronous=OFF")  # to be built, not to be measured
    places = db.conn.execute("SELECT establishment, min(commune) FROM placements GROUP BY establishment").fetchall()
    tell(f"  entering {len(places)} decisions")
    with writing(db) as conn:
        conn.execute(
            "CREATE TABLE flat_decisions (id TEXT PRIMARY KEY, number TEXT, unit TEXT, operator TEXT, code TEXT,"
            " decided_on TEXT, done INTEGER, clean TEXT)"
        )
        conn.execute("CREATE INDEX flat_by_unit ON flat_decisions (unit, decided_on)")
        conn.execute("CREATE INDEX flat_by_operator ON flat_decisions (operator)")
        asked = [_enter_one(conn, dice, place, unit, today) for place, unit in places]
        conn.execute("ANALYZE")
    db.close()
    return asked


def _enter_one(conn: sqlite3.Connection, dice: Random, place: str, unit: str, today: date) -> tuple[str, str, str]:
    operator, id = f"operator-{place}", f"decision-{place}"
    name = f"Hộ kinh doanh {dice.choice(NAMES)} {dice.choice(NAMES)} {dice.randrange(900)}"
    decided = today - timedelta(days=dice.randrange(5 * 365))
    done = (decided + timedelta(days=30)).isoformat() if dice.random() < 0.7 else ""
    state: dict[str, Any] = {
        "number": f"{place}/QĐ", "authority": f"Chủ tịch UBND {unit}", "operator": operator, "establishment": place,
        "codes": [dice.choice(CODES)], "decided_on": decided.isoformat(), "sanction": "fine", "ordered": ["main"],
    }  # fmt: skip
    state |= {"main_done_on": done} if done else {}
    _thing(conn, "operator", operator, {"name": name, "form": "household"})
    _thing(conn, "decision", id, state)
    conn.execute("INSERT INTO operators (id, root) VALUES (?, ?)", (operator, operator))
    conn.execute("INSERT INTO operator_places (operator, establishment) VALUES (?, ?)", (operator, place))
    conn.execute(
        "INSERT INTO lookup_texts (item, kind, thing, what, text, shown) VALUES ('', 'operator', ?, 'name', ?, ?)",
        (operator, f" {fold(name)} ", name),
    )
    conn.execute(DECISION, decision_row(id, state))
    conn.execute("INSERT INTO decision_acts (decision, code) VALUES (?, ?)", (id, state["codes"][0]))
    clean = done.replace(done[:4], str(int(done[:4]) + 1), 1) if done else "9999"
    conn.execute(
        "INSERT INTO flat_decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (id, state["number"], unit, operator, state["codes"][0], state["decided_on"], bool(done), clean),
    )
    return operator, state["codes"][0], (decided + timedelta(days=90)).isoformat()


def _thing(conn: sqlite3.Connection, kind: str, id: str, state: dict[str, Any]) -> None:
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    conn.execute("INSERT INTO things (kind, id, seq, state) VALUES (?, ?, 0, ?)", (kind, id, text))
