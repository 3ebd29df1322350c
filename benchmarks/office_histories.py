"""The office's search and a history page, at size: names, operators, decisions, and one operator with 200 visits."""

import json
import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

import requests

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Workshop, serving
from benchmarks.figure import Figure, milliseconds, milliseconds_each, tell
from benchmarks.invented import Inventor
from benchmarks.pages import sign_in
from benchmarks.sizes import COMMUNE, PROVINCE, Size
from schemas.ids import new_id
from schemas.items import name_of, write
from server.clock import local_day, now
from server.history.texts import alike, rows
from server.people.users import add_user
from server.sample import names
from server.store import connect, writing

FIGURES = ("page_history_office", "search_office")
PASSWORD = "mot mat khau dai"
WHY = "Công văn số 12/CV-CAX ngày 20/11/2026"
VISITS, PLACES, DECISIONS = 200, 10, 8  # of the busiest operator
TIMES, WARM_UP = 20, 3
ASKED = ("karaoke dong do", "karaoek thuy tein", "12 le loi", "nguyen van an", "26H8-000042", "ánh dươg", "karaoke",
         "nha nghi binh minh 17", "khong co quan nay", "massage")  # fmt: skip


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Search as people type, then open the page of the operator with most visits, for a purpose."""
    folder = office_with_history(workshop, size)
    operator = furnish(folder, size)
    with baselines(workshop.folder("baselines")) as simple, serving(folder) as office:
        browser = sign_in(office)
        yield _search(size, browser, office.address, folder)
        yield _page(size, browser, f"{office.address}/chu-co-so/{operator}", (folder, operator, simple))


def furnish(folder: Path, size: Size) -> str:
    """Give the places of *folder* names, addresses and operators, and one operator its visits; return its id."""
    db = connect(folder / "doi178.db")
    db.conn.execute("PRAGMA synchronous=OFF")  # to be built, not to be measured
    known = db.conn.execute("SELECT id FROM operators WHERE id LIKE 'busy-%'").fetchone()
    if known is None:
        tell("  entering names, operators and decisions")
        dice = Random(SEED)
        with writing(db) as conn:
            _name_all(conn, dice)
            _busy(conn, dice)
        db.conn.execute("ANALYZE")
    area = PROVINCE if size.country != COMMUNE else COMMUNE
    add_user(db, "dieuphoi", role="coordinator", unit=area, password=PASSWORD, author="bench", at=now())
    db.close()
    return "busy-operator"


def _name_all(conn: sqlite3.Connection, dice: Random) -> None:
    inventor = Inventor(SEED, local_day(now()))
    found = conn.execute("SELECT id, state FROM things WHERE kind = 'establishment'").fetchall()
    for number, (id, text) in enumerate(found):
        state = json.loads(text)
        kind = state["kind/1"]["kind"]
        state["name"] = f"{dice.choice(names.SIGNS[kind])} {dice.choice(names.WORDS)} {dice.randint(1, 99)}"
        state["place/1"]["address"] = f"Số {dice.randint(1, 400)}, đường {dice.choice(names.STREETS)}"
        operator, who = f"operator-{number // 2:07d}", inventor.operator()
        state["operator/1"] = {"from": state["status/1"]["from"], "operator": operator}
        _thing(conn, "establishment", id, state)
        conn.execute("UPDATE establishments SET name = ?, search = ?, operator = ? WHERE id = ?",
                     (state["name"], alike(state["name"]), operator, id))  # fmt: skip
        conn.execute("INSERT INTO operator_places (operator, establishment) VALUES (?, ?)", (operator, id))
        if number % 2 == 0:
            _operator(conn, operator, who | {"registration": f"26H8-{number:06d}"})
            if dice.random() < 0.4:
                _decide(conn, dice, operator, id)


def _thing(conn: sqlite3.Connection, kind: str, id: str, state: dict[str, object]) -> None:
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    conn.execute("INSERT INTO things (kind, id, seq, state) VALUES (?, ?, 0, ?) ON CONFLICT (kind, id)"
                 " DO UPDATE SET state = excluded.state", (kind, id, text))  # fmt: skip
    conn.executemany("INSERT INTO lookup_texts (item, kind, thing, what, text, shown) VALUES (?, ?, ?, ?, ?, ?)",
                     rows(f"made-{id}", kind, id, state) if kind in ("establishment", "operator") else ())  # fmt: skip


def _operator(conn: sqlite3.Connection, id: str, state: dict[str, object]) -> None:
    _thing(conn, "operator", id, state)
    conn.execute("INSERT INTO operators (id, root) VALUES (?, ?)", (id, id))


def _decide(conn: sqlite3.Connection, dice: Random, operator: str, place: str) -> None:
    id, year = new_id(), dice.randint(local_day(now()).year - 4, local_day(now()).year - 1)
    day = f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    state: dict[str, object] = {
        "number": f"{dice.randint(1, 9999)}/QĐ-XPHC", "authority": f"Chủ tịch UBND xã {dice.choice(names.WORDS)}",
        "operator": operator, "establishment": place, "codes": ["ND38-15.5b"], "committed_on": day,
        "decided_on": day, "sanction": "fine", "ordered": ["main"], "main_done_on": day,
    }  # fmt: skip
    _thing(conn, "decision", id, state)
    conn.execute("INSERT INTO decisions (id, operator, number, authority, decided_on) VALUES (?, ?, ?, ?, ?)",
                 (id, operator, state["number"], state["authority"], day))  # fmt: skip


def _busy(conn: sqlite3.Connection, dice: Random) -> None:
    """Hand places of one commune to one operator, who was inspected 200 times, with every answer of the checklist."""
    today = local_day(now())
    inventor = Inventor(SEED, today)
    _operator(conn, "busy-operator", {"name": "Công ty TNHH Bận Rộn", "form": "enterprise", "registration": "BR-1"})
    here = conn.execute("SELECT establishment FROM placements WHERE commune = ? ORDER BY 1 LIMIT ?",
                        (COMMUNE, PLACES)).fetchall()  # fmt: skip
    for (place,) in here:
        (text,) = conn.execute("SELECT state FROM things WHERE kind = 'establishment' AND id = ?", (place,)).fetchone()
        state = json.loads(text)
        state["operator/1"]["operator"] = "busy-operator"
        conn.execute("DELETE FROM lookup_texts WHERE thing = ?", (place,))
        _thing(conn, "establishment", place, state)
        conn.execute("INSERT INTO operator_places (operator, establishment) VALUES ('busy-operator', ?)", (place,))
        conn.execute("DELETE FROM visits WHERE establishment = ?", (place,))
        for _ in range(VISITS // len(here)):
            _visit(conn, inventor.visit(place, state["kind/1"]["kind"], new_id()))
    for _ in range(DECISIONS):
        _decide(conn, dice, "busy-operator", here[0][0])


def _visit(conn: sqlite3.Connection, body: dict[str, object]) -> None:
    id, (last,) = new_id(), conn.execute("SELECT max(coalesce(max(seq), 0), 1000000000) FROM items").fetchone()
    line = write(kind="inspection", id=id, base=None, device=id, run=id, device_seq=1, author="bench",
                 recorded_at=f"{body['date']}T15:00:00Z", body=body)  # fmt: skip
    conn.execute("INSERT INTO items (seq, name, kind, id, device, standing, line) VALUES (?, ?, 'inspection', ?, ?,"
                 " 'accepted', ?)", (last + 1, name_of(line), id, id, line))  # fmt: skip
    violations = len(body.get("violations") or ())  # type: ignore[arg-type]
    conn.execute(
        "INSERT INTO visits (id, item, establishment, team, date, basis, outcome, revision, members, violations, void,"
        " counting, device) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 3, ?, 0, 1, ?)",
        (id, name_of(line), body["establishment"], body["team"], body["date"], body["basis"], body["outcome"],
         violations, id),
    )  # fmt: skip


def _search(size: Size, browser: requests.Session, address: str, folder: Path) -> Figure:
    """Ask for ten things people type, each over HTTP; beside it a LIKE over the same rows."""
    tell("  searching")
    conn = connect(folder / "doi178.db").conn
    ours: dict[str, float] = {}
    plain: list[float] = []
    for asked in ASKED:
        ours[asked] = milliseconds(partial(_get, browser, f"{address}/tra-cuu?tim={asked}"), 5, warm_up=WARM_UP)
        plain.append(milliseconds(partial(_plain_search, conn, asked), 5))
        tell(f"    {asked}: {ours[asked]:.0f} ms")
    (count,) = conn.execute("SELECT count(*) FROM lookup_texts").fetchone()
    conn.close()
    slowest = max(ours, key=ours.__getitem__)
    note = (f"{count} rows; ten things as people type them, slowest {slowest}: {ours[slowest]:.0f} ms; like: the same"
            " words by LIKE over the rows, without a slip forgiven")  # fmt: skip
    return Figure("search_office", size.name, median(ours.values()), "ms", {"like": median(plain)}, note)


def _plain_search(conn: sqlite3.Connection, asked: str) -> list[tuple[str, str]]:
    words = alike(asked).split()
    where = " AND ".join("text LIKE ?" for _ in words)
    return conn.execute(
        f"SELECT DISTINCT kind, thing FROM lookup_texts WHERE {where} LIMIT 50", [f"%{word}%" for word in words]
    ).fetchall()


def _page(
    size: Size, browser: requests.Session, address: str, beside: tuple[Path, str, Baselines]
) -> Figure:  # fmt: skip
    """Open the history of the operator with most visits, and after each time a page that is always the same."""
    folder, operator, simple = beside
    tell(f"  {address}")
    form = browser.get(address, timeout=60).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    answer = browser.post(address, data={"csrf_token": token, "ly-do": WHY}, timeout=60)
    assert answer.ok and "Diễn biến" in answer.text, answer.text[:500]
    ours, theirs, pages = [], [], []
    for turn in range(WARM_UP + TIMES):
        found = milliseconds_each(lambda: pages.append(_get(browser, address)), 1)
        constant = milliseconds_each(simple.page, 1)
        if turn >= WARM_UP:
            ours += found
            theirs += constant
    conn = connect(folder / "doi178.db").conn
    plain = milliseconds(lambda: _plain_history(conn, operator), TIMES, warm_up=WARM_UP)
    conn.close()
    note = (f"an operator of {PLACES} places, {VISITS} visits with 30 answers, {DECISIONS} decisions; each opening is"
            f" written into the log; {len(pages[-1]) // 1024} KB, median of {TIMES}; sql: the rows of its visits and"
            " decisions alone")  # fmt: skip
    simplest = {"constant": median(theirs), "sql": plain}
    return Figure("page_history_office", size.name, median(ours), "ms", simplest, note)


def _plain_history(conn: sqlite3.Connection, operator: str) -> int:
    visits = conn.execute(
        "SELECT visits.date, visits.outcome, items.line FROM operator_places JOIN visits USING (establishment)"
        " JOIN items ON items.name = visits.item WHERE operator = ? ORDER BY visits.date DESC",
        (operator,),
    ).fetchall()
    decisions = conn.execute(
        "SELECT state FROM decisions JOIN things ON things.kind = 'decision' AND things.id = decisions.id"
        " WHERE operator = ? ORDER BY decided_on DESC",
        (operator,),
    ).fetchall()
    return len(visits) + len(decisions)


def _get(browser: requests.Session, address: str) -> bytes:
    answer = browser.get(address, timeout=60)
    assert answer.status_code == 200, (answer.status_code, answer.url)
    return answer.content
